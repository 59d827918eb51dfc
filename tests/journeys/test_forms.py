"""Forms lose nothing: not a lost answer, not somebody else's change, not a page left too soon."""

from typing import TYPE_CHECKING

from playwright.sync_api import expect
from tests.journeys.conftest import VisitMaker

if TYPE_CHECKING:
    from playwright.sync_api import Request, Route


def test_an_application_whose_answer_got_lost_is_made_once(visit: VisitMaker) -> None:
    one = visit("zh", "light", role="owner")
    one.expected.append("ERR_FAILED")
    page = one.page
    keys: list[str] = []

    def lose_first(route: "Route", request: "Request") -> None:
        if request.method != "POST":
            route.continue_()
            return
        keys.append(request.headers["idempotency-key"])
        if len(keys) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/manage/v1/applications", lose_first)
    one.go("apps")
    page.get_by_test_id("apps.create").click()
    page.get_by_test_id("apps.create.name").fill("只建一次")
    page.get_by_test_id("apps.create.go").click()
    expect(page.get_by_test_id("kit.checking")).to_be_visible()
    page.get_by_test_id("kit.secret.stored").click()
    expect(page.get_by_test_id("app.field.name")).to_have_value("只建一次")
    assert len(keys) == 2
    assert keys[0] == keys[1]


def test_a_change_by_somebody_else_is_shown_and_leaving_unsaved_is_asked_about(
    visit: VisitMaker,
) -> None:
    one = visit("en", "dark", role="owner")
    page = one.page
    one.go("apps")
    page.get_by_test_id("apps.row").first.get_by_role("link").first.click()
    field = page.get_by_test_id("app.field.description")
    field.fill("mine")
    page.evaluate(
        """async () => {
            const key = location.pathname.split('/').pop()
            const change = {method: 'PATCH', body: JSON.stringify({description: 'theirs'})}
            await fetch('/manage/v1/applications/' + key, change)
        }"""
    )
    page.get_by_test_id("nav.apps").click()
    guard = page.get_by_test_id("kit.unsaved")
    expect(guard).to_contain_text("Description")
    expect(page.get_by_test_id("kit.unsaved.stay")).to_be_focused()
    one.stop("unsaved")
    page.get_by_test_id("kit.unsaved.stay").click()
    save = page.get_by_test_id("app.identity.save")
    save.click()
    clashes = page.get_by_test_id("kit.clashes")
    expect(clashes).to_contain_text("theirs")
    one.stop("clash")
    save.click()
    expect(clashes).to_be_hidden()
    expect(field).to_have_value("mine")
    page.get_by_test_id("nav.apps").click()
    page.get_by_test_id("apps.create").click()
    name = page.get_by_test_id("apps.create.name")
    page.get_by_role("button", name="Cancel").click()
    expect(name).to_be_hidden()
    page.get_by_test_id("apps.create").click()
    name.fill("half done")
    page.keyboard.press("Escape")
    expect(guard).to_contain_text("Name")
    one.stop("unsaved form")
    page.get_by_test_id("kit.unsaved.stay").click()
    expect(name).to_have_value("half done")
    page.get_by_role("button", name="Cancel").click()
    page.get_by_test_id("kit.unsaved.leave").click()
    expect(name).to_be_hidden()
