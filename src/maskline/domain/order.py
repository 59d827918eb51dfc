"""Orders of virtual numbers (`spec/console.md` 5)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from maskline.domain.dossier import Dossier, StateForbids, check_urge
from maskline.domain.error import InvalidParameter
from maskline.domain.virtual_number import NumberKind

MAX_CITIES = 100
MAX_LINES = 400  # of each city both kinds, with and without messages
MAX_QUANTITY = 10_000
"""Numbers of one order."""
NOON = time(12)
"""What comes before it on a working day is begun the same day."""


class OrderState(StrEnum):
    """Where an order stands; the first three are 待审核, 处理中 and 完成."""

    SUBMITTED = "submitted"
    PROCESSING = "processing"
    ISSUED = "issued"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


NEXT: Mapping[OrderState, frozenset[OrderState]] = {
    OrderState.SUBMITTED: frozenset(
        {
            OrderState.SUBMITTED,
            OrderState.PROCESSING,
            OrderState.REJECTED,
            OrderState.CANCELLED,
        }
    ),
    OrderState.PROCESSING: frozenset(
        {OrderState.ISSUED, OrderState.REJECTED, OrderState.CANCELLED}
    ),
    OrderState.ISSUED: frozenset(),
    OrderState.REJECTED: frozenset({OrderState.SUBMITTED, OrderState.CANCELLED}),
    OrderState.CANCELLED: frozenset(),
}
"""Which state may follow which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """So many numbers of one sort; `area_code` None is any city. `issued` of them are there."""

    area_code: str | None = None
    kind: NumberKind
    quantity: int
    may_message: bool = False
    issued: int = 0

    @property
    def sort(self) -> tuple[str, NumberKind, bool]:
        """What two lines of one order must not have in common."""
        return self.area_code or "", self.kind, self.may_message

    @property
    def missing(self) -> int:
        """How many are still to be issued."""
        return max(0, self.quantity - self.issued)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderWish:
    """What is ordered, for which enterprise and application.

    `is_fast`: from stock. `wanted_on` is when the tenant would like to have the numbers,
    `contact_id` who may be asked about it.
    """

    app_key: str
    enterprise_id: str
    contact_id: str | None = None
    is_fast: bool = True
    wanted_on: date | None = None
    note: str = ""
    lines: tuple[OrderLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberOrder(Dossier):
    """An order. `expected_on` is when all of its numbers should be there."""

    state: OrderState
    wish: OrderWish
    expected_on: date

    @property
    def quantity(self) -> int:
        """How many numbers are ordered."""
        return sum(line.quantity for line in self.wish.lines)

    @property
    def issued(self) -> int:
        """How many of them are there."""
        return sum(line.issued for line in self.wish.lines)

    def reference(self, line: int) -> str:
        """What numbers of a line are issued for; an order that is sent again is the same one."""
        return f"order:{self.dossier_id}:{line}"

    def change(self, wish: OrderWish, expected_on: date, at: datetime) -> "NumberOrder":
        """With another wish, which waits for its review. Raises StateForbids."""
        if self.issued:
            raise StateForbids("numbers of it are issued already; place another order")
        changed = self._to(OrderState.SUBMITTED, at)
        return replace(changed, wish=wish, expected_on=expected_on, urged_at=None)

    def take(self, at: datetime) -> "NumberOrder":
        """Once it was approved, and is worked on. Raises StateForbids."""
        return self._to(OrderState.PROCESSING, at)

    def reject(self, reason: str, at: datetime) -> "NumberOrder":
        """Once it was refused, before any number of it was issued. Raises StateForbids."""
        if self.issued:
            raise StateForbids("numbers of it are issued already; close it instead")
        return replace(self._to(OrderState.REJECTED, at), reason=reason)

    def cancel(self, at: datetime) -> "NumberOrder":
        """Taken back by its tenant before it is worked on. Raises StateForbids."""
        if self.state is OrderState.PROCESSING:
            raise StateForbids("it is worked on already; ask the operator to close it")
        return self._to(OrderState.CANCELLED, at)

    def close(self, reason: str, at: datetime) -> "NumberOrder":
        """Ended by the operator with what is issued, which stays. Raises StateForbids."""
        if self.state is not OrderState.PROCESSING:
            raise StateForbids(f"it is {self.state}; only one that is worked on is closed")
        return replace(self._to(OrderState.CANCELLED, at), reason=reason)

    def count(self, issued: Sequence[int], at: datetime) -> "NumberOrder":
        """With so many numbers issued of each line; all of them end it. Raises StateForbids."""
        if self.state is not OrderState.PROCESSING:
            raise StateForbids(f"it is {self.state}; numbers are issued once it is worked on")
        pairs = zip(self.wish.lines, issued, strict=True)
        lines = tuple(replace(line, issued=amount) for line, amount in pairs)
        if any(line.missing for line in lines):
            counted = replace(self, revision=self.revision + 1)
        else:
            counted = self._to(OrderState.ISSUED, at)
        return replace(counted, wish=replace(self.wish, lines=lines))

    def urge(self, at: datetime) -> "NumberOrder":
        """Once its tenant has asked how long it takes. Raises StateForbids, UrgedAlready."""
        if self.state not in {OrderState.SUBMITTED, OrderState.PROCESSING}:
            raise StateForbids(f"it is {self.state}: nobody works on it")
        check_urge(self.urged_at, at)
        return replace(self, urged_at=at, revision=self.revision + 1)

    def _to(self, state: OrderState, at: datetime) -> "NumberOrder":
        if state not in NEXT[self.state]:
            raise StateForbids(f"it is {self.state}; it cannot become {state}")
        return replace(self, state=state, since=at, reason="", revision=self.revision + 1)


def merged(lines: Iterable[OrderLine]) -> tuple[OrderLine, ...]:
    """Lines of which no two ask for the same sort. Raises InvalidParameter ("lines")."""
    found: dict[tuple[str, NumberKind, bool], OrderLine] = {}
    for line in lines:
        before = found.get(line.sort)
        quantity = line.quantity + (0 if before is None else before.quantity)
        found[line.sort] = replace(line, quantity=quantity)
    if not found:
        raise InvalidParameter("lines", "at least one line")
    if len({line.area_code for line in found.values()}) > MAX_CITIES:
        raise InvalidParameter("lines", f"at most {MAX_CITIES} cities; split the order")
    if sum(line.quantity for line in found.values()) > MAX_QUANTITY:
        raise InvalidParameter("lines", f"at most {MAX_QUANTITY} numbers; split the order")
    return tuple(found.values())


def expected_on(at: datetime, working_days: int, zone: tzinfo) -> date:
    """The day on which numbers should be there that take so many working days.

    What comes before noon of a working day (Monday to Friday) begins that day, else on the next
    one (`spec/console.md` 5). Public holidays are not known.
    """
    local = at.astimezone(zone)
    day = local.date()
    if not _is_working(day) or local.time() >= NOON:
        day = _next_working(day)
    for _ in range(working_days):
        day = _next_working(day)
    return day


def _is_working(day: date) -> bool:
    return day.weekday() < 5


def _next_working(day: date) -> date:
    day += timedelta(days=1)
    while not _is_working(day):
        day += timedelta(days=1)
    return day
