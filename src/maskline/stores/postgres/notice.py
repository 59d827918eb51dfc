from datetime import UTC, datetime

from maskline.domain.notice import Endpoint, KeptNotice, Notice, NoticeState, Purpose, Trouble
from maskline.services.notice_store import NoticeFilter
from maskline.services.page import Count, Listing, Page
from maskline.stores.list_filter import wanted_notices
from maskline.stores.moment import from_us, from_us_or_none, to_us, to_us_or_none
from maskline.stores.named_sql import load_postgres_sql
from maskline.stores.postgres.connection import Cells, Cursor
from maskline.stores.postgres.database import LISTS, Database
from maskline.stores.postgres.outbox import OUTBOX, sealing_context

NOTICE = load_postgres_sql("notice")

_EVER = (to_us(datetime.min.replace(tzinfo=UTC)), to_us(datetime.max.replace(tzinfo=UTC)))
_DEAD = 3
_APP_KEY = 2


class PostgresNotices:
    """`maskline.services.notice_store.NoticeStore` in PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def notices(self, wanted: NoticeFilter, page: Page) -> Listing[KeptNotice]:
        """See the seam."""
        found = wanted_notices(wanted, in_buckets=True)
        return await self._database.listing(
            LISTS.notices, found, page, self._kept, keys_in=_APP_KEY
        )

    async def count_notices(self, wanted: NoticeFilter) -> Count:
        """See the seam."""
        found = wanted_notices(wanted, in_buckets=True)
        return await self._database.count(LISTS.notices, found)

    async def revive(
        self, wanted: NoticeFilter, now: datetime, limit: int, above: int = 0
    ) -> tuple[int, ...]:
        """See the seam."""
        row = (*_span(wanted), wanted.app_key, wanted.purpose, wanted.stream, above, limit)
        statement = NOTICE.revive_choice
        if wanted.push_id is not None:
            statement, row = NOTICE.revive_of_push, (*row, wanted.push_id)

        async def revive(cursor: Cursor) -> tuple[int, ...]:
            chosen = await (await cursor.execute(statement, row)).fetchall()
            batches = sorted({batch_id for _, _, batch_id in chosen if batch_id is not None})
            if batches:
                mates = await cursor.execute(NOTICE.revive_mates, (batches,))
                chosen += await mates.fetchall()
            numbers = (sorted({sequence for sequence, _, _ in chosen}),)
            await cursor.execute(NOTICE.revive_locked, numbers)
            revived = await cursor.execute(NOTICE.revive, (*numbers, to_us(now)))
            rows = await revived.fetchall()
            names = (sorted({stream for stream, _ in rows}),)
            await cursor.execute(OUTBOX.held_of_streams, names)
            await cursor.execute(OUTBOX.release, names)
            return tuple(sorted(sequence for _, sequence in rows))

        return await self._database.transaction(revive)

    async def remove_dead(self, died_before: datetime, limit: int) -> int:
        """See the seam."""
        return await self._database.change(NOTICE.remove_dead, (to_us(died_before), limit))

    async def troubles(self, limit: int) -> tuple[Trouble, ...]:
        """See the seam."""
        rows = await self._database.rows(NOTICE.trouble_list, (limit,))
        return tuple(
            Trouble(
                endpoint=Endpoint(app_key=row[0], purpose=Purpose(row[1])),
                receiver=row[2],
                since=from_us(row[3]),
                error=row[4],
                disabled_at=from_us_or_none(row[5]),
            )
            for row in rows
        )

    async def save_trouble(self, trouble: Trouble) -> None:
        """See the seam."""
        row = (
            trouble.endpoint.app_key,
            trouble.endpoint.purpose,
            trouble.receiver,
            to_us(trouble.since),
            trouble.error,
            to_us_or_none(trouble.disabled_at),
        )
        await self._database.change(NOTICE.trouble_save, row)

    async def forget_trouble(self, endpoint: Endpoint) -> None:
        """See the seam."""
        await self._database.change(NOTICE.trouble_forget, (endpoint.app_key, endpoint.purpose))

    def _kept(self, row: Cells) -> KeptNotice:
        notice_id, stream, app_key, purpose, origin, created_at, state, attempts = row[:8]
        due_at, batch_id, error, body = row[8:]
        return KeptNotice(
            notice=Notice(
                notice_id=notice_id,
                stream=stream,
                app_key=app_key,
                purpose=Purpose(purpose),
                origin=origin,
                body=self._database.sealer.open(app_key, body, sealing_context(notice_id)),
                created_at=from_us(created_at),
            ),
            state=NoticeState.DEAD if state == _DEAD else NoticeState.WAITING,
            attempts=attempts,
            due_at=from_us(due_at),
            batch_id=batch_id,
            error=error,
        )


def _span(wanted: NoticeFilter) -> tuple[int, int]:
    return (
        _EVER[0] if wanted.since is None else to_us(wanted.since),
        _EVER[1] if wanted.until is None else to_us(wanted.until),
    )
