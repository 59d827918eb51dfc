"""The audit log as it is written by every change and read by people; tokens of programs."""

from typing import Any

from tests.unit.manage.operating import TOKEN
from tests.unit.manage.visiting import House

from maskline.domain.access import Role
from maskline.domain.audit import AuditFilter
from maskline.manage.endpoint import Asked, Endpoint
from maskline.manage.record import target_of

APP = {"name": "rides", "mode": "axb", "tenant_id": "shop"}


async def _events(
    house: House, role: Role = Role.OPERATOR, query: str = ""
) -> list[dict[str, Any]]:
    browser = await house.signed_in(role)
    answer = await browser.ask("GET", f"/audit-events{query}")
    assert answer.status == 200, answer.content
    return [one for one in answer.json["items"] if one["action"] != "sign_in"]


async def test_a_change_is_kept_with_who_from_where_before_and_after(house: House):
    browser = await house.signed_in(Role.OWNER)
    app = (await browser.ask("POST", "/applications", APP)).json
    path = f"/applications/{app['app_key']}"
    house.clock.step(1)
    await browser.ask("PATCH", path, {"name": "trips"})
    changed, made = await _events(house, Role.OWNER)
    assert (changed["action"], changed["method"], changed["object"]) == (
        "change_application", "PATCH", path,
    )  # fmt: skip
    assert (changed["name"], changed["address"]) == ("owner", "198.51.100.7")
    assert (changed["caller_kind"], changed["tenant_id"]) == ("user", "shop")
    assert (changed["before"]["name"], changed["after"]["name"]) == ("rides", "trips")
    assert (made["before"], made["after"]["name"]) == (None, "rides")
    assert app["app_secret"] not in str(made)


async def test_what_the_platform_changes_is_in_the_log_of_whose_it_is(house: House):
    program = house.browser(token=TOKEN)
    app = (await program.ask("POST", "/applications", APP)).json
    await program.ask("PATCH", f"/applications/{app['app_key']}", {"name": "trips"})
    operator = await house.signed_in(Role.OPERATOR)
    assert (await operator.ask("POST", "/look-ins", {"tenant_id": "shop"})).status == 200
    events = await _events(house, Role.OWNER)
    assert [one["action"] for one in events] == [
        "look_in", "change_application", "create_application",
    ]  # fmt: skip
    assert [one["caller_kind"] for one in events] == ["user", "operator_token", "operator_token"]


async def test_refused_changes_and_readings_leave_no_event(house: House):
    browser = await house.signed_in(Role.OWNER)
    await browser.ask("POST", "/applications", {**APP, "mode": "nonsense"})
    await browser.ask("PATCH", "/applications/unknown", {"name": "trips"})
    await browser.ask("GET", "/applications")
    assert await _events(house, Role.OWNER) == []


async def test_signing_in_and_failing_to_are_events_and_unknown_logins_are_not_kept(house: House):
    await house.browser().sign_in("owner", "wrong horse")
    await house.browser().sign_in("my password by mistake", "x")
    events = await _events(house)
    assert [(one["action"], one["name"], one["after"]) for one in events] == [
        ("sign_in_failed", "", {"reason": "password"}),
        ("sign_in_failed", "owner", {"reason": "password"}),
    ]
    assert "mistake" not in str(events)
    assert house.desk.watch.failures == 2


async def test_links_and_passwords_are_in_no_event(house: House):
    owner = await house.signed_in(Role.OWNER)
    form = {"login": "li@shop.example", "name": "Li Lei", "role": "support"}
    link = (await owner.ask("POST", "/invitations", form)).json["link"]
    await owner.ask("POST", "/profile/totp")
    token = {"name": "reports", "rights": ["call.read"]}
    secret = (await owner.ask("POST", "/tokens", token)).json["token"]
    kept = str(await house.store.audit_events(AuditFilter(), None, 99))
    assert link.partition("#")[2] not in kept
    assert secret not in kept
    assert "otpauth" not in kept


async def test_who_may_not_read_the_log_reads_the_own_part(house: House):
    developer = await house.signed_in(Role.DEVELOPER)
    owner = await house.signed_in(Role.OWNER)
    await owner.ask("PATCH", "/profile", {"name": "Boss"})
    await developer.ask("PATCH", "/profile", {"name": "Dev"})
    own = await _events(house, Role.DEVELOPER, "?user_id=somebody-else")
    assert [one["name"] for one in own] == ["developer"]
    both = await _events(house, Role.OWNER, "?action=change_profile")
    assert [one["name"] for one in both] == ["developer", "owner"]


