import io
import zipfile

import pytest
from tests.unit.protocols.spreadsheet.workbook import package, sheet_of, workbook

from maskline.services.job_run import JobFailed
from maskline.services.sheet import ProcessSheetReader, SheetCell, SheetRow

PROGRAM = "maskline.protocols.spreadsheet.program"


async def test_a_workbook_is_read_in_a_process_of_its_own():
    rows = await ProcessSheetReader(PROGRAM).read(workbook(["号码", 17012345678]).getvalue(), 5)
    cells = (SheetCell(0, "s", "号码"), SheetCell(1, "n", "17012345678"))
    assert rows == (SheetRow(1, False, cells),)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"no workbook", "M2001"),
        (workbook(["a"], ["b"], ["c"]).getvalue(), "M2002"),
    ],
)
async def test_what_it_refuses_is_told(content: bytes, code: str):
    with pytest.raises(JobFailed) as caught:
        await ProcessSheetReader(PROGRAM).read(content, 2)
    assert caught.value.code == code


async def test_a_file_of_three_hundred_megabytes_in_three_hundred_kilobytes_is_refused():
    file = io.BytesIO()
    with (
        zipfile.ZipFile(package(sheet_of("")), "r") as good,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bomb,
    ):
        for name in good.namelist():
            if not name.endswith("sheet1.xml"):
                bomb.writestr(name, good.read(name))
        with bomb.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(300):
                part.write(b"0" * 1_000_000)
    assert len(file.getvalue()) < 400_000
    with pytest.raises(JobFailed) as caught:
        await ProcessSheetReader(PROGRAM).read(file.getvalue(), 10)
    assert caught.value.code == "M2004"


async def test_a_file_that_takes_too_long_is_given_up():
    with pytest.raises(JobFailed) as caught:
        await ProcessSheetReader(PROGRAM, timeout_s=0.001).read(workbook(["a"]).getvalue(), 5)
    assert caught.value.code == "M2005"
