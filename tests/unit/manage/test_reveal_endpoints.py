from datetime import timedelta
from typing import Any

import pytest
from tests.unit.manage.operating import NOW, TOKEN, A, Answer, B, Operator, X

from maskline.domain.access import CallerKind, Role
from maskline.services import reveal as reveal_service
from maskline.services.problem_desk import ProblemDesk

V1 = "/manage/v1"


@pytest.fixture
async def app_key(operator: Operator) -> str:
    for tenant_id in ("left", "right"):
        await operator.ask("POST", f"{V1}/tenants", {"name": "n", "tenant_id": tenant_id})
    made = await operator.create_application(tenant_id="left")
    await operator.add_number(made["app_key"])
    await operator.bind(made["app_key"])
    call = operator.call("s1", made["app_key"]).forwarded(NOW)
    await operator.store.save_call(call, ())
    await operator.write_notice(made["app_key"], "n1", stream="s2", body=b'{"caller":"x"}')
    return made["app_key"]


async def reveal(operator: Operator, token: str, **fields: Any) -> Answer:
    form = {"kind": "binding", "object_id": "binding-1", "field": "a", "reason": "complaint"}
    return await operator.ask("POST", f"{V1}/reveals", {**form, **fields}, token=token)


@pytest.mark.parametrize(
    ("kind", "object_id", "field", "value"),
    [
        ("binding", "binding-1", "a", A),
        ("binding", "binding-1", "user_data", "order 17"),
        ("call", "s1", "callee", B),
        ("notice", "n1", "body", '{"caller":"x"}'),
    ],
)
async def test_one_value_is_shown_for_a_minute(
    operator: Operator, app_key: str, kind: str, object_id: str, field: str, value: str
):
    owner = operator.admit(Role.OWNER, "left")
    answer = await reveal(operator, owner, kind=kind, object_id=object_id, field=field)
    assert (answer.status, answer.json) == (200, {"value": value, "expires_in_s": 60})
    stranger = operator.admit(Role.OWNER, "right")
    answer = await reveal(operator, stranger, kind=kind, object_id=object_id, field=field)
    assert (answer.status, answer.error["message"]) == (404, f"there is no {kind} {object_id}")


async def test_the_number_of_a_block_is_shown_to_who_made_it(operator: Operator, app_key: str):
    owner, stranger = operator.admit(Role.OWNER, "left"), operator.admit(Role.OWNER, "right")
    for token, others, scope in (
        (owner, stranger, {}),
        (owner, stranger, {"app_key": app_key}),
        (TOKEN, owner, {}),
        (TOKEN, owner, {"tenant_id": "left"}),
    ):
        form = {"number": A, "reason": "calls at night", **scope}
        made = (await operator.ask("POST", f"{V1}/call-blocks", form, token=token)).json
        asked = {"kind": "call_block", "object_id": made["block_id"], "field": "number"}
        shown = await reveal(operator, token, **asked)
        assert (shown.status, shown.json["value"]) == (200, A), scope
        assert (await reveal(operator, others, **asked)).status == 404, scope


async def test_a_block_of_all_of_a_tenants_calls_counts_for_its_application(
    operator: Operator, app_key: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(reveal_service, "MANY_A_DAY", 0)
    owner = operator.admit(Role.OWNER, "left")
    form = {"number": A, "reason": "calls at night"}
    made = (await operator.ask("POST", f"{V1}/call-blocks", form, token=owner)).json
    asked = {"kind": "call_block", "object_id": made["block_id"], "field": "number"}
    assert (await reveal(operator, owner, **asked)).status == 200
    since = operator.clock.now() - timedelta(days=1)
    desk = ProblemDesk(operator.store, operator.clock)
    [problem] = await desk.problems([app_key], since, known=["reveal"])
    assert problem.app_key == app_key


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"kind": "trunk"}, "kind"),
        ({"field": "x"}, "field"),
        ({"reason": "curiosity"}, "reason"),
        ({"reason": "authority"}, "note"),
        ({"reason": "fault", "note": " "}, "note"),
    ],
)
async def test_a_reveal_says_of_what_and_why(
    operator: Operator, app_key: str, fields: dict[str, str], wrong: str
):
    answer = await reveal(operator, operator.admit(Role.OWNER, "left"), **fields)
    assert (answer.status, answer.error["field"]) == (400, wrong)


async def test_nobody_without_the_right_reveals(operator: Operator, app_key: str):
    for role, tenant_id in ((Role.SUPPORT, "left"), (Role.OPERATOR, None)):
        assert (await reveal(operator, operator.admit(role, tenant_id))).status == 403


