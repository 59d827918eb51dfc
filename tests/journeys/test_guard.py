"""A number is blocked and let go again, and calls are bounded, by the platform and by a tenant."""

import pytest
from playwright.sync_api import expect
from tests.journeys.conftest import VisitMaker


@pytest.mark.parametrize(
    ("language", "theme", "role", "path", "ending"),
    [
        ("zh", "light", "operator", "platform/guard", "8101"),
        ("en", "dark", "owner", "numbers/guard", "8102"),
    ],
)
def test_a_number_is_blocked_and_let_go_and_calls_are_bounded(
    visit: VisitMaker, language: str, theme: str, role: str, path: str, ending: str
) -> None:
    one = visit(language, theme, role=role)
    page = one.page
    one.go(path)
    page.get_by_test_id("guard.add").click()
    form = page.get_by_test_id("platform.blockForm")
    form.locator("[name=number]").fill(f"+861390000{ending}")
    form.locator("[name=reason]").fill("fraud")
    form.locator("[name=until]").fill("2031-01-01T08:00")
    one.stop("form")
    page.get_by_test_id("platform.blockForm.send").click()
    row = page.get_by_test_id("guard.blocks.row").first
    expect(row).to_contain_text(f"139 **** {ending}")
    expect(row).to_contain_text("2031-01-01 08:00")
    row.click()
    expect(page.get_by_test_id("guard.block")).to_contain_text("fraud")
    one.stop("entry")
    if role == "owner":
        entry = page.get_by_test_id("guard.block")
        entry.get_by_role("button", name="Reveal").click()
        page.get_by_test_id("kit.reveal").get_by_role("button", name="Reveal").click()
        expect(entry).to_contain_text(f"139 0000 {ending}")
    page.get_by_test_id("guard.block.end").click()
    page.get_by_test_id("kit.confirm.yes").click()
    expect(page.get_by_test_id("guard.blocks.row")).to_have_count(0)

    page.get_by_role("tab").nth(1).click()
    page.get_by_test_id("guard.add").click()
    form = page.get_by_test_id("platform.ruleForm")
    form.locator("[name=calls]").fill("20")
    form.locator("[name=within_s]").fill("60")
    page.get_by_test_id("platform.ruleForm.send").click()
    expect(page.get_by_test_id("guard.rules.row")).to_contain_text("8047")
    one.stop("rules")
