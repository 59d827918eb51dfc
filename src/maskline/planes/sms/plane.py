"""The message plane: short messages in from message centres, and out to them."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine

import structlog

from maskline.domain.error import BusyError, PlatformError
from maskline.domain.sms_link import SmsLink
from maskline.planes.sms.board import LinkBoard
from maskline.planes.sms.counter import SmsCounters
from maskline.planes.sms.dispatch import Dispatcher
from maskline.planes.sms.intake import Intake
from maskline.planes.sms.line import Dial, LineShop
from maskline.planes.sms.link import Link
from maskline.planes.sms.settings import SmsLimits
from maskline.planes.sms.work import Work
from maskline.services.clock import Clock
from maskline.services.ids import Ids
from maskline.services.messages import MessageDesk
from maskline.services.sms_link_state import SmsLinkState

ReadLinks = Callable[[], Awaitable[tuple[SmsLink, ...]]]
"""The links as they are configured now. Raises StoreBusy, StoreFailed."""

TellLinks = Callable[[Callable[[], tuple[SmsLinkState, ...]]], Coroutine[None, None, None]]
"""Tells others how links stand, as what it is given says, until it is cancelled."""

log = structlog.get_logger("messages")


class MessagePlane:
    """Works from `start` to `close`; several workers may do so on one store.

    What a worker that dies was working on is taken up by itself when it starts again, or by
    another one when its lease is over.
    """

    def __init__(
        self,
        *,
        desk: MessageDesk,
        read_links: ReadLinks,
        dial: Dial,
        clock: Clock,
        ids: Ids,
        limits: SmsLimits | None = None,
        tell_links: TellLinks | None = None,
    ) -> None:
        self.desk = desk
        self.counters = SmsCounters()
        self._limits = limits or SmsLimits()
        self._read_links = read_links
        self._tell_links = tell_links
        self._shop = LineShop(dial=dial, limits=self._limits, clock=clock, ids=ids)
        self._work = Work(self._limits, self.counters)
        self.board = LinkBoard(self._make_link)
        self._dispatcher = Dispatcher(desk, self.board, self.counters, clock, self._limits)
        self._intake = Intake(
            desk=desk,
            dispatcher=self._dispatcher,
            work=self._work,
            counters=self.counters,
            clock=clock,
            limits=self._limits,
        )
        self._links_changed = asyncio.Event()
        self._running: list[asyncio.Task[None]] = []

    def links_changed(self) -> None:
        """Say that links were added, changed or removed."""
        self._links_changed.set()

    def link_states(self) -> tuple[SmsLinkState, ...]:
        """How the links stand here."""
        return self.board.states

    async def start(self) -> None:
        """Take back what an earlier run had, and read the links. Raises StoreBusy, StoreFailed."""
        await self.desk.release()
        self.board.refresh(await self._read_links())

    async def run(self) -> None:
        """Work from `start` to `close`, or until a defect ends it."""
        loop = asyncio.get_running_loop()
        self._running = [
            loop.create_task(work)
            for work in (
                self._tick(),
                self._follow_links(),
                self._every(self._limits.claim_s, self.claim),
                self._every(self._limits.stale_s, self.assemble_stale),
                self._every(self._limits.heard_s, self.keep_what_was_heard),
            )
        ]
        if self._tell_links is not None:
            self._running.append(loop.create_task(self._tell_links(self.link_states)))
        done, _ = await asyncio.wait(self._running, return_when=asyncio.FIRST_EXCEPTION)
        for task in done:
            if not task.cancelled():
                task.result()

    async def close(self) -> None:
        """Take nothing new, let what is in flight be answered, unbind.

        Takes at most about twice `close_s`: once for the messages, once for the links. What was
        not sent is put off and taken up by whoever runs next.
        """
        self._work.is_closing = True
        for task in self._running[1:]:
            task.cancel()
        self.board.leave()
        await self._work.close(self._limits.close_s)
        await self.board.close()
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def claim(self) -> None:
        """Take up what is due in the store's backlog."""
        room = self._work.room_to_claim
        if room <= 0:
            return
        for message in await self.desk.claim(room):
            self._work.start_claimed(self._dispatcher.go_on(message, is_fresh=False))

    async def assemble_stale(self) -> None:
        """Go on with messages whose missing parts do not come any more."""
        if not self._work.has_room:
            return
        for message in await self.desk.assemble_stale():
            self._work.start_message(self._dispatcher.go_on(message, is_fresh=True))

    async def keep_what_was_heard(self) -> None:
        """Keep up to when centres have our answers: what comes again later is another message."""
        for connection, before in self.board.heard():
            await self.desk.connection_heard(connection, before)

    def _make_link(self, config: SmsLink, after: asyncio.Task[None] | None) -> Link:
        return Link(config, self._shop, self._intake, self.counters, after)

    async def _tick(self) -> None:
        while True:
            self.board.tick()
            await asyncio.sleep(self._limits.tick_s)

    async def _follow_links(self) -> None:
        while True:
            await self._links_changed.wait()
            self._links_changed.clear()
            await self._attempt(self._refresh)

    async def _refresh(self) -> None:
        self.board.refresh(await self._read_links())

    async def _every(self, pause_s: float, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            await self._attempt(work)
            await asyncio.sleep(pause_s)

    async def _attempt(self, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except (BusyError, PlatformError) as error:
            log.warning("messages not looked at", reason=str(error))
