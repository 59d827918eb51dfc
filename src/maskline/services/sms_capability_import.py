"""Switches short messages of virtual numbers on and off from a spreadsheet."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from maskline.domain.application import Application
from maskline.domain.job import JobRow, JobState, RowOutcome
from maskline.domain.virtual_number import VirtualNumber
from maskline.services.import_quota import ImportQuota
from maskline.services.job_file import JobFiles
from maskline.services.job_run import JobFailed, JobRun
from maskline.services.number_change import OrderStore
from maskline.services.number_import import HEAD_ROWS, all_applications
from maskline.services.number_import_rule import NUMBER_COLUMNS
from maskline.services.number_verb import NumberAction, NumberDeed, NumberVerbs
from maskline.services.row_problem import RowCode, RowProblem, problem_row
from maskline.services.sheet import SheetReader, SheetRow
from maskline.services.sheet_table import SheetTable

MAX_SMS_ROWS = 5_000
"""`spec/console.md` 6.2."""
BATCH = 100
SMS_COLUMNS = {name: NUMBER_COLUMNS[name] for name in ("number", "sms")}


class SmsCapabilityImport:
    """The work of such an import. Which way a row goes stands in its plan: `on` or `off`."""

    def __init__(
        self,
        store: OrderStore,
        verbs: NumberVerbs,
        files: JobFiles,
        sheets: SheetReader,
        rows: ImportQuota,
    ) -> None:
        self._store = store
        self._verbs = verbs
        self._files = files
        self._sheets = sheets
        self._rows = rows

    async def run(self, run: JobRun) -> JobState:
        """Check what was uploaded; or, when that is done, carry it out."""
        applications = await all_applications(self._store, run.job.tenant_id)
        owners = {one.app_key: one for one in applications}
        if run.job.state is JobState.CHECKING:
            await self._check(run, owners)
            return JobState.READY
        await self._apply(run, owners)
        return JobState.DONE

    async def _check(self, run: JobRun, owners: dict[str, Application]) -> None:
        if run.job.source is None:
            raise JobFailed("M2007", "the file is past its time; upload it again")
        content = await self._files.whole(run.job.source)
        sheet = await self._sheets.read(content, MAX_SMS_ROWS + HEAD_ROWS)
        table = SheetTable(sheet, SMS_COLUMNS, tuple(SMS_COLUMNS))
        if len(table.rows) > MAX_SMS_ROWS:
            raise JobFailed("M2002", f"has more than {MAX_SMS_ROWS} rows; split it")
        await self._rows.take(run.job, len(table.rows))
        await self._store.remove_job_rows(run.job.job_id)
        await run.tell(header=table.header, total=len(table.rows))
        seen: dict[str, int] = {}
        counts: Counter[RowOutcome] = Counter()
        for start in range(0, len(table.rows), BATCH):
            batch = table.rows[start : start + BATCH]
            rows = [await self._judge(table, row, owners, seen) for row in batch]
            counts.update(row.outcome for row in rows)
            await run.tell(
                rows,
                changes=counts[RowOutcome.CHANGE],
                unchanged=counts[RowOutcome.UNCHANGED],
                failed=counts[RowOutcome.ERROR],
            )

    async def _judge(
        self,
        table: SheetTable,
        row: SheetRow,
        owners: dict[str, Application],
        seen: dict[str, int],
    ) -> JobRow:
        cells = table.cells(row)
        try:
            reader = table.reader(row)
            number = reader.number("number")
            first = seen.setdefault(number, row.number)
            if first != row.number:
                raise reader.problem(RowCode.TWICE, "number", f"is the same as row {first}")
            is_on = reader.choice("sms")
            if is_on is None:
                raise reader.problem(RowCode.NO_CHOICE, "sms", "is empty", "write 是 or 否")
            found, owner = await self._found(number, owners)
            outcome = self._verbs.weigh(_deed(is_on=is_on), found, (owner,))
        except RowProblem as problem:
            return problem_row(row.number, problem, cells)
        plan = b"on" if is_on else b"off"
        return JobRow(number=row.number, outcome=outcome, value=number, cells=cells, plan=plan)

    async def _found(
        self, number: str, owners: dict[str, Application]
    ) -> tuple[VirtualNumber, Application]:
        """A number and whose it is. Raises RowProblem; others' are like none."""
        found = await self._store.number(number)
        owner = None if found is None else owners.get(found.app_key)
        if found is None or owner is None:
            raise RowProblem(RowCode.NOT_THERE, "number", number, "is no virtual number of yours")
        return found, owner

    async def _apply(self, run: JobRun, owners: dict[str, Application]) -> None:
        after = 0
        while rows := await self._store.job_rows(run.job.job_id, RowOutcome.CHANGE, after, BATCH):
            told = [await self._carry_out(row, owners) for row in rows]
            failed = _failures(told)
            await run.tell(
                told, done=run.job.done + len(told) - failed, failed=run.job.failed + failed
            )
            after = rows[-1].number

    async def _carry_out(self, row: JobRow, owners: dict[str, Application]) -> JobRow:
        try:
            found, owner = await self._found(row.value, owners)
            await self._verbs.do(_deed(is_on=row.plan == b"on"), found, (owner,))
        except RowProblem as problem:
            failed = problem_row(row.number, problem, row.cells)
            return replace(failed, outcome=RowOutcome.FAILED)
        return replace(row, outcome=RowOutcome.DONE)


def _deed(*, is_on: bool) -> NumberDeed:
    return NumberDeed(action=NumberAction.SMS_ON if is_on else NumberAction.SMS_OFF)


def _failures(rows: Sequence[JobRow]) -> int:
    return sum(row.outcome is RowOutcome.FAILED for row in rows)
