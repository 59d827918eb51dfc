from collections.abc import Iterable, Sequence
from datetime import datetime

from maskline.domain.message import CameSegment
from maskline.services.page import Numbered, Slice
from maskline.stores.memory.table import SegmentPlace, SegmentRow, Tables, numbered


def use_segments(tables: Tables, segments: Iterable[CameSegment]) -> bool:
    """Mark segments as parts of an accepted message; False when none is left to be used."""
    found = False
    for segment in segments:
        row = tables.segments.get(_place(segment), {}).get(segment.number)
        if row is not None and row.segment.text == segment.text and not row.is_used:
            row.is_used = found = True
    return found


class MemoryMessageSegments:
    """The segments of `maskline.services.message_store.MessageStore` on dicts."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def keep_segment(
        self, segment: CameSegment, unused_since: datetime
    ) -> tuple[CameSegment, ...] | None:
        """See the seam."""
        rows = self._tables.segments.setdefault(_place(segment), {})
        known = rows.get(segment.number)
        if known is not None and known.is_used:
            is_same = known.segment.text == segment.text
            if is_same and known.segment.came_at >= unused_since:
                return None
            for number in [number for number, row in rows.items() if row.is_used]:
                del rows[number]
        rows[segment.number] = SegmentRow(segment)
        return _unused(rows)

    async def stale_segments(self, before: datetime, limit: int) -> tuple[CameSegment, ...]:
        """See the seam."""
        waiting = [_unused(rows) for rows in self._tables.segments.values()]
        stale = [parts for parts in waiting if parts and _latest(parts) < before]
        stale.sort(key=lambda parts: min(part.came_at for part in parts))
        return tuple(part for parts in stale[:limit] for part in parts)

    async def segments_of(self, sender: str, part: Slice) -> Numbered[CameSegment]:
        """See the seam."""
        own = [
            row.segment
            for place, rows in self._tables.segments.items()
            if place[0] == sender
            for row in rows.values()
        ]
        return numbered(own, part)

    async def remove_segments(self, segments: Sequence[CameSegment]) -> None:
        """See the seam."""
        for segment in segments:
            rows = self._tables.segments.get(_place(segment), {})
            known = rows.get(segment.number)
            if known is not None and known.segment.text == segment.text:
                del rows[segment.number]
                if not rows:
                    del self._tables.segments[_place(segment)]

    async def remove_used_segments(self, before: datetime, limit: int) -> int:
        """See the seam."""
        old = [
            (row.segment.came_at, place, number)
            for place, rows in self._tables.segments.items()
            for number, row in rows.items()
            if row.is_used and row.segment.came_at < before
        ]
        old.sort()
        for _, place, number in old[:limit]:
            del self._tables.segments[place][number]
            if not self._tables.segments[place]:
                del self._tables.segments[place]
        marks = self._tables.message_marks
        unknown = [key for key, (_, at) in marks.items() if at < before][:limit]
        for key in unknown:
            del marks[key]
        connections = self._tables.message_connections
        for name in [name for name, at in connections.items() if at < before]:
            del connections[name]
        return max(len(old[:limit]), len(unknown))


def _place(segment: CameSegment) -> SegmentPlace:
    return (segment.sender, segment.x, segment.reference, segment.total)


def _unused(rows: dict[int, SegmentRow]) -> tuple[CameSegment, ...]:
    return tuple(rows[number].segment for number in sorted(rows) if not rows[number].is_used)


def _latest(parts: Iterable[CameSegment]) -> datetime:
    return max(part.came_at for part in parts)
