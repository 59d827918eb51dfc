from typing import Any

import pytest
from tests.unit.manage.operating import Operator

from maskline.services.link_watch import GOOD_FOR_S
from maskline.services.sms_link_state import LinkCondition, SmsLinkState

LINKS = "/manage/v1/sms-links"
FORM = {
    "name": "carrier",
    "host": "192.0.2.20",
    "system_id": "shop",
    "password": "hush",
    "owns": ["+86170"],
}


async def add(operator: Operator, **changes: Any) -> dict[str, Any]:
    answer = await operator.ask("POST", LINKS, {**FORM, **changes})
    assert answer.status == 201, answer.content
    return answer.json


def state(condition: LinkCondition, name: str = "carrier", **more: Any) -> SmsLinkState:
    return SmsLinkState(name=name, condition=condition, **more)


async def test_a_link_is_added_without_showing_its_password(operator: Operator):
    added = await operator.ask("POST", LINKS, FORM)
    assert (added.status, added.json["has_password"], added.json["port"]) == (201, True, 2775)
    assert b"hush" not in added.content
    assert operator.sms_links.changes == 1
    [link] = await operator.store.sms_links()
    assert (link.password, link.owns) == ("hush", ("+86170",))
    again = await operator.ask("POST", LINKS, FORM)
    assert (again.status, again.error["code"]) == (409, "exists")


async def test_links_are_listed_by_name_in_pages(operator: Operator):
    for name in ("b", "c", "a"):
        await add(operator, name=name)
    page = (await operator.ask("GET", f"{LINKS}?limit=2")).json
    assert [link["name"] for link in page["items"]] == ["a", "b"]
    page = (await operator.ask("GET", f"{LINKS}?limit=2&after={page['next']}")).json
    assert ([link["name"] for link in page["items"]], page["next"]) == (["c"], None)


async def test_a_change_touches_only_what_it_names_and_is_told(operator: Operator):
    added = await add(operator)
    change = {"per_s": 100, "default_alphabet": "latin1", "long_messages": "sar"}
    changed = (await operator.ask("PATCH", f"{LINKS}/carrier", change)).json
    assert changed == {**added, **change}
    assert operator.sms_links.changes == 2
    assert (await operator.store.sms_links())[0].password == "hush"


async def test_a_removed_link_is_gone_and_told(operator: Operator):
    await add(operator)
    assert (await operator.ask("DELETE", f"{LINKS}/carrier")).status == 204
    assert operator.sms_links.changes == 2
    for method in ("GET", "PATCH", "DELETE"):
        body = {} if method == "PATCH" else None
        answer = await operator.ask(method, f"{LINKS}/carrier", body)
        assert (answer.status, answer.error["code"]) == (404, "not_found")
        assert answer.error["message"] == "there is no SMS link carrier"
    assert operator.sms_links.changes == 2


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"host": "192.0.2"}, "host"),
        ({"owns": ["86170"]}, "owns"),
        ({"prefixes": ["+86x"]}, "prefixes"),
        ({"password": "longer than 8"}, "password"),
        ({"system_id": "商店"}, "system_id"),
        ({"window": 0}, "window"),
        ({"ucs2_code": 0}, "ucs2_code"),
        ({"port": 70_000}, "port"),
        ({"bind": "listening"}, "bind"),
        ({"colour": "red"}, "colour"),
    ],
)
async def test_what_no_link_can_be_is_refused_with_its_field(
    operator: Operator, change: dict[str, Any], field: str
):
    refused = await operator.ask("POST", LINKS, {**FORM, **change})
    assert (refused.status, refused.error["field"]) == (400, field)
    await add(operator)
    refused = await operator.ask("PATCH", f"{LINKS}/carrier", change)
    assert (refused.status, refused.error["field"]) == (400, field)
    assert operator.sms_links.changes == 1


async def test_a_link_that_no_worker_has_told_of_has_no_state(operator: Operator):
    added = await add(operator)
    assert (added["state"], added["detail"], added["connections"]) == (None, "", [])


async def test_a_link_stands_as_with_the_worker_where_it_stands_best(operator: Operator):
    await add(operator)
    operator.sms_links.stand("w1", state(LinkCondition.DOWN, reason="bind refused: 0xe"))
    operator.sms_links.stand("w2", state(LinkCondition.BOUND, waiting=3, in_flight=2))
    operator.sms_links.stand("w3", state(LinkCondition.CONNECTING, name="another"))
    [shown] = (await operator.ask("GET", LINKS)).json["items"]
    assert (shown["state"], shown["detail"]) == ("bound", "")
    assert [tuple(one.values()) for one in shown["connections"]] == [
        ("w2", "bound", "", 3, 2),
        ("w1", "down", "bind refused: 0xe", 0, 0),
    ]
    assert (await operator.ask("GET", f"{LINKS}/carrier")).json == shown


async def test_why_a_link_is_down_is_told_until_its_worker_is_silent(operator: Operator):
    await add(operator)
    operator.sms_links.stand("w1", state(LinkCondition.DOWN, reason="no route"))
    shown = (await operator.ask("GET", f"{LINKS}/carrier")).json
    assert (shown["state"], shown["detail"]) == ("down", "no route")
    operator.clock.step(GOOD_FOR_S + 1)
    assert (await operator.ask("GET", f"{LINKS}/carrier")).json["state"] is None
