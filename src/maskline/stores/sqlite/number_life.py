import json
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import cast

from maskline.domain.error import DuplicateRecord, UnknownRecord
from maskline.domain.number_life import NumberEvent, NumberLife, StockNumber
from maskline.domain.virtual_number import VirtualNumber
from maskline.services.number_life_store import (
    LifeChange,
    StockCount,
    StockFilter,
    StockWish,
    UnnamedFilter,
    UnnamedNumber,
)
from maskline.services.page import Listing, Page
from maskline.stores.list_filter import wanted_number_events, wanted_stock, wanted_unnamed
from maskline.stores.moment import to_us
from maskline.stores.number_life_row import (
    change_row,
    count_of_stock,
    event_of,
    event_row,
    issue_event,
    issued,
    life_of,
    life_of_issued,
    life_row,
    saved_stock_row,
    stock_of,
    stock_row,
    unnamed_of,
    wish_row,
)
from maskline.stores.number_row import NumberCells, new_number_cells, read_number_row
from maskline.stores.sqlite.connection import Cells, Cursor
from maskline.stores.sqlite.database import DIRECTORY, LIFE, LISTS, Database
from maskline.stores.sqlite.outbox import Enqueue, prepare


def note_events(rows: Sequence[Cells], cursor: Cursor) -> None:
    """Keep what happened to numbers, as part of a unit of work."""
    for row in rows:
        cursor.execute(LIFE.event_add, row)


class SqliteNumberLives:
    """`maskline.services.number_life_store.NumberLifeStore` in SQLite."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_stock(self, numbers: Sequence[StockNumber]) -> None:
        """See the seam."""
        await self._database.writer.submit(partial(_add_stock, list(map(stock_row, numbers))))

    async def save_stock(self, number: StockNumber) -> None:
        """See the seam."""
        await self._need_stock(LIFE.stock_save, saved_stock_row(number))

    async def remove_stock(self, number: str) -> None:
        """See the seam."""
        await self._need_stock(LIFE.stock_remove, (number,))

    async def stock_number(self, number: str) -> StockNumber | None:
        """See the seam."""
        row = self._database.point(LIFE.stock_get, (number,))
        return None if row is None else stock_of(row)

    async def stock_named(self, numbers: Sequence[str]) -> tuple[StockNumber, ...]:
        """See the seam."""
        rows = await self._database.rows(LIFE.stock_named, (json.dumps(list(numbers)),))
        return tuple(map(stock_of, rows))

    async def stock(self, wanted: StockFilter, page: Page) -> Listing[StockNumber]:
        """See the seam."""
        return await self._database.listing(LISTS.stock, wanted_stock(wanted), page, stock_of)

    async def stock_counts(self, now: datetime) -> tuple[StockCount, ...]:
        """See the seam."""
        rows = await self._database.rows(LIFE.stock_count, (to_us(now),))
        return tuple(map(count_of_stock, rows))

    async def issue(
        self, wish: StockWish, app_key: str, now: datetime, by: str
    ) -> tuple[VirtualNumber, ...]:
        """See the seam."""
        await self._database.writer.submit(partial(_issue, wish, app_key, now, by))
        return await self.issued_for(wish.reference)

    async def issued_for(self, reference: str) -> tuple[VirtualNumber, ...]:
        """See the seam."""
        return await self._numbers(LIFE.issued_for, (reference,))

    async def change_life(self, change: LifeChange) -> None:
        """See the seam."""
        enqueue = prepare(self._database, change.notices)
        await self._database.writer.submit(partial(_change, change, enqueue))

    async def save_life(self, life: NumberLife, event: NumberEvent) -> None:
        """See the seam."""
        await self._database.writer.submit(partial(_save, life_row(life), event_row(event)))

    async def number_lives(self, numbers: Sequence[str]) -> tuple[NumberLife, ...]:
        """See the seam."""
        rows = await self._database.rows(LIFE.lives_named, (json.dumps(list(numbers)),))
        return tuple(map(life_of, rows))

    async def late_numbers(self, now: datetime, limit: int) -> tuple[VirtualNumber, ...]:
        """See the seam."""
        return await self._numbers(LIFE.late_list, (to_us(now), limit))

    async def unnamed_numbers(self, wanted: UnnamedFilter, page: Page) -> Listing[UnnamedNumber]:
        """See the seam."""
        rows = wanted_unnamed(wanted)
        return await self._database.listing(LISTS.unnamed_numbers, rows, page, unnamed_of)

    async def returned_in_rent(
        self, at: datetime, after: str, limit: int
    ) -> tuple[VirtualNumber, ...]:
        """See the seam."""
        return await self._numbers(LIFE.rented_list, (to_us(at), after, limit))

    async def number_events(
        self, number: str, app_keys: tuple[str, ...] | None, page: Page
    ) -> Listing[NumberEvent]:
        """See the seam."""
        wanted = wanted_number_events(number, app_keys)
        return await self._database.listing(LISTS.number_events, wanted, page, event_of)

    async def _numbers(self, statement: str, row: Cells) -> tuple[VirtualNumber, ...]:
        rows = await self._database.rows(statement, row)
        return tuple(read_number_row(cast("NumberCells", one)) for one in rows)

    async def _need_stock(self, statement: str, row: Cells) -> None:
        if not await self._database.writer.submit(partial(_changed, statement, row)):
            raise UnknownRecord(row[0])


def _changed(statement: str, row: Cells, cursor: Cursor) -> int:
    return cursor.execute(statement, row).connection.changes()


def _add_stock(rows: Sequence[Cells], cursor: Cursor) -> None:
    for row in rows:
        is_serving = cursor.execute(LIFE.stock_serves, (row[0],)).fetchall()
        if is_serving or not _changed(LIFE.stock_add, row, cursor):
            raise DuplicateRecord(row[0])


def _issue(wish: StockWish, app_key: str, now: datetime, by: str, cursor: Cursor) -> None:
    if not cursor.execute(DIRECTORY.application_get, (app_key,)).fetchall():
        raise UnknownRecord(app_key)
    missing = wish.quantity - len(cursor.execute(LIFE.issued_for, (wish.reference,)).fetchall())
    if missing <= 0:
        return
    for row in cursor.execute(LIFE.stock_choose, wish_row(wish, missing, now)).fetchall():
        stock = stock_of(row)
        number = issued(stock, app_key, now)
        cursor.execute(LIFE.stock_remove, (stock.number,))
        cursor.execute(LIFE.number_issue, new_number_cells(number))
        cursor.execute(LIFE.life_save, life_row(life_of_issued(stock, wish.reference)))
        cursor.execute(LIFE.event_add, event_row(issue_event(number, wish, by)))


def _change(change: LifeChange, enqueue: Enqueue, cursor: Cursor) -> None:
    if not _changed(LIFE.life_change, change_row(change), cursor):
        raise UnknownRecord(change.before.number)
    cursor.execute(LIFE.life_save, life_row(change.life))
    if change.stock is not None:
        cursor.execute(LIFE.stock_add, stock_row(change.stock))
    cursor.execute(LIFE.event_add, event_row(change.event))
    enqueue(cursor)


def _save(life: Cells, event: Cells, cursor: Cursor) -> None:
    if not cursor.execute(DIRECTORY.number_get, (life[0],)).fetchall():
        raise UnknownRecord(life[0])
    cursor.execute(LIFE.life_save, life)
    cursor.execute(LIFE.event_add, event)
