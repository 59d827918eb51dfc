"""One SMPP session, of either side: octets and the time in, events and octets out.

| state  | as ESME                          | as message centre                   |
| ------ | -------------------------------- | ----------------------------------- |
| OPEN   | `bind` sends, then BINDING       | waits for a bind, asks whom to let in |
| BINDING| the answer leads to BOUND or CLOSED | `accept` leads to BOUND, `refuse` to CLOSED |
| BOUND  | messages both ways, as far as the bind allows | the same                    |
| CLOSED | nothing more; `Ended` was given  | the same                            |

An unbind of either side, a lost stream, or an enquire_link that nobody answers leads to CLOSED.
"""

from collections import deque
from dataclasses import dataclass
from enum import Enum

from maskline.protocols.smpp.command import BINDS, MESSAGES, Command
from maskline.protocols.smpp.error import NotBound, PduError, WindowFull
from maskline.protocols.smpp.event import (
    BindAsked,
    BindRefused,
    Bound,
    Ended,
    Event,
    LinkAnswered,
    MessageAnswered,
    MessageCame,
    Unanswered,
)
from maskline.protocols.smpp.pdu import (
    MAX_SEQUENCE,
    Answer,
    Bind,
    Body,
    Message,
    Pdu,
    Plain,
    build_pdu,
)
from maskline.protocols.smpp.status import Status
from maskline.protocols.smpp.stream import PduStream

_RECEIVERS = frozenset({Command.BIND_RECEIVER, Command.BIND_TRANSCEIVER})
_TRANSMITTERS = frozenset({Command.BIND_TRANSMITTER, Command.BIND_TRANSCEIVER})


class SessionState(Enum):
    """See the table above."""

    OPEN = "open"
    BINDING = "binding"
    BOUND = "bound"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLimits:
    """Bounds of a session. Times are seconds.

    `window` requests of ours wait for their answers at once, `incoming` of the other side for
    ours: over that it is told to slow down. `bind_s` is how long a bind may take,
    `answer_s` an answer, `enquire_s` how long nothing is heard before we ask whether anybody is
    there.
    """

    window: int = 32
    incoming: int = 256
    bind_s: float = 10.0
    answer_s: float = 30.0
    enquire_s: float = 30.0


