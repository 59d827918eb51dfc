"""Virtual numbers: what X is and whether it may serve."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum


class NumberState(StrEnum):
    """States a virtual number can be in; codes of the status push in `spec/codes.md` 8."""

    NORMAL = "normal"
    PAUSED = "paused"
    UNAVAILABLE = "unavailable"
    BINDING_FROZEN = "binding_frozen"
    BLACKLISTED = "blacklisted"
    IN_TRANSFER = "in_transfer"
    AWAITING_REAL_NAME = "awaiting_real_name"
    RETURNED = "returned"

    @property
    def may_bind(self) -> bool:
        """Whether new bindings may be made; existing ones may go on in BINDING_FROZEN."""
        return self is NumberState.NORMAL

    @property
    def may_call(self) -> bool:
        """Whether calls through the number are connected."""
        return self in {NumberState.NORMAL, NumberState.BINDING_FROZEN}

    @property
    def is_told(self) -> bool:
        """Whether customers can be told of it: the status push has no value for the others."""
        return self in {
            NumberState.NORMAL,
            NumberState.PAUSED,
            NumberState.UNAVAILABLE,
            NumberState.BINDING_FROZEN,
        }


class NumberKind(StrEnum):
    """Who runs the network a virtual number is of (`spec/console.md` 1.3)."""

    CARRIER = "carrier"
    VIRTUAL_OPERATOR = "virtual_operator"


MAX_NOTE = 200
MAX_TAGS = 10
MAX_TAG = 32
_VIRTUAL_OPERATORS = ("+86165", "+86167", "+86170", "+86171")


def kind_of(number: str) -> NumberKind:
    """What a global number is, where nobody says otherwise."""
    is_virtual = number.startswith(_VIRTUAL_OPERATORS)
    return NumberKind.VIRTUAL_OPERATOR if is_virtual else NumberKind.CARRIER


LOCKED = datetime(9999, 12, 31, tzinfo=UTC)
"""Until when a number is held that nobody chooses until somebody says so."""


class NumberCause(StrEnum):
    """Why a number is UNAVAILABLE (`spec/codes.md` 8)."""

    DELETED = "deleted"
    ARREARS = "arrears"
    STOPPED = "stopped"
    CALLS_RESTRICTED = "calls_restricted"
    RESTRICTION_LIFTED = "restriction_lifted"
    FORWARDED_ALWAYS = "forwarded_always"
    FORWARDED_UNANSWERED = "forwarded_unanswered"
    FORWARDED_BUSY = "forwarded_busy"


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualNumber:
    """A number X (or Y) in our inventory, owned by one application.

    `number` is global form and may be longer than E.164's 15 digits (700 segment);
    `area_code` is the city code with its leading 0, such as `0755`; `pairs` counts bindings.
    `cause` is set in UNAVAILABLE only. `note` and `tags` are its owner's; calls do not read `kind`,
    `note` and `tags`. A number in BLACKLISTED is so by its tenant's own will, which may change, or
    by the platform's. Until `held_until` it is not chosen for binds that name no number, at LOCKED
    never.
    """

    number: str
    app_key: str
    area_code: str
    state: NumberState = NumberState.NORMAL
    cause: NumberCause | None = None
    may_message: bool = True
    pairs: int = 0
    kind: NumberKind = NumberKind.CARRIER
    note: str = ""
    tags: tuple[str, ...] = ()
    blacklisted_by_tenant: bool = False
    held_until: datetime | None = None
    created_at: datetime

    def is_held(self, now: datetime) -> bool:
        """Whether it is kept from binds that name no number."""
        return self.held_until is not None and now < self.held_until

    @property
    def is_held_by_platform(self) -> bool:
        """Whether its tenant may not change the state it is in."""
        if self.state is NumberState.BLACKLISTED:
            return not self.blacklisted_by_tenant
        return self.state in {NumberState.UNAVAILABLE, NumberState.RETURNED}
