import re

import pytest
from playwright.sync_api import expect
from tests.journeys.conftest import VisitMaker
from tests.journeys.visit import Visit

REAL = "+8613900007007"
X = "+8617000001001"


@pytest.mark.parametrize(("language", "theme"), [("zh", "light"), ("en", "dark")])
@pytest.mark.parametrize("role", ["owner", "operator"])
def test_every_page_of_the_menu_opens(
    visit: VisitMaker, role: str, language: str, theme: str
) -> None:
    one = visit(language, theme, role=role)
    one.name = f"tour-{role}"
    for path in _menu(one):
        one.page.goto(path)
        expect(one.page.get_by_role("heading", level=1)).to_be_visible()
        expect(one.page.locator("main [aria-busy=true], main .mk-skeleton")).to_have_count(0)
        expect(one.page.locator("main .mk-error")).to_have_count(0)
        # Colours differ by theme, words by language: what axe finds is much the same in each.
        look = one.stop if theme == "light" else one.picture
        look(path.split("/console/")[1].replace("/", "-"))


def _menu(one: Visit) -> list[str]:
    one.page.get_by_role("navigation").locator("a").first.wait_for(state="attached")
    links: list[str] = (
        one.page.get_by_role("navigation")
        .locator("a")
        .evaluate_all("(links) => links.map((link) => link.href)")
    )
    assert len(links) > 10
    return links


def test_who_reads_only_sees_masks_and_changes_nothing(visit: VisitMaker) -> None:
    owner = visit("en", role="owner")
    known = owner.page.request.get(f"{_manage(owner)}/applications").json()["items"]
    app_key = next(app["app_key"] for app in known if app["mode"] == "axb")
    body = {"app_key": app_key, "a": REAL, "b": "+8613900008008", "x": X}
    made = owner.page.request.post(
        f"{_manage(owner)}/bindings", data=body, headers={"Origin": _origin(owner)}
    )
    assert made.status == 201, made.text()
    binding = f"/bindings/{made.json()['binding_id']}"

    one = visit("en", role="support")
    for path in ("bindings", binding.lstrip("/"), "numbers", "apps", "calls"):
        one.go(path)
        expect(one.page.get_by_role("heading", level=1)).to_be_visible()
        expect(one.page.locator("main [aria-busy=true]")).to_have_count(0)
        assert REAL[3:] not in re.sub(r"\s", "", one.page.content())
    expect(
        one.page.get_by_role("button", name=re.compile("unbind|create", re.IGNORECASE))
    ).to_have_count(0)
    asked = one.page.request
    sent = {"Origin": _origin(one)}
    assert REAL not in asked.get(_manage(one) + binding).text()
    assert asked.get(f"{_manage(one)}{binding}?reveal=true").status == 403
    assert asked.delete(_manage(one) + binding, headers=sent).status == 403
    change = {"state": "paused"}
    assert asked.patch(f"{_manage(one)}/numbers/{X}", data=change, headers=sent).status == 403
    assert owner.page.request.delete(
        _manage(owner) + binding, headers={"Origin": _origin(owner)}
    ).ok


def _origin(one: Visit) -> str:
    return one.url.removesuffix("/console/")


def _manage(one: Visit) -> str:
    return f"{_origin(one)}/manage/v1"