async def test_a_list_of_events_goes_on_page_by_page(house: House):
    owner = await house.signed_in(Role.OWNER)
    for number in range(5):
        await owner.ask("PATCH", "/profile", {"name": f"Boss {number}"})
    seen, after = [], ""
    while after is not None:
        query = f"?action=change_profile&limit=2{after and '&after=' + after}"
        page = (await owner.ask("GET", f"/audit-events{query}")).json
        seen += [one["after"]["name"] for one in page["items"]]
        after = page["next"]
    assert seen == [f"Boss {number}" for number in (4, 3, 2, 1, 0)]
    naive = await owner.ask("GET", "/audit-events?since=2026-11-20T08:00:00")
    assert (naive.status, naive.error["field"]) == (400, "since")


async def _nothing(_: Asked) -> None:
    return None


def test_real_numbers_in_paths_are_masked_and_virtual_ones_are_not():
    def target(path: str) -> str:
        endpoint = Endpoint(method="DELETE", path=path, summary="", run=_nothing)
        return target_of(endpoint, {"number": "+8613900001001", "tenant_id": "shop"})

    assert target("/numbers/{number}") == "/numbers/+8613900001001"
    assert "1390000" not in target("/tenants/{tenant_id}/registrants/{number}")


async def test_a_program_has_the_rights_of_its_token_and_no_more(house: House):
    owner = await house.signed_in(Role.OWNER)
    form = {"name": "reports", "rights": ["application.read"], "days": 1}
    made = await owner.ask("POST", "/tokens", form)
    assert made.json["token"].startswith("mlk_")
    program = house.browser(token=made.json["token"], origin=None)
    assert (await program.ask("GET", "/applications")).status == 200
    assert (await program.ask("POST", "/applications", APP)).status == 403
    [listed] = (await owner.ask("GET", "/tokens")).json["items"]
    assert "token" not in listed
    assert listed["address"] == "198.51.100.7"
    assert (await owner.ask("DELETE", f"/tokens/{listed['token_id']}")).status == 204
    assert (await program.ask("GET", "/applications")).error["code"] == "token_wrong"


async def test_a_token_ends_with_its_time_and_with_its_owner(house: House):
    owner, developer = await house.signed_in(Role.OWNER), await house.signed_in(Role.DEVELOPER)
    form = {"name": "ci", "rights": ["application.read"], "days": 1}
    tokens = [(await one.ask("POST", "/tokens", form)).json for one in (owner, developer)]
    programs = [house.browser(token=one["token"]) for one in tokens]
    path = f"/users/{tokens[1]['user_id']}"
    assert (await owner.ask("PATCH", path, {"state": "disabled"})).status == 200
    assert [(await one.ask("GET", "/applications")).status for one in programs] == [200, 403]
    house.clock.step(86_400)
    assert (await programs[0].ask("GET", "/applications")).status == 403


async def test_a_token_has_no_right_that_its_owner_lacks(house: House):
    developer = await house.signed_in(Role.DEVELOPER)
    form = {"name": "ci", "rights": ["number.write", "call.read"]}
    answer = await developer.ask("POST", "/tokens", form)
    assert (answer.status, answer.error["field"]) == (400, "rights")
    assert "number.write" in answer.error["message"]
    owner = await house.signed_in(Role.OWNER)
    await owner.ask("POST", "/tokens", {"name": "all", "rights": ["call.read"]})
    assert (await developer.ask("GET", "/tokens")).json["items"] == []


async def test_the_management_token_makes_tokens_for_a_customer(house: House):
    program = house.browser(token=TOKEN)
    form = {"name": "erp", "rights": ["application.read"], "tenant_id": "shop"}
    made = await program.ask("POST", "/tokens", form)
    assert (made.json["tenant_id"], made.json["user_id"]) == ("shop", None)
    beyond = await program.ask("POST", "/tokens", {**form, "rights": ["tenant.write"]})
    assert beyond.error["field"] == "rights"
    erp = house.browser(token=made.json["token"])
    again = await erp.ask("POST", "/tokens", {"name": "more", "rights": ["application.read"]})
    assert again.status == 403
