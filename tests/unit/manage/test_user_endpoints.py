"""Accounts by those in charge, and the own account."""

from tests.unit.manage.operating import NOW, TOKEN
from tests.unit.manage.visiting import PASSWORD, House

from maskline.domain.access import Role
from maskline.domain.totp import code_at


async def _id(house: House, role: Role) -> str:
    user = await house.store.user_of_login(role.value)
    assert user is not None
    return user.user_id


async def test_people_of_a_tenant_see_their_own_only(house: House):
    owner, operator = await house.signed_in(Role.OWNER), await house.signed_in(Role.OPERATOR)
    items = (await owner.ask("GET", "/users")).json["items"]
    assert {item["tenant_id"] for item in items} == {"shop"}
    assert len(items) == 6
    staff = (await operator.ask("GET", "/users?tenant_id=")).json["items"]
    assert {item["role"] for item in staff} == {"operator", "reviewer"}
    foreign = await owner.ask("GET", f"/users/{await _id(house, Role.OPERATOR)}")
    assert foreign.status == 404
    assert (await (await house.signed_in(Role.SUPPORT)).ask("GET", "/users")).status == 403


async def test_a_list_goes_on_where_the_page_before_ended(house: House):
    operator = await house.signed_in(Role.OPERATOR)
    seen, after = [], ""
    while after is not None:
        page = (await operator.ask("GET", f"/users?limit=3{after and '&after=' + after}")).json
        seen += [item["user_id"] for item in page["items"]]
        after = page["next"]
    assert len(seen) == len(set(seen)) == 8
    wrong = await operator.ask("GET", "/users?after=zzz")
    assert (wrong.status, wrong.error["field"]) == (400, "after")


async def test_an_administrator_invites_but_makes_no_owner(house: House):
    admin = await house.signed_in(Role.ADMINISTRATOR)
    form = {"login": "li@shop.example", "name": "Li Lei", "role": "support"}
    made = await admin.ask("POST", "/invitations", form)
    assert made.status == 201
    assert made.json["link"].startswith("https://voice.example/console/invitation#")
    [listed] = (await admin.ask("GET", "/invitations")).json["items"]
    assert "link" not in listed
    for role, status in (("owner", 403), ("operator", 400)):
        answer = await admin.ask("POST", "/invitations", {**form, "role": role})
        assert answer.status == status
    taken = await admin.ask("POST", "/invitations", {**form, "login": "owner"})
    assert taken.status == 409
    gone = await admin.ask("DELETE", f"/invitations/{listed['invitation_id']}")
    assert gone.status == 204
    token = made.json["link"].partition("#")[2]
    looked = await house.browser().ask("POST", "/invitations/look", {"token": token})
    assert looked.status == 410


async def test_an_administrator_cannot_touch_an_owner(house: House):
    admin, owner = await house.signed_in(Role.ADMINISTRATOR), await _id(house, Role.OWNER)
    for method, path, body in (
        ("PATCH", f"/users/{owner}", {"state": "disabled"}),
        ("POST", f"/users/{owner}/reset", {}),
        ("DELETE", f"/users/{owner}/sessions", None),
    ):
        assert (await admin.ask(method, path, body)).status == 403
    support = await _id(house, Role.SUPPORT)
    promoted = await admin.ask("PATCH", f"/users/{support}", {"role": "owner"})
    assert promoted.status == 403


async def test_the_last_owner_stays_and_nobody_changes_the_own_role(house: House):
    owner, owner_id = await house.signed_in(Role.OWNER), await _id(house, Role.OWNER)
    own = await owner.ask("PATCH", f"/users/{owner_id}", {"role": "support"})
    assert own.status == 403
    program = house.browser(token=TOKEN)
    last = await program.ask("PATCH", f"/users/{owner_id}", {"state": "disabled"})
    assert (last.status, last.error["code"]) == (409, "last_of_its_kind")


