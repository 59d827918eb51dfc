"""Blocked numbers and frequency rules: who makes them, who sees them and who ends them."""

from typing import Any

import pytest
from tests.unit.manage.operating import A, Operator, X

from maskline.domain.access import Role
from maskline.services import call_rule_desk

V1 = "/manage/v1"
BLOCKS, RULES = f"{V1}/call-blocks", f"{V1}/frequency-rules"
FRAUD = {"number": A, "reason": "fraud"}
RULE = {"counted": "caller", "calls": 3, "within_s": 60}
OTHER_X = "+8617010000009"


@pytest.fixture
async def shops(operator: Operator) -> tuple[str, str]:
    """The applications of the tenants left and right, each with a number."""
    keys: list[str] = []
    for tenant_id, number in (("left", X), ("right", OTHER_X)):
        await operator.ask("POST", f"{V1}/tenants", {"name": "n", "tenant_id": tenant_id})
        app_key = (await operator.create_application(tenant_id=tenant_id))["app_key"]
        await operator.add_number(app_key, number)
        keys.append(app_key)
    return keys[0], keys[1]


async def _made(operator: Operator, path: str, form: dict[str, Any], **by: str) -> dict[str, Any]:
    operator.clock.step(1)
    answer = await operator.ask("POST", path, form, **by)
    assert answer.status == 201, answer.content
    return answer.json


async def test_a_number_is_blocked_for_all_tenants_and_shown_masked(operator: Operator):
    form = {**FRAUD, "evidence": "case 12", "until": "2026-12-01T00:00:00Z", "direction": "both"}
    made = await _made(operator, BLOCKS, form)
    said = {name: made[name] for name in ("scope", "tenant_id", "by_tenant", "hits", "is_over")}
    assert said == {
        "scope": "platform",
        "tenant_id": None,
        "by_tenant": False,
        "hits": 0,
        "is_over": False,
    }
    assert (made["number"], made["evidence"]) == ("139 **** 1001", "case 12")
    assert (await operator.ask("GET", f"{BLOCKS}/{made['block_id']}")).json == made
    [listed] = (await operator.ask("GET", f"{BLOCKS}?reveal=true&direction=both")).json["items"]
    assert listed == {**made, "number": A}
    assert operator.hints == ["call rules"]


async def test_whose_calls_are_meant_says_the_scope(operator: Operator, shops: tuple[str, str]):
    for place, scope in (
        ({"tenant_id": "left"}, "tenant"),
        ({"app_key": shops[0]}, "application"),
        ({"x": X}, "number"),
    ):
        for path, form in ((BLOCKS, FRAUD), (RULES, RULE)):
            made = await _made(operator, path, {**form, **place})
            assert (made["scope"], made["tenant_id"]) == (scope, "left")
            [listed] = (await operator.ask("GET", f"{path}?scope={scope}")).json["items"]
            assert {name: listed[name] for name in place} == place


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"number": "13900001001"}, "number"),
        ({"reason": ""}, "reason"),
        ({"tenant_id": "nobody"}, "tenant_id"),
        ({"app_key": "nobody"}, "app_key"),
        ({"x": "+8617010000777"}, "x"),
        ({"x": X, "app_key": "k"}, "x"),
        ({"tenant_id": "right", "x": X}, "x"),
        ({"until": "2026-01-01T00:00:00Z"}, "until"),
        ({"until": "2027-01-01T00:00:00"}, "until"),
    ],
)
async def test_a_form_that_is_wrong_is_told_where(
    operator: Operator, shops: tuple[str, str], form: dict[str, Any], field: str
):
    answer = await operator.ask("POST", BLOCKS, {**FRAUD, **form})
    assert (answer.status, answer.error["field"]) == (400, field), shops


@pytest.mark.parametrize("wrong", [{"calls": 0}, {"calls": 1001}, {"within_s": 86401}])
async def test_figures_of_rules_are_bounded(operator: Operator, wrong: dict[str, int]):
    answer = await operator.ask("POST", RULES, {**RULE, **wrong})
    assert (answer.status, answer.error["field"]) == (400, next(iter(wrong)))


async def test_a_number_that_is_blocked_already_is_not_blocked_again(operator: Operator):
    await _made(operator, BLOCKS, FRAUD)
    assert (await operator.ask("POST", BLOCKS, FRAUD)).status == 409


