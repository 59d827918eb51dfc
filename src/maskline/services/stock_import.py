"""Takes virtual numbers into stock from a spreadsheet: every row is checked, then done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

import msgspec

from maskline.domain.area import Areas
from maskline.domain.error import CustomerError
from maskline.domain.job import JobRow, JobState, RowOutcome
from maskline.domain.number_life import SCHEMES, StockNumber
from maskline.domain.virtual_number import NumberState, VirtualNumber
from maskline.services.clock import Clock
from maskline.services.import_cell import read_city, read_kind, read_note
from maskline.services.job_file import JobFiles
from maskline.services.job_run import JobRun
from maskline.services.job_store import JobStore
from maskline.services.number_import_rule import NUMBER_COLUMNS
from maskline.services.row_problem import RowCode, RowProblem, problem_row
from maskline.services.sheet import SheetReader, SheetRow
from maskline.services.sheet_table import RowReader, SheetTable
from maskline.services.sheet_work import SheetWork, overtaken
from maskline.services.stock import StockStore
from maskline.services.stock_request import MAX_COST

MAX_STOCK_ROWS = 10_000
MAX_SUPPLIER = 64
BATCH = 200
STOCK_COLUMNS = {
    **{name: NUMBER_COLUMNS[name] for name in ("number", "city", "kind", "sms")},
    "supplier": ("供应商", "supplier", "来源"),
    "cost": ("月成本", "cost", "成本"),
    "scheme": ("实名方案", "scheme", "方案"),
    "note": NUMBER_COLUMNS["note"],
}

_plan = msgspec.json.Decoder(StockNumber).decode


class StockImportStore(StockStore, JobStore, Protocol):
    """What such an import reads and writes."""


@dataclass(slots=True)
class _Rules:
    """What rows are judged by; it remembers the numbers it has seen."""

    table: SheetTable
    areas: Areas
    now: datetime
    _seen: dict[str, int] = field(default_factory=dict[str, int])

    def number_of(self, row: SheetRow) -> str | None:
        """The number of a row that has one, to be looked up before the row is judged."""
        try:
            return self.table.reader(row).number("number")
        except RowProblem:
            return None

    def judge(
        self,
        row: SheetRow,
        serving: Mapping[str, VirtualNumber],
        stock: Mapping[str, StockNumber],
    ) -> JobRow:
        """What is to become of a row, by what is there of its number."""
        cells = self.table.cells(row)
        try:
            reader = self.table.reader(row)
            number = reader.number("number")
            first = self._seen.setdefault(number, row.number)
            if first != row.number:
                raise reader.problem(RowCode.TWICE, "number", f"is the same as row {first}")
            if number in serving:
                message = "serves an application: it comes back when it is given back"
                raise reader.problem(RowCode.NOT_AVAILABLE, "number", message)
            known = stock.get(number)
            plan = self._plan(reader, number, known)
        except RowProblem as problem:
            return problem_row(row.number, problem, cells)
        return JobRow(
            number=row.number,
            outcome=RowOutcome.UNCHANGED if plan == known else RowOutcome.CHANGE,
            value=number,
            cells=cells,
            plan=msgspec.json.encode(plan),
        )

    def _plan(self, reader: RowReader, number: str, known: StockNumber | None) -> StockNumber:
        may_message = reader.choice("sms")
        if may_message is None:
            may_message = known.may_message if known else True
        cost = _whole(reader, "cost", range(MAX_COST + 1))
        scheme = _whole(reader, "scheme", SCHEMES)
        return StockNumber(
            number=number,
            area_code=read_city(reader, self.areas, number, known.area_code if known else None),
            kind=read_kind(reader, number, known.kind if known else None),
            may_message=may_message,
            supplier=_supplier(reader) or (known.supplier if known else ""),
            cost=cost if cost is not None else (known.cost if known else 0),
            scheme=scheme if scheme is not None else (known.scheme if known else None),
            note=read_note(reader) or (known.note if known else ""),
            free_from=known.free_from if known else self.now,
            added_at=known.added_at if known else self.now,
        )


class StockImport:
    """The work of such an import. An empty cell says nothing new of a number in stock."""

    def __init__(
        self,
        store: StockImportStore,
        files: JobFiles,
        sheets: SheetReader,
        areas: Areas,
        clock: Clock,
    ) -> None:
        self._store = store
        self._work = SheetWork(store, files, sheets, max_rows=MAX_STOCK_ROWS, batch=BATCH)
        self._areas = areas
        self._clock = clock

    async def run(self, run: JobRun) -> JobState:
        """Check what was uploaded; or, when that is done, carry it out."""
        if run.job.state is JobState.CHECKING:
            await self._check(run)
            return JobState.READY
        await self._work.carry_out(run, self._carry_out)
        return JobState.DONE

    async def _check(self, run: JobRun) -> None:
        table = await self._work.read(run, STOCK_COLUMNS, ("number",))
        rules = _Rules(table, self._areas, self._clock.now())

        async def judged(batch: Sequence[SheetRow]) -> list[JobRow]:
            return await self._judged(rules, batch)

        await self._work.judge(run, table, judged)

    async def _judged(self, rules: _Rules, batch: Sequence[SheetRow]) -> list[JobRow]:
        asked = [number for row in batch if (number := rules.number_of(row)) is not None]
        found = await self._store.numbers_named(asked)
        serving = {one.number: one for one in found if one.state is not NumberState.RETURNED}
        stock = {one.number: one for one in await self._store.stock_named(asked)}
        return [rules.judge(row, serving, stock) for row in batch]

    async def _carry_out(self, rows: Sequence[JobRow]) -> list[JobRow]:
        return [await self._take_in(row) for row in rows]

    async def _take_in(self, row: JobRow) -> JobRow:
        wanted = _plan(row.plan)
        try:
            if await self._store.stock_number(wanted.number) is None:
                await self._store.add_stock([wanted])
            else:
                await self._store.save_stock(wanted)
        except CustomerError:
            return overtaken(row)
        return replace(row, outcome=RowOutcome.DONE)


def _supplier(reader: RowReader) -> str:
    text = reader.text("supplier")
    if len(text) > MAX_SUPPLIER:
        raise reader.problem(
            RowCode.BAD_VALUE, "supplier", f"has more than {MAX_SUPPLIER} characters"
        )
    return text


def _whole(reader: RowReader, name: str, allowed: range) -> int | None:
    """The whole number of a cell, None of an empty one. Raises RowProblem."""
    text = reader.text(name).removesuffix(".0")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and int(text) in allowed):
        hint = f"{allowed.start} to {allowed.stop - 1}"
        raise reader.problem(
            RowCode.BAD_VALUE, name, "is no whole number that may stand here", hint
        )
    return int(text)
