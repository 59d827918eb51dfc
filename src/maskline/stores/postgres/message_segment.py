from collections.abc import Sequence
from datetime import datetime

from maskline.domain.message import CameSegment
from maskline.services.page import Numbered, Slice
from maskline.stores.message_row import segment_key, segment_row, segments_of
from maskline.stores.moment import to_us
from maskline.stores.named_sql import load_postgres_sql
from maskline.stores.postgres.connection import Cells, Cursor
from maskline.stores.postgres.database import Database
from maskline.stores.postgres.message import MESSAGE

MESSAGE_SEGMENT = load_postgres_sql("message_segment")


class PostgresMessageSegments:
    """The segments of `maskline.services.message_store.MessageStore` in PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep_segment(
        self, segment: CameSegment, unused_since: datetime
    ) -> tuple[CameSegment, ...] | None:
        """See the seam."""
        row = (*segment_row(segment, self._database.sealer), to_us(unused_since))

        async def keep(cursor: Cursor) -> list[Cells]:
            # Of two parts that come at once the second one has to see the first.
            await cursor.execute(MESSAGE_SEGMENT.place_lock, row[:1])
            kept = await (await cursor.execute(MESSAGE_SEGMENT.segment_keep, row)).fetchall()
            if kept:
                return kept
            # Its message may have been accepted meanwhile: whether it repeats is seen only now.
            return await (await cursor.execute(MESSAGE_SEGMENT.segment_keep, row)).fetchall()

        kept = await self._database.transaction(keep)
        return segments_of(kept, self._database.sealer) if kept else None

    async def stale_segments(self, before: datetime, limit: int) -> tuple[CameSegment, ...]:
        """See the seam."""
        row = (to_us(before), limit)
        rows = await self._database.rows(MESSAGE_SEGMENT.segments_stale, row)
        return segments_of(rows, self._database.sealer)

    async def segments_of(self, sender: str, part: Slice) -> Numbered[CameSegment]:
        """See the seam."""
        sealer = self._database.sealer
        row = (sealer.lookup(sender),)
        found = await self._database.numbered(MESSAGE_SEGMENT.segment_list, row, part)
        return Numbered(rows=segments_of(found.rows, sealer), total=found.total)

    async def remove_segments(self, segments: Sequence[CameSegment]) -> None:
        """See the seam."""
        keys = [segment_key(segment, self._database.sealer) for segment in segments]
        if keys:
            columns = tuple(map(list, zip(*keys, strict=True)))
            await self._database.change(MESSAGE_SEGMENT.segments_remove, columns)

    async def remove_used_segments(self, before: datetime, limit: int) -> int:
        """See the seam."""
        row = (to_us(before), limit)
        parts = await self._database.change(MESSAGE_SEGMENT.segments_sweep, row)
        marks = await self._database.change(MESSAGE.message_marks_sweep, row)
        await self._database.change(MESSAGE.connections_sweep, row[:1])
        return max(parts, marks)
