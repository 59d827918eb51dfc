from collections.abc import Sequence
from datetime import datetime

from maskline.domain.push import Push
from maskline.services.push_store import PushFilter
from maskline.stores.moment import to_us
from maskline.stores.postgres.connection import Cursor
from maskline.stores.postgres.database import Database
from maskline.stores.postgres.outbox import OUTBOX, PUSH
from maskline.stores.push_row import APP_KEY, narrowest, parameters_of, push_of


class PostgresPushes:
    """`maskline.services.push_store.PushStore` in PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def pushes(self, wanted: PushFilter, limit: int) -> tuple[Push, ...]:
        """See the seam."""
        app_keys = None if wanted.app_keys is None else list(wanted.app_keys)
        statement = PUSH.by_name[narrowest(wanted)]
        rows = await self._database.rows(statement, parameters_of(wanted, app_keys, limit))
        sealer = await self._database.sealer_of(row[APP_KEY] for row in rows)
        return tuple(push_of(row, sealer) for row in rows)

    async def deliver_by_hand(self, sequences: Sequence[int], at: datetime) -> None:
        """See the seam."""
        taken = (sorted(sequences), to_us(at))

        async def deliver_by_hand(cursor: Cursor) -> None:
            rows = await (await cursor.execute(PUSH.delivered_take, taken)).fetchall()
            names = (sorted({stream for (stream,) in rows}),)
            await cursor.execute(OUTBOX.held_of_streams, names)
            await cursor.execute(OUTBOX.release, names)

        await self._database.transaction(deliver_by_hand)

    async def remove_delivered(self, before: datetime, limit: int) -> int:
        """See the seam."""
        return await self._database.change(PUSH.delivered_sweep, (to_us(before), limit))
