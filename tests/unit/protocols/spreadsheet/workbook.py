"""Workbooks as other programs and enemies write them."""

import io
import zipfile
from collections.abc import Mapping, Sequence

import openpyxl

BOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="1" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
)


def workbook(*rows: Sequence[object], merged: str = "", hidden_first: bool = False) -> io.BytesIO:
    """A workbook of a common library."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    if hidden_first:
        sheet.append(["hidden"])
        sheet.sheet_state = "hidden"
        sheet = book.create_sheet("seen")
    for row in rows:
        sheet.append(list(row))
    if merged:
        sheet.merge_cells(merged)
    file = io.BytesIO()
    book.save(file)
    return io.BytesIO(file.getvalue())


def package(sheet: str, others: Mapping[str, str] | None = None) -> io.BytesIO:
    """A workbook of hand-written parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", BOOK)
        archive.writestr("xl/_rels/workbook.xml.rels", RELATIONS)
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
        for name, content in (others or {}).items():
            archive.writestr(name, content)
    file.seek(0)
    return file


def sheet_of(rows: str) -> str:
    return f"<worksheet><sheetData>{rows}</sheetData></worksheet>"
