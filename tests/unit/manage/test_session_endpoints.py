"""Signing in and out with a browser, and what its cookie is good for."""

import pytest
from tests.unit.manage.operating import NOW, TOKEN
from tests.unit.manage.visiting import PASSWORD, House

from maskline.domain.access import OPERATOR, Role
from maskline.domain.account import UserState
from maskline.domain.totp import code_at
from maskline.services.accounts import NewUser, UserChange

HOUR = 3600


async def test_the_sign_in_page_tells_whether_there_is_an_operator(house: House):
    answer = await house.browser().ask("GET", "/sign-in")
    assert answer.json == {"demo_accounts": [], "needs_setup": False, "version": "0.1.0.dev0"}


async def test_a_person_signs_in_and_is_told_what_to_do(house: House):
    browser = house.browser()
    answer = await browser.sign_in(" Owner ")
    assert answer.status == 200
    assert answer.json["user"]["role"] == "owner"
    assert answer.json["tenant"] == {"tenant_id": "shop", "name": "Shop"}
    assert "user.write" in answer.json["rights"]
    assert answer.json["features"] == {"sandbox": False, "demo": False}
    assert (await browser.ask("GET", "/session")).json == answer.json


async def test_the_cookie_is_for_our_pages_and_no_script(house: House):
    cookie = (await house.browser().sign_in("owner")).headers["set-cookie"]
    value, *attributes = cookie.split("; ")
    assert value.startswith("maskline_session=")
    assert attributes == ["Path=/", "Max-Age=604800", "HttpOnly", "SameSite=Strict", "Secure"]


@pytest.mark.parametrize(
    ("login", "password"), [("owner", "wrong horse"), ("nobody", PASSWORD), ("x", "y")]
)
async def test_a_wrong_password_and_an_unknown_login_are_told_alike(
    house: House, login: str, password: str
):
    answer = await house.browser().sign_in(login, password)
    assert (answer.status, answer.error["code"]) == (401, "wrong_credentials")
    assert answer.error["message"] == "login, password or code are wrong"


async def test_without_a_session_there_is_nothing(house: House):
    answer = await house.browser().ask("GET", "/session")
    assert (answer.status, answer.error["code"]) == (401, "token_missing")
    answer = await house.browser(cookie="maskline_session=gone").ask("GET", "/session")
    assert (answer.status, answer.error["code"]) == (401, "signed_out")


async def test_signing_out_ends_the_session(house: House):
    browser = await house.signed_in(Role.OWNER)
    kept = browser.cookie
    answer = await browser.ask("DELETE", "/session")
    assert answer.status == 204
    assert "Max-Age=0" in answer.headers["set-cookie"]
    assert (await house.browser(cookie=kept).ask("GET", "/session")).status == 401


async def test_a_session_ends_when_it_is_unused_and_after_a_week(house: House):
    browser = await house.signed_in(Role.OWNER)
    for _ in range(15):
        house.clock.step(11 * HOUR)
        assert (await browser.ask("GET", "/session")).status == 200
    house.clock.step(4 * HOUR)
    assert (await browser.ask("GET", "/session")).status == 401
    browser = await house.signed_in(Role.OWNER)
    house.clock.step(12 * HOUR)
    assert (await browser.ask("GET", "/session")).status == 401


async def test_what_another_process_ends_is_over_within_a_second(house: House):
    browser = await house.signed_in(Role.OWNER)
    user_id = (await browser.ask("GET", "/session")).json["user"]["user_id"]
    await house.store.remove_sessions(user_id)
    house.clock.step(1)
    assert (await browser.ask("GET", "/session")).status == 401


async def test_who_is_disabled_is_out_at_once(house: House):
    browser = await house.signed_in(Role.SUPPORT)
    user_id = (await browser.ask("GET", "/session")).json["user"]["user_id"]
    change = UserChange(state=UserState.DISABLED)
    await house.desk.accounts.change(OPERATOR, user_id, change)
    assert (await browser.ask("GET", "/session")).status == 401
    assert (await house.browser().sign_in("support")).status == 401


@pytest.mark.parametrize("origin", [None, "https://evil.example", "http://voice.example", "null"])
async def test_a_page_of_another_origin_writes_nothing(house: House, origin: str | None):
    browser = await house.signed_in(Role.OWNER)
    browser.origin = origin
    answer = await browser.ask("DELETE", "/session")
    assert (answer.status, answer.error["code"]) == (403, "wrong_origin")
    assert (await browser.ask("GET", "/session")).status == 200


async def test_a_page_of_another_origin_signs_nobody_in(house: House):
    foreign = house.browser(origin="https://evil.example")
    assert (await foreign.sign_in("owner")).status == 403
    assert (await house.browser(origin=None).sign_in("owner")).status == 200


async def test_a_token_needs_no_origin(house: House):
    program = house.browser(token=TOKEN, origin=None)
    answer = await program.ask("POST", "/tenants", {"name": "Taxi", "tenant_id": "taxi"})
    assert answer.status == 201
    assert (await program.ask("GET", "/session")).error["code"] == "people_only"


