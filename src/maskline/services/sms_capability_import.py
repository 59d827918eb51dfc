"""Switches short messages of virtual numbers on and off from a spreadsheet."""

from collections.abc import Sequence
from dataclasses import replace

from maskline.domain.application import Application
from maskline.domain.job import JobRow, JobState, RowOutcome
from maskline.domain.virtual_number import VirtualNumber
from maskline.services.import_quota import ImportQuota
from maskline.services.job_file import JobFiles
from maskline.services.job_run import JobRun
from maskline.services.number_change import OrderStore
from maskline.services.number_import import all_applications
from maskline.services.number_import_rule import NUMBER_COLUMNS
from maskline.services.number_verb import NumberAction, NumberDeed, NumberVerbs
from maskline.services.row_problem import RowCode, RowProblem, problem_row
from maskline.services.sheet import SheetReader, SheetRow
from maskline.services.sheet_table import SheetTable
from maskline.services.sheet_work import SheetWork

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
        self._work = SheetWork(store, files, sheets, max_rows=MAX_SMS_ROWS, batch=BATCH)
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
        table = await self._work.read(run, SMS_COLUMNS, tuple(SMS_COLUMNS))
        await self._rows.take(run.job, len(table.rows))
        seen: dict[str, int] = {}

        async def judged(batch: Sequence[SheetRow]) -> list[JobRow]:
            return [await self._judge(table, row, owners, seen) for row in batch]

        await self._work.judge(run, table, judged)

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
        async def done(rows: Sequence[JobRow]) -> list[JobRow]:
            return [await self._carry_out(row, owners) for row in rows]

        await self._work.carry_out(run, done)

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
