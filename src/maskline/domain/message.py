"""A short message through X: what came, what becomes of it, and how far it got."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum

from maskline.domain.application import Mode
from maskline.domain.binding import Role


class SendResult(IntEnum):
    """How a message ended, as customers are told (`spec/codes.md` 9)."""

    SUCCESS = 0
    ACCOUNT_FROZEN = 1
    NO_BINDING = 2
    NUMBER_SUSPENDED = 3
    NOT_COMMERCIAL = 4
    INTERNAL = 5
    DISCARDED_AS_TOLD = 6
    NO_DECISION = 7
    BLOCKED = 8
    PARTLY_SENT = 9
    NOT_SENT = 10
    NO_MESSAGE_ABILITY = 11
    REQUIRED_WORD_MISSING = 12
    FORBIDDEN_WORD = 13


class MessageState(StrEnum):
    """Where a message stands.

    | state   | what happens next                                         | leads to       |
    | ------- | --------------------------------------------------------- | -------------- |
    | ASKING  | the customer's server is asked what to do with it         | WAITING, DONE  |
    | WAITING | it is handed to a message centre, part by part            | DONE           |
    | DONE    | nothing but receipts of its parts; `result` stands        |                |
    """

    ASKING = "asking"
    WAITING = "waiting"
    DONE = "done"


class PartState(StrEnum):
    """How far one outgoing part got; the last three come by receipt.

    UNANSWERED: the message centre was given it and did not answer, so it may have it.
    """

    TAKEN = "taken"
    REFUSED = "refused"
    UNANSWERED = "unanswered"
    DELIVERED = "delivered"
    EXPIRED = "expired"
    UNDELIVERABLE = "undeliverable"

    @property
    def is_sent(self) -> bool:
        """Whether the message centre has taken it: such a part counts and is not sent again."""
        return self is not PartState.REFUSED and self is not PartState.UNANSWERED


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagePart:
    """An outgoing part, from 1, that was handed to the message centre behind `link`.

    `centre_id` is the name that the message centre gave it, by which its receipt is known;
    `status` is the status of its answer or the error of its receipt, 0 for none. `tries` counts
    how often it was sent and may have arrived: 2 marks a possible repeat.
    """

    number: int
    link: str
    state: PartState
    centre_id: str = ""
    status: int = 0
    tries: int = 1
    changed_at: datetime


# Without slots, so that changed copies are cheap: see `_changed`.
@dataclass(frozen=True, kw_only=True)
class Message:
    """A message that was accepted.

    `message_id` is what customers know it by. `sender` wrote `text` to `x`; `digest` marks what
    came and is the same when the message centre sends it again. It came over `link` in the
    connection `connection`. `receiver` is the real number it is forwarded to, with `outgoing` as
    its text, both None until that is known. `binding_id` and `role`, the sender's, are those of the
    binding, None without one. `reference` is what its outgoing parts have in common. From `due_at`
    on a worker may take it up; None when DONE. `tries` counts how often one did. `expects` is how
    many parts the incoming message had, `has` how many came. `total` is into how many parts it was
    split, 0 before; `sent` of them were taken. A text past its retention is "".
    """

    message_id: str
    app_key: str
    tenant_id: str
    mode: Mode
    x: str
    sender: str = field(repr=False)
    text: str = field(repr=False)
    link: str
    connection: str
    digest: bytes = field(repr=False)
    came_at: datetime
    state: MessageState
    binding_id: str | None = None
    role: Role | None = None
    receiver: str | None = field(default=None, repr=False)
    outgoing: str | None = field(default=None, repr=False)
    user_data: str | None = field(default=None, repr=False)
    reference: int = 0
    expects: int = 1
    has: int = 1
    result: SendResult | None = None
    due_at: datetime | None = None
    tries: int = 1
    total: int = 0
    sent: int = 0
    is_repeated: bool = False
    done_at: datetime | None = None
    parts: tuple[MessagePart, ...] = ()

    def split_as(self, parts: tuple[MessagePart, ...], total: int) -> "Message":
        """The message once it was handed over in `total` parts."""
        return self._changed(parts=parts, total=total)

    def forwarded(self, receiver: str, outgoing: str, due_at: datetime) -> "Message":
        """The message once it is known who gets it."""
        return self._changed(
            state=MessageState.WAITING,
            receiver=receiver,
            outgoing=outgoing,
            due_at=due_at,
        )

    def ended(self, result: SendResult, at: datetime) -> "Message":
        """The message once it is over; `parts` are kept as they are."""
        return self._changed(
            state=MessageState.DONE,
            result=result,
            due_at=None,
            done_at=at,
            sent=sum(part.state.is_sent for part in self.parts),
            is_repeated=self.is_repeated or any(part.tries > 1 for part in self.parts),
        )

    def _changed(self, **changes: object) -> "Message":
        """As `dataclasses.replace`, in a tenth of its time: every message passes here thrice."""
        changed = object.__new__(Message)
        changed.__dict__.update(self.__dict__, **changes)
        return changed


@dataclass(frozen=True, slots=True, kw_only=True)
class CameSegment:
    """One part of a message in several parts, as it came: number `number`, from 1, of `total`.

    Parts of one message have `sender`, `x`, `reference` and `total` in common. `text` may begin or
    end with half a character of UTF-16, which its neighbour completes.
    """

    sender: str = field(repr=False)
    x: str
    reference: int
    total: int
    number: int
    text: str = field(repr=False)
    link: str
    came_at: datetime


class BlockKind(StrEnum):
    """Why a number is on a list: an operator put it there, or the person asked for no messages."""

    BLOCKED = "blocked"
    OPTED_OUT = "opted_out"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageBlock:
    """A real number whose messages are not forwarded.

    BLOCKED: it may not send; OPTED_OUT: it gets none. Of one application, or of all with
    `app_key` "".
    """

    kind: BlockKind
    app_key: str
    number: str = field(repr=False)
    reason: str = ""
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What counts against a message at the moment it comes.

    `is_blocked`: its sender may not send; `has_opted_out`: its receiver wants none.
    `is_between_ours`: both are virtual numbers of this platform.
    `today`: parts that the application has had sent since 0 h UTC.
    """

    is_blocked: bool = False
    has_opted_out: bool = False
    is_between_ours: bool = False
    today: int = 0
