"""The seam to what people said about problems."""

from datetime import datetime
from typing import Protocol

from maskline.domain.problem import ProblemMark


class ProblemStore(Protocol):
    """Marks, one a problem."""

    async def save_mark(self, mark: ProblemMark) -> None:
        """Add or replace the mark of a problem."""
        ...

    async def marks(self, limit: int) -> tuple[ProblemMark, ...]:
        """The latest ones."""
        ...

    async def remove_marks(self, before: datetime, limit: int) -> int:
        """Forget up to `limit` that were made before then; returns how many."""
        ...
