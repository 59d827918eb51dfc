"""One endpoint being served: claim what is due, push it, report what became of it."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import structlog

from maskline.domain.application import Application, Tenant
from maskline.domain.error import BusyError, PlatformError
from maskline.domain.notice import AcceptedTry, Endpoint, FailedTry, Purpose, QueuedNotice
from maskline.domain.push import MadePush
from maskline.planes.delivery.circuit import CircuitBoard, CircuitState
from maskline.planes.delivery.client import PushClient, PushFailed
from maskline.planes.delivery.counter import DeliveryCounters
from maskline.planes.delivery.destination import DestinationRefused
from maskline.planes.delivery.gate import Gate
from maskline.planes.delivery.message import MessageWriter, Target
from maskline.planes.delivery.settings import DeliverySettings
from maskline.planes.delivery.settler import Result, Settler
from maskline.planes.delivery.trouble import DISABLED, TroubleBoard
from maskline.services.clock import Clock
from maskline.services.ids import Ids
from maskline.services.notification import receiver_url
from maskline.services.push_log import DELIVERED, INTERRUPTED, shown_url
from maskline.services.store import OutboxStore

Lookup = Callable[[str], Awaitable[tuple[Application, Tenant] | None]]
"""An application and its tenant by key; None when there is no such application."""

GIVEN_UP_AT_ONCE = 256
"""Notices without a receiver that are claimed and given up in one go."""

SHORTEST_PUSH_S = 0.001
"""What a push is taken to need at least."""

UNKNOWN_PUSH_S = 0.5
"""What the first push to a receiver is taken to need."""

GONE = 410
"""The status with which a receiver says that it will never come back (RFC 9110 15.5.11)."""

log = structlog.get_logger("delivery")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """What all lanes of a plane share.

    `start` runs a push as a task that the plane owns; `closing` is set once no new work is taken.
    `made` is told of every try.
    """

    store: OutboxStore
    lookup: Lookup
    client: PushClient
    writer: MessageWriter
    settler: Settler
    gate: Gate
    circuits: CircuitBoard
    troubles: TroubleBoard
    counters: DeliveryCounters
    settings: DeliverySettings
    clock: Clock
    ids: Ids
    closing: asyncio.Event
    start: Callable[[Coroutine[Any, Any, None]], None]
    made: Callable[[MadePush], None] | None = None


@dataclass(frozen=True, slots=True)
class _Ready:
    """A message's notices that are claimed, and until when they may be begun (monotonic)."""

    claimed: Sequence[QueuedNotice]
    begin_by: float


class _Outcome(NamedTuple):
    """What became of a try."""

    result: str
    status: int | None
    error: str | None
    took_s: float


