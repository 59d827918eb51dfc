"""One connection of a link that is kept: made, bound, and made again when it is lost."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

import structlog

from maskline.domain.sms_link import SmsLink
from maskline.planes.sms.connection import SmppConnection
from maskline.planes.sms.settings import SmsLimits
from maskline.protocols.smpp.command import Command
from maskline.protocols.smpp.event import MessageCame
from maskline.protocols.smpp.pdu import Answer, Bind
from maskline.protocols.smpp.session import SessionLimits
from maskline.services.clock import Clock
from maskline.services.ids import Ids

Dial = Callable[[SmsLink, Callable[[], asyncio.Protocol]], Awaitable[object]]
"""Connects a protocol to the message centre of a link. Raises OSError, ValueError."""

log = structlog.get_logger("messages")


class LineState(StrEnum):
    """Where a line stands.

    | state      | what happens                             | leads to                  |
    | ---------- | ---------------------------------------- | ------------------------- |
    | WAITING    | nothing, until its pause is over         | CONNECTING, CLOSED        |
    | CONNECTING | the connection is being made             | BINDING, WAITING, CLOSED  |
    | BINDING    | the centre was asked to let us in        | BOUND, WAITING, CLOSED    |
    | BOUND      | messages pass                            | WAITING, CLOSED           |
    | CLOSED     | nothing more                             |                           |
    """

    WAITING = "waiting"
    CONNECTING = "connecting"
    BINDING = "binding"
    BOUND = "bound"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineShop:
    """What every line works with."""

    dial: Dial
    limits: SmsLimits
    clock: Clock
    ids: Ids


class LineUser(Protocol):
    """Who is told what comes over a line."""

    def line_changed(self) -> None:
        """The line was bound, or is no longer."""
        ...

    def message_came(self, came: MessageCame, line: "Line") -> None:
        """A deliver_sm; to be answered on `line.connection` as it is now."""
        ...

    def answered(self, sequence: int, answer: Answer | None) -> None:
        """What became of a submit; None when nobody answered it in time."""
        ...

    def lost(self, sequences: tuple[int, ...]) -> None:
        """The answers of these submits will not come any more."""
        ...


class Line:
    """Keeps one connection of a link, bound as `command` says, until `close`.

    `tick` has to be called every few hundredths of a second: all its times hang on that.
    """

    def __init__(self, link: SmsLink, command: Command, shop: LineShop, user: LineUser) -> None:
        self.state = LineState.WAITING
        self.connection: SmppConnection | None = None
        self.name = ""
        """Of the connection: another each time, also after a restart."""
        self.reason = ""
        """Why it was lost last, or could not be made."""
        self._link = link
        self._command = command
        self._shop = shop
        self._user = user
        self._again_at = 0.0
        self._failures = 0
        self._bound_at = 0.0
        self._dialling: asyncio.Task[None] | None = None

    @property
    def may_send(self) -> bool:
        """Whether a submit may be sent now."""
        return self.connection is not None and self.connection.may_send

    def tick(self) -> None:
        """Do what is due."""
        if self.state is LineState.WAITING and self._shop.clock.monotonic() >= self._again_at:
            self.state = LineState.CONNECTING
            self._dialling = asyncio.get_running_loop().create_task(self._dial())
        elif self.connection is not None:
            self.connection.tick()

    def heard_before(self) -> datetime | None:
        """Before when the centre has heard what was answered here, once when that is news."""
        if self.connection is None:
            return None
        clock, heard = self._shop.clock, self.connection.ask_what_was_heard()
        if heard is None:
            return None
        return clock.now() - timedelta(seconds=clock.monotonic() - heard)

    def change(self, link: SmsLink) -> None:
        """Take over settings that need no new connection."""
        self._link = link
        if self.connection is not None:
            session = self.connection.session
            session.limits = replace(session.limits, window=link.window)

    async def close(self) -> None:
        """Unbind and let go of the connection."""
        self.state = LineState.CLOSED
        if self._dialling is not None:
            self._dialling.cancel()
            await asyncio.gather(self._dialling, return_exceptions=True)
        if self.connection is not None:
            self.connection.close()

    def bound(self) -> None:
        """The message centre has let us in."""
        if self.state is LineState.CLOSED:
            return
        self.state = LineState.BOUND
        self.reason = ""
        self._bound_at = self._shop.clock.monotonic()
        log.info("link bound", link=self._link.name, bind=self._command.name.lower())
        self._user.line_changed()

    def message_came(self, came: MessageCame) -> None:
        """A deliver_sm."""
        self._user.message_came(came, self)

    def answered(self, sequence: int, answer: Answer | None) -> None:
        """What became of a submit."""
        self._user.answered(sequence, answer)

    def ended(self, reason: str, lost: tuple[int, ...]) -> None:
        """The session is over."""
        self.connection = None
        self._user.lost(lost)
        self._fail(reason)

    async def _dial(self) -> None:
        try:
            async with asyncio.timeout(self._shop.limits.connect_s):
                await self._shop.dial(self._link, self._connect)
        except TimeoutError:
            self._fail("nobody answers there")
        except (OSError, ValueError) as error:
            # ValueError: a host name that cannot be one
            self._fail(str(error) or type(error).__name__)

    def _connect(self) -> SmppConnection:
        """What a new connection speaks by."""
        link, limits = self._link, self._shop.limits
        self.state = LineState.BINDING
        self.name = f"{link.name} {self._shop.ids.token(10)}"
        self.connection = SmppConnection(
            Bind(
                command=self._command,
                system_id=link.system_id,
                password=link.password,
                system_type=link.system_type,
            ),
            SessionLimits(
                window=link.window,
                incoming=limits.incoming,
                bind_s=limits.bind_s,
                answer_s=limits.answer_s,
                enquire_s=float(link.enquire_s),
            ),
            self,
            self._shop.clock.monotonic,
            limits.write_buffer_bytes,
        )
        return self.connection

    def _fail(self, reason: str) -> None:
        """Wait a while, longer each time; a connection that stood for long starts anew."""
        if self.state is LineState.CLOSED:
            return
        limits, now = self._shop.limits, self._shop.clock.monotonic()
        was_bound = self.state is LineState.BOUND
        if was_bound and now - self._bound_at >= limits.steady_s:
            self._failures = 0
        pause_s = min(limits.first_pause_s * 2.0**self._failures, limits.max_pause_s)
        # Not all at once when a centre comes back.
        pause_s *= 0.5 + self._shop.ids.draw() / 2
        self._failures = min(self._failures + 1, 30)
        if was_bound or reason != self.reason:
            # An outage is told once, not at every try.
            log.warning("link lost", link=self._link.name, reason=reason, again_in_s=pause_s)
        self.state = LineState.WAITING
        self.reason = reason
        self._again_at = now + pause_s
        self._user.line_changed()
