from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from maskline.domain.error import DuplicateRecord, UnknownRecord
from maskline.domain.number_life import (
    NEEDS_REAL_NAME,
    NumberEvent,
    NumberLife,
    RealName,
    StockNumber,
)
from maskline.domain.virtual_number import NumberKind, NumberState, VirtualNumber
from maskline.services.list_order import NUMBER_EVENTS, STOCK, UNNAMED_NUMBERS
from maskline.services.number_life_store import (
    LifeChange,
    StockCount,
    StockFilter,
    StockWish,
    UnnamedFilter,
    UnnamedNumber,
)
from maskline.services.page import Listing, Page, page_of
from maskline.stores.memory.outbox import enqueue
from maskline.stores.memory.table import Tables, is_of
from maskline.stores.number_life_row import issue_event, issued, life_of_issued

_TO_BE_STOPPED = frozenset({NumberState.NORMAL, NumberState.AWAITING_REAL_NAME})


def note_events(tables: Tables, events: Iterable[NumberEvent]) -> None:
    """Keep what happened to numbers."""
    for event in events:
        tables.number_events[next(tables.sequences)] = event


class MemoryNumberLives:
    """`maskline.services.number_life_store.NumberLifeStore` on dicts."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def add_stock(self, numbers: Sequence[StockNumber]) -> None:
        """See the seam."""
        stock = self._tables.stock
        added: dict[str, StockNumber] = {}
        for number in numbers:
            serving = self._tables.numbers.get(number.number)
            is_serving = serving is not None and serving.state is not NumberState.RETURNED
            if is_serving or number.number in added or number.number in stock:
                raise DuplicateRecord(number.number)
            added[number.number] = number
        stock.update(added)

    async def save_stock(self, number: StockNumber) -> None:
        """See the seam."""
        old = self._tables.stock.get(number.number)
        if old is None:
            raise UnknownRecord(number.number)
        self._tables.stock[number.number] = replace(number, added_at=old.added_at)

    async def remove_stock(self, number: str) -> None:
        """See the seam."""
        if self._tables.stock.pop(number, None) is None:
            raise UnknownRecord(number)

    async def stock_number(self, number: str) -> StockNumber | None:
        """See the seam."""
        return self._tables.stock.get(number)

    async def stock_named(self, numbers: Sequence[str]) -> tuple[StockNumber, ...]:
        """See the seam."""
        stock = self._tables.stock
        return tuple(stock[number] for number in sorted(set(numbers)) if number in stock)

    async def stock(self, wanted: StockFilter, page: Page) -> Listing[StockNumber]:
        """See the seam."""
        rows = [
            one
            for one in self._tables.stock.values()
            if wanted.area_code in {None, one.area_code}
            and wanted.kind in {None, one.kind}
            and one.number.startswith(wanted.prefix or "")
        ]
        return page_of(rows, STOCK, lambda one: (one.number,), page)

    async def stock_counts(self, now: datetime) -> tuple[StockCount, ...]:
        """See the seam."""
        counts: dict[tuple[str, NumberKind, bool], list[int]] = {}
        for one in self._tables.stock.values():
            place = (one.area_code, one.kind, one.may_message)
            counts.setdefault(place, [0, 0])[one.free_from > now] += 1
        return tuple(
            StockCount(
                area_code=place[0], kind=place[1], may_message=place[2], free=free, resting=resting
            )
            for place, (free, resting) in sorted(counts.items())
        )

    async def issue(
        self, wish: StockWish, app_key: str, now: datetime, by: str
    ) -> tuple[VirtualNumber, ...]:
        """See the seam."""
        if app_key not in self._tables.applications:
            raise UnknownRecord(app_key)
        missing = wish.quantity - len(await self.issued_for(wish.reference))
        for stock in self._chosen(wish, now)[: max(0, missing)]:
            del self._tables.stock[stock.number]
            number = issued(stock, app_key, now)
            self._tables.numbers[number.number] = number
            self._tables.number_lives[number.number] = life_of_issued(stock, wish.reference)
            note_events(self._tables, (issue_event(number, wish, by),))
        return await self.issued_for(wish.reference)

    async def issued_for(self, reference: str) -> tuple[VirtualNumber, ...]:
        """See the seam."""
        lives = sorted(self._tables.number_lives.items())
        return tuple(
            self._tables.numbers[number] for number, life in lives if life.reference == reference
        )

    async def change_life(self, change: LifeChange) -> None:
        """See the seam."""
        before, after = change.before, change.after
        found = self._tables.numbers.get(before.number)
        moves = change.stock is not None or before.app_key != after.app_key
        if found is None or (found.app_key, found.state) != (before.app_key, before.state):
            raise UnknownRecord(before.number)
        if moves and found.pairs:
            raise UnknownRecord(before.number)
        self._tables.numbers[before.number] = replace(
            found,
            app_key=after.app_key,
            state=after.state,
            cause=after.cause,
            held_until=found.held_until if found.app_key == after.app_key else None,
        )
        self._tables.number_lives[before.number] = change.life
        if change.stock is not None:
            self._tables.stock[before.number] = change.stock
        note_events(self._tables, (change.event,))
        enqueue(self._tables, change.notices)

    async def save_life(self, life: NumberLife, event: NumberEvent) -> None:
        """See the seam."""
        if life.number not in self._tables.numbers:
            raise UnknownRecord(life.number)
        self._tables.number_lives[life.number] = life
        note_events(self._tables, (event,))

    async def number_lives(self, numbers: Sequence[str]) -> tuple[NumberLife, ...]:
        """See the seam."""
        lives = self._tables.number_lives
        return tuple(lives[number] for number in sorted(set(numbers)) if number in lives)

    async def late_numbers(self, now: datetime, limit: int) -> tuple[VirtualNumber, ...]:
        """See the seam."""
        late = [
            (life.real_name.due_at or now, life.number)
            for life in self._tables.number_lives.values()
            if life.real_name is not None and life.real_name.is_overdue(now)
        ]
        numbers = (self._tables.numbers[number] for _, number in sorted(late))
        return tuple(number for number in numbers if number.state in _TO_BE_STOPPED)[:limit]

    async def unnamed_numbers(self, wanted: UnnamedFilter, page: Page) -> Listing[UnnamedNumber]:
        """See the seam."""
        rows: list[UnnamedNumber] = []
        for life in self._tables.number_lives.values():
            name = life.real_name
            if name is None or name.done_at is not None:
                continue
            number = self._tables.numbers[life.number]
            if number.state in NEEDS_REAL_NAME and _is_wanted(number, name, wanted):
                rows.append(UnnamedNumber(number=number, real_name=name))
        return page_of(rows, UNNAMED_NUMBERS, lambda one: (one.number.number,), page)

    async def returned_in_rent(
        self, at: datetime, after: str, limit: int
    ) -> tuple[VirtualNumber, ...]:
        """See the seam."""
        numbers = (
            self._tables.numbers[life.number]
            for life in self._tables.number_lives.values()
            if life.rent_until is not None and life.rent_until > at and life.number > after
        )
        returned = [one for one in numbers if one.state is NumberState.RETURNED]
        return tuple(sorted(returned, key=lambda one: one.number)[:limit])

    async def number_events(
        self, number: str, app_keys: tuple[str, ...] | None, page: Page
    ) -> Listing[NumberEvent]:
        """See the seam."""
        rows = [
            (sequence, event)
            for sequence, event in self._tables.number_events.items()
            if event.number == number and is_of(event.app_key, None, app_keys)
        ]
        found = page_of(rows, NUMBER_EVENTS, lambda row: (row[0],), page)
        return Listing(rows=tuple(event for _, event in found.rows), next=found.next)

    def _chosen(self, wish: StockWish, now: datetime) -> list[StockNumber]:
        found = [
            one
            for one in self._tables.stock.values()
            if one.kind is wish.kind
            and wish.area_code in {None, one.area_code}
            and one.may_message >= wish.may_message
            and one.free_from <= now
        ]
        return sorted(found, key=lambda one: (one.may_message, one.free_from, one.number))


def _is_wanted(number: VirtualNumber, name: RealName, wanted: UnnamedFilter) -> bool:
    is_due = wanted.due_before is None or (
        name.due_at is not None and name.due_at < wanted.due_before
    )
    is_own = is_of(number.app_key, wanted.app_key, wanted.app_keys)
    return is_own and is_due and wanted.state in {None, number.state}
