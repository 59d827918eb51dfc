"""The delivery plane: takes what is due from the outbox and pushes it to the customers."""

import asyncio
from collections.abc import Callable, Collection, Coroutine
from typing import Any

import structlog

from maskline.domain.error import BusyError, PlatformError
from maskline.domain.notice import Endpoint
from maskline.domain.push import MadePush
from maskline.planes.delivery.circuit import CircuitBoard
from maskline.planes.delivery.client import PushClient
from maskline.planes.delivery.counter import DeliveryCounters
from maskline.planes.delivery.gate import Gate
from maskline.planes.delivery.lane import Lane, Lookup, Shop
from maskline.planes.delivery.message import MessageWriter, RecordMessage, Sign
from maskline.planes.delivery.settings import DeliverySettings
from maskline.planes.delivery.settler import Settler
from maskline.planes.delivery.share import BucketShare
from maskline.planes.delivery.trouble import TroubleBoard
from maskline.planes.delivery.upkeep import Upkeep
from maskline.services.clock import Clock, UnturnedClock
from maskline.services.ids import Ids
from maskline.services.store import DeliveryStore

LOOK_SHARE = 4
"""A look at the queue is followed by a pause of at least this many times what it took, up to
`poll_interval_s`."""

log = structlog.get_logger("delivery")


class DeliveryPlane:
    """Pushes notices at least once, with the same id on every try, in order per stream.

    `run` works until `close`; a worker that dies is replaced by starting another on the same
    store: its leases run out and everything is pushed again. Beside other workers it serves its
    `share` of the queue, without one all of it. `made` is told of every try.
    """

    def __init__(
        self,
        *,
        store: DeliveryStore,
        lookup: Lookup,
        sign: Sign,
        record_message: RecordMessage,
        client: PushClient,
        clock: Clock,
        ids: Ids,
        settings: DeliverySettings | None = None,
        share: BucketShare | None = None,
        made: Callable[[MadePush], None] | None = None,
    ) -> None:
        self.counters = DeliveryCounters()
        self._settings = settings or DeliverySettings()
        self._store = store
        self._client = client
        self._share = share
        # What is due must not move away when somebody sets the clock back.
        self._clock = UnturnedClock(clock)
        self._closing = asyncio.Event()
        self._finished = asyncio.Event()
        self._hinted = asyncio.Event()
        self._settler = Settler(store, self._settings, self.counters, self.hint)
        troubles = TroubleBoard(store, clock, self._settings.disable_after)
        self._upkeep = Upkeep(store, troubles, clock, self._settings, self._closing)
        self._lanes: dict[Endpoint, Lane] = {}
        self._open: set[asyncio.Task[None]] = set()
        self._group: asyncio.TaskGroup | None = None
        self._shop = Shop(
            store=store,
            lookup=lookup,
            client=client,
            writer=MessageWriter(sign, record_message, clock, ids),
            settler=self._settler,
            gate=Gate(self._settings.max_in_flight, self._settings.reserved_in_flight),
            circuits=CircuitBoard(self._settings.failures_until_probing),
            troubles=troubles,
            counters=self.counters,
            settings=self._settings,
            clock=self._clock,
            ids=ids,
            closing=self._closing,
            start=self._start,
            made=made,
        )

    def hint(self) -> None:
        """Say that notices were written. Only a hint: without it they are found by polling."""
        self._hinted.set()

    async def run(self) -> None:
        """Work until `close` is called; cancelling leaves the leases to run out."""
        await self._client.open()
        try:
            await self._upkeep.begin()
            async with asyncio.TaskGroup() as group:
                self._group = group
                group.create_task(self._upkeep.run())
                settling = group.create_task(self._settler.run())
                await self._look_until_closing()
                # Others may begin at once: what is in flight here is leased notice by notice.
                await asyncio.gather(self._drain(settling), self._give_back())
        finally:
            self._group = None
            await self._client.close()
            self._finished.set()

    async def close(self) -> None:
        """Take no new work, finish what is in flight, hand back the rest.

        Takes at most twice `close_deadline_s`: once for the pushes, once for the store.
        """
        self._closing.set()
        self._hinted.set()
        if self._group is not None:
            await self._finished.wait()

    async def _look_until_closing(self) -> None:
        while not self._closing.is_set():
            self._hinted.clear()
            began = self._clock.monotonic()
            await self._look()
            took_s = self._clock.monotonic() - began
            gap_s = max(self._settings.hint_gap_s, LOOK_SHARE * took_s)
            await _wait(self._closing, min(gap_s, self._settings.poll_interval_s))
            await _wait(self._hinted, self._settings.poll_interval_s)

    async def _look(self) -> None:
        """See which endpoints have something due and have them served."""
        buckets = None if self._share is None else await self._share.buckets()
        self._tell_lanes(buckets)
        try:
            endpoints = await self._store.due_endpoints(
                self._clock.now(), self._settings.max_endpoints, buckets
            )
        except (BusyError, PlatformError) as error:
            log.warning("queue not readable", error=str(error))
            return
        for endpoint in endpoints:
            lane = self._lanes.get(endpoint)
            if lane is not None:
                lane.poke()
            elif len(self._lanes) < self._settings.max_endpoints:
                lane = self._lanes[endpoint] = Lane(endpoint, self._shop)
                self.counters.endpoints = len(self._lanes)
                self._start(self._serve(endpoint, lane))

    def _tell_lanes(self, buckets: Collection[int] | None) -> None:
        """Lanes whose endpoint another worker serves now take nothing new.

        Those that hold claimed notices back for want of room are not due, and look again.
        """
        for endpoint, lane in self._lanes.items():
            lane.is_ours = buckets is None or endpoint.bucket in buckets
            if not lane.is_ours or lane.lacks_room:
                lane.wake()

    async def _give_back(self) -> None:
        if self._share is not None:
            await self._share.give_back()

    async def _serve(self, endpoint: Endpoint, lane: Lane) -> None:
        try:
            await lane.run()
        finally:
            del self._lanes[endpoint]
            self.counters.endpoints = len(self._lanes)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        if self._group is None:
            raise RuntimeError("the delivery plane is not running")
        task = self._group.create_task(work)
        self._open.add(task)
        task.add_done_callback(self._open.discard)

    async def _drain(self, settling: asyncio.Task[None]) -> None:
        """Finish lanes and pushes, then results, each within the deadline."""
        deadline = asyncio.get_running_loop().time() + self._settings.close_deadline_s
        for lane in self._lanes.values():
            lane.wake()
        while self._open and (left_s := deadline - asyncio.get_running_loop().time()) > 0:
            await asyncio.wait(set(self._open), timeout=left_s)
        cut_off = list(self._open)
        for task in cut_off:
            task.cancel()
        await asyncio.gather(*cut_off, return_exceptions=True)
        self._settler.stop()
        await asyncio.wait({settling}, timeout=self._settings.close_deadline_s)
        if not settling.done():
            log.warning("results not written", results=self.counters.unsettled)
            settling.cancel()


async def _wait(event: asyncio.Event, at_most_s: float) -> None:
    """Until the event is set or the time has passed."""
    try:
        async with asyncio.timeout(at_most_s):
            await event.wait()
    except TimeoutError:
        return