async def test_people_of_a_tenant_do_nothing_on_the_platform(house: House):
    browser = await house.signed_in(Role.OWNER)
    answer = await browser.ask("POST", "/tenants", {"name": "Taxi", "tenant_id": "taxi"})
    assert (answer.status, answer.error["code"]) == (403, "not_allowed")


async def test_too_many_failures_lock_the_login_for_a_while(house: House):
    for _ in range(10):
        assert (await house.browser().sign_in("owner", "wrong horse")).status == 401
    answer = await house.browser().sign_in("owner")
    assert (answer.status, answer.error["code"]) == (423, "locked")
    assert "2026-11-20T08:15:00Z" in answer.error["hint"]
    assert (await house.browser().sign_in("administrator")).status == 200
    house.clock.step(900)
    assert (await house.browser().sign_in("owner")).status == 200


async def test_an_unknown_login_is_locked_as_a_known_one(house: House):
    statuses = [(await house.browser().sign_in("nobody", "x")).status for _ in range(11)]
    assert statuses == [401] * 10 + [423]


async def test_too_many_failures_lock_the_address_for_every_login(house: House):
    for number in range(100):
        await house.browser().sign_in(f"nobody-{number}", "wrong")
    assert (await house.browser().sign_in("owner")).status == 423
    assert (await house.browser(address="192.0.2.1").sign_in("owner")).status == 200
    [locked] = house.desk.by_address.locked()
    assert house.desk.by_address.release(locked.address)
    assert (await house.browser().sign_in("owner")).status == 200


async def test_a_second_factor_is_asked_for_once_the_password_is_right(house: House):
    browser = await house.signed_in(Role.OWNER)
    user_id = (await browser.ask("GET", "/session")).json["user"]["user_id"]
    enrolment = await house.desk.profile.begin_totp(user_id, "maskline")
    step = int(NOW.timestamp()) // 30
    await house.desk.profile.confirm_totp(
        user_id, enrolment.secret, code_at(enrolment.secret, step)
    )
    answer = await house.browser().sign_in("owner")
    assert (answer.status, answer.error["code"]) == (401, "code_needed")
    used = await house.browser().sign_in("owner", code=code_at(enrolment.secret, step))
    assert used.error["code"] == "wrong_credentials"
    house.clock.step(30)
    code = code_at(enrolment.secret, step + 1)
    assert (await house.browser().sign_in("owner", code=code)).status == 200
    assert (await house.browser().sign_in("owner", code=code)).status == 401


async def test_stepping_up_needs_the_password_again(house: House):
    browser = await house.signed_in(Role.OWNER)
    house.clock.step(1000)
    before = (await browser.ask("GET", "/session")).json["stepped_up_until"]
    assert (await browser.ask("POST", "/session/step-up", {})).error["field"] == "password"
    wrong = await browser.ask("POST", "/session/step-up", {"password": "wrong horse"})
    assert wrong.error["code"] == "wrong_credentials"
    answer = await browser.ask("POST", "/session/step-up", {"password": PASSWORD})
    assert (before, answer.json["stepped_up_until"]) == (
        "2026-11-20T08:15:00Z",
        "2026-11-20T08:31:40Z",
    )


async def test_the_first_operator_comes_by_a_link_that_is_good_once(house: House):
    [operator] = [u for u in await house.store.users("", None, 9) if u.role is Role.OPERATOR]
    del house.store._tables.users[operator.user_id]
    url = await house.desk.setup_url()
    assert url is not None
    token = url.partition("#")[2]
    form = {"token": token, "login": "Ops@x.example", "name": "Ops", "password": PASSWORD}
    browser = house.browser()
    answer = await browser.ask("POST", "/setup", form)
    assert answer.status == 201
    assert answer.json["user"]["login"] == "ops@x.example"
    assert answer.json["user"]["role"] == "operator"
    assert (await browser.ask("GET", "/tenants")).status == 200
    assert (await house.browser().ask("POST", "/setup", form)).status == 410
    assert await house.desk.setup_url() is None


async def test_who_is_invited_chooses_a_password_and_is_in(house: House):
    owner = await house.desk.admission.admitted((await house.signed_in(Role.OWNER)).cookie[17:])
    assert owner is not None
    caller = house.desk.admission.caller(owner)
    new = NewUser(login="li@shop.example", name="Li Lei", role=Role.SUPPORT)
    token = (await house.desk.accounts.invite(caller, new)).token
    looked = await house.browser().ask("POST", "/invitations/look", {"token": token})
    assert (looked.json["name"], looked.json["tenant_name"]) == ("Li Lei", "Shop")
    weak = {"token": token, "password": "aaaaaaaaaaaa"}
    answer = await house.browser().ask("POST", "/invitations/accept", weak)
    assert answer.error["field"] == "password"
    answer = await house.browser().ask(
        "POST", "/invitations/accept", {"token": token, "password": PASSWORD, "language": "en"}
    )
    assert (answer.status, answer.json["user"]["language"]) == (201, "en")
    house.clock.step(73 * HOUR)
    again = await house.browser().ask("POST", "/invitations/look", {"token": token})
    assert again.status == 410
