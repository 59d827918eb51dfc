"""Writes the files of an export row by row: .xlsx, or CSV for spreadsheets or for programs."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

from maskline.domain.masking import mask
from maskline.services.export_source import Cell, RealNumber
from maskline.services.sheet import NewSheet, SheetStream

WIDTH = 22
_RISKY = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that spreadsheets take for a formula (OWASP, CSV injection)."""


class ExportFormat(StrEnum):
    """What is written.

    CSV for programs is RFC 4180 and nothing else; for spreadsheets it begins with a byte order
    mark, and what looks like a formula with an apostrophe.
    """

    XLSX = "xlsx"
    CSV_SPREADSHEET = "csv_spreadsheet"
    CSV_PROGRAM = "csv_program"

    @property
    def ending(self) -> str:
        """How the names of its files end."""
        return "xlsx" if self is ExportFormat.XLSX else "csv"


class CellText:
    """Cells as texts: times in a zone, real numbers masked or in clear."""

    def __init__(self, zone: ZoneInfo, *, is_clear: bool) -> None:
        self._zone = zone
        self._is_clear = is_clear

    def write(self, cell: Cell) -> str | int | float | None:
        """A cell as it is written; numbers that count stay numbers."""
        match cell:
            case RealNumber():
                return cell.number if self._is_clear else mask(cell.number)
            case datetime():
                return cell.astimezone(self._zone).strftime("%Y-%m-%d %H:%M:%S")
            case bool():
                return "yes" if cell else "no"
            case str():
                return str(cell)
            case _:
                return cell


class ExportSink(Protocol):
    """A file of an export. Blocks."""

    @property
    def is_full(self) -> bool:
        """Whether another file should go on."""
        ...

    def add(self, values: Sequence[str | int | float | None], *, is_head: bool = False) -> None:
        """One row."""
        ...

    def close(self) -> None:
        """End it; the stream stays open."""
        ...


class CsvSink:
    """A CSV file in UTF-8."""

    def __init__(self, stream: SheetStream, *, is_for_spreadsheets: bool) -> None:
        self._stream = stream
        self._is_for_spreadsheets = is_for_spreadsheets
        self._line = io.StringIO()
        self._writer = csv.writer(self._line)
        if is_for_spreadsheets:
            stream.write(b"\xef\xbb\xbf")

    @property
    def is_full(self) -> bool:
        """It has no bound of its own."""
        return False

    def add(self, values: Sequence[str | int | float | None], *, is_head: bool = False) -> None:
        """One row."""
        del is_head
        self._writer.writerow(self._safe(value) for value in values)
        self._stream.write(self._line.getvalue().encode())
        self._line.seek(0)
        self._line.truncate()

    def close(self) -> None:
        """Nothing follows the last row."""

    def _safe(self, value: str | float | None) -> str | float | None:
        is_risky = isinstance(value, str) and value.startswith(_RISKY)
        return f"'{value}" if is_risky and self._is_for_spreadsheets else value


def begin_file(
    export_format: ExportFormat, stream: SheetStream, columns: int, new_sheet: NewSheet
) -> ExportSink:
    """A file of a format on a stream."""
    if export_format is ExportFormat.XLSX:
        return new_sheet(stream, "export", [WIDTH] * columns)
    is_for_spreadsheets = export_format is ExportFormat.CSV_SPREADSHEET
    return CsvSink(stream, is_for_spreadsheets=is_for_spreadsheets)