class Lane:
    """Serves one endpoint until nothing of it is due.

    A store gives out at most one notice of a stream at a time, so everything that a lane holds
    may be pushed at once and the order per stream is still kept. From a receiver that answers
    quickly, more is claimed than there are places: each place is used for one push after the
    other. While it is not `is_ours`, another worker serves the endpoint, and the lane only finishes
    what it holds.
    """

    def __init__(self, endpoint: Endpoint, shop: Shop) -> None:
        self._endpoint = endpoint
        self._shop = shop
        self._wake = asyncio.Event()
        self._ready: deque[_Ready] = deque()
        # what the last push took; None once it has failed
        self._took_s: float | None = UNKNOWN_PUSH_S
        self._in_flight = 0
        self._unsettled = 0
        self._may_have_more = True
        self._is_gathering = endpoint.purpose is Purpose.RECORD
        self.is_ours = True
        # as long as the settler takes no more
        self.lacks_room = False

    def poke(self) -> None:
        """Something of this endpoint may be due."""
        if not self._may_have_more:
            self._may_have_more = True
            self._is_gathering = self._endpoint.purpose is Purpose.RECORD
        self.wake()

    def wake(self) -> None:
        """Look again at what there is to do."""
        self._wake.set()

    async def run(self) -> None:
        """Serve until nothing is due and nothing is open, or the plane closes.

        A store that is busy or fails ends the lane; the next look at the queue starts it anew.
        """
        shop = self._shop
        try:
            while not shop.closing.is_set():
                self._wake.clear()
                takes_more = self._may_have_more and self.is_ours
                if takes_more and self._is_gathering:
                    await self._gather()
                elif (takes_more or self._ready) and (places := self._take_places()):
                    await self._serve(places)
                elif takes_more or self._ready or self._in_flight or self._unsettled:
                    await self._wake.wait()
                else:
                    return
        except (BusyError, PlatformError) as error:
            log.warning("queue not readable", app_key=self._endpoint.app_key, error=str(error))
        finally:
            shop.gate.leave(self)
            self._hand_back(self._ready)
            self._ready.clear()

    async def _gather(self) -> None:
        """Wait for call records that end together with the first (`spec/auth.md` 10)."""
        self._is_gathering = False
        try:
            async with asyncio.timeout(self._shop.settings.merge_window_s):
                await self._shop.closing.wait()
        except TimeoutError:
            return

    @property
    def _is_probing(self) -> bool:
        shop = self._shop
        if shop.circuits.state(self._endpoint) is CircuitState.PROBING:
            return True
        # the board knows receivers that were in trouble before this process was started
        return shop.troubles.is_in_trouble(self._endpoint)

    def _take_places(self) -> int:
        shop = self._shop
        self.lacks_room = not shop.settler.has_room
        if self.lacks_room:
            return 0
        is_probing = self._is_probing
        limit = 1 if is_probing else shop.settings.max_in_flight_per_endpoint
        wanted = limit - self._in_flight
        if wanted <= 0:
            return 0
        if self._endpoint.purpose is Purpose.RECORD:
            wanted = 1
        places = shop.gate.take(wanted, self._in_flight, is_probing=is_probing)
        if places == 0 and self._in_flight == 0:
            shop.gate.wait(self, self.wake, is_probing=is_probing)
        return places

    async def _serve(self, places: int) -> None:
        """Claim what the places can take in turn, unless there is some, and start pushing it."""
        used = 0
        try:
            target = await self._target()
            if isinstance(target, Target):
                if not self._ready:
                    await self._claim(places + self._ahead())
                used = min(places, len(self._ready))
                for _ in range(used):
                    self._in_flight += 1
                    self._shop.start(self._work(target))
            else:
                self._hand_back(self._ready)
                self._ready.clear()
                await self._give_up(target)
        finally:
            if used < places:
                self._shop.gate.give_back(places - used)

    def _ahead(self) -> int:
        """How much to claim beyond the places: what a quick receiver has done in good time."""
        settings = self._shop.settings
        if self._took_s is None or self._endpoint.purpose is Purpose.RECORD or self._is_probing:
            return 0
        in_time = int(settings.begin_within_s / 2 / max(self._took_s, SHORTEST_PUSH_S))
        return min(in_time, settings.max_in_flight_per_endpoint)

    async def _work(self, target: Target | str) -> None:
        """Push one message after the other, on one place, until one fails."""
        shop = self._shop
        try:
            while isinstance(target, Target) and self._ready:
                ready = self._ready.popleft()
                if shop.clock.monotonic() >= ready.begin_by:
                    self._hand_back([ready])
                    continue
                await self._push(target, ready.claimed)
                if self._took_s is None or shop.closing.is_set() or not shop.settler.has_room:
                    return
                target = await self._target()
        except (BusyError, PlatformError):
            return  # `run` finds the same, and says so
        finally:
            self._in_flight -= 1
            shop.gate.give_back(1)
            self.wake()

    async def _target(self) -> Target | str:
        """Where to push now, or why there is nowhere."""
        found = await self._shop.lookup(self._endpoint.app_key)
        if found is None:
            return "the application is gone"
        application, _ = found
        url = receiver_url(application, self._endpoint.purpose)
        if not url:
            return "the application has no receiver for this"
        if self._shop.troubles.is_disabled(self._endpoint, url):
            return DISABLED
        return Target(application, url)

    async def _claim(self, limit: int) -> None:
        """Get some ready."""
        self._may_have_more = False
        now, settings = self._shop.clock.now(), self._shop.settings
        begin_by = self._shop.clock.monotonic() + settings.begin_within_s
        if self._endpoint.purpose is Purpose.RECORD:
            batch = await self._claim_batch()
            if batch:
                self._ready.append(_Ready(batch, begin_by))
            return
        claimed = await self._shop.store.claim(self._endpoint, now, now + settings.lease, limit)
        self._may_have_more |= len(claimed) == limit
        self._ready.extend(_Ready((queued,), begin_by) for queued in claimed)

    async def _claim_batch(self) -> Sequence[QueuedNotice]:
        limit = self._shop.settings.records_per_message
        now = self._shop.clock.now()
        fresh_id = self._shop.ids.uuid()
        batch = await self._shop.store.claim_batch(
            self._endpoint, now, now + self._shop.settings.lease, limit, fresh_id
        )
        # an earlier batch that came back says nothing about what else is due
        if batch and (len(batch) >= limit or batch[0].batch_id != fresh_id):
            self._may_have_more = True
            self._is_gathering = False
        return batch

    async def _give_up(self, reason: str) -> None:
        self._may_have_more = False
        now = self._shop.clock.now()
        lease_until = now + self._shop.settings.lease
        store, endpoint = self._shop.store, self._endpoint
        if endpoint.purpose is Purpose.RECORD:
            claimed = await self._claim_batch()
        else:
            claimed = await store.claim(endpoint, now, lease_until, GIVEN_UP_AT_ONCE)
            self._may_have_more |= len(claimed) == GIVEN_UP_AT_ONCE
        if claimed:
            self._shop.counters.dead += len(claimed)
            log.warning(
                "notices given up", notices=len(claimed), error=reason, **self._log_fields()
            )
            self._report(
                (), [FailedTry(sequence=q.sequence, due_at=None, error=reason) for q in claimed]
            )

    async def _push(self, target: Target, claimed: Sequence[QueuedNotice]) -> None:
        """Try once and report; whatever happens, the notices are settled."""
        shop = self._shop
        shop.counters.pushes += 1
        shop.counters.in_flight += 1
        began_s, result = shop.clock.monotonic(), INTERRUPTED
        status: int | None = None
        error_text: str | None = None
        try:
            message = shop.writer.write(target, claimed)
            status = await shop.client.post(message.url, message.headers, message.body)
        except DestinationRefused as error:
            result, error_text = "refused", str(error)
            shop.counters.refused += 1
            self._failed(target, claimed, str(error))
        except PushFailed as error:
            result, status, error_text = error.kind, error.status, str(error)
            self._failed(target, claimed, error_text, is_gone=error.status == GONE)
        except asyncio.CancelledError:
            self._interrupted(claimed)
            raise
        except Exception:
            result = "internal"
            log.exception("push broke", **self._log_fields())
            self._failed(target, claimed, "internal error")
        else:
            result = DELIVERED
            self._delivered(target, claimed, status, shop.clock.monotonic() - began_s)
        finally:
            took_s = shop.clock.monotonic() - began_s
            self._took_s = took_s if result == DELIVERED else None
            self._count(result, took_s)
            if shop.made is not None:
                self._tell(shop.made, target, claimed, _Outcome(result, status, error_text, took_s))
            shop.counters.in_flight -= 1

    def _tell(
        self,
        made: Callable[[MadePush], None],
        target: Target,
        claimed: Sequence[QueuedNotice],
        outcome: _Outcome,
    ) -> None:
        first = claimed[0]
        made(
            MadePush(
                at=self._shop.clock.now(),
                app_key=self._endpoint.app_key,
                purpose=self._endpoint.purpose.value,
                push_id=first.batch_id or first.notice.notice_id,
                attempt=first.attempts,
                notices=len(claimed),
                url=target.url,
                status=outcome.status,
                result=outcome.result,
                error=outcome.error,
                took_s=outcome.took_s,
            )
        )

    def _count(self, result: str, seconds: float) -> None:
        purpose = self._endpoint.purpose.value
        self._shop.counters.results[purpose, result] += 1
        self._shop.counters.took.add(purpose, seconds)

    def _delivered(
        self, target: Target, claimed: Sequence[QueuedNotice], status: int, took_s: float
    ) -> None:
        self._shop.counters.delivered += len(claimed)
        was_probed = self._shop.circuits.succeeded(self._endpoint)
        if self._shop.troubles.accepted(self._endpoint) or was_probed:
            log.info("receiver answers again", **self._log_fields())
        accepted: AcceptedTry | None = None
        if self._shop.settings.delivered_retention is not None:
            now, url = self._shop.clock.now(), shown_url(target.url)
            accepted = AcceptedTry(now, url, status, took_s, len(claimed))
        self._report([queued.sequence for queued in claimed], (), accepted)

    def _failed(
        self,
        target: Target,
        claimed: Sequence[QueuedNotice],
        error: str,
        *,
        is_gone: bool = False,
    ) -> None:
        shop = self._shop
        attempts = max(queued.attempts for queued in claimed)
        due_at = None if is_gone else shop.settings.schedule.decide(attempts, shop.clock.now())
        has_turned = self._log_failure(claimed, error, is_last=due_at is None)
        if is_gone:
            shop.troubles.gone(self._endpoint, target.url, error)
        elif has_turned or due_at is None:
            shop.troubles.failed(self._endpoint, target.url, error, was_last=due_at is None)
        if due_at is None:
            shop.counters.dead += len(claimed)
        else:
            shop.counters.failed += len(claimed)
        self._report(
            (), [FailedTry(sequence=q.sequence, due_at=due_at, error=error) for q in claimed]
        )

    def _interrupted(self, claimed: Sequence[QueuedNotice]) -> None:
        """Hand the lease back: the next worker need not wait for it to run out."""
        self._shop.counters.interrupted += len(claimed)
        now = self._shop.clock.now()
        self._report(
            (),
            [FailedTry(sequence=q.sequence, due_at=now, error="interrupted") for q in claimed],
        )

    def _hand_back(self, unpushed: Iterable[_Ready]) -> None:
        """Let others have, or have again, what was claimed and not begun."""
        now = self._shop.clock.now()
        untried = [
            FailedTry(sequence=queued.sequence, due_at=now, error=None)
            for ready in unpushed
            for queued in ready.claimed
        ]
        if untried:
            self._report((), untried)
            self._may_have_more = True

    def _report(
        self,
        delivered: Sequence[int],
        failed: Sequence[FailedTry],
        accepted: AcceptedTry | None = None,
    ) -> None:
        self._unsettled += 1
        self._shop.settler.add(Result(delivered, failed, self._settled, accepted))

    def _settled(self, freed: Collection[Endpoint]) -> None:
        """A result is written, which may have let go the next of its stream."""
        self._unsettled -= 1
        if freed and self._endpoint.purpose is not Purpose.RECORD and self._endpoint in freed:
            self.poke()
        elif self._unsettled == 0 or self.lacks_room:
            self.wake()

    def _log_failure(self, claimed: Sequence[QueuedNotice], error: str, *, is_last: bool) -> bool:
        """Log what an operator can act on; a dead receiver must not fill the log.

        Returns whether the receiver got into trouble just now.
        """
        circuits = self._shop.circuits
        was_well = circuits.state(self._endpoint) is CircuitState.WELL
        has_turned = circuits.failed(self._endpoint)
        if has_turned:
            log.warning("receiver in trouble", error=error, **self._log_fields())
        if is_last:
            log.warning("notices given up", notices=len(claimed), error=error, **self._log_fields())
        elif was_well and not has_turned:
            push_id = claimed[0].batch_id or claimed[0].notice.notice_id
            log.info(
                "push failed",
                push_id=push_id,
                attempts=claimed[0].attempts,
                error=error,
                **self._log_fields(),
            )
        return has_turned

    def _log_fields(self) -> dict[str, str]:
        return {"app_key": self._endpoint.app_key, "purpose": self._endpoint.purpose.value}
