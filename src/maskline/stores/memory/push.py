from collections.abc import Sequence
from datetime import datetime

from maskline.domain.happening import HappeningKind
from maskline.domain.push import Push, PushState
from maskline.services.push_store import PushFilter
from maskline.stores.memory.outbox import release, take_out
from maskline.stores.memory.table import OutboxRow, Tables


class MemoryPushes:
    """`maskline.services.push_store.PushStore` on dicts."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def pushes(self, wanted: PushFilter, limit: int) -> tuple[Push, ...]:
        """See the seam."""
        tables = self._tables
        rows = (*tables.outbox.values(), *tables.dead.values(), *tables.delivered.values())
        every = map(_push, rows)
        found = [one for one in every if _matches(one, wanted) and self._ended(one, wanted.result)]
        found.sort(key=lambda one: one.sequence, reverse=True)
        return tuple(found[:limit])

    async def deliver_by_hand(self, sequences: Sequence[int], at: datetime) -> None:
        """See the seam."""
        tables = self._tables
        for sequence in sequences:
            row = tables.dead.pop(sequence, None)
            if row is None and (row := tables.outbox.get(sequence)) is not None:
                take_out(tables, row)
            if row is not None:
                row.delivered_at = at
                tables.delivered[sequence] = row
                release(tables, row.notice.stream)

    async def remove_delivered(self, before: datetime, limit: int) -> int:
        """See the seam."""
        oldest = sorted(self._tables.delivered.items())[:limit]
        gone = [key for key, row in oldest if row.delivered_at and row.delivered_at < before]
        for sequence in gone:
            del self._tables.delivered[sequence]
        return len(gone)

    def _ended(self, push: Push, result: str | None) -> bool:
        if result is None or (result == PushState.DELIVERED and push.state is PushState.DELIVERED):
            return True
        return any(
            one.kind is HappeningKind.PUSH and one.subject == push.push_id and one.cause == result
            for one in self._tables.happenings.values()
        )


def _push(row: OutboxRow) -> Push:
    state = PushState.DEAD if row.is_dead else PushState.WAITING
    is_delivered = row.delivered_at is not None
    return Push(
        sequence=row.sequence,
        notice=row.notice,
        push_id=row.batch_id or row.notice.notice_id,
        state=PushState.DELIVERED if is_delivered else state,
        attempts=row.attempts,
        due_at=None if is_delivered else row.due_at,
        delivered_at=row.delivered_at,
        error=None if is_delivered else row.error,
        accepted=row.accepted,
    )


def _matches(push: Push, wanted: PushFilter) -> bool:
    notice = push.notice
    is_delivered = push.state is PushState.DELIVERED
    ids = {push.push_id} if is_delivered else {push.push_id, notice.notice_id}
    return (
        wanted.app_key in {None, notice.app_key}
        and (wanted.app_keys is None or notice.app_key in wanted.app_keys)
        and wanted.purpose in {None, notice.purpose}
        and wanted.state in {None, push.state}
        and wanted.stream in {None, notice.stream}
        and (wanted.push_id is None or wanted.push_id in ids)
        and (wanted.since is None or wanted.since <= notice.created_at)
        and (wanted.until is None or notice.created_at < wanted.until)
        and (wanted.below is None or push.sequence < wanted.below)
    )
