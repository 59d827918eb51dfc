"""One connection to a message centre: the session's octets on a transport."""

import asyncio
from collections.abc import Callable
from typing import Protocol, cast

from maskline.protocols.smpp.event import (
    BindRefused,
    Bound,
    Ended,
    Event,
    LinkAnswered,
    MessageAnswered,
    MessageCame,
    Unanswered,
)
from maskline.protocols.smpp.pdu import Answer, Bind, Message
from maskline.protocols.smpp.session import SessionLimits, SessionState, SmppSession
from maskline.protocols.smpp.status import Status


class ConnectionUser(Protocol):
    """Who is told what happens on a connection."""

    def bound(self) -> None:
        """The message centre has let us in."""
        ...

    def message_came(self, came: MessageCame) -> None:
        """A deliver_sm; to be answered by `SmppConnection.answer`."""
        ...

    def answered(self, sequence: int, answer: Answer | None) -> None:
        """What became of a submit; None when nobody answered it in time."""
        ...

    def ended(self, reason: str, lost: tuple[int, ...]) -> None:
        """It is over; `lost` are submits whose answers will not come any more."""
        ...


class SmppConnection(asyncio.Protocol):
    """Binds as soon as it is connected. What is sent in one turn of the loop is one write.

    `now` is the monotonic clock. Nothing is told after `ended`.
    """

    def __init__(
        self,
        bind: Bind,
        limits: SessionLimits,
        user: ConnectionUser,
        now: Callable[[], float],
        write_buffer_bytes: int,
    ) -> None:
        self.session = SmppSession(limits, now(), is_centre=False)
        self._bind = bind
        self._user = user
        self._now = now
        self._write_buffer_bytes = write_buffer_bytes
        self._transport: asyncio.Transport | None = None
        self._is_paused = False
        self._is_flushing = False
        self._refused_with: int | None = None
        self._came: dict[int, float] = {}
        self._has_answered = False
        self._asked: tuple[int, float] | None = None
        self._heard_before: float | None = None

    @property
    def may_send(self) -> bool:
        """Whether a submit may be sent now."""
        return self.room > 0

    @property
    def room(self) -> int:
        """How many submits may be sent now, before one is answered."""
        return 0 if self._is_paused else self.session.room

    @property
    def is_idle(self) -> bool:
        """Whether nothing waits for an answer, either way."""
        return self.session.is_idle

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask to be let in."""
        # uvloop's transports are none by type, only by what they do
        self._transport = cast("asyncio.Transport", transport)
        try:
            self.session.bind(self._bind)
        except ValueError as error:
            # A name or password that is longer than SMPP has room for.
            self.close(f"the bind cannot be written: {error}")
        else:
            self._turn()

    def data_received(self, data: bytes) -> None:
        """Take what came, and write what that leads to."""
        self.session.receive(data, self._now())
        self._turn()

    def connection_lost(self, exc: Exception | None) -> None:
        """End the session."""
        del exc
        self._transport = None
        self.session.connection_lost()
        self._turn()

    def pause_writing(self) -> None:
        """Submit nothing until the centre has read what it was sent."""
        self._is_paused = True

    def resume_writing(self) -> None:
        """Go on."""
        self._is_paused = False

    def send(self, message: Message) -> int:
        """Submit a message and return its number.

        Raises `NotBound`, `WindowFull`, `ValueError` for a field that does not fit.
        """
        sequence = self.session.send(message, self._now())
        self._flush_soon()
        return sequence

    def answer(self, came: MessageCame, status: Status) -> None:
        """Answer a deliver_sm; after the end this does nothing."""
        self._came.pop(came.sequence, None)
        self._has_answered = True
        self.session.answer(came, status)
        self._flush_soon()

    def ask_what_was_heard(self) -> float | None:
        """Up to when the centre has heard what was answered here, once when that is news.

        An enquire_link that comes back after our answers says so: octets keep their order. That is
        a moment of `now` before which all that came was answered.
        """
        if self._has_answered and self._asked is None:
            sequence = self.session.enquire()
            if sequence is not None:
                self._has_answered = False
                self._asked = (sequence, next(iter(self._came.values()), self._now()))
                self._flush_soon()
        heard, self._heard_before = self._heard_before, None
        return heard

    def tick(self) -> None:
        """Look at the session's times."""
        now = self._now()
        timer = self.session.next_timer()
        if timer is not None and timer <= now:
            self.session.handle_timer(now)
            self._turn()

    def close(self, reason: str = "closed by us") -> None:
        """Unbind and close; what is in flight is lost."""
        if self.session.state is SessionState.BOUND:
            self.session.unbind()
        else:
            self.session.give_up(reason)
        self._turn()

    def _turn(self) -> None:
        while (event := self.session.next_event()) is not None:
            self._tell(event)
        self._flush()

    def _tell(self, event: Event) -> None:
        match event:
            case MessageAnswered():
                self._user.answered(event.sequence, event.answer)
            case MessageCame():
                self._came[event.sequence] = self._now()
                self._user.message_came(event)
            case Unanswered():
                self._user.answered(event.sequence, None)
            case LinkAnswered():
                if self._asked is not None and self._asked[0] == event.sequence:
                    self._heard_before, self._asked = self._asked[1], None
            case Bound():
                self._user.bound()
            case BindRefused():
                self._refused_with = event.status
            case Ended():
                status = self._refused_with
                reason = event.reason if status is None else f"{event.reason} ({status:#x})"
                self._user.ended(reason, event.lost)
            case _:
                raise AssertionError("an ESME is not asked to let anybody in")

    def _flush_soon(self) -> None:
        if not self._is_flushing:
            self._is_flushing = True
            asyncio.get_running_loop().call_soon(self._flush)

    def _flush(self) -> None:
        self._is_flushing = False
        transport = self._transport
        if transport is None:
            return
        data = self.session.data_to_send()
        if data:
            transport.write(data)
        if self.session.state is SessionState.CLOSED:
            transport.close()
        elif transport.get_write_buffer_size() > self._write_buffer_bytes:
            transport.abort()
