"""A spreadsheet as a table: columns found by name, cells read by rules that lose no digit."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from maskline.domain.number import read_number
from maskline.services.job_run import JobFailed
from maskline.services.row_problem import RowCode, RowProblem
from maskline.services.sheet import FORMULA, NUMBER, SheetCell, SheetRow

HINT_MARK = "※"
"""Begins the row of hints of a template, which is no row of data."""

_DIGITS = re.compile(r"[0-9]{1,15}")
_SCIENTIFIC = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?[eE][+-]?[0-9]+")
_SPACE = re.compile(r"[\s/*()（）]+")
_YES = frozenset({"是", "yes", "y", "true", "1", "支持", "开通", "on"})
_NO = frozenset({"否", "no", "n", "false", "0", "不支持", "关闭", "off"})

Names = Mapping[str, Sequence[str]]
"""What a column may be called, by its name among programs; the first is how it is shown."""


class SheetTable:
    """The columns of a sheet whose first row names them, in any order; others are ignored.

    Raises JobFailed where there is no row, or a column of `needed` is missing.
    """

    def __init__(self, rows: Sequence[SheetRow], names: Names, needed: Sequence[str]) -> None:
        if not rows:
            raise JobFailed("M2003", "is empty: its first row must name the columns")
        head = {cell.column: cell.text.strip() for cell in rows[0].cells}
        self._names = names
        self._columns: dict[str, int] = {}
        for column, text in head.items():
            name = _known(text, names)
            if name is not None:
                self._columns.setdefault(name, column)
        for name in needed:
            if name not in self._columns:
                raise JobFailed(
                    "M2003", f"has no column {names[name][0]} ({name}) in its first row"
                )
        self._head = head
        width = max(head, default=-1) + 1
        self.header = tuple(head.get(column, "") for column in range(width))
        self.rows = [row for row in rows[1:] if not _is_hint(row)]

    def cells(self, row: SheetRow) -> tuple[str, ...]:
        """A row as it was given."""
        by_column = {cell.column: cell.text for cell in row.cells}
        return tuple(by_column.get(column, "") for column in range(len(self.header)))

    def reader(self, row: SheetRow) -> "RowReader":
        """A row, whose cells are asked for by the names of their columns.

        Raises RowProblem for what no rule can read: merged cells, formulas.
        """
        by_column = {cell.column: cell for cell in row.cells}
        found = {
            name: by_column[column] for name, column in self._columns.items() if column in by_column
        }
        shown = {name: self._head[column] for name, column in self._columns.items()}
        first = next(iter(shown.values()))
        if row.is_merged:
            raise RowProblem(RowCode.MERGED, first, "", "has merged cells", "unmerge them")
        for name, cell in found.items():
            if cell.kind == FORMULA:
                raise RowProblem(
                    RowCode.FORMULA, shown[name], cell.text, "is a formula", "paste it as a value"
                )
        return RowReader(found, shown, self._names)


class RowReader:
    """The cells of one row."""

    def __init__(
        self, cells: Mapping[str, SheetCell], shown: Mapping[str, str], names: Names
    ) -> None:
        self._cells = cells
        self._shown = shown
        self._names = names

    def text(self, name: str) -> str:
        """What a cell says, without blanks around it; empty when there is none."""
        cell = self._cells.get(name)
        return "" if cell is None else unicodedata.normalize("NFKC", cell.text).strip()

    def number(self, name: str) -> str:
        """The phone number of a cell in global form. Raises RowProblem."""
        text = self.text(name)
        cell = self._cells.get(name)
        is_number = cell is not None and cell.kind == NUMBER
        # A spreadsheet keeps 15 digits of a number, and may show and save fewer.
        if (is_number and not _DIGITS.fullmatch(text)) or _SCIENTIFIC.fullmatch(text):
            raise self.problem(
                RowCode.DIGITS_LOST,
                name,
                "is stored as a number by the spreadsheet, which loses digits",
                "format the column as text, or use the template",
            )
        found = read_number(text)
        if found is None:
            hint = "such as +8617012345678 or 17012345678"
            raise self.problem(RowCode.NO_NUMBER, name, "is no phone number", hint)
        return found

    def choice(self, name: str) -> bool | None:
        """Yes or no; None for an empty cell. Raises RowProblem."""
        text = self.text(name).casefold()
        if not text:
            return None
        if text not in _YES | _NO:
            raise self.problem(RowCode.NO_CHOICE, name, "is neither yes nor no", "write 是 or 否")
        return text in _YES

    def problem(self, code: RowCode, name: str, message: str, hint: str = "") -> RowProblem:
        """What is wrong with a cell."""
        column = self._shown.get(name) or self._names[name][0]
        return RowProblem(code, column, self.text(name), message, hint)


def _known(text: str, names: Names) -> str | None:
    """The column that a text names, whole or by one of its words: `号码 number *`."""
    whole = _SPACE.sub(" ", text.casefold()).strip()
    for candidate in (whole, *whole.split(" ")):
        for name, known in names.items():
            if candidate == name or candidate in known:
                return name
    return None


def _is_hint(row: SheetRow) -> bool:
    return any(cell.text.lstrip().startswith(HINT_MARK) for cell in row.cells[:1])
