"""The platform charges and books a payment; the tenant reads why, and buys a package."""

import pytest
from playwright.sync_api import expect
from tests.journeys.conftest import VisitMaker


@pytest.mark.parametrize(("language", "theme"), [("zh", "light"), ("en", "dark")])
def test_what_is_charged_is_told_and_what_is_paid_is_booked(
    visit: VisitMaker, language: str, theme: str
) -> None:
    one = visit(language, theme, role="operator")
    page = one.page
    one.go("platform/money?tab=runs")
    page.get_by_test_id("money.run.issued").click()
    page.get_by_test_id("kit.confirm.yes").click()
    expect(page.get_by_test_id("money.runs.row").first).to_contain_text("2026")
    one.stop("runs")
    page.get_by_role("tab").nth(0).click()
    page.get_by_role("link", name="Demo").click()
    page.get_by_test_id("money.topUp").click()
    form = page.get_by_test_id("money.top-ups")
    form.locator("[name=amount]").fill("12.5")
    form.locator("[name=reference]").fill(f"bank/{language}")
    one.stop("top_up")
    page.get_by_test_id("money.top-ups.send").click()
    expect(form).to_have_count(0)
    page.get_by_role("tab").nth(1).click()
    expect(page.get_by_test_id("money.ledger.row").first).to_contain_text("12.50")

    own = visit(language, theme, role="owner")
    page = own.page
    own.go("money")
    expect(page.get_by_test_id("page.verdict")).to_contain_text("¥")
    page.get_by_role("tab").nth(2).click()
    expect(page.get_by_test_id("money.statement.lines")).to_be_visible()
    own.stop("statement")
    page.get_by_role("tab").nth(3).click()
    page.get_by_test_id("money.package.buy").first.click()
    page.get_by_test_id("kit.confirm.yes").click()
    expect(page.get_by_test_id("money.purchases")).to_be_visible()
