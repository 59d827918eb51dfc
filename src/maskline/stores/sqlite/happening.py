import json
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from maskline.domain.happening import Happening, HappeningKind
from maskline.services.happening_store import HappeningFilter
from maskline.stores.happening_row import happening_of, narrowest, parameters_of, row_of
from maskline.stores.moment import to_us
from maskline.stores.named_sql import load_sql
from maskline.stores.sqlite.connection import Cells, Cursor
from maskline.stores.sqlite.database import Database

HAPPENING = load_sql("happening")


class SqliteHappenings:
    """`maskline.services.happening_store.HappeningStore` in SQLite."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_happenings(self, happenings: Sequence[Happening]) -> None:
        """See the seam."""
        rows = [row_of(happening) for happening in happenings]
        await self._database.writer.submit(partial(_add_happenings, rows))

    async def happenings(self, wanted: HappeningFilter, limit: int) -> tuple[Happening, ...]:
        """See the seam."""
        app_keys = None if wanted.app_keys is None else json.dumps(list(wanted.app_keys))
        statement = HAPPENING.by_name[narrowest(wanted)]
        rows = await self._database.rows(statement, parameters_of(wanted, app_keys, limit))
        return tuple(map(happening_of, rows))

    async def remove_happenings(self, kind: HappeningKind, before: datetime, limit: int) -> int:
        """See the seam."""
        row = (kind.value, to_us(before), limit)
        return await self._database.writer.submit(partial(_remove_happenings, row))

    async def trim_happenings(self, kind: HappeningKind, keep: int, limit: int) -> int:
        """See the seam."""
        work = partial(_trim_happenings, kind.value, keep, limit)
        return await self._database.writer.submit(work)


def _add_happenings(rows: Sequence[Cells], cursor: Cursor) -> None:
    for row in rows:
        cursor.execute(HAPPENING.happening_add, row)


def _remove_happenings(row: Cells, cursor: Cursor) -> int:
    return cursor.execute(HAPPENING.happening_sweep, row).connection.changes()


def _trim_happenings(kind: str, keep: int, limit: int, cursor: Cursor) -> int:
    gone = 0
    for (app_key,) in cursor.execute(HAPPENING.happening_applications, (kind, keep)).fetchall():
        row = (kind, app_key, keep, limit)
        gone += cursor.execute(HAPPENING.happening_trim, row).connection.changes()
    return gone
