import io
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.protocols.spreadsheet.workbook import package, sheet_of, workbook

from maskline.protocols.spreadsheet import package as package_module
from maskline.protocols.spreadsheet.error import SheetRefused
from maskline.protocols.spreadsheet.read import SheetCell, read_sheet


def _refusal(file: io.BytesIO, max_rows: int = 10) -> str:
    with pytest.raises(SheetRefused) as caught:
        read_sheet(file, max_rows)
    return caught.value.code


def test_texts_numbers_and_formulas_are_told_apart():
    rows = read_sheet(workbook(["号码", 17012345678, "=1+1", True, None, "x"]), 10)
    cells = rows[0].cells
    assert [cells[place].kind for place in (0, 1, 2, 3, 5)] == ["s", "n", "f", "b", "s"]
    assert (cells[0].text, cells[1].text, 4 in cells) == ("号码", "17012345678", False)


def test_a_number_is_as_it_stands_in_the_file():
    sheet = sheet_of('<row r="7"><c r="B7"><v>1.7012345678901E+19</v></c></row>')
    (row,) = read_sheet(package(sheet), 10)
    assert (row.number, row.cells) == (7, {1: SheetCell("n", "1.7012345678901E+19")})


def test_rich_text_is_joined_and_its_pronunciation_left_out():
    strings = (
        "<sst><si><r><t>深</t></r><r><t>圳</t></r><rPh><t>シン</t></rPh></si>"
        "<si><t>a_x000A_b</t></si></sst>"
    )
    sheet = sheet_of('<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row>')
    (row,) = read_sheet(package(sheet, {"xl/sharedStrings.xml": strings}), 10)
    assert [cell.text for cell in row.cells.values()] == ["深圳", "a\nb"]


def test_rows_of_merged_cells_are_marked():
    rows = read_sheet(workbook(["a"], ["b"], ["c"], ["d"], merged="A2:B3"), 10)
    assert [(row.number, row.is_merged) for row in rows] == [
        (1, False),
        (2, True),
        (4, False),
    ]


def test_the_first_visible_sheet_counts():
    (row,) = read_sheet(workbook(["seen"], hidden_first=True), 10)
    assert row.cells[0].text == "seen"


def test_more_rows_than_may_be_are_refused_and_empty_ones_do_not_count():
    full = sheet_of("<row/>" * 50 + "<row><c><v>1</v></c></row>" * 3)
    assert len(read_sheet(package(full), 3)) == 3
    assert _refusal(package(full), 2) == "M2002"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "M2001"),
        (b"number,city\n+861,x\n", "M2001"),
        (b"\xd0\xcf\x11\xe0 an old workbook", "M2001"),
        (b"PK\x03\x04 no end", "M2001"),
    ],
)
def test_what_is_no_workbook_is_refused(content: bytes, code: str):
    assert _refusal(io.BytesIO(content)) == code


def test_a_zip_of_other_things_macros_and_a_missing_sheet_are_refused():
    file = io.BytesIO()
    package_without = package(sheet_of(""), {"xl/vbaProject.bin": "x"})
    assert _refusal(package_without) == "M2006"
    assert _refusal(workbook_without_sheets(file)) == "M2001"


def workbook_without_sheets(file: io.BytesIO) -> io.BytesIO:
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("readme.txt", "no workbook")
    file.seek(0)
    return file


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(package_module, "MAX_PART_BYTES", 100_000)
    bomb = package(sheet_of("<row><c><v>" + "0" * 200_000 + "</v></c></row>"))
    assert len(bomb.getvalue()) < 3_000
    assert _refusal(bomb) == "M2004"


def test_entities_are_refused():
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
    assert _refusal(package(laughs + sheet_of("<row><c><v>&b;</v></c></row>"))) == "M2001"


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_whatever_is_done_to_a_workbook_it_is_read_or_refused(data: st.DataObject):
    content = bytearray(GOOD)
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] = data.draw(st.integers(0, 255))
    del content[data.draw(st.integers(1, len(content))) :]
    with suppress(SheetRefused):
        read_sheet(io.BytesIO(bytes(content)), 10)


@settings(max_examples=100, deadline=None)
@given(st.text(st.sampled_from("<>/rowcvtfis=\"' 0123AB:mergeCell&;"), max_size=200))
def test_whatever_a_sheet_holds_it_is_read_or_refused(text: str):
    with suppress(SheetRefused):
        read_sheet(package(sheet_of(text)), 10)


GOOD = workbook(["number", "city"], ["+8617000000001", "0755"]).getvalue()
