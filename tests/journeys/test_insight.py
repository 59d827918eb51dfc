from playwright.sync_api import expect
from tests.journeys.conftest import VisitMaker

PAGES = {
    "overview": "概览",
    "problems": "问题",
    "pushes": "推送",
    "pushes/dead": "死信",
    "statistics": "统计",
    "api-log": "API 日志",
    "messages": "短信",
    "recordings": "录音",
}


def test_every_page_of_what_went_on_begins_with_a_verdict(visit: VisitMaker) -> None:
    one = visit("zh", role="owner")
    for path, heading in PAGES.items():
        one.go(path)
        expect(one.page.get_by_role("heading", level=1)).to_have_text(heading)
        expect(one.page.get_by_test_id("page.verdict")).not_to_be_empty()


def test_an_endpoint_is_tried_where_its_health_stands(visit: VisitMaker) -> None:
    one = visit("en", theme="dark", role="owner")
    one.go("endpoints")
    row = one.page.get_by_test_id("endpoints.row").first
    row.get_by_role("button", name="Open").click()
    one.page.get_by_test_id("endpoints.test").click()
    drawer = one.page.get_by_test_id("endpoints.detail")
    expect(drawer.get_by_role("status").first).to_contain_text("Accepted")
    one.stop("tried")
    one.page.keyboard.press("Escape")
    expect(drawer).not_to_be_attached()
