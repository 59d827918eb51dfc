import re

from playwright.sync_api import expect
from tests.journeys.conftest import VisitMaker


def test_an_application_is_made_set_up_and_its_callback_tested(visit: VisitMaker) -> None:
    one = visit("zh", "light", role="owner")
    page = one.page
    one.go("apps")
    page.get_by_test_id("apps.create").click()
    page.get_by_test_id("apps.create.name").fill("订单通知")
    page.get_by_test_id("apps.create.go").click()
    secret = page.get_by_test_id("kit.secret")
    expect(secret).to_be_visible()
    page.keyboard.press("Escape")
    expect(secret).to_be_visible()
    one.stop("secret")
    page.get_by_test_id("kit.secret.stored").click()

    field = page.get_by_test_id("app.field.status_url")
    field.fill("http://127.0.0.1:9/event")
    page.get_by_test_id("app.test.status").click()
    expect(page.get_by_test_id("app.trial")).to_contain_text("该端口没有服务")
    field.press("Enter")
    page.get_by_test_id("app.field.may_record").check()
    page.get_by_test_id("app.features.save").click()
    expect(page.get_by_test_id("app.notes")).to_contain_text("语音质检")
    one.stop("detail")


def test_a_token_is_made_and_the_log_tells_it(visit: VisitMaker) -> None:
    one = visit("en", "dark", role="owner")
    page = one.page
    one.go("tokens")
    page.get_by_test_id("tokens.create").click()
    page.get_by_test_id("tokens.create.name").fill("nightly")
    page.get_by_test_id("tokens.right.call.read").check()
    page.get_by_test_id("tokens.create.go").click()
    expect(page.get_by_test_id("kit.secret.value")).to_have_text(re.compile("^mlk_"))
    page.get_by_test_id("kit.secret.stored").click()
    expect(page.get_by_test_id("tokens.table")).to_contain_text("nightly")
    one.stop("tokens")
    one.go("settings/audit")
    page.get_by_test_id("audit.row").filter(has_text="add_api_token").first.click()
    expect(page.get_by_test_id("audit.drawer")).to_be_visible()
    one.stop("audit")
