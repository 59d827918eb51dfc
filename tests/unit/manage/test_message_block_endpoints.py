import pytest
from tests.unit.manage.operating import A, B, Operator

V1 = "/manage/v1"
BLOCKS = f"{V1}/message-blocks"


async def put(operator: Operator, **form: str) -> None:
    operator.clock.step(1)
    answer = await operator.ask("POST", BLOCKS, form)
    assert answer.status == 201, answer.content


async def test_a_number_is_put_on_a_list_of_all_and_shown_masked(operator: Operator):
    made = (await operator.ask("POST", BLOCKS, {"number": A, "reason": "case 17"})).json
    assert (made["number"], made["kind"], made["app_key"]) == (A, "blocked", "")
    [shown] = (await operator.ask("GET", BLOCKS)).json["items"]
    assert shown == {**made, "number": "139 **** 1001"}
    [revealed] = (await operator.ask("GET", f"{BLOCKS}?reveal=true")).json["items"]
    assert revealed == made


async def test_the_reason_is_said_anew_and_the_time_stays(operator: Operator):
    await put(operator, number=A, reason="case 17")
    await put(operator, number=A, reason="case 18")
    listed = (await operator.ask("GET", BLOCKS)).json
    assert [(one["reason"], one["created_at"]) for one in listed["items"]] == [
        ("case 18", "2026-11-20T08:00:01Z")
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [("opted_out", B), ("blocked", A), ("blocked", A)]),
        ("&kind=opted_out", [("opted_out", B)]),
        ("&app_key=", [("blocked", A)]),
        ("&number=%2B8613900002002", [("opted_out", B)]),
        ("&limit=1", [("opted_out", B)]),
    ],
)
async def test_the_lists_are_searched(operator: Operator, query: str, found: list[tuple[str, str]]):
    app_key = (await operator.create_application())["app_key"]
    await put(operator, number=A)
    await put(operator, number=A, app_key=app_key)
    await put(operator, number=B, app_key=app_key, kind="opted_out")
    listed = (await operator.ask("GET", f"{BLOCKS}?reveal=true{query}")).json
    assert [(one["kind"], one["number"]) for one in listed["items"]] == found


async def test_a_number_is_taken_off_the_list_it_is_on(operator: Operator):
    app_key = (await operator.create_application())["app_key"]
    await put(operator, number=A)
    await put(operator, number=A, app_key=app_key, kind="opted_out")
    assert (await operator.ask("POST", f"{BLOCKS}/remove", {"number": A})).status == 204
    again = await operator.ask("POST", f"{BLOCKS}/remove", {"number": A})
    assert (again.status, again.error["code"]) == (404, "not_found")
    assert "is not on the list blocked of all applications" in again.error["message"]
    form = {"number": A, "app_key": app_key, "kind": "opted_out"}
    assert (await operator.ask("POST", f"{BLOCKS}/remove", form)).status == 204
    assert (await operator.ask("GET", BLOCKS)).json == {"items": [], "next": None}


async def test_what_cannot_be_on_a_list_is_refused_with_its_field(operator: Operator):
    for form, field in (
        ({"number": "13900001001"}, "number"),
        ({"number": A, "app_key": "nowhere"}, "app_key"),
        ({"number": A, "kind": "disliked"}, "kind"),
        ({"number": A, "reason": "x" * 201}, "reason"),
    ):
        refused = await operator.ask("POST", BLOCKS, form)
        assert (refused.status, refused.error["field"]) == (400, field)
    refused = await operator.ask("GET", f"{BLOCKS}?number=1390000x")
    assert (refused.status, refused.error["field"]) == (400, "number")
