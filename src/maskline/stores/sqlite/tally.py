import json
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from maskline.domain.tally import Tally
from maskline.services.tally_store import Grouping, TallyFilter, Uncounted
from maskline.stores.blob import unpack_record
from maskline.stores.moment import to_us
from maskline.stores.named_sql import load_sql
from maskline.stores.sqlite.connection import Cells, Cursor
from maskline.stores.sqlite.database import Database
from maskline.stores.tally_row import rows_of, tally_of

TALLY = load_sql("tally")
LAST_PLACE = 2**63 - 1


class SqliteTallies:
    """`maskline.services.tally_store.TallyStore` in SQLite.

    One thread writes: whatever has a place is written.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_tallies(self, tallies: Sequence[Tally]) -> None:
        """See the seam."""
        await self._database.writer.submit(partial(_add_tallies, rows_of(tallies)))

    async def raise_tallies(self, tallies: Sequence[Tally]) -> None:
        """See the seam."""
        await self._database.writer.submit(partial(_raise_tallies, rows_of(tallies)))

    async def tallies(self, wanted: TallyFilter, by: Grouping, limit: int) -> tuple[Tally, ...]:
        """See the seam."""
        app_keys = None if wanted.app_keys is None else json.dumps(list(wanted.app_keys))
        span = (wanted.subject, to_us(wanted.since), to_us(wanted.until))
        parameters = (*span, wanted.app_key, app_keys, wanted.name, limit)
        rows = await self._database.rows(TALLY.by_name[f"tally_by_{by.value}"], parameters)
        return tuple(tally_of(wanted.subject, row) for row in rows)

    async def uncounted_records(
        self,
        now: datetime,  # noqa: ARG002 - other stores wait
        limit: int,
    ) -> Uncounted:
        """See the seam."""
        positions = await self._database.rows(TALLY.position_get, ("records",))
        counted = positions[0][0] if positions else 0
        rows = await self._database.rows(TALLY.records_uncounted, (counted, LAST_PLACE, limit))
        sealer = self._database.sealer
        return Uncounted(
            after=counted,
            upto=rows[-1][0] if rows else counted,
            records=tuple(
                unpack_record(
                    sealer.open(app_key, sealed, b"call_record:" + session_id.encode()),
                    session_id=session_id,
                    app_key=app_key,
                    x=x,
                )
                for _, session_id, app_key, x, sealed in rows
            ),
        )

    async def count_records(self, counted: Uncounted, tallies: Sequence[Tally]) -> bool:
        """See the seam."""
        move = ("records", counted.after, counted.upto)
        return await self._database.writer.submit(partial(_count, move, rows_of(tallies)))

    async def remove_tallies(self, subject: str, before: datetime, limit: int) -> int:
        """See the seam."""
        row = (subject, to_us(before), limit)
        return await self._database.writer.submit(partial(_remove_tallies, row))


def hold_position(cursor: Cursor) -> None:
    """Records were removed: should the last one have gone, its place is given once more."""
    cursor.execute(TALLY.position_hold)


def _add_tallies(rows: Sequence[Cells], cursor: Cursor) -> None:
    for row in rows:
        cursor.execute(TALLY.tally_add, row)


def _raise_tallies(rows: Sequence[Cells], cursor: Cursor) -> None:
    for row in rows:
        cursor.execute(TALLY.tally_raise, row)


def _count(move: Cells, rows: Sequence[Cells], cursor: Cursor) -> bool:
    cursor.execute(TALLY.position_begin, move[:1])
    if not cursor.execute(TALLY.position_move, move).connection.changes():
        return False
    _add_tallies(rows, cursor)
    return True


def _remove_tallies(row: Cells, cursor: Cursor) -> int:
    return cursor.execute(TALLY.tally_sweep, row).connection.changes()
