import io

import openpyxl

from maskline.protocols.spreadsheet.read import read_sheet
from maskline.protocols.spreadsheet.write import SheetWriter

VALUES = ["+8613900001001", "=1+1", "a & <b>\n", "bell\x07", "_x0041_", "", " edge ", "深圳"]


class _Pipe:
    """What cannot seek."""

    def __init__(self) -> None:
        self.content = bytearray()

    def write(self, content: bytes, /) -> int:
        self.content += content
        return len(content)

    def flush(self) -> None:
        pass

    def close(self) -> None:
        raise AssertionError


def _written() -> io.BytesIO:
    pipe = _Pipe()
    writer = SheetWriter(pipe, "a & b", [20, 9])
    writer.add(["head", "other"], is_head=True)
    writer.add(VALUES)
    writer.add([7, 1.5, None])
    writer.close()
    return io.BytesIO(pipe.content)


def test_a_common_library_reads_what_is_written_into_a_pipe():
    sheet = openpyxl.load_workbook(_written()).worksheets[0]
    head, texts, numbers = sheet.iter_rows(values_only=True)
    assert sheet.title == "a & b"
    assert head[:2] == ("head", "other")
    assert texts[:3] == ("+8613900001001", "=1+1", "a & <b>\n")
    assert sheet.cell(2, 2).data_type != "f"
    assert sheet.cell(2, 1).number_format == "@"
    assert numbers[:2] == (7, 1.5)


def test_texts_come_back_as_they_were():
    rows = read_sheet(_written(), 10)
    back = [rows[1].cells[place].text if place in rows[1].cells else "" for place in range(8)]
    assert back == VALUES
