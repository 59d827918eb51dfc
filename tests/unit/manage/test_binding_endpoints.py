import pytest
from tests.unit.manage.operating import A, B, Operator, X

from maskline.domain.access import Role

V1 = "/manage/v1"
OTHER = "+8613700003003"


async def _app(operator: Operator, mode: str, **fields: object) -> str:
    if mode == "x":
        fields["status_url"] = "https://example.com/status"
    app_key = (await operator.create_application(mode=mode, **fields))["app_key"]
    await operator.add_number(app_key)
    return app_key


MODES = [
    ("axb", {"a": A, "b": B, "x": X, "direction": "a_to_b", "duration_s": 60}),
    ("ax", {"a": A, "area_code": "0755", "idle_s": 600}),
    ("axe", {"a": A, "x": X, "extension": "0042", "time_unit": "minute", "bound_for": 30}),
    ("axyb", {"a": A, "area_code": "0755"}),
]


@pytest.mark.parametrize(("mode", "fields"), MODES, ids=[mode for mode, _ in MODES])
async def test_each_mode_is_bound_by_its_own_fields_and_unbound(
    operator: Operator, mode: str, fields: dict
):
    app_key = await _app(operator, mode)
    made = await operator.ask("POST", f"{V1}/bindings", {"app_key": app_key, **fields})
    assert made.status == 201, made.content
    assert (made.json["mode"], made.json["x"]) == (mode, X)
    assert A.encode() not in made.content
    path = f"{V1}/bindings/{made.json['binding_id']}"
    assert (await operator.ask("DELETE", path)).status == 204
    history = (await operator.ask("GET", f"{path}/history")).json
    assert [event["what"] for event in history["items"]] == ["created", "ended"]
    assert history["items"][1]["cause"] == "unbound"
    assert (await operator.ask("DELETE", path)).status == 404


async def test_refusals_have_the_codes_of_the_customers_interface(operator: Operator):
    app_key = await _app(operator, "axb")
    form = {"app_key": app_key, "a": A, "b": B, "x": X}
    assert (await operator.ask("POST", f"{V1}/bindings", form)).status == 201
    again = await operator.ask("POST", f"{V1}/bindings", {**form, "b": OTHER})
    assert (again.status, again.error["code"]) == (409, "1012010")
    assert A.encode() not in again.content
    for wrong, field in (({"a": "139"}, "a"), ({"extension": "1"}, "extension")):
        refused = await operator.ask("POST", f"{V1}/bindings", {**form, **wrong})
        assert (refused.status, refused.error["code"]) == (400, "1010002")
        assert refused.error["field"] == field
    no_record = await operator.ask("POST", f"{V1}/bindings", {**form, "a": OTHER, "record": True})
    assert no_record.error["code"] == "1012012"
    await operator.ask("PATCH", f"{V1}/applications/{app_key}", {"state": "suspended"})
    suspended = await operator.ask("POST", f"{V1}/bindings", form)
    assert suspended.status == 409


async def test_a_binding_is_changed_and_its_history_tells(operator: Operator):
    app_key = await _app(operator, "ax")
    made = (await operator.ask("POST", f"{V1}/bindings", {"app_key": app_key, "a": A, "x": X})).json
    path = f"{V1}/bindings/{made['binding_id']}"
    operator.clock.step(5)
    changed = await operator.ask("PATCH", path, {"direction": "b_to_a", "user_data": None})
    assert changed.json["direction"] == "b_to_a"
    assert (await operator.ask("PUT", f"{path}/callee", {"number": B})).status == 204
    same = await operator.ask("PUT", f"{path}/callee", {"number": A})
    assert (same.status, same.error["code"]) == (400, "1010002")
    history = (await operator.ask("GET", f"{path}/history")).json
    assert (history["is_live"], [one["what"] for one in history["items"]]) == (
        True,
        ["created", "changed"],
    )


async def test_many_are_unbound_each_by_itself(operator: Operator):
    binding = await operator.bind(await _app(operator, "axb"))
    ids = [binding.binding_id, "nobody"]
    answer = (await operator.ask("POST", f"{V1}/bindings/unbind", {"binding_ids": ids})).json
    assert answer["unbound"] == 1
    assert [one["is_unbound"] for one in answer["items"]] == [True, False]
    assert answer["items"][1]["code"] == "not_found"


async def test_developers_bind_in_sandboxes_only_and_nobody_in_foreign_applications(
    operator: Operator,
):
    app_key = await _app(operator, "axb")
    tenant_id = (await operator.ask("GET", f"{V1}/applications/{app_key}")).json["tenant_id"]
    developer = operator.admit(Role.DEVELOPER, tenant_id)
    form = {"app_key": app_key, "a": A, "b": B, "x": X}
    refused = await operator.ask("POST", f"{V1}/bindings", form, token=developer)
    assert (refused.status, refused.error["code"]) == (403, "not_allowed")
    path, mark = f"{V1}/applications/{app_key}", {"is_sandbox": True}
    assert (await operator.ask("PATCH", path, mark, token=developer)).status == 403
    await operator.ask("PATCH", path, mark)
    made = await operator.ask("POST", f"{V1}/bindings", form, token=developer)
    assert made.status == 201
    ids = {"binding_ids": [made.json["binding_id"]]}
    stranger = operator.admit(Role.OWNER, "stranger")
    left = (await operator.ask("POST", f"{V1}/bindings/unbind", ids, token=stranger)).json
    assert left["unbound"] == 0
