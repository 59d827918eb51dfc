"""One connection to the lab's message centre: an SMPP session on a socket."""

import asyncio
from collections.abc import Callable
from typing import cast

from maskline.protocols.smpp.command import Command
from maskline.protocols.smpp.event import (
    BindAsked,
    Ended,
    MessageAnswered,
    MessageCame,
    Unanswered,
)
from maskline.protocols.smpp.pdu import Message
from maskline.protocols.smpp.session import SessionLimits, SmppSession
from maskline.protocols.smpp.status import Status

SYSTEM_ID = "maskline-lab"

_RECEIVERS = frozenset({Command.BIND_RECEIVER, Command.BIND_TRANSCEIVER})


class CentreConnection(asyncio.Protocol):
    """Lets in who asks. `take` gets what is submitted, `gone` this connection at its end."""

    def __init__(
        self,
        limits: SessionLimits,
        take: Callable[["CentreConnection", MessageCame], None],
        gone: Callable[["CentreConnection"], None],
    ) -> None:
        self.system_id = ""
        self._take = take
        self._gone = gone
        self._loop = asyncio.get_running_loop()
        self._session = SmppSession(limits, self._loop.time(), is_centre=True)
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._answers: dict[int, asyncio.Future[int | None]] = {}

    @property
    def is_bound(self) -> bool:
        """Whether somebody was let in here."""
        return self._session.bound_as is not None

    @property
    def may_deliver(self) -> bool:
        """Whether a message may be sent here now."""
        return self._session.bound_as in _RECEIVERS and self._session.may_send

    @property
    def waiting(self) -> int:
        """How many messages wait for their answers."""
        return len(self._answers)

    async def deliver(self, message: Message, within_s: float) -> int | None:
        """Send a deliver_sm; the status of its answer, None for no answer."""
        now = self._loop.time()
        answer: asyncio.Future[int | None] = self._loop.create_future()
        sequence = self._session.send(message, now)
        self._answers[sequence] = answer
        self._flush()
        try:
            async with asyncio.timeout(within_s):
                return await answer
        except TimeoutError:
            return None
        finally:
            self._answers.pop(sequence, None)

    def answer(self, came: MessageCame, status: Status, message_id: str = "") -> None:
        """Answer a submit."""
        self._session.answer(came, status, message_id)
        self._flush()

    def close(self) -> None:
        """Unbind, and close."""
        self._session.unbind()
        self._handle_events()
        self._flush()

    def abort(self) -> None:
        """Be gone at once."""
        if self._transport is not None:
            self._transport.abort()

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody connected."""
        self._transport = cast("asyncio.Transport", transport)  # a TCP server gives no other
        self._flush()

    def data_received(self, data: bytes) -> None:
        """Octets came."""
        self._session.receive(data, self._loop.time())
        self._handle_events()
        self._flush()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's name
        """The other side is gone."""
        self._session.connection_lost()
        self._handle_events()
        if self._timer is not None:
            self._timer.cancel()
        self._transport = None
        self._gone(self)

    def _handle_events(self) -> None:
        while (event := self._session.next_event()) is not None:
            match event:
                case BindAsked():
                    self.system_id = event.bind.system_id
                    self._session.accept(event, SYSTEM_ID)
                case MessageCame():
                    self._take(self, event)
                case MessageAnswered():
                    self._settle(event.sequence, event.answer.status)
                case Unanswered():
                    self._settle(event.sequence, None)
                case Ended():
                    for sequence in event.lost:
                        self._settle(sequence, None)
                case _:
                    continue

    def _settle(self, sequence: int, status: int | None) -> None:
        answer = self._answers.pop(sequence, None)
        if answer is not None and not answer.done():
            answer.set_result(status)

    def _flush(self) -> None:
        if self._transport is None:
            return
        data = self._session.data_to_send()
        if data:
            self._transport.write(data)
        due = self._session.next_timer()
        if due is None:
            self._transport.close()
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_at(due, self._fire)

    def _fire(self) -> None:
        self._timer = None
        self._session.handle_timer(self._loop.time())
        self._handle_events()
        self._flush()
