"""The steps of every import from a spreadsheet: rows are judged, then carried out, in batches."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace

from maskline.domain.job import JobRow, RowOutcome
from maskline.services.job_file import JobFiles
from maskline.services.job_run import JobFailed, JobRun
from maskline.services.job_store import JobStore
from maskline.services.row_problem import RowCode, RowProblem, problem_row
from maskline.services.sheet import SheetReader, SheetRow
from maskline.services.sheet_table import SheetTable

HEAD_ROWS = 2
"""The row of names, and that of hints."""


class SheetWork:
    """The steps of one kind of import, whose files have up to `max_rows` rows.

    `batch` rows are written down together. All raise StoreBusy, StoreFailed.
    """

    def __init__(
        self, store: JobStore, files: JobFiles, sheets: SheetReader, *, max_rows: int, batch: int
    ) -> None:
        self._store = store
        self._files = files
        self._sheets = sheets
        self._max_rows = max_rows
        self._batch = batch

    async def read(
        self, run: JobRun, columns: Mapping[str, tuple[str, ...]], needed: tuple[str, ...]
    ) -> SheetTable:
        """What was uploaded. Raises JobFailed: it is gone, is no such table, or is too long."""
        if run.job.source is None:
            raise JobFailed("M2007", "the file is past its time; upload it again")
        content = await self._files.whole(run.job.source)
        sheet = await self._sheets.read(content, self._max_rows + HEAD_ROWS)
        table = SheetTable(sheet, columns, needed)
        if len(table.rows) > self._max_rows:
            raise JobFailed("M2002", f"has more than {self._max_rows} rows; split it")
        return table

    async def judge(
        self,
        run: JobRun,
        table: SheetTable,
        judged: Callable[[Sequence[SheetRow]], Awaitable[Sequence[JobRow]]],
    ) -> None:
        """Write down what would become of each row. A check that was cut off begins anew."""
        await self._store.remove_job_rows(run.job.job_id)
        await run.tell(header=table.header, total=len(table.rows), done=0)
        counts: Counter[RowOutcome] = Counter()
        for start in range(0, len(table.rows), self._batch):
            rows = await judged(table.rows[start : start + self._batch])
            counts.update(row.outcome for row in rows)
            await run.tell(
                rows,
                changes=counts[RowOutcome.CHANGE],
                unchanged=counts[RowOutcome.UNCHANGED],
                failed=counts[RowOutcome.ERROR],
            )

    async def carry_out(
        self, run: JobRun, done: Callable[[Sequence[JobRow]], Awaitable[Sequence[JobRow]]]
    ) -> None:
        """Do what is to be done, and tell what became of it.

        A row that was done, and not told so, comes again: `done` finds it as it should be.
        """
        after = 0
        while rows := await self._store.job_rows(
            run.job.job_id, RowOutcome.CHANGE, after, self._batch
        ):
            told = await done(rows)
            failed = sum(row.outcome is RowOutcome.FAILED for row in told)
            await run.tell(
                told, done=run.job.done + len(told) - failed, failed=run.job.failed + failed
            )
            after = rows[-1].number


def overtaken(row: JobRow) -> JobRow:
    """A row that was good when it was judged, and can't be carried out any more."""
    problem = RowProblem(
        RowCode.NOT_AVAILABLE, "", row.value, "is not available any more", "import it again"
    )
    return replace(problem_row(row.number, problem, row.cells), outcome=RowOutcome.FAILED)
