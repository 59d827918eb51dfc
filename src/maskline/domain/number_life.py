"""The life of a virtual number: out of stock, with an application, and back (`spec/console.md` 6).

What is done to a number by hand stands in `maskline.services.number_verb`; here is what follows
from orders, real names, transfers and unsubscriptions.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from enum import StrEnum

from maskline.domain.virtual_number import NumberKind, NumberState

LAST_DAY_WITHOUT_RENT = 25
"""Who unsubscribes on this day of a month or before it pays nothing for the next one."""
SCHEMES = range(1, 7)
"""Ways in which a carrier learns whose a virtual number is (`spec/console.md` 6.4)."""

_NORMAL, _PAUSED = NumberState.NORMAL, NumberState.PAUSED
_UNAVAILABLE, _FROZEN = NumberState.UNAVAILABLE, NumberState.BINDING_FROZEN
_BLACKLISTED, _IN_TRANSFER = NumberState.BLACKLISTED, NumberState.IN_TRANSFER
_AWAITING, _RETURNED = NumberState.AWAITING_REAL_NAME, NumberState.RETURNED

BY_HAND = frozenset({_NORMAL, _PAUSED, _UNAVAILABLE, _FROZEN, _BLACKLISTED})
"""States that people set and leave; into and out of the others something has to happen first."""

NEXT: Mapping[NumberState, frozenset[NumberState]] = {
    _NORMAL: BY_HAND | {_IN_TRANSFER, _RETURNED},
    _PAUSED: BY_HAND | {_AWAITING, _IN_TRANSFER, _RETURNED},
    _UNAVAILABLE: BY_HAND | {_AWAITING, _RETURNED},
    _FROZEN: BY_HAND | {_IN_TRANSFER, _RETURNED},
    _BLACKLISTED: BY_HAND | {_RETURNED},
    _IN_TRANSFER: frozenset({_NORMAL, _PAUSED, _FROZEN, _AWAITING}),
    _AWAITING: BY_HAND | {_IN_TRANSFER, _RETURNED},
    _RETURNED: frozenset({_NORMAL, _AWAITING}),
}
"""Which state may follow which. A number in transfer is as it was when it has arrived."""

RENTED = frozenset(NumberState) - {_RETURNED}
"""Rent is paid in every state but one."""
NEEDS_REAL_NAME = frozenset({_NORMAL, _PAUSED, _FROZEN, _IN_TRANSFER, _AWAITING})
"""States of numbers whose carrier has to know whose they are."""


def may_become(state: NumberState, to: NumberState) -> bool:
    """Whether a number may go from one state to the other; staying is always allowed."""
    return state is to or to in NEXT[state]


def may_set(state: NumberState, to: NumberState) -> bool:
    """Whether people may change a state to another by hand.

    A number that waits for its real name becomes normal by having one.
    """
    if state is to:
        return True
    if state is _AWAITING:
        return to in BY_HAND - {_NORMAL, _FROZEN}
    return state in BY_HAND and to in BY_HAND


def rent_until(at: datetime, zone: tzinfo) -> datetime:
    """When the rent of a number ends that is unsubscribed `at`, by the calendar of a zone.

    The first moment of the next month, or after the 25th of the month behind it.
    """
    day = at.astimezone(zone)
    months = 1 if day.day <= LAST_DAY_WITHOUT_RENT else 2
    month = day.year * 12 + day.month - 1 + months
    return datetime(month // 12, month % 12 + 1, 1, tzinfo=zone).astimezone(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class RealName:
    """Whether a carrier knows whose a number is; who that is the platform is never told.

    `scheme` is one of `SCHEMES`. `due_at` is None until somebody says when. `frozen_at` is when the
    number was frozen for being late, `done_at` when it was registered.
    """

    scheme: int
    due_at: datetime | None = None
    frozen_at: datetime | None = None
    done_at: datetime | None = None

    def is_overdue(self, now: datetime) -> bool:
        """Whether its time has passed without a name."""
        return self.done_at is None and self.due_at is not None and self.due_at <= now


def state_when_late(state: NumberState) -> NumberState:
    """The state of a number whose time to be registered has passed."""
    return _FROZEN if state in {_NORMAL, _AWAITING} else state


def state_when_named(state: NumberState, real_name: RealName) -> NumberState:
    """The state of a number that was registered; what somebody else has frozen stays so."""
    was_late = state is _FROZEN and real_name.frozen_at is not None
    return _NORMAL if was_late or state is _AWAITING else state


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberLife:
    """What is known of a number beside what calls need of it.

    `state_before` is the state in which a transfer found it, `rent_until` when the rent of a
    returned number ends, `reference` what it was issued for, `supplier` and `cost` what the stock
    said of it.
    """

    number: str
    state_before: NumberState | None = None
    rent_until: datetime | None = None
    real_name: RealName | None = None
    reference: str = ""
    supplier: str = ""
    cost: int = 0


class LifeStep(StrEnum):
    """What happened to a number."""

    ADDED = "added"
    ISSUED = "issued"
    STATE_CHANGED = "state_changed"
    ASSIGNED = "assigned"
    TRANSFER_BEGUN = "transfer_begun"
    TRANSFERRED = "transferred"
    RETURNED = "returned"
    REAL_NAME_ASKED = "real_name_asked"
    REAL_NAME_LATE = "real_name_late"
    REAL_NAME_DONE = "real_name_done"


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberEvent:
    """One line of the history of a virtual number.

    `app_key` is whose it was then; `was` and `now` are the states before and after it, `to` the
    application that got the number. `by` is who did it, "" the platform itself; `note` says more
    and has no real number in it.
    """

    number: str
    at: datetime
    step: LifeStep
    app_key: str
    was: NumberState | None = None
    now: NumberState | None = None
    to: str = ""
    by: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StockNumber:
    """A virtual number that belongs to nobody.

    `supplier` is whom it was got from, `cost` a month in the minor unit of the currency. It may be
    issued from `free_from` on. `scheme` is how its carrier wants to be told whose it is, None where
    it does not ask.
    """

    number: str
    area_code: str
    kind: NumberKind
    may_message: bool = True
    supplier: str = ""
    cost: int = 0
    scheme: int | None = None
    note: str = ""
    free_from: datetime
    added_at: datetime
