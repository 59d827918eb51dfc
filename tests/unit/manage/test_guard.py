"""What a caller with the right may still not ask."""

from dataclasses import replace

import pytest
from tests.unit.manage.operating import NOW, A, Operator, X

from maskline.domain.access import ROLE_RIGHTS, CallerKind, Role
from maskline.domain.call import CallEnd, CallRecord
from maskline.domain.release import ReleaseCode
from maskline.domain.virtual_number import NumberState

V1 = "/manage/v1"
OTHER_X = "+8617010000009"


@pytest.fixture
async def shops(operator: Operator) -> tuple[str, str]:
    """The applications of two tenants, each with a number; the first has a binding and a call."""
    keys: list[str] = []
    for tenant_id, number in (("left", X), ("right", OTHER_X)):
        await operator.ask("POST", f"{V1}/tenants", {"name": "n", "tenant_id": tenant_id})
        app_key = (await operator.create_application(tenant_id=tenant_id))["app_key"]
        await operator.add_number(app_key, number)
        keys.append(app_key)
    await operator.bind(keys[0])
    end = CallEnd(at=NOW, release=ReleaseCode.NORMAL)
    await operator.store.finish_call(CallRecord(call=operator.call("s1", keys[0]), end=end), ())
    await operator.write_notice(keys[0], "n1", stream="s2")
    return keys[0], keys[1]


async def test_what_is_anothers_is_missing_in_the_words_of_what_never_was(
    operator: Operator, shops: tuple[str, str]
):
    left, right = (operator.admit(Role.OWNER, tenant) for tenant in ("left", "right"))
    for path in (
        f"applications/{shops[0]}",
        f"applications/{shops[0]}/prompts/p.wav",
        f"numbers/{X}",
        "bindings/binding-1",
        "calls/s1",
        "calls/s2",
        "notices/n1",
        f"bindings?app_key={shops[0]}",
        "registrants?tenant_id=left",
        "tenants/left/tokens",
    ):
        never = path.replace(shops[0], "never").replace("binding-1", "never").replace(X, "never")
        never = never.replace("s1", "never").replace("s2", "never").replace("n1", "never")
        never = never.replace("left", "never")
        theirs = await operator.ask("GET", f"{V1}/{path}", token=right)
        missing = await operator.ask("GET", f"{V1}/{never}", token=right)
        assert (theirs.status, missing.status) == (404, 404), path
        assert theirs.error.keys() == missing.error.keys()
        names = (shops[0], "binding-1", X, "s1", "s2", "n1", "left")
        words = theirs.error["message"]
        for name in names:
            words = words.replace(name, "never")
        assert words == missing.error["message"]
        if "prompts" not in path:
            assert (await operator.ask("GET", f"{V1}/{path}", token=left)).status == 200, path


async def test_what_is_made_belongs_to_the_tenant_that_asks(
    operator: Operator, shops: tuple[str, str]
):
    right = operator.admit(Role.OWNER, "right")
    new = {"name": "n", "mode": "axb"}
    made = await operator.ask("POST", f"{V1}/applications", new, token=right)
    assert (made.status, made.json["tenant_id"]) == (201, "right")
    for tenant_id in ("left", "never"):
        path = f"{V1}/applications"
        answer = await operator.ask("POST", path, {**new, "tenant_id": tenant_id}, token=right)
        assert (answer.status, answer.error["field"]) == (400, "tenant_id")
    replayed = {"app_key": shops[0]}
    for body in (replayed, {"push_id": "n1"}, {"session_id": "s2"}):
        answer = await operator.ask("POST", f"{V1}/notices/replay", body, token=right)
        assert (answer.status, answer.error["field"]) == (400, "app_key")


async def test_a_tenant_stops_its_numbers_and_does_not_undo_what_the_platform_decided(
    operator: Operator, shops: tuple[str, str]
):
    owner, path = operator.admit(Role.OWNER, "left"), f"{V1}/numbers/{X}"
    for state in ("paused", "binding_frozen", "blacklisted", "normal"):
        answer = await operator.ask("PATCH", path, {"state": state}, token=owner)
        assert (answer.status, answer.json["state"]) == (200, state)
    for change in ({"state": "unavailable"}, {"cause": None}):
        answer = await operator.ask("PATCH", path, change, token=owner)
        assert (answer.status, answer.error["field"]) == (403, next(iter(change)))
    number = await operator.store.number(X)
    assert number is not None
    await operator.store.save_number(replace(number, state=NumberState.UNAVAILABLE))
    answer = await operator.ask("PATCH", path, {"state": "normal"}, token=owner)
    assert (answer.status, "only the platform" in answer.error["hint"]) == (403, True)


