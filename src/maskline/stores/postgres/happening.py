from collections.abc import Sequence
from datetime import datetime

from maskline.domain.happening import Happening, HappeningKind
from maskline.services.happening_store import HappeningFilter
from maskline.stores.happening_row import happening_of, narrowest, parameters_of, row_of
from maskline.stores.moment import to_us
from maskline.stores.named_sql import load_postgres_sql
from maskline.stores.postgres.database import Database

HAPPENING = load_postgres_sql("happening")


class PostgresHappenings:
    """`maskline.services.happening_store.HappeningStore` in PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_happenings(self, happenings: Sequence[Happening]) -> None:
        """See the seam."""
        if happenings:
            columns = zip(*map(row_of, happenings), strict=True)
            await self._database.change(HAPPENING.happening_add, tuple(map(list, columns)))

    async def happenings(self, wanted: HappeningFilter, limit: int) -> tuple[Happening, ...]:
        """See the seam."""
        app_keys = None if wanted.app_keys is None else list(wanted.app_keys)
        statement = HAPPENING.by_name[narrowest(wanted)]
        rows = await self._database.rows(statement, parameters_of(wanted, app_keys, limit))
        return tuple(map(happening_of, rows))

    async def remove_happenings(self, kind: HappeningKind, before: datetime, limit: int) -> int:
        """See the seam."""
        row = (kind.value, to_us(before), limit)
        return await self._database.change(HAPPENING.happening_sweep, row)

    async def trim_happenings(self, kind: HappeningKind, keep: int, limit: int) -> int:
        """See the seam."""
        gone = 0
        for (app_key,) in await self._database.rows(
            HAPPENING.happening_applications, (kind.value, keep)
        ):
            row = (kind.value, app_key, keep, limit)
            gone += await self._database.change(HAPPENING.happening_trim, row)
        return gone
