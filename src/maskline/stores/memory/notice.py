from datetime import datetime

from maskline.domain.notice import Endpoint, KeptNotice, NoticeState, Trouble
from maskline.services.list_order import NOTICES
from maskline.services.notice_store import NOT_ANSWERED, NoticeFilter
from maskline.services.page import Count, Listing, Page, count_of, page_of
from maskline.stores.memory.outbox import release
from maskline.stores.memory.table import OutboxRow, Tables, is_of


class MemoryNotices:
    """`maskline.services.notice_store.NoticeStore` on dicts."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def notices(self, wanted: NoticeFilter, page: Page) -> Listing[KeptNotice]:
        """See the seam."""
        found = page_of(self._found_notices(wanted), NOTICES, lambda row: (row.sequence,), page)
        return Listing(rows=tuple(map(_kept, found.rows)), next=found.next)

    async def count_notices(self, wanted: NoticeFilter) -> Count:
        """See the seam."""
        return count_of(len(self._found_notices(wanted)))

    async def revive(
        self, wanted: NoticeFilter, now: datetime, limit: int, above: int = 0
    ) -> tuple[int, ...]:
        """See the seam."""
        dead = sorted(self._tables.dead.values(), key=lambda row: row.sequence)
        behind = [row for row in dead if row.sequence > above]
        chosen = [row for row in behind if _matches(row, wanted)][:limit]
        batches = {row.batch_id for row in chosen if row.batch_id is not None}
        chosen += [row for row in dead if row.batch_id in batches and row not in chosen]
        for row in chosen:
            self._put_back(row, now)
        for stream in {row.notice.stream for row in chosen}:
            release(self._tables, stream)
        return tuple(sorted(row.sequence for row in chosen))

    async def remove_dead(self, died_before: datetime, limit: int) -> int:
        """See the seam."""
        dead = sorted(self._tables.dead.values(), key=lambda row: row.due_at)
        gone = [row.sequence for row in dead if row.due_at < died_before][:limit]
        for sequence in gone:
            del self._tables.dead[sequence]
        return len(gone)

    async def troubles(self, limit: int) -> tuple[Trouble, ...]:
        """See the seam."""
        troubles = sorted(
            self._tables.troubles.values(),
            key=lambda one: (one.since, one.endpoint.app_key, one.endpoint.purpose),
        )
        return tuple(troubles[:limit])

    async def save_trouble(self, trouble: Trouble) -> None:
        """See the seam."""
        self._tables.troubles[trouble.endpoint] = trouble

    async def forget_trouble(self, endpoint: Endpoint) -> None:
        """See the seam."""
        self._tables.troubles.pop(endpoint, None)

    def _found_notices(self, wanted: NoticeFilter) -> list[OutboxRow]:
        rows = [*self._tables.outbox.values(), *self._tables.dead.values()]
        return [row for row in rows if _matches(row, wanted) and _is_in(row, wanted.state)]

    def _put_back(self, row: OutboxRow, now: datetime) -> None:
        """Back to its place, held back until it is released unless it is part of a batch."""
        tables = self._tables
        del tables.dead[row.sequence]
        row.is_dead, row.is_held = False, row.batch_id is None
        row.due_at, row.attempts, row.error = now, 0, None
        tables.outbox[row.sequence] = row
        tables.queues.setdefault(row.endpoint, {})[row.sequence] = row
        stream = {**tables.streams.get(row.notice.stream, {}), row.sequence: row}
        tables.streams[row.notice.stream] = dict(sorted(stream.items()))


def _matches(row: OutboxRow, wanted: NoticeFilter) -> bool:
    """Whether a row is meant, whatever its state."""
    notice = row.notice
    return (
        is_of(notice.app_key, wanted.app_key, wanted.app_keys)
        and wanted.purpose in {None, notice.purpose}
        and wanted.stream in {None, notice.stream}
        and wanted.push_id in {None, notice.notice_id, row.batch_id}
        and (wanted.since is None or wanted.since <= notice.created_at)
        and (wanted.until is None or notice.created_at < wanted.until)
        and _was_answered(row.error, wanted.answer)
    )


def _was_answered(error: str | None, answer: str | None) -> bool:
    if answer is None:
        return True
    if error is None:
        return False
    if answer == NOT_ANSWERED:
        return not error.startswith("HTTP ")
    return error.startswith(f"HTTP {answer[0]}")


def _is_in(row: OutboxRow, state: NoticeState | None) -> bool:
    return state is None or (state is NoticeState.DEAD) == row.is_dead


def _kept(row: OutboxRow) -> KeptNotice:
    return KeptNotice(
        notice=row.notice,
        state=NoticeState.DEAD if row.is_dead else NoticeState.WAITING,
        attempts=row.attempts,
        due_at=row.due_at,
        batch_id=row.batch_id,
        error=row.error,
    )