async def test_a_blacklisting_ends_by_whoever_made_it_and_the_platforms_stays(
    operator: Operator, shops: tuple[str, str]
):
    owner, path = operator.admit(Role.OWNER, "left"), f"{V1}/numbers/{X}"
    black, normal = {"state": "blacklisted"}, {"state": "normal"}
    own = await operator.ask("PATCH", path, black, token=owner)
    assert own.json["blacklisted_by_tenant"] is True
    await operator.ask("PATCH", path, black)
    # Saying it again does not make it the tenant's, and what is not the state still changes.
    again = await operator.ask("PATCH", path, {**black, "note": "why?"}, token=owner)
    assert (again.status, again.error["field"]) == (403, "state")
    noted = await operator.ask("PATCH", path, {"note": "why?"}, token=owner)
    assert (noted.json["note"], noted.json["blacklisted_by_tenant"]) == ("why?", False)
    for state in ("normal", "paused", "binding_frozen"):
        answer = await operator.ask("PATCH", path, {"state": state}, token=owner)
        assert (answer.status, "by the platform" in answer.error["hint"]) == (403, True)
    assert (await operator.ask("PATCH", path, normal)).status == 200


async def test_of_an_application_some_set_the_state_and_others_the_rest(
    operator: Operator, shops: tuple[str, str]
):
    path = f"{V1}/applications/{shops[0]}"
    for role, tenant_id, change, status in (
        (Role.OPERATOR, None, {"state": "suspended"}, 200),
        (Role.OPERATOR, None, {"name": "other"}, 403),
        (Role.DEVELOPER, "left", {"name": "other"}, 200),
        (Role.DEVELOPER, "left", {"state": "normal"}, 403),
        (Role.DEVELOPER, "left", {"is_sandbox": True}, 403),
        (Role.OWNER, "left", {"state": "normal"}, 200),
        (Role.OWNER, "left", {"request_limit_per_s": 0}, 403),
        (Role.SUPPORT, "left", {"name": "third"}, 403),
    ):
        token = operator.admit(role, tenant_id)
        answer = await operator.ask("PATCH", path, change, token=token)
        assert answer.status == status, (role, change)


async def test_secrets_are_renewed_by_who_has_just_shown_again_who_it_is(
    operator: Operator, shops: tuple[str, str]
):
    path = f"{V1}/applications/{shops[0]}/secret"
    answer = await operator.ask("POST", path, token=operator.admit(Role.OWNER, "left"))
    assert (answer.status, answer.error["code"]) == (403, "step_up_needed")
    stepped_up = operator.admit(Role.OWNER, "left", is_stepped_up=True)
    assert (await operator.ask("POST", path, token=stepped_up)).status == 200


async def test_numbers_in_the_clear_are_for_tokens_with_the_right(
    operator: Operator, shops: tuple[str, str]
):
    path = f"{V1}/bindings/binding-1?reveal=true"
    answer = await operator.ask("GET", path, token=operator.admit(Role.OWNER, "left"))
    assert (answer.status, answer.error["field"]) == (403, "reveal")
    for role, status in ((Role.OWNER, 200), (Role.DEVELOPER, 403)):
        token = operator.admit(role, "left", kind=CallerKind.API_TOKEN)
        assert (await operator.ask("GET", path, token=token)).status == status


async def test_people_do_not_write_numbers_into_addresses(
    operator: Operator, shops: tuple[str, str]
):
    for path in (f"bindings?party={A}", f"records?party={A}", f"tenants/left/registrants/{A}"):
        answer = await operator.ask("GET", f"{V1}/{path}", token=operator.admit(Role.OWNER, "left"))
        assert answer.status == 400
        assert "POST /number-lookups" in answer.error["message"]


async def test_no_token_gives_a_tenant_a_right_of_the_platform(operator: Operator):
    token = operator.admit(Role.OWNER, "left", rights=ROLE_RIGHTS[Role.OPERATOR])
    assert (await operator.ask("GET", f"{V1}/trunks", token=token)).status == 403
