from collections.abc import Sequence
from datetime import datetime, timedelta

from maskline.domain.tally import Tally
from maskline.services.tally_store import Grouping, TallyFilter, Uncounted
from maskline.stores.blob import unpack_record
from maskline.stores.moment import from_us, to_us
from maskline.stores.named_sql import load_postgres_sql
from maskline.stores.postgres.connection import Cursor
from maskline.stores.postgres.database import Database
from maskline.stores.tally_row import rows_of, tally_of

TALLY = load_postgres_sql("tally")

SURELY_WRITTEN = timedelta(seconds=60)
"""Whoever was given a place has written or given up by then: statements take seconds at most."""


class PostgresTallies:
    """`maskline.services.tally_store.TallyStore` in PostgreSQL.

    Places are given before they are committed, so that a lower one may appear later. The highest
    place is noted; a minute on, everything up to it is there.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_tallies(self, tallies: Sequence[Tally]) -> None:
        """See the seam."""
        if tallies:
            columns = map(list, zip(*rows_of(tallies), strict=True))
            await self._database.change(TALLY.tally_add, tuple(columns))

    async def raise_tallies(self, tallies: Sequence[Tally]) -> None:
        """See the seam."""
        if tallies:
            columns = map(list, zip(*rows_of(tallies), strict=True))
            await self._database.change(TALLY.tally_raise, tuple(columns))

    async def tallies(self, wanted: TallyFilter, by: Grouping, limit: int) -> tuple[Tally, ...]:
        """See the seam."""
        app_keys = None if wanted.app_keys is None else list(wanted.app_keys)
        span = (wanted.subject, to_us(wanted.since), to_us(wanted.until))
        parameters = (*span, wanted.app_key, app_keys, wanted.name, limit)
        rows = await self._database.rows(TALLY.by_name[f"tally_by_{by.value}"], parameters)
        return tuple(tally_of(wanted.subject, row) for row in rows)

    async def uncounted_records(self, now: datetime, limit: int) -> Uncounted:
        """See the seam."""
        row = await self._database.point(TALLY.position_get, ("records",))
        if row is None:
            await self._database.change(TALLY.position_begin, ("records",))
        counted, written, written_at = row or (0, 0, 0)
        is_sure = from_us(written_at) + SURELY_WRITTEN <= now
        if counted >= written and is_sure:
            [[highest]] = await self._database.rows(TALLY.records_written, ())
            await self._database.change(
                TALLY.position_note, ("records", max(highest, written), to_us(now))
            )
        if not is_sure:
            return Uncounted(after=counted, upto=counted, records=())
        rows = await self._database.rows(TALLY.records_uncounted, (counted, written, limit))
        sealer = await self._database.sealer_of(found[2] for found in rows)
        records = tuple(
            unpack_record(
                sealer.open(app_key, sealed, b"call_record:" + session_id.encode()),
                session_id=session_id,
                app_key=app_key,
                x=x,
            )
            for _, session_id, app_key, x, sealed in rows
        )
        # Places that were given up, or whose record was erased, are passed over.
        upto = rows[-1][0] if len(rows) == limit else max(counted, written)
        return Uncounted(after=counted, upto=upto, records=records)

    async def count_records(self, counted: Uncounted, tallies: Sequence[Tally]) -> bool:
        """See the seam."""
        move = ("records", counted.after, counted.upto)
        rows = rows_of(tallies)

        async def count_records(cursor: Cursor) -> bool:
            if not (await cursor.execute(TALLY.position_move, move)).rowcount:
                return False
            if rows:
                columns = map(list, zip(*rows, strict=True))
                await cursor.execute(TALLY.tally_add, tuple(columns))
            return True

        return await self._database.transaction(count_records)

    async def remove_tallies(self, subject: str, before: datetime, limit: int) -> int:
        """See the seam."""
        return await self._database.change(TALLY.tally_sweep, (subject, to_us(before), limit))
