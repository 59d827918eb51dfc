"""Numbers go from the stock to an application, are transferred, released and looked back at."""

from pathlib import Path

import pytest
from openpyxl import Workbook
from playwright.sync_api import expect
from tests.journeys.conftest import VisitMaker

FACE = b"\xff\xd8\xff\xe0 a face"


def _workbook(path: Path, first: int) -> Path:
    """Two numbers, the second of which needs a real name."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["号码", "城市", "类型", "实名方案"])
    sheet.append([f"+{first}", "深圳", "运营商", ""])
    sheet.append([f"+{first + 1}", "深圳", "运营商", "2"])
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("language", "theme", "first"),
    [("zh", "light", 8617000081000), ("en", "dark", 8617000082000)],
)
def test_numbers_go_from_the_stock_through_their_life(
    visit: VisitMaker, tmp_path: Path, language: str, theme: str, first: int
) -> None:
    one = visit(language, theme, role="operator")
    page = one.page
    one.go("platform/stock/import")
    page.get_by_test_id("import.file").set_input_files(_workbook(tmp_path / "s.xlsx", first))
    page.get_by_test_id("import.apply").click()
    expect(page.get_by_test_id("import.apply")).to_have_count(0)
    one.go("platform/stock")
    expect(page.get_by_test_id("stock.counts")).to_contain_text("0755")
    one.stop("stock")
    page.get_by_test_id("stock.issue").click()
    form = page.get_by_test_id("stock.issueForm")
    form.locator("[name=app_key]").select_option(index=1)
    form.locator("[name=quantity]").fill("2")
    form.locator("[name=reference]").fill(f"order {first}")
    one.stop("issue")
    page.get_by_test_id("stock.issueForm.send").click()
    expect(page.get_by_test_id("stock.issued")).to_contain_text("2")

    one.go("real-name")
    expect(page.get_by_test_id("realName.row").first).to_contain_text("2")
    one.stop("real-names")
    one.go(f"numbers/+{first + 1}")
    page.get_by_test_id("number.realName.done").click()
    page.get_by_test_id("kit.confirm.yes").click()
    expect(page.get_by_test_id("number.history.row")).to_have_count(2)
    one.stop("number")

    page.get_by_test_id("number.transfer").click()
    page.get_by_test_id("numbers.transferDialog.to").select_option(index=2)
    expect(page.get_by_test_id("numbers.transferDialog.effects")).to_be_visible()
    one.stop("transfer")
    page.keyboard.press("Escape")
    page.get_by_test_id("kit.unsaved.leave").click()

    page.get_by_test_id("number.release").click()
    expect(page.get_by_test_id("numbers.releaseDialog.effects")).to_contain_text("1")
    page.get_by_test_id("numbers.releaseDialog.typed").fill("1")
    one.stop("release")
    page.get_by_test_id("numbers.releaseDialog.run").click()
    expect(page.get_by_test_id("numberJob.row")).to_have_count(1)
    one.stop("released")


@pytest.mark.parametrize(("language", "theme"), [("zh", "light"), ("en", "dark")])
def test_an_actual_user_is_reported(
    visit: VisitMaker, tmp_path: Path, language: str, theme: str
) -> None:
    face = tmp_path / "face.jpg"
    face.write_bytes(FACE + language.encode())
    one = visit(language, theme, role="owner")
    page = one.page
    one.go("actual-users")
    page.get_by_test_id("registrants.report").click()
    form = page.get_by_test_id("registrants.form")
    number = "+8613900008301" if language == "zh" else "+8613900008302"
    form.locator("[name=number]").fill(number)
    form.locator("[name=name]").fill("王小明")
    form.locator("[name=identity_card]").fill("11010519491231002X")
    form.locator("[name=photo]").set_input_files(face)
    form.locator("[name=agrees]").check()
    one.stop("form")
    page.get_by_test_id("registrants.form.send").click()
    row = page.get_by_test_id("registrants.row").first
    expect(row).to_contain_text("王**")
    one.stop("list")
    row.click()
    expect(page.get_by_test_id("registrants.one")).to_contain_text("****002X")
    one.stop("one")