async def test_another_role_needs_the_password_again_and_signs_out(house: House):
    owner, support = await house.signed_in(Role.OWNER), await house.signed_in(Role.SUPPORT)
    path = f"/users/{await _id(house, Role.SUPPORT)}"
    house.clock.step(901)
    refused = await owner.ask("PATCH", path, {"role": "developer"})
    assert (refused.status, refused.error["code"]) == (403, "step_up_needed")
    await owner.ask("POST", "/session/step-up", {"password": PASSWORD})
    assert (await owner.ask("PATCH", path, {"role": "developer"})).json["role"] == "developer"
    assert (await support.ask("GET", "/session")).status == 401


async def test_a_new_password_by_a_link_ends_what_the_old_one_opened(house: House):
    owner, support = await house.signed_in(Role.OWNER), await house.signed_in(Role.SUPPORT)
    made = await owner.ask("POST", f"/users/{await _id(house, Role.SUPPORT)}/reset", {})
    token = made.json["link"].partition("#")[2]
    form = {"token": token, "password": "another good one"}
    assert (await house.browser().ask("POST", "/invitations/accept", form)).status == 201
    assert (await support.ask("GET", "/session")).status == 401
    assert (await house.browser().sign_in("support")).status == 401
    assert (await house.browser().sign_in("support", "another good one")).status == 200


async def test_an_administrator_lets_somebody_try_again(house: House):
    admin = await house.signed_in(Role.ADMINISTRATOR)
    path = f"/users/{await _id(house, Role.SUPPORT)}"
    for _ in range(10):
        await house.browser().sign_in("support", "wrong horse")
    assert (await admin.ask("GET", path)).json["is_locked"]
    assert (await admin.ask("POST", f"{path}/unlock")).status == 204
    assert (await house.browser().sign_in("support")).status == 200


async def test_sessions_are_listed_and_ended(house: House):
    one, other = await house.signed_in(Role.OWNER), await house.signed_in(Role.OWNER)
    items = (await one.ask("GET", "/profile/sessions")).json["items"]
    [this] = [item for item in items if item["is_this"]]
    [that] = [item for item in items if not item["is_this"]]
    assert (this["address"], this["user_agent"]) == ("198.51.100.7", "Firefox")
    ended = await one.ask("DELETE", f"/profile/sessions/{that['session_id']}")
    assert ended.status == 204
    assert (await other.ask("GET", "/session")).status == 401


async def test_a_person_changes_how_it_is_named_and_told(house: House):
    browser = await house.signed_in(Role.SUPPORT)
    changed = await browser.ask("PATCH", "/profile", {"name": " Mei  Mei", "language": "en"})
    assert (changed.json["name"], changed.json["language"]) == ("Mei Mei", "en")
    wrong = await browser.ask("PATCH", "/profile", {"zone": "../etc/passwd"})
    assert (wrong.status, wrong.error["field"]) == (400, "zone")


async def test_another_password_ends_all_other_sessions(house: House):
    browser, other = await house.signed_in(Role.SUPPORT), await house.signed_in(Role.SUPPORT)
    form = {"password": "another good one", "old_password": "wrong horse"}
    assert (await browser.ask("PUT", "/profile/password", form)).status == 401
    form["old_password"] = PASSWORD
    assert (await browser.ask("PUT", "/profile/password", form)).status == 204
    assert (await browser.ask("GET", "/session")).status == 200
    assert (await other.ask("GET", "/session")).status == 401


async def test_a_second_factor_is_there_once_a_code_came_back(house: House):
    browser = await house.signed_in(Role.SUPPORT)
    begun = (await browser.ask("POST", "/profile/totp")).json
    assert begun["uri"].startswith("otpauth://totp/maskline:support?secret=")
    wrong = {"secret": begun["secret"], "code": "000000"}
    assert (await browser.ask("PUT", "/profile/totp", wrong)).error["field"] == "code"
    weak = {"secret": "AAAA", "code": "000000"}
    assert (await browser.ask("PUT", "/profile/totp", weak)).error["field"] == "secret"
    right = {**wrong, "code": code_at(begun["secret"], int(NOW.timestamp()) // 30)}
    assert (await browser.ask("PUT", "/profile/totp", right)).json["has_totp"]
    assert (await house.browser().sign_in("support")).error["code"] == "code_needed"
    assert (await browser.ask("DELETE", "/profile/totp")).status == 204
    assert (await house.browser().sign_in("support")).status == 200
