"""Changes that are made once, and only of what their callers have read."""

import asyncio

import pytest
from tests.unit.manage.visiting import Browser, House

from maskline.domain.access import Role
from maskline.manage import keyed_change

APP = {"name": "rides", "mode": "axb", "tenant_id": "shop"}


async def _apps(browser: Browser) -> list[str]:
    return [one["name"] for one in (await browser.ask("GET", "/applications")).json["items"]]


async def test_a_change_that_is_sent_again_is_answered_again_and_made_once(house: House):
    owner = await house.signed_in(Role.OWNER)
    first = await owner.ask("POST", "/applications", APP, idempotency_key="form-1")
    again = await owner.ask("POST", "/applications", APP, idempotency_key="form-1")
    assert (again.status, again.json) == (201, first.json)
    assert again.headers["idempotent-replayed"] == "true"
    trips = {**APP, "name": "trips"}
    both = await asyncio.gather(
        *(owner.ask("POST", "/applications", trips, idempotency_key="form-2") for _ in range(2))
    )
    assert [one.status for one in both] == [201, 201]
    assert both[0].json == both[1].json
    assert sorted(await _apps(owner)) == ["rides", "trips"]
    path = f"/applications/{first.json['app_key']}"
    await owner.ask("PATCH", path, {"description": "to the airport"}, idempotency_key="form-3")
    events = (await owner.ask("GET", "/audit-events?action=create_application")).json["items"]
    assert len(events) == 2


async def test_a_key_is_of_one_caller_and_one_request_for_a_day(house: House):
    owner, admin = [await house.signed_in(role) for role in (Role.OWNER, Role.ADMINISTRATOR)]
    await owner.ask("POST", "/applications", APP, idempotency_key="k")
    other = await owner.ask("POST", "/applications", {**APP, "name": "no"}, idempotency_key="k")
    assert (other.status, other.error["code"]) == (422, "key_used")
    own = await admin.ask("POST", "/applications", {**APP, "name": "own"}, idempotency_key="k")
    assert own.status == 201
    none = await owner.ask("POST", "/applications", APP, idempotency_key="")
    assert (none.status, none.error["field"]) == (400, "Idempotency-Key")
    house.clock.step(86_401)
    owner = await house.signed_in(Role.OWNER)
    later = await owner.ask("POST", "/applications", {**APP, "name": "no"}, idempotency_key="k")
    assert later.status == 201


async def test_what_was_refused_frees_its_key(house: House):
    owner = await house.signed_in(Role.OWNER)
    bad = {**APP, "name": "two words"}
    for _ in range(2):
        refused = await owner.ask("POST", "/applications", bad, idempotency_key="k")
        assert (refused.status, refused.error["field"]) == (400, "name")
    assert (await owner.ask("POST", "/applications", APP, idempotency_key="k")).status == 201


async def test_a_change_that_nobody_finished_is_not_made_again(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    owner = await house.signed_in(Role.OWNER)
    with monkeypatch.context() as broken:

        async def lose(_: object) -> None:
            raise RuntimeError

        broken.setattr(house.store, "add_application", lose)
        crashed = await owner.ask("POST", "/applications", APP, idempotency_key="k")
    assert crashed.status == 500
    repeated = await owner.ask("POST", "/applications", APP, idempotency_key="k")
    assert (repeated.status, repeated.error["code"]) == (409, "under_way")
    house.clock.step(keyed_change.UNDER_WAY_S)
    repeated = await owner.ask("POST", "/applications", APP, idempotency_key="k")
    assert (repeated.status, repeated.error["code"]) == (409, "outcome_not_known")
    assert await _apps(owner) == []


async def test_nobody_overwrites_what_somebody_else_has_changed(house: House):
    owner, admin = [await house.signed_in(role) for role in (Role.OWNER, Role.ADMINISTRATOR)]
    made = (await owner.ask("POST", "/applications", APP)).json
    path = f"/applications/{made['app_key']}"
    read = (await owner.ask("GET", path)).headers["etag"]
    theirs = await admin.ask("PATCH", path, {"description": "theirs"}, if_match=read)
    assert theirs.status == 200
    mine = await owner.ask("PATCH", path, {"description": "mine"}, if_match=read)
    assert (mine.status, mine.error["code"]) == (412, "changed_meanwhile")
    assert mine.error["current"]["description"] == "theirs"
    assert mine.headers["etag"] == theirs.headers["etag"] != read
    now = f'"other", W/{mine.headers["etag"]}'
    assert (await owner.ask("PATCH", path, {"description": "mine"}, if_match=now)).status == 200
    assert (await owner.ask("PATCH", path, {"description": "x"}, if_match="*")).status == 200


async def test_a_repeat_of_a_change_is_no_change_of_somebody_else(house: House):
    operator = await house.signed_in(Role.OPERATOR)
    path, conditions = "/tenants/shop", {"idempotency_key": "k"}
    conditions["if_match"] = (await operator.ask("GET", path)).headers["etag"]
    for _ in range(2):
        answer = await operator.ask("PATCH", path, {"name": "Store"}, **conditions)
        assert (answer.status, answer.json["name"]) == (200, "Store")


async def test_what_happens_to_a_user_is_no_new_version(house: House):
    owner = await house.signed_in(Role.OWNER)
    users = (await owner.ask("GET", "/users")).json["items"]
    path = f"/users/{next(one['user_id'] for one in users if one['login'] == 'support')}"
    before = (await owner.ask("GET", path)).headers["etag"]
    house.clock.step(60)
    await house.signed_in(Role.SUPPORT)
    assert (await owner.ask("GET", path)).headers["etag"] == before


async def test_the_document_names_keys_and_versions(house: House):
    owner = await house.signed_in(Role.OWNER)
    paths = (await owner.ask("GET", "/openapi.json")).json["paths"]
    edit = paths["/manage/v1/applications/{app_key}"]
    named = {one["name"] for one in edit["patch"]["parameters"]}
    assert {"Idempotency-Key", "If-Match"} <= named
    assert {"409", "412", "422"} <= set(edit["patch"]["responses"])
    assert "ETag" in edit["get"]["responses"]["200"]["headers"]
    assert "Idempotency-Key" not in str(paths["/manage/v1/session"]["post"])
