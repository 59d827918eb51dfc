from datetime import datetime

from maskline.domain.problem import ProblemMark
from maskline.stores.memory.table import Tables


class MemoryProblems:
    """`maskline.services.problem_store.ProblemStore` on a dict."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def save_mark(self, mark: ProblemMark) -> None:
        """See the seam."""
        self._tables.marks[mark.problem_id] = mark

    async def marks(self, limit: int) -> tuple[ProblemMark, ...]:
        """See the seam."""
        latest = sorted(self._tables.marks.values(), key=lambda mark: mark.problem_id)
        latest.sort(key=lambda mark: mark.marked_at, reverse=True)
        return tuple(latest[:limit])

    async def remove_marks(self, before: datetime, limit: int) -> int:
        """See the seam."""
        marks = sorted(self._tables.marks.values(), key=lambda mark: mark.marked_at)
        gone = [mark.problem_id for mark in marks if mark.marked_at < before][:limit]
        for problem_id in gone:
            del self._tables.marks[problem_id]
        return len(gone)