async def test_who_is_shown_many_in_a_day_is_a_problem_of_the_tenant(
    operator: Operator, app_key: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(reveal_service, "MANY_A_DAY", 1)
    owner, desk = operator.admit(Role.OWNER, "left"), ProblemDesk(operator.store, operator.clock)
    since = operator.clock.now() - timedelta(days=1)
    for expected in ([], [("reveal", app_key, 1)], [("reveal", app_key, 2)]):
        assert (await reveal(operator, owner)).status == 200
        found = await desk.problems([app_key], since, known=["reveal"])
        assert [(one.kind, one.app_key, one.count) for one in found] == expected
    assert await desk.problems([app_key], since) == ()
    assert await desk.problems([app_key], since, "reveal") == ()
    marked = await desk.mark(found[0].problem_id, [app_key], "ann", known=["reveal"])
    assert marked.cause == found[0].cause


async def test_after_thirty_an_hour_a_person_has_to_show_again_who_it_is(
    operator: Operator, app_key: str
):
    owner = operator.admit(Role.OWNER, "left")
    for _ in range(30):
        assert (await reveal(operator, owner)).status == 200
    answer = await reveal(operator, owner)
    assert (answer.status, answer.error["code"]) == (403, "step_up_needed")
    assert (await reveal(operator, operator.admit(Role.OWNER, "left"))).status == 200
    operator.clock.step(3_601)
    assert (await reveal(operator, owner)).status == 200


@pytest.mark.parametrize(
    "number",
    ["13900001001", "+8613900001001", "0086 139 0000 1001", "139-0000-1001", "86 13900001001"],
)
async def test_lists_find_a_number_that_was_looked_up_and_is_not_written(
    operator: Operator, app_key: str, number: str
):
    support = operator.admit(Role.SUPPORT, "left")
    path = f"{V1}/number-lookups"
    found = (await operator.ask("POST", path, {"number": number}, token=support)).json
    assert (found["number"], found["who"][:3]) == ("139 **** 1001", "nl_")
    assert (found["x"], "cannot be searched" in found["hint"]) == (None, True)
    listed = await operator.ask("GET", f"{V1}/bindings?who={found['who']}", token=support)
    assert [one["a"] for one in listed.json["items"]] == ["139 **** 1001"]


async def test_a_look_up_tells_of_a_virtual_number_to_who_has_it(operator: Operator, app_key: str):
    for tenant_id, told in (("left", X), ("right", None)):
        support = operator.admit(Role.SUPPORT, tenant_id)
        number = {"number": f"{X[3:6]} {X[6:10]} {X[10:]}"}
        found = await operator.ask("POST", f"{V1}/number-lookups", number, token=support)
        assert found.json["x"] == told
    listed = await operator.ask("GET", f"{V1}/bindings?x={X[3:]}")
    assert [one["x"] for one in listed.json["items"]] == [X]


async def test_live_calls_and_registrants_are_found_by_a_look_up_too(
    operator: Operator, app_key: str
):
    owner, number = operator.admit(Role.OWNER, "left"), {"number": A}
    await operator.ask("POST", f"{V1}/tenants/left/registrants", number)
    who = (await operator.ask("POST", f"{V1}/number-lookups", number, token=owner)).json["who"]
    for path, count in (("calls", 2), ("registrants", 1), ("registrants?status=failed", 0)):
        sign = "&" if "?" in path else "?"
        listed = await operator.ask("GET", f"{V1}/{path}{sign}who={who}", token=owner)
        assert len(listed.json["items"]) == count, path
    shown = await operator.ask("GET", f"{V1}/tenants/left/registrants/{who}", token=owner)
    assert shown.json["number"] == "139 **** 1001"
    unclear = await operator.ask("GET", f"{V1}/registrants?number={A}")
    assert (unclear.status, unclear.error["field"]) == (400, "tenant_id")


async def test_a_look_up_is_good_for_half_an_hour_and_for_who_made_it(
    operator: Operator, app_key: str
):
    support = operator.admit(Role.SUPPORT, "left")
    looked_up = await operator.ask(
        "POST", f"{V1}/number-lookups", {"number": "0755-28000001"}, token=support
    )
    path = f"{V1}/records?who={looked_up.json['who']}"
    assert (await operator.ask("GET", path, token=support)).status == 200
    answer = await operator.ask("GET", path, token=operator.admit(Role.SUPPORT, "left"))
    assert (answer.status, answer.error["field"]) == (400, "who")
    operator.clock.step(1_801)
    assert (await operator.ask("GET", path, token=support)).status == 400


@pytest.mark.parametrize("number", ["", "1001", "139****1001", "anonymous"])
async def test_a_part_of_a_number_is_refused_with_the_reason(operator: Operator, number: str):
    support = operator.admit(Role.SUPPORT, "left")
    answer = await operator.ask("POST", f"{V1}/number-lookups", {"number": number}, token=support)
    assert (answer.status, answer.error["field"]) == (400, "number")
    assert "a part of one cannot be searched" in answer.error["message"]


async def test_sixty_numbers_an_hour_are_looked_up(operator: Operator):
    token = operator.admit(Role.SUPPORT, "left", kind=CallerKind.API_TOKEN)
    statuses = [
        (
            await operator.ask(
                "POST", f"{V1}/number-lookups", {"number": f"1390000{one:04}"}, token=token
            )
        ).status
        for one in range(61)
    ]
    assert statuses == [200] * 60 + [429]
