from datetime import datetime

from maskline.domain.problem import ProblemMark
from maskline.stores.moment import to_us
from maskline.stores.named_sql import load_postgres_sql
from maskline.stores.postgres.database import Database
from maskline.stores.problem_row import mark_of, row_of

PROBLEM = load_postgres_sql("problem")


class PostgresProblems:
    """`maskline.services.problem_store.ProblemStore` in PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save_mark(self, mark: ProblemMark) -> None:
        """See the seam."""
        await self._database.change(PROBLEM.mark_save, row_of(mark))

    async def marks(self, limit: int) -> tuple[ProblemMark, ...]:
        """See the seam."""
        return tuple(map(mark_of, await self._database.rows(PROBLEM.mark_list, (limit,))))

    async def remove_marks(self, before: datetime, limit: int) -> int:
        """See the seam."""
        return await self._database.change(PROBLEM.mark_sweep, (to_us(before), limit))
