import json
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from maskline.domain.push import Push
from maskline.services.push_store import PushFilter
from maskline.stores.moment import to_us
from maskline.stores.push_row import DEAD, narrowest, parameters_of, push_of
from maskline.stores.sqlite.connection import Cells, Cursor
from maskline.stores.sqlite.database import Database
from maskline.stores.sqlite.outbox import PUSH, release


class SqlitePushes:
    """`maskline.services.push_store.PushStore` in SQLite."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def pushes(self, wanted: PushFilter, limit: int) -> tuple[Push, ...]:
        """See the seam."""
        app_keys = None if wanted.app_keys is None else json.dumps(list(wanted.app_keys))
        statement = PUSH.by_name[narrowest(wanted)]
        rows = await self._database.rows(statement, parameters_of(wanted, app_keys, limit))
        return tuple(push_of(row, self._database.sealer) for row in rows)

    async def deliver_by_hand(self, sequences: Sequence[int], at: datetime) -> None:
        """See the seam."""
        await self._database.writer.submit(partial(_deliver, tuple(sequences), to_us(at)))

    async def remove_delivered(self, before: datetime, limit: int) -> int:
        """See the seam."""
        row = (to_us(before), limit)
        return await self._database.writer.submit(partial(_remove_delivered, row))


def _deliver(sequences: Sequence[int], at: int, cursor: Cursor) -> None:
    kept = json.dumps([(sequence, at) for sequence in sequences])
    cursor.execute(PUSH.delivered_add, (kept, DEAD))
    gone = cursor.execute(PUSH.delivered_take, (json.dumps(sequences),)).fetchall()
    release({stream for (stream,) in gone}, cursor)


def _remove_delivered(row: Cells, cursor: Cursor) -> int:
    return cursor.execute(PUSH.delivered_sweep, row).connection.changes()
