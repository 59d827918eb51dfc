"""One SMS link at work: its one or two connections, and what it has to submit."""

import asyncio
from contextlib import suppress
from datetime import datetime
from typing import Protocol

from maskline.domain.sms_link import SmsLink
from maskline.planes.sms.connection import SmppConnection
from maskline.planes.sms.counter import SmsCounters
from maskline.planes.sms.line import Line, LineShop, LineState
from maskline.planes.sms.submit_queue import Note, SubmitQueue, Submitted
from maskline.planes.sms.wire import Wire, binds_of
from maskline.protocols.smpp.event import MessageCame
from maskline.protocols.smpp.pdu import Answer, Message
from maskline.services.sms_link_state import LinkCondition, SmsLinkState

CLOSE_POLL_S = 0.01


class LinkUser(Protocol):
    """Who takes what comes over links."""

    def message_came(self, came: MessageCame, link: "Link", line: Line) -> None:
        """A deliver_sm; to be answered on `line.connection` as it is now."""
        ...


class Link:
    """Binds and stays bound until `close`; `after` is waited for before the first try.

    `tick` has to be called every few hundredths of a second.
    """

    def __init__(
        self,
        config: SmsLink,
        shop: LineShop,
        user: LinkUser,
        counters: SmsCounters,
        after: asyncio.Task[None] | None = None,
    ) -> None:
        self.config = config
        self.wire = Wire(config)
        self._shop = shop
        self._user = user
        self._after = after
        self._queue = SubmitQueue(shop.limits, counters, self._go_on)
        self._lines = tuple(Line(config, command, shop, self) for command in binds_of(config))
        self.is_leaving = False
        """It sends and takes nothing more; answers that are waited for still come."""

    @property
    def is_bound(self) -> bool:
        """Whether submits can be sent over it."""
        return self._lines[0].state is LineState.BOUND and not self.is_leaving

    @property
    def state(self) -> SmsLinkState:
        """How it stands."""
        return SmsLinkState(
            name=self.config.name,
            condition=self._condition(),
            reason=next((line.reason for line in self._lines if line.reason), ""),
            waiting=self._queue.waiting,
            in_flight=self._queue.in_flight,
        )

    def submit(self, message: Message, note: Note | None = None) -> asyncio.Future[Submitted]:
        """Send a part, after those that wait, and after its note is kept.

        UNSENT when the link is, or goes, down.
        """
        done = self._queue.put(message, self._shop.clock.monotonic(), note)
        self._go_on()
        return done

    def change(self, config: SmsLink) -> bool:
        """Take over settings that need no new connection; False when these do."""
        if not _keeps_connections(self.config, config):
            return False
        self.config = config
        self.wire = Wire(config)
        for line in self._lines:
            line.change(config)
        return True

    def tick(self) -> None:
        """Do what is due."""
        if self._after is not None and not self._after.done():
            return
        now = self._shop.clock.monotonic()
        self._queue.expire(now)
        for line in self._lines:
            line.tick()
        self._pump(now)

    def heard(self) -> list[tuple[str, datetime]]:
        """Connections over which the centre has lately heard our answers, and up to when."""
        news = [(line.name, line.heard_before()) for line in self._lines]
        return [(name, before) for name, before in news if before is not None]

    def leave(self) -> None:
        """Send and take nothing more."""
        self.is_leaving = True
        self._queue.drop_waiting()

    async def close(self) -> None:
        """Leave, wait for what is in flight for at most `close_s`, and unbind."""
        self.leave()
        with suppress(TimeoutError):
            async with asyncio.timeout(self._shop.limits.close_s):
                while not self._is_idle():
                    await asyncio.sleep(CLOSE_POLL_S)
                    self._tick_connections()
        for line in self._lines:
            await line.close()

    def line_changed(self) -> None:
        """A line was bound, or is no longer."""
        if self._sender is None:
            self._queue.drop_waiting()

    def message_came(self, came: MessageCame, line: Line) -> None:
        """A deliver_sm."""
        self._user.message_came(came, self, line)

    def answered(self, sequence: int, answer: Answer | None) -> None:
        """What became of a submit."""
        now = self._shop.clock.monotonic()
        self._queue.answered(sequence, answer, now)
        self._pump(now)

    def lost(self, sequences: tuple[int, ...]) -> None:
        """The answers of these submits will not come any more."""
        self._queue.lost(sequences)

    @property
    def _sender(self) -> SmppConnection | None:
        return self._lines[0].connection if self.is_bound else None

    def _go_on(self) -> None:
        """Send what waits, or give it back when the link is down."""
        if self._sender is None:
            self._queue.drop_waiting()
        else:
            self._pump(self._shop.clock.monotonic())

    def _pump(self, now: float) -> None:
        sender = self._sender
        if sender is not None and self._queue.waiting:
            self._queue.pump(sender, self.config.per_s, now)

    def _tick_connections(self) -> None:
        for line in self._lines:
            if line.connection is not None:
                line.connection.tick()

    def _is_idle(self) -> bool:
        return all(line.connection is None or line.connection.is_idle for line in self._lines)

    def _condition(self) -> LinkCondition:
        states = {line.state for line in self._lines}
        if states == {LineState.BOUND}:
            return LinkCondition.BOUND
        if LineState.BOUND in states:
            return LinkCondition.PARTLY
        trying = {LineState.CONNECTING, LineState.BINDING}
        return LinkCondition.CONNECTING if states & trying else LinkCondition.DOWN


def _keeps_connections(one: SmsLink, other: SmsLink) -> bool:
    return _connected_by(one) == _connected_by(other)


def _connected_by(link: SmsLink) -> tuple[object, ...]:
    return (
        (link.host, link.port, link.is_tls, link.system_id, link.password),
        (link.system_type, link.bind, link.enquire_s),
    )
