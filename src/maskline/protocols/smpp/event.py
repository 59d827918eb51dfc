from dataclasses import dataclass

from maskline.protocols.smpp.pdu import Answer, Bind, Message


@dataclass(frozen=True, slots=True)
class BindAsked:
    """Somebody wants to bind; to be answered by `SmppSession.accept` or `.refuse`."""

    bind: Bind
    sequence: int


@dataclass(frozen=True, slots=True)
class Bound:
    """The other side took our bind."""

    system_id: str


@dataclass(frozen=True, slots=True)
class BindRefused:
    """The other side refused our bind; the session is over."""

    status: int


@dataclass(frozen=True, slots=True)
class MessageCame:
    """A submit_sm or deliver_sm; to be answered by `SmppSession.answer` with this number."""

    message: Message
    sequence: int


@dataclass(frozen=True, slots=True)
class MessageAnswered:
    """What became of a message that we sent under this number."""

    sequence: int
    answer: Answer


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Nobody answered a message in time: whether it arrived is not known."""

    sequence: int


@dataclass(frozen=True, slots=True)
class Ended:
    """The session is over, and why; `lost` are messages whose answers will not come any more."""

    reason: str
    lost: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LinkAnswered:
    """The other side answered an enquire_link: it has had all that was sent before that."""

    sequence: int


Event = (
    BindAsked
    | Bound
    | BindRefused
    | MessageCame
    | MessageAnswered
    | Unanswered
    | LinkAnswered
    | Ended
)