class SmppSession:
    """See the module. `is_centre`: this is the message centre's side."""

    def __init__(self, limits: SessionLimits, now: float, *, is_centre: bool) -> None:
        self.state = SessionState.OPEN
        self.limits = limits
        self.bound_as: Command | None = None
        self._is_centre = is_centre
        self._stream = PduStream()
        self._events: deque[Event] = deque()
        self._out = bytearray()
        self._sequence = 0
        # Our messages by number, with the time at which we give up; all wait equally long.
        self._waiting: dict[int, float] = {}
        self._unanswered_here: set[int] = set()
        self._heard_at = now
        self._enquired_at: float | None = None
        self._bind_by: float | None = now + limits.bind_s
        self._bind_sequence = 0

    # What comes.

    def receive(self, data: bytes, now: float) -> None:
        """Take octets of the connection."""
        if self.state is SessionState.CLOSED:
            return
        self._heard_at = now
        self._enquired_at = None
        self._stream.feed(data)
        while self._take_next():
            pass

    def connection_lost(self) -> None:
        """Say that the connection is gone."""
        self._end("the connection was lost")

    def next_event(self) -> Event | None:
        """The next event, None when all were taken."""
        return self._events.popleft() if self._events else None

    def data_to_send(self) -> bytes:
        """What has to go out now. After `Ended` the connection is to be closed behind it."""
        data = bytes(self._out)
        self._out.clear()
        return data

    # What we send.

    def bind(self, bind: Bind) -> None:
        """Ask to be let in. Raises `NotBound`, `ValueError` for a field that does not fit."""
        if self.state is not SessionState.OPEN or self._is_centre:
            raise NotBound("only an open session of ours can be bound")
        self._bind_sequence = self._send_request(bind)
        self.bound_as = bind.command
        self.state = SessionState.BINDING

    def accept(self, asked: BindAsked, system_id: str) -> None:
        """Let in who asked. Raises `NotBound`."""
        if self.state is not SessionState.BINDING or not self._is_centre:
            raise NotBound("nobody asked")
        self._send(Answer(asked.bind.command, Status.OK, system_id), asked.sequence)
        self.bound_as = asked.bind.command
        self._bind_by = None
        self.state = SessionState.BOUND

    def refuse(self, asked: BindAsked, status: Status) -> None:
        """Do not let in who asked; the session is over. Raises `NotBound`."""
        if self.state is not SessionState.BINDING or not self._is_centre:
            raise NotBound("nobody asked")
        self._send(Answer(asked.bind.command, status), asked.sequence)
        self._end("its bind was refused")

    @property
    def may_send(self) -> bool:
        """Whether a message may be sent now: bound, in the right direction, room in the window."""
        return self.room > 0

    @property
    def room(self) -> int:
        """How many messages may be sent now, before one is answered."""
        return self.limits.window - len(self._waiting) if self._sends_messages else 0

    def send(self, message: Message, now: float) -> int:
        """Send a message and return its number.

        Raises `NotBound`, `WindowFull`, `ValueError` for a field that does not fit.
        """
        if not self._sends_messages:
            raise NotBound("not bound to send messages")
        if len(self._waiting) >= self.limits.window:
            raise WindowFull
        sequence = self._send_request(message)
        self._waiting[sequence] = now + self.limits.answer_s
        return sequence

    def answer(self, came: MessageCame, status: Status, message_id: str = "") -> None:
        """Answer a message that came; too late an answer, after the end, is dropped."""
        if came.sequence in self._unanswered_here:
            self._unanswered_here.discard(came.sequence)
            self._send(Answer(came.message.command, status, message_id), came.sequence)

    @property
    def is_idle(self) -> bool:
        """Whether no message waits for its answer, either way."""
        return not self._waiting and not self._unanswered_here

    def enquire(self) -> int | None:
        """Ask whether anybody is there; the number that `LinkAnswered` has, None when not bound."""
        if self.state is not SessionState.BOUND:
            return None
        return self._send_request(Plain(Command.ENQUIRE_LINK))

    def give_up(self, reason: str) -> None:
        """End the session without a word, as when nobody was let in."""
        self._end(reason)

    def unbind(self) -> None:
        """End the session in order; what waits for an answer is lost."""
        if self.state is SessionState.BOUND:
            self._send_request(Plain(Command.UNBIND))
        self._end("unbound")

    # Time.

    def next_timer(self) -> float | None:
        """When `handle_timer` has something to do."""
        if self.state is SessionState.CLOSED:
            return None
        if self._bind_by is not None:
            return self._bind_by
        enquired_at, limits = self._enquired_at, self.limits
        silent_at = (
            self._heard_at + limits.enquire_s
            if enquired_at is None
            else enquired_at + limits.answer_s
        )
        first = next(iter(self._waiting.values()), silent_at)
        return min(first, silent_at)

    def handle_timer(self, now: float) -> None:
        """Give up what waited too long, and ask whether the other side is there."""
        if self.state is SessionState.CLOSED:
            return
        if self._bind_by is not None:
            if now >= self._bind_by:
                self._end("no bind in time")
            return
        while self._waiting:
            sequence, due = next(iter(self._waiting.items()))
            if due > now:
                break
            del self._waiting[sequence]
            self._events.append(Unanswered(sequence))
        if self._enquired_at is not None:
            if now >= self._enquired_at + self.limits.answer_s:
                self._end("nobody answers an enquire_link")
        elif now >= self._heard_at + self.limits.enquire_s:
            self._enquired_at = now
            self._send_request(Plain(Command.ENQUIRE_LINK))

    # Inside.

    @property
    def _sends_messages(self) -> bool:
        allowed = _RECEIVERS if self._is_centre else _TRANSMITTERS
        return self.state is SessionState.BOUND and self.bound_as in allowed

    @property
    def _takes_messages(self) -> bool:
        allowed = _TRANSMITTERS if self._is_centre else _RECEIVERS
        return self.state is SessionState.BOUND and self.bound_as in allowed

    def _take_next(self) -> bool:
        """Take one PDU; False when there is none, or none is wanted any more."""
        try:
            pdu = self._stream.next_pdu()
        except PduError as error:
            self._refuse_pdu(error)
        else:
            if pdu is None:
                return False
            self._take(pdu)
        return self.state is not SessionState.CLOSED

    def _take(self, pdu: Pdu) -> None:
        body = pdu.body
        match body:
            case Answer():
                self._take_answer(body, pdu.sequence)
            case Bind():
                self._take_bind(body, pdu.sequence)
            case Message():
                self._take_message(body, pdu.sequence)
            case Plain(Command.ENQUIRE_LINK):
                self._send(Answer(Command.ENQUIRE_LINK, Status.OK), pdu.sequence)
            case Plain(Command.UNBIND):
                self._send(Answer(Command.UNBIND, Status.OK), pdu.sequence)
                self._end("the other side unbound")
            case Plain():
                self._send(Answer(Command.NACK, Status.INVALID_COMMAND_ID), pdu.sequence)

    def _take_bind(self, bind: Bind, sequence: int) -> None:
        if not self._is_centre or self.state is not SessionState.OPEN:
            status = Status.ALREADY_BOUND if self._is_centre else Status.INVALID_BIND_STATUS
            self._send(Answer(bind.command, status), sequence)
            return
        self.state = SessionState.BINDING
        self._events.append(BindAsked(bind, sequence))

    def _take_message(self, message: Message, sequence: int) -> None:
        wanted = Command.SUBMIT if self._is_centre else Command.DELIVER
        if message.command is not wanted or not self._takes_messages:
            self._send(Answer(message.command, Status.INVALID_BIND_STATUS), sequence)
        elif len(self._unanswered_here) >= self.limits.incoming:
            self._send(Answer(message.command, Status.THROTTLED), sequence)
        elif sequence in self._unanswered_here:
            # The number of a message that waits for its answer: which one would that be for?
            self._send(Answer(Command.NACK, Status.INVALID_COMMAND_ID), sequence)
        else:
            self._unanswered_here.add(sequence)
            self._events.append(MessageCame(message, sequence))

    def _take_answer(self, answer: Answer, sequence: int) -> None:
        if self.state is SessionState.BINDING and not self._is_centre:
            if sequence == self._bind_sequence:
                self._take_bind_answer(answer)
            return
        if answer.command_id == Command.ENQUIRE_LINK:
            self._events.append(LinkAnswered(sequence))
        is_ours = answer.command_id in MESSAGES or answer.command_id == Command.NACK
        if is_ours and self._waiting.pop(sequence, None) is not None:
            self._events.append(MessageAnswered(sequence, _as_refusal(answer)))

    def _take_bind_answer(self, answer: Answer) -> None:
        if answer.command_id in BINDS and answer.status == Status.OK:
            self.state = SessionState.BOUND
            self._bind_by = None
            self._events.append(Bound(answer.text))
        else:
            self._events.append(BindRefused(answer.status))
            self._end("the bind was refused")

    def _refuse_pdu(self, error: PduError) -> None:
        self._send(Answer(Command.NACK, error.status), error.sequence or 0)
        if error.sequence is None:
            self._end(f"the stream cannot be read: {error}")

    def _send_request(self, body: Body) -> int:
        sequence = self._sequence % MAX_SEQUENCE + 1
        self._send(body, sequence)
        self._sequence = sequence
        return sequence

    def _send(self, body: Body, sequence: int) -> None:
        self._out += build_pdu(Pdu(body, sequence))

    def _end(self, reason: str) -> None:
        if self.state is SessionState.CLOSED:
            return
        self.state = SessionState.CLOSED
        lost = tuple(self._waiting)
        self._waiting.clear()
        self._unanswered_here.clear()
        self._events.append(Ended(reason, lost))


def _as_refusal(answer: Answer) -> Answer:
    """A generic_nack never means yes, whatever its status."""
    if answer.command_id == Command.NACK and answer.status == Status.OK:
        return Answer(answer.command_id, Status.UNKNOWN_ERROR)
    return answer
