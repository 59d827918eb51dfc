from datetime import timedelta
from typing import Any

import pytest
from tests.contract.store.making import Make
from tests.unit.manage.operating import NOW, A, B, Operator, X

from maskline.domain.message import Message, MessagePart, PartState, SendResult

V1 = "/manage/v1"
TEXT = "车到了 🚕"
PARTY = B.replace("+", "%2B")


@pytest.fixture
def make() -> Make:
    return Make()


async def keep(operator: Operator, message: Message, parts: tuple[MessagePart, ...] = ()) -> None:
    """A message as the plane leaves it; one with a result is over."""
    first = message if message.result is None else message.forwarded(B, TEXT, NOW)
    await operator.store.accept_message(first, [], lease=None, repeats_since=NOW)
    if message.result is not None:
        await operator.store.finish_message(message, parts, [])


def sent(make: Make, message_id: str, **changes: Any) -> Message:
    fields = {"sender": A, "receiver": B, "x": X, "text": TEXT, "outgoing": TEXT} | changes
    return make.message(message_id, app_key="k", came_at=NOW, user_data="order 17", **fields)


async def test_messages_are_listed_without_numbers_and_texts(operator: Operator, make: Make):
    message = sent(make, "m1")
    part = make.message_part(state=PartState.DELIVERED)
    await keep(operator, make.ended(message, NOW), (part,))
    listed = (await operator.ask("GET", f"{V1}/messages")).json
    [shown] = listed["items"]
    assert (shown["message_id"], shown["x"], shown["mode"]) == ("m1", X, "axb")
    assert (shown["sender"], shown["receiver"]) == ("139 **** 1001", "139 **** 2002")
    assert (shown["state"], shown["result"], shown["result_code"]) == ("done", "success", 0)
    assert (shown["sent"], shown["total"], shown["delivered"]) == (1, 1, 1)
    assert not {"text", "outgoing", "user_data", "parts"} & set(shown)
    assert listed["next"] is None


async def test_one_message_has_its_parts_and_with_reveal_its_numbers_and_texts(
    operator: Operator, make: Make
):
    part = make.message_part(centre_id="c-7", tries=2)
    await keep(operator, make.ended(sent(make, "m1"), NOW), (part,))
    hidden = (await operator.ask("GET", f"{V1}/messages/m1")).json
    assert "text" not in hidden
    assert hidden["sender"] == "139 **** 1001"
    [told] = hidden["parts"]
    assert (told["number"], told["link"], told["centre_id"]) == (1, "centre", "c-7")
    assert (told["state"], told["status"], told["tries"]) == ("taken", 0, 2)
    shown = (await operator.ask("GET", f"{V1}/messages/m1?reveal=true")).json
    assert (shown["sender"], shown["receiver"], shown["user_data"]) == (A, B, "order 17")
    assert (shown["text"], shown["outgoing"]) == (TEXT, TEXT)


async def test_the_text_of_a_list_is_not_revealed(operator: Operator, make: Make):
    await keep(operator, sent(make, "m1"))
    [shown] = (await operator.ask("GET", f"{V1}/messages?reveal=true")).json["items"]
    assert (shown["sender"], shown["user_data"]) == (A, "order 17")
    assert "text" not in shown


async def test_a_message_on_its_way_has_no_result_yet(operator: Operator, make: Make):
    await keep(operator, sent(make, "m1", receiver=None, outgoing=None))
    shown = (await operator.ask("GET", f"{V1}/messages/m1")).json
    assert (shown["state"], shown["result"], shown["receiver"]) == ("waiting", None, None)
    assert (shown["due_at"] is not None, shown["done_at"]) == (True, None)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=waiting", ["m2"]),
        ("result=blocked", ["m3"]),
        ("result=BLOCKED&state=done", ["m3"]),
        (f"party={PARTY}", ["m3", "m2"]),
        ("x=%2B8617010000009", ["m3"]),
        ("app_key=another", []),
        ("since=2026-11-20T16:01:00%2B08:00", ["m3", "m2"]),
        ("until=2026-11-20T08:01:00Z", ["m1"]),
        ("limit=1", ["m3"]),
    ],
)
async def test_messages_are_found_by_what_is_known(
    operator: Operator, make: Make, query: str, found: list[str]
):
    await keep(operator, make.ended(sent(make, "m1", receiver="+8613900009009"), NOW))
    later = {"came_at": NOW + timedelta(minutes=1)}
    await keep(operator, make.message("m2", app_key="k", receiver=B, **later))
    refused = make.message("m3", app_key="k", sender=B, x="+8617010000009", **later)
    await keep(operator, make.ended(refused, NOW, result=SendResult.BLOCKED))
    listed = await operator.ask("GET", f"{V1}/messages?{query}")
    assert [one["message_id"] for one in listed.json["items"]] == found


async def test_wrong_queries_and_unknown_messages_are_told(operator: Operator):
    for query, field in (
        ("result=lost", "result"),
        ("party=1390000x", "party"),
        ("since=2026-11-20T08:00:00", "since"),
        ("state=gone", "state"),
    ):
        refused = await operator.ask("GET", f"{V1}/messages?{query}")
        assert (refused.status, refused.error["field"]) == (400, field)
    missing = await operator.ask("GET", f"{V1}/messages/nowhere")
    assert (missing.status, missing.error["code"]) == (404, "not_found")


async def test_an_application_takes_rules_of_its_messages_one_by_one(operator: Operator):
    rules = {"shows_text": True, "required_words": ["【店】"], "per_s": 5}
    made = await operator.create_application(may_message=True, messages=rules)
    assert (made["may_message"], made["messages"]["required_words"]) == (True, ["【店】"])
    path = f"{V1}/applications/{made['app_key']}"
    change = {"messages": {"required_words": [], "parts_per_day": 1000}}
    changed = (await operator.ask("PATCH", path, change)).json["messages"]
    assert changed == {**made["messages"], **change["messages"]}
    assert (changed["shows_text"], changed["per_s"]) == (True, 5)
    for field, wrong in (("per_s", -1), ("opt_out_words[0]", [" \u3000"]), ("colour", "red")):
        change = {"messages": {field.removesuffix("[0]"): wrong}}
        refused = await operator.ask("PATCH", path, change)
        assert (refused.status, refused.error["field"]) == (400, f"messages.{field}")


async def test_a_tenant_says_how_long_messages_and_texts_are_kept(operator: Operator):
    made = await operator.ask("POST", f"{V1}/tenants", {"name": "Shop", "tenant_id": "shop"})
    assert (made.json["message_retention_days"], made.json["text_retention_days"]) == (180, 7)
    change = {"message_retention_days": 30, "text_retention_days": 1, "may_message": False}
    changed = (await operator.ask("PATCH", f"{V1}/tenants/shop", change)).json
    assert changed == {**made.json, **change}
    refused = await operator.ask("PATCH", f"{V1}/tenants/shop", {"text_retention_days": 0})
    assert (refused.status, refused.error["field"]) == (400, "text_retention_days")


async def test_a_number_may_be_kept_from_messages(operator: Operator):
    await operator.add_number((await operator.create_application())["app_key"])
    changed = await operator.ask("PATCH", f"{V1}/numbers/{X}", {"may_message": False})
    assert changed.json["may_message"] is False
