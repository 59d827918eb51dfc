"""Lines of orders from spreadsheets, and the sheets that are given out: a template, the numbers."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from maskline.domain.area import Areas
from maskline.domain.error import InvalidParameter
from maskline.domain.order import MAX_LINES
from maskline.domain.virtual_number import NumberKind, VirtualNumber
from maskline.services.import_cell import read_city, read_kind
from maskline.services.job_run import JobFailed
from maskline.services.order_request import LineForm
from maskline.services.row_problem import RowCode, RowProblem
from maskline.services.sheet import NewSheet, SheetReader, SheetRow
from maskline.services.sheet_table import HINT_MARK, RowReader, SheetTable
from maskline.services.stock_request import MAX_ISSUED

COLUMNS = {
    "city": ("城市", "city", "区号", "area", "area_code"),
    "kind": ("类型", "kind", "号码类型"),
    "quantity": ("数量", "quantity", "count", "号码数量"),
    "sms": ("短信", "sms", "短信能力"),
}
NEEDED = ("city", "quantity")
WIDTH = 24
MAX_SHEET_BYTES = 2_000_000

_HINTS = (
    f"{HINT_MARK} 城市或区号，空 = 不限 / city or area code, empty: any: 深圳, 0755",
    "运营商 or 虚拟运营商; 空 / empty = 虚拟运营商",
    f"1-{MAX_ISSUED}",
    "是 or 否; 空 / empty = 否",
)
_HEAD = ("号码 number", "城市 city", "区号 area_code", "类型 kind", "短信 sms", "状态 state")


@dataclass(frozen=True, slots=True)
class RowTrouble:
    """A row of a sheet that is no line of an order, by its number on the sheet, and why."""

    row: int
    problem: RowProblem


@dataclass(frozen=True, slots=True)
class SheetLines:
    """What a sheet says: its lines, and the rows that are none."""

    lines: tuple[LineForm, ...]
    troubles: tuple[RowTrouble, ...]


class OrderSheets:
    """Reads and writes them."""

    def __init__(self, reader: SheetReader, new_sheet: NewSheet, areas: Areas) -> None:
        self._reader = reader
        self._new_sheet = new_sheet
        self._areas = areas

    def template(self) -> bytes:
        """An empty sheet; its row of hints may stay."""
        head = [f"{names[0]} {name}" for name, names in COLUMNS.items()]
        return self._sheet("订购 order", [head, list(_HINTS)])

    def numbers(self, numbers: Sequence[VirtualNumber]) -> bytes:
        """What was issued, with the city of each."""
        rows: list[list[str]] = [list(_HEAD)]
        for number in numbers:
            area = self._areas.named(number.area_code)
            city = area.city if area else ""
            sms = "是" if number.may_message else "否"
            kind = "运营商" if number.kind is NumberKind.CARRIER else "虚拟运营商"
            rows.append([number.number, city, number.area_code, kind, sms, number.state.value])
        return self._sheet("号码 numbers", rows)

    async def read(self, content: bytes) -> SheetLines:
        """What a sheet says; nothing is ordered. Raises InvalidParameter ("file"), BusyError."""
        try:
            rows = await self._reader.read(content, MAX_LINES + 2)
            table = SheetTable(rows, COLUMNS, NEEDED)
        except JobFailed as failed:
            raise InvalidParameter("file", str(failed)) from failed
        lines: list[LineForm] = []
        troubles: list[RowTrouble] = []
        seen: dict[tuple[str | None, NumberKind, bool], int] = {}
        for row in table.rows:
            try:
                line, reader = self._line(table, row)
                sort = line.area_code, line.kind, line.may_message
                if (first := seen.setdefault(sort, row.number)) != row.number:
                    message = f"asks for the same as row {first}"
                    raise reader.problem(RowCode.TWICE, "city", message, "make one row of both")
                lines.append(line)
            except RowProblem as problem:
                troubles.append(RowTrouble(row.number, problem))
        return SheetLines(tuple(lines), tuple(troubles))

    def _line(self, table: SheetTable, row: SheetRow) -> tuple[LineForm, RowReader]:
        reader = table.reader(row)
        line = LineForm(
            area_code=read_city(reader, self._areas, "", "") or None,
            kind=read_kind(reader, "", NumberKind.VIRTUAL_OPERATOR),
            quantity=_quantity(reader),
            may_message=reader.choice("sms") or False,
        )
        return line, reader

    def _sheet(self, title: str, rows: Sequence[list[str]]) -> bytes:
        stream = io.BytesIO()
        sheet = self._new_sheet(stream, title, [WIDTH] * len(rows[0]))
        for place, row in enumerate(rows):
            sheet.add(row, is_head=place == 0)
        sheet.close()
        return stream.getvalue()


def _quantity(reader: RowReader) -> int:
    text = reader.text("quantity")
    is_number = text.isdecimal() and text.isascii() and len(text) <= 4
    if not is_number or not 1 <= int(text) <= MAX_ISSUED:
        raise reader.problem(
            RowCode.BAD_VALUE, "quantity", f"is no number from 1 to {MAX_ISSUED}", "write 20"
        )
    return int(text)
