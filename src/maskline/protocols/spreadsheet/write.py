"""Writes a workbook of one sheet, row by row, into a stream that need not seek.

All text stands in its cell (`inlineStr`): a table of shared texts would have to be held until the
end. What is written leaves at once, so a million rows need no more memory than one.
"""

import re
import zipfile
from collections.abc import Sequence
from typing import Protocol, TypeAlias
from xml.sax.saxutils import escape

MAX_SHEET_BYTES = 1_500_000_000
"""Spreadsheets refuse ZIP64 sizes behind a part, so one must stay below 2 GiB unpacked."""

Value: TypeAlias = str | int | float | None

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]|_(?=x[0-9A-Fa-f]{4}_)")
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
    '<Override PartName="/xl/styles.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>'
)
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_ROOT = (
    f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1"'
    f' Type="{_RELATION}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
_BOOK_RELATIONS = (
    f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1" Type="{_RELATION}/worksheet"'
    f' Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{_RELATION}/styles"'
    ' Target="styles.xml"/></Relationships>'
)
# Style 0 is plain, 1 is text (format 49), 2 is bold text.
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/>'
    '</font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    "<borders><border><left/><right/><top/><bottom/><diagonal/></border></borders>"
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3">'
    '<xf xfId="0"/><xf xfId="0" numFmtId="49" applyNumberFormat="1"/>'
    '<xf xfId="0" numFmtId="49" fontId="1" applyNumberFormat="1" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'


class Stream(Protocol):
    """Where a workbook goes."""

    def write(self, content: bytes, /) -> int:
        """Take all of it."""
        ...

    def flush(self) -> None:
        """Nothing need happen."""
        ...

    def close(self) -> None:
        """Not called."""
        ...


class SheetWriter:
    """One sheet. `close` ends it; until then the file is no workbook.

    `widths` are those of the columns, in characters; all columns are of text.
    """

    def __init__(self, stream: Stream, title: str, widths: Sequence[int]) -> None:
        self._archive = zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=4)
        self.rows = 0
        self.bytes = 0
        book = (
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATION}"><sheets>'
            f'<sheet name="{escape(title)}" sheetId="1" r:id="rId1"/></sheets></workbook>'
        )
        for name, content in (
            ("[Content_Types].xml", _TYPES),
            ("_rels/.rels", _ROOT),
            ("xl/workbook.xml", book),
            ("xl/_rels/workbook.xml.rels", _BOOK_RELATIONS),
            ("xl/styles.xml", _STYLES),
        ):
            self._archive.writestr(name, _DECLARATION + content)
        self._sheet = self._archive.open("xl/worksheets/sheet1.xml", "w")
        columns = "".join(
            f'<col min="{place}" max="{place}" width="{width}" style="1" customWidth="1"/>'
            for place, width in enumerate(widths, 1)
        )
        self._put(f'{_DECLARATION}<worksheet xmlns="{_MAIN}"><cols>{columns}</cols><sheetData>')

    @property
    def is_full(self) -> bool:
        """Whether the sheet should end here and another file go on."""
        return self.bytes >= MAX_SHEET_BYTES

    def add(self, values: Sequence[Value], *, is_head: bool = False) -> None:
        """One row. Texts stay texts: what looks like a number or a formula is neither."""
        self.rows += 1
        style = 2 if is_head else 1
        self._put(f"<row>{''.join([_cell(value, style) for value in values])}</row>")

    def close(self) -> None:
        """End the sheet and the file; the stream stays open."""
        self._put("</sheetData></worksheet>")
        self._sheet.close()
        self._archive.close()

    def _put(self, text: str) -> None:
        self.bytes += self._sheet.write(text.encode())


def _cell(value: Value, style: int) -> str:
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, str):
        return (
            f'<c t="inlineStr" s="{style}"><is><t xml:space="preserve">{_text(value)}</t></is></c>'
        )
    return f"<c><v>{value}</v></c>"


def _text(text: str) -> str:
    # ECMA-376 part 1, 22.9.2.19: what XML cannot hold, and what looks like such an escape.
    return escape(_NOT_XML.sub(lambda found: f"_x{ord(found[0]):04X}_", text))
