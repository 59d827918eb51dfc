"""Rows of the first visible sheet, cell by cell as they were written.

A spreadsheet library gives numbers as floats and formulas as their last results; here both are
told apart from texts, as they are where digits of phone numbers get lost.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import BinaryIO

from maskline.protocols.spreadsheet.error import SheetRefused
from maskline.protocols.spreadsheet.package import Attributes, Package

MAX_COLUMNS = 64
MAX_CELL_CHARS = 500
MAX_STRINGS = 1_000_000
MAX_MERGES = 100_000

_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")

TEXT, NUMBER, FORMULA, TRUTH, FAILURE = "s", "n", "f", "b", "e"
"""What a cell holds; a failure is a result such as #N/A."""


@dataclass(frozen=True, slots=True)
class SheetCell:
    """A cell: TEXT and so on, and its text. A number is as it stands in the file: `1.7E+10`."""

    kind: str
    text: str


@dataclass(slots=True)
class SheetRow:
    """A row by its number on the sheet, from 1; cells by column, from 0. Empty ones are absent."""

    number: int
    cells: dict[int, SheetCell] = field(default_factory=dict[int, SheetCell])
    is_merged: bool = False


def read_sheet(file: BinaryIO, max_rows: int) -> list[SheetRow]:
    """The rows that are not empty, in order; more than `max_rows` are refused.

    Raises SheetRefused.
    """
    package = Package(file)
    if package.has_macros:
        raise SheetRefused("M2006", "holds macros; save it as .xlsx without them")
    part = _first_visible(package)
    strings = _strings(package) if "xl/sharedStrings.xml" in package else []
    reading = _SheetReading(strings, max_rows)
    package.parse(part, start=reading.start, end=reading.end, text=reading.text)
    reading.mark_merged()
    return reading.rows


def _first_visible(package: Package) -> str:
    """The part with the sheet that people see first."""
    sheets: list[str] = []
    targets: dict[str, str] = {}

    def see_sheet(name: str, attributes: Attributes) -> None:
        if name == "sheet" and attributes.get("state", "visible") == "visible":
            relation = (v for k, v in attributes.items() if k.rpartition(" ")[2] == "id")
            sheets.append(next(relation, ""))

    def see_target(name: str, attributes: Attributes) -> None:
        if name == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    package.parse("xl/workbook.xml", start=see_sheet)
    package.parse("xl/_rels/workbook.xml.rels", start=see_target)
    for relation in sheets:
        target = targets.get(relation)
        if target:
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    raise SheetRefused("M2003", "has no visible sheet")


def _strings(package: Package) -> list[str]:
    """The texts that cells share."""
    strings: list[str] = []
    pieces: list[str] = []
    inside: list[str] = []

    def start(name: str, _: Attributes) -> None:
        inside.append(name)
        if name == "si":
            pieces.clear()

    def end(name: str) -> None:
        inside.pop()
        if name == "si":
            if len(strings) >= MAX_STRINGS:
                raise SheetRefused("M2004", "has too many texts; split it into several files")
            strings.append(_cell_text(pieces))

    def text(piece: str) -> None:
        # `rPh` holds how the text is pronounced.
        if inside[-1] == "t" and "rPh" not in inside:
            pieces.append(piece)

    package.parse("xl/sharedStrings.xml", start=start, end=end, text=text)
    return strings


class _SheetReading:
    """The part of a sheet as it is told element by element."""

    def __init__(self, strings: list[str], max_rows: int) -> None:
        self.rows: list[SheetRow] = []
        self._strings = strings
        self._max_rows = max_rows
        self._row = SheetRow(0)
        self._column = -1
        self._type = "n"
        self._has_formula = False
        self._reads = False
        self._is_spoken = False
        self._pieces: list[str] = []
        self._merges: list[tuple[int, int]] = []

    def start(self, name: str, attributes: Attributes) -> None:
        match name:
            case "row":
                given = attributes.get("r", "")
                number = int(given) if given.isascii() and given.isdigit() else 0
                self._row = SheetRow(number or self._row.number + 1)
                self._column = -1
            case "c":
                self._begin_cell(attributes)
            case "v" | "t":
                self._reads = not self._is_spoken
            case "f":
                self._has_formula = True
            case "rPh":
                self._is_spoken = True
            case "mergeCell":
                self._merge(attributes.get("ref", ""))
            case _:
                pass

    def end(self, name: str) -> None:
        match name:
            case "row":
                self._end_row()
            case "c":
                self._end_cell()
            case "v" | "t":
                self._reads = False
            case "rPh":
                self._is_spoken = False
            case _:
                pass

    def text(self, piece: str) -> None:
        if self._reads:
            self._pieces.append(piece)

    def mark_merged(self) -> None:
        """Tell rows that share a cell with others: which of them its value means is not known."""
        self._merges.sort()
        starts = [first for first, _ in self._merges]
        furthest: list[int] = []
        for _, last in self._merges:
            furthest.append(max(last, furthest[-1] if furthest else 0))
        for row in self.rows:
            before = bisect_right(starts, row.number)
            row.is_merged = before > 0 and furthest[before - 1] >= row.number

    def _begin_cell(self, attributes: Attributes) -> None:
        place = _PLACE.fullmatch(attributes.get("r", ""))
        self._column = _column(place[1]) if place else self._column + 1
        self._type = attributes.get("t", "n")
        self._has_formula = False
        self._pieces.clear()

    def _end_cell(self) -> None:
        text = _cell_text(self._pieces)
        kind = FORMULA if self._has_formula else _KINDS.get(self._type, TEXT)
        if self._type == "s" and not self._has_formula:
            place = int(text) if text.isascii() and text.isdigit() else -1
            if not 0 <= place < len(self._strings):
                raise SheetRefused("M2001", "is damaged: a text is missing; save it anew")
            text = self._strings[place]
        if (text or kind == FORMULA) and self._column < MAX_COLUMNS:
            self._row.cells[self._column] = SheetCell(kind, text)

    def _end_row(self) -> None:
        if not self._row.cells:
            return
        if len(self.rows) >= self._max_rows:
            raise SheetRefused(
                "M2002", f"has more than {self._max_rows} rows; split it into several files"
            )
        self.rows.append(self._row)

    def _merge(self, reference: str) -> None:
        if len(self._merges) >= MAX_MERGES:
            raise SheetRefused("M2004", "has too many merged cells; unmerge them")
        ends = [_PLACE.fullmatch(end) for end in reference.split(":")]
        if all(ends) and ends:
            numbers = [int(end[2]) for end in ends if end]
            self._merges.append((min(numbers), max(numbers)))


_KINDS = {"n": NUMBER, "b": TRUTH, "e": FAILURE}


def _cell_text(pieces: list[str]) -> str:
    joined = "".join(pieces)[:MAX_CELL_CHARS]
    if "_x" in joined:  # ECMA-376 part 1, 22.9.2.19
        joined = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), joined)
    return joined


def _column(letters: str) -> int:
    """`A` is 0."""
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - 64
    return place - 1
