from collections.abc import Sequence
from datetime import datetime
from functools import partial

from maskline.domain.message import CameSegment
from maskline.services.page import Numbered, Slice
from maskline.stores.message_row import segment_key, segment_row, segments_of
from maskline.stores.moment import to_us
from maskline.stores.sqlite.connection import Cells, Cursor, overwriting
from maskline.stores.sqlite.database import MESSAGE, MESSAGE_SEGMENT, Database


class SqliteMessageSegments:
    """The segments of `maskline.services.message_store.MessageStore` in SQLite."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep_segment(
        self, segment: CameSegment, unused_since: datetime
    ) -> tuple[CameSegment, ...] | None:
        """See the seam."""
        row = segment_row(segment, self._database.sealer)
        kept = await self._database.writer.submit(partial(_keep, row, to_us(unused_since)))
        return None if kept is None else segments_of(kept, self._database.sealer)

    async def stale_segments(self, before: datetime, limit: int) -> tuple[CameSegment, ...]:
        """See the seam."""
        row = (to_us(before), limit)
        rows = await self._database.rows(MESSAGE_SEGMENT.segments_stale, row)
        return segments_of(rows, self._database.sealer)

    async def segments_of(self, sender: str, part: Slice) -> Numbered[CameSegment]:
        """See the seam."""
        sealer = self._database.sealer
        row = (sealer.lookup(sender),)
        found = await self._database.numbered(MESSAGE_SEGMENT.segment_list, row, part, tuple)
        return Numbered(rows=segments_of(found.rows, sealer), total=found.total)

    async def remove_segments(self, segments: Sequence[CameSegment]) -> None:
        """See the seam."""
        keys = [segment_key(segment, self._database.sealer) for segment in segments]
        await self._database.writer.submit(partial(overwriting, partial(_remove, keys)))

    async def remove_used_segments(self, before: datetime, limit: int) -> int:
        """See the seam."""
        return await self._database.writer.submit(partial(_sweep, (to_us(before), limit)))


def _keep(row: Cells, unused_since: int, cursor: Cursor) -> list[Cells] | None:
    place, number, wording, *_ = row
    for said, is_used, came_at in cursor.execute(
        MESSAGE_SEGMENT.segment_get, (place, number)
    ).fetchall():
        if is_used and said == wording and came_at >= unused_since:
            return None
        if is_used:
            cursor.execute(MESSAGE_SEGMENT.segments_forget_used, (place,))
    cursor.execute(MESSAGE_SEGMENT.segment_save, row)
    return cursor.execute(MESSAGE_SEGMENT.segments_unused, (place,)).fetchall()


def _remove(keys: Sequence[Cells], cursor: Cursor) -> None:
    for key in keys:
        cursor.execute(MESSAGE_SEGMENT.segment_remove, key)


def _sweep(row: Cells, cursor: Cursor) -> int:
    parts = cursor.execute(MESSAGE_SEGMENT.segments_sweep, row).connection.changes()
    marks = cursor.execute(MESSAGE.message_marks_sweep, row).connection.changes()
    cursor.execute(MESSAGE.connections_sweep, row[:1])
    return max(parts, marks)
