from datetime import UTC, datetime
from functools import partial

from maskline.domain.notice import Endpoint, KeptNotice, Notice, NoticeState, Purpose, Trouble
from maskline.services.notice_store import NoticeFilter
from maskline.services.page import Count, Listing, Page
from maskline.stores.list_filter import wanted_notices
from maskline.stores.moment import from_us, from_us_or_none, to_us, to_us_or_none
from maskline.stores.sqlite.connection import Cells, Cursor
from maskline.stores.sqlite.database import LISTS, NOTICE, Database
from maskline.stores.sqlite.outbox import release, sealing_context

_EVER = (to_us(datetime.min.replace(tzinfo=UTC)), to_us(datetime.max.replace(tzinfo=UTC)))
_DEAD = 3


class SqliteNotices:
    """`maskline.services.notice_store.NoticeStore` in SQLite."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def notices(self, wanted: NoticeFilter, page: Page) -> Listing[KeptNotice]:
        """See the seam."""
        found = wanted_notices(wanted, in_buckets=False)
        return await self._database.listing(LISTS.notices, found, page, self._kept)

    async def count_notices(self, wanted: NoticeFilter) -> Count:
        """See the seam."""
        found = wanted_notices(wanted, in_buckets=False)
        return await self._database.count(LISTS.notices, found)

    async def revive(
        self, wanted: NoticeFilter, now: datetime, limit: int, above: int = 0
    ) -> tuple[int, ...]:
        """See the seam."""
        row = (*_span(wanted), wanted.app_key, wanted.purpose, wanted.stream, above, limit)
        statement = NOTICE.revive_choice
        if wanted.push_id is not None:
            statement, row = NOTICE.revive_of_push, (*row, wanted.push_id)
        return await self._database.writer.submit(partial(_revive, statement, row, to_us(now)))

    async def remove_dead(self, died_before: datetime, limit: int) -> int:
        """See the seam."""
        row = (to_us(died_before), limit)
        return await self._database.writer.submit(partial(_run, NOTICE.remove_dead, row))

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
        await self._database.writer.submit(partial(_run, NOTICE.trouble_save, row))

    async def forget_trouble(self, endpoint: Endpoint) -> None:
        """See the seam."""
        row = (endpoint.app_key, endpoint.purpose)
        await self._database.writer.submit(partial(_run, NOTICE.trouble_forget, row))

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


def _run(statement: str, row: Cells, cursor: Cursor) -> int:
    return cursor.execute(statement, row).connection.changes()


def _revive(statement: str, row: Cells, now: int, cursor: Cursor) -> tuple[int, ...]:
    chosen = cursor.execute(statement, row).fetchall()
    for batch_id in {batch_id for _, _, batch_id in chosen if batch_id is not None}:
        chosen += cursor.execute(NOTICE.revive_mates, (batch_id,)).fetchall()
    streams = {sequence: stream for sequence, stream, _ in chosen}
    for sequence in streams:
        cursor.execute(NOTICE.revive, (sequence, now))
    release(set(streams.values()), cursor)
    return tuple(sorted(streams))
