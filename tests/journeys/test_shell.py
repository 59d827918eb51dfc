import re

import pytest
from playwright.sync_api import expect
from tests.journeys.conftest import VisitMaker

WORDS = {
    "zh": {"heading": "登录 maskline 控制台", "wrong": "不正确", "leave": "退出登录"},
    "en": {"heading": "Sign in to the maskline console", "wrong": "is wrong", "leave": "Sign out"},
}


@pytest.mark.parametrize(("language", "theme"), [("zh", "light"), ("en", "dark")])
def test_sign_in_and_out(visit: VisitMaker, language: str, theme: str) -> None:
    one = visit(language, theme)
    page, words = one.page, WORDS[language]
    one.go("signin")
    expect(page.get_by_role("heading", level=1)).to_have_text(words["heading"])
    expect(page.get_by_test_id("signin.demo.owner")).to_be_visible()
    one.stop("form")

    page.get_by_test_id("signin.demo.owner").click()
    page.get_by_test_id("signin.go").click()
    expect(page).to_have_url(re.compile("/console/(?!signin)"))
    expect(page.get_by_role("banner")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-theme", theme)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    one.stop("shell")

    page.get_by_test_id("shell.user").click()
    one.stop("user")
    page.get_by_role("button", name=words["leave"]).click()
    expect(page).to_have_url(re.compile("/console/signin"))


def test_a_wrong_password_is_told_in_words(visit: VisitMaker) -> None:
    one = visit("en")
    one.expected.append("401")
    one.go("signin")
    one.page.get_by_test_id("signin.login").fill("nobody@example.test")
    one.page.get_by_test_id("signin.password").fill("not the password")
    one.page.get_by_test_id("signin.go").click()
    expect(one.page.get_by_role("alert")).to_contain_text(WORDS["en"]["wrong"])


def test_who_is_not_signed_in_gets_back_to_the_page_they_wanted(visit: VisitMaker) -> None:
    one = visit("en")
    one.expected.append("401")
    one.go("no-such-page?tab=2")
    one.page.get_by_test_id("signin.demo.support").click()
    one.page.get_by_test_id("signin.go").click()
    expect(one.page.get_by_test_id("shell.notFound")).to_be_visible()
    expect(one.page).to_have_url(re.compile(r"/console/no-such-page\?tab=2$"))


def test_the_language_changes_without_loading_anew(visit: VisitMaker) -> None:
    one = visit("zh", role="owner")
    one.page.get_by_test_id("shell.language").click()
    expect(one.page.locator("html")).to_have_attribute("lang", "en")
    expect(one.page.get_by_role("navigation", name="Navigation")).to_be_attached()
