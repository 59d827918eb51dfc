from datetime import datetime
from functools import partial

from maskline.domain.problem import ProblemMark
from maskline.stores.moment import to_us
from maskline.stores.named_sql import load_sql
from maskline.stores.problem_row import mark_of, row_of
from maskline.stores.sqlite.connection import Cells, Cursor
from maskline.stores.sqlite.database import Database

PROBLEM = load_sql("problem")


class SqliteProblems:
    """`maskline.services.problem_store.ProblemStore` in SQLite."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save_mark(self, mark: ProblemMark) -> None:
        """See the seam."""
        await self._database.writer.submit(partial(_change_mark, PROBLEM.mark_save, row_of(mark)))

    async def marks(self, limit: int) -> tuple[ProblemMark, ...]:
        """See the seam."""
        return tuple(map(mark_of, await self._database.rows(PROBLEM.mark_list, (limit,))))

    async def remove_marks(self, before: datetime, limit: int) -> int:
        """See the seam."""
        row = (to_us(before), limit)
        return await self._database.writer.submit(partial(_change_mark, PROBLEM.mark_sweep, row))


def _change_mark(statement: str, row: Cells, cursor: Cursor) -> int:
    return cursor.execute(statement, row).connection.changes()
