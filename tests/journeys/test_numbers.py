"""Numbers come in by the spreadsheet, and one of them is bound and unbound by hand."""

from pathlib import Path

import pytest
from openpyxl import Workbook
from playwright.sync_api import expect
from tests.journeys.conftest import VisitMaker

WORDS = {
    "zh": {"ready": "993 行可以导入，7 行有错误", "city": "深圳 0755？", "ended": "已结束于"},
    "en": {"ready": "2 can be imported, 1 have errors", "city": "Is it 深圳", "ended": "ended"},
}


def _workbook(path: Path, first: int, good: int, bad: int) -> Path:
    """Good numbers, and some of a city that is written wrong."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["号码", "应用", "城市"])
    for place in range(good + bad):
        sheet.append([f"+{first + place}", "axb", "深圳" if place < good else "深证"])
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("language", "theme", "first", "good", "bad"),
    [("zh", "light", 8617000071000, 993, 7), ("en", "dark", 8617000007201, 2, 1)],
)
def test_numbers_come_in_from_a_spreadsheet_and_one_is_bound(
    visit: VisitMaker, tmp_path: Path, language: str, theme: str, first: int, good: int, bad: int
) -> None:
    one = visit(language, theme, role="administrator")
    page, words = one.page, WORDS[language]
    one.go("numbers/import")
    page.get_by_test_id("import.file").set_input_files(
        _workbook(tmp_path / "n.xlsx", first, good, bad)
    )
    expect(page.get_by_test_id("page.verdict")).to_contain_text(words["ready"])
    errors = page.get_by_test_id("import.errors.row")
    expect(errors).to_have_count(bad)
    expect(errors.first).to_contain_text("M2105")
    expect(errors.first).to_contain_text(words["city"])
    one.stop("check")
    page.get_by_test_id("import.apply").click()
    expect(page.get_by_test_id("import.apply")).to_have_count(0)

    number = f"+{first}"
    one.go(f"numbers/{number}")
    expect(page.get_by_test_id("number.summary")).to_contain_text("0755")

    page.get_by_test_id("number.bind").click()
    page.get_by_test_id("bind.a").fill("138 0000 7101")
    page.get_by_test_id("bind.b").fill("+8613800007102")
    expect(page.get_by_test_id("bind.request")).to_contain_text('"callerNum": "+8613800007101"')
    expect(page.get_by_test_id("bind.request")).to_contain_text(f'"relationNum": "{number}"')
    one.stop("bind")
    page.get_by_test_id("bind.submit").click()
    page.get_by_test_id("bind.done").get_by_role("link").click()
    expect(page.get_by_test_id("binding.fields")).to_contain_text("138 **** 7101")
    page.get_by_test_id("binding.unbind").click()
    page.get_by_test_id("kit.confirm.yes").click()
    expect(page.get_by_test_id("page.verdict")).to_contain_text(words["ended"])
    one.stop("ended")