async def test_an_entry_is_changed_and_ended(operator: Operator):
    made = await _made(operator, BLOCKS, FRAUD)
    path = f"{BLOCKS}/{made['block_id']}"
    change = {"reason": "harassment", "until": "2026-12-01T00:00:00Z"}
    changed = await operator.ask("PATCH", path, change)
    assert changed.json == {**made, **change}
    operator.clock.step(30 * 86_400)
    assert (await operator.ask("GET", path)).json["is_over"] is True
    late = await operator.ask("PATCH", path, {"until": "2026-12-01T00:00:00Z"})
    assert (late.status, late.error["field"]) == (400, "until")
    assert (await operator.ask("DELETE", path)).status == 204
    assert (await operator.ask("DELETE", path)).status == 404
    assert operator.hints == ["call rules"] * 3


async def test_a_rule_says_its_code_and_is_changed_and_ended(operator: Operator):
    made = await _made(operator, RULES, RULE)
    assert (made["release"], made["is_enabled"]) == (8047, True)
    path = f"{RULES}/{made['rule_id']}"
    change = {"calls": 5, "is_enabled": False, "note": "too strict"}
    assert (await operator.ask("PATCH", path, change)).json == {**made, **change}
    assert (await operator.ask("DELETE", path)).status == 204
    assert (await operator.ask("GET", path)).status == 404


async def test_a_tenant_makes_and_ends_its_own(operator: Operator, shops: tuple[str, str]):
    owner = operator.admit(Role.OWNER, "left")
    for path, form, name in ((BLOCKS, FRAUD, "block_id"), (RULES, RULE, "rule_id")):
        made = await _made(operator, path, form, token=owner)
        assert (made["scope"], made["tenant_id"], made["by_tenant"]) == ("tenant", "left", True)
        for place, status in (({"x": X}, 201), ({"x": OTHER_X}, 400), ({"app_key": shops[1]}, 400)):
            answer = await operator.ask("POST", path, {**form, **place}, token=owner)
            assert answer.status == status
        listed = (await operator.ask("GET", path, token=owner)).json["items"]
        assert {one["scope"] for one in listed} == {"tenant", "number"}
        gone = await operator.ask("DELETE", f"{path}/{made[name]}", token=owner)
        assert gone.status == 204


async def test_a_tenant_neither_sees_nor_ends_what_the_platform_or_another_one_made(
    operator: Operator, shops: tuple[str, str]
):
    left, right = (operator.admit(Role.OWNER, tenant) for tenant in ("left", "right"))
    for path, form, name in ((BLOCKS, FRAUD, "block_id"), (RULES, RULE, "rule_id")):
        theirs = [
            await _made(operator, path, form),
            await _made(operator, path, {**form, "tenant_id": "left"}),
            await _made(operator, path, {**form, "app_key": shops[0]}),
            await _made(operator, path, form, token=right),
        ]
        assert (await operator.ask("GET", path, token=left)).json["items"] == []
        for made in theirs:
            for method, body in (("GET", None), ("PATCH", {}), ("DELETE", None)):
                answer = await operator.ask(method, f"{path}/{made[name]}", body, token=left)
                assert answer.status == 404
        assert len((await operator.ask("GET", path)).json["items"]) == 4


async def test_support_reads_and_changes_nothing(operator: Operator, shops: tuple[str, str]):
    support = operator.admit(Role.SUPPORT, "left")
    for path, form in ((BLOCKS, FRAUD), (RULES, RULE)):
        assert (await operator.ask("GET", path, token=support)).status == 200, shops
        assert (await operator.ask("POST", path, form, token=support)).status == 403


async def test_a_tenant_has_so_many_of_them(
    operator: Operator, shops: tuple[str, str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(call_rule_desk, "MAX_BLOCKS", 1)
    monkeypatch.setattr(call_rule_desk, "MAX_RULES", 1)
    owner = operator.admit(Role.OWNER, "left")
    for path, form in ((BLOCKS, FRAUD), (RULES, RULE)):
        await _made(operator, path, form, token=owner)
        answer = await operator.ask("POST", path, {**form, "x": X}, token=owner)
        assert answer.status == 409, shops
