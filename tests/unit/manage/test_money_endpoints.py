"""Prices, packages, balances, the ledger and its runs, as the platform and a tenant see them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.unit.manage.operating import NOW, TOKEN, Operator, X

from maskline.domain.access import Role
from maskline.domain.call import CallEnd, CallRecord
from maskline.domain.charge_run import RunKind
from maskline.domain.release import ReleaseCode

V1 = "/manage/v1"
ACCOUNT = f"{V1}/money/accounts/left"
PRICES = {"carrier_rent": 900, "virtual_operator_rent": 500, "call_minute": 10}


@pytest.fixture
async def app_key(operator: Operator) -> str:
    """The application of the tenant left, with a number; right has nothing."""
    for tenant_id in ("left", "right"):
        await operator.ask("POST", f"{V1}/tenants", {"name": "n", "tenant_id": tenant_id})
    app_key: str = (await operator.create_application(tenant_id="left"))["app_key"]
    await operator.add_number(app_key, X)
    return app_key


async def _made(
    operator: Operator, path: str, form: dict[str, Any], token: str = TOKEN
) -> dict[str, Any]:
    answer = await operator.ask("POST", f"{V1}{path}", form, token=token)
    assert answer.status == 201, answer.content
    return answer.json


async def _pay(operator: Operator, amount: int, reference: str = "bank/1") -> dict[str, Any]:
    form = {"tenant_id": "left", "amount": amount, "reference": reference}
    return await _made(operator, "/top-ups", form)


async def _items(operator: Operator, path: str, token: str = TOKEN) -> list[dict[str, Any]]:
    answer = await operator.ask("GET", f"{V1}{path}", token=token)
    assert answer.status == 200, answer.content
    return answer.json["items"]


async def _talk(operator: Operator, app_key: str, session_id: str, seconds: float) -> None:
    now = operator.clock.now()
    talked = {"arrived_at": now, "answered_at": now - timedelta(seconds=seconds)}
    call = replace(operator.call(session_id, app_key), tenant_id="left", **talked)
    end = CallEnd(at=now, release=ReleaseCode.NORMAL)
    await operator.store.finish_call(CallRecord(call=call, end=end), [])


async def test_prices_begin_and_end_and_a_tenant_sees_its_own_and_everybodys(operator: Operator):
    for tenant_id in ("left", "right"):
        await operator.ask("POST", f"{V1}/tenants", {"name": "n", "tenant_id": tenant_id})
    first = await _made(operator, "/tariffs", PRICES)
    assert (first["state"], first["tenant_id"], first["call_minute"]) == ("current", None, 10)
    operator.clock.step(1)
    await _made(operator, "/tariffs", {**PRICES, "call_minute": 9})
    coming = {**PRICES, "tenant_id": "right", "valid_from": "2026-12-01T00:00:00+08:00"}
    await _made(operator, "/tariffs", coming)
    listed = await _items(operator, "/tariffs")
    assert [one["state"] for one in listed] == ["coming", "current", "over"]
    finance = operator.admit(Role.FINANCE, "left")
    seen = await _items(operator, "/tariffs?limit=9", token=finance)
    assert [one["call_minute"] for one in seen] == [9, 10]
    past = await operator.ask(
        "POST", f"{V1}/tariffs", {**PRICES, "valid_from": "2026-11-20T07:59:59Z"}
    )
    assert (past.status, past.error["field"]) == (400, "valid_from")
    assert (await operator.ask("POST", f"{V1}/tariffs", PRICES, token=finance)).status == 403


async def test_a_balance_says_how_long_it_lasts_at_what_a_day_costs(
    operator: Operator, app_key: str
):
    await _made(operator, "/tariffs", {**PRICES, "virtual_operator_rent": 300})
    await _pay(operator, 1_000)
    operator.clock.step(86_400)
    await _talk(operator, app_key, "s1", 61)
    await _made(operator, "/charge-runs", {"kind": "issued"})
    operator.clock.step(1)
    await _made(operator, "/charge-runs", {"kind": "calls"})
    operator.clock.step(1)
    shown = (await operator.ask("GET", ACCOUNT)).json
    # 20 of calls in a day and two seconds, 300 of rent in November.
    assert (shown["balance"], shown["daily_use"], shown["days_left"]) == (680, 30, 22)
    assert (shown["currency"], shown["how_to_pay"]) == ("CNY", "to account 7")
    other = (await operator.ask("GET", f"{V1}/money/accounts/right")).json
    assert (other["balance"], other["daily_use"], other["days_left"]) == (0, 0, None)


async def test_who_pays_sets_when_to_be_told_and_the_platform_what_may_be_owed(
    operator: Operator, app_key: str
):
    owner, finance = operator.admit(Role.OWNER, "left"), operator.admit(Role.FINANCE, "left")
    administrator = operator.admit(Role.ADMINISTRATOR, "left")
    told = await operator.ask("PATCH", ACCOUNT, {"alert_below": 500}, token=finance)
    assert (told.status, told.json["alert_below"], app_key != "") == (200, 500, True)
    refused = await operator.ask("PATCH", ACCOUNT, {"credit": 500}, token=owner)
    assert (refused.status, refused.error["field"]) == (400, "credit")
    assert (await operator.ask("PATCH", ACCOUNT, {}, token=administrator)).status == 403
    assert (await operator.ask("PATCH", ACCOUNT, {"credit": 500})).json["credit"] == 500
    assert (await operator.ask("GET", ACCOUNT, token=administrator)).json["credit"] == 500
    other = f"{V1}/money/accounts/right"
    assert (await operator.ask("GET", other, token=owner)).status == 404
    [own] = await _items(operator, "/money/accounts", token=owner)
    assert own["tenant_id"] == "left"
    for role in (Role.DEVELOPER, Role.SUPPORT, Role.NUMBER_OPERATOR):
        assert (
            await operator.ask("GET", ACCOUNT, token=operator.admit(role, "left"))
        ).status == 403


async def test_all_accounts_are_listed_and_those_in_arrears_found(operator: Operator, app_key: str):
    form = {"tenant_id": "left", "amount": -5, "reference": "c1", "note": "a call of a test"}
    made = await _made(operator, "/adjustments", form)
    assert (made["amount"], made["note"], app_key != "") == (-5, form["note"], True)
    assert made["lines"] == [
        {"account": "prepaid", "amount": -5},
        {"account": "adjustment", "amount": 5},
    ]
    listed = await _items(operator, "/money/accounts")
    assert [one["tenant_id"] for one in listed] == ["left", "right"]
    [owes] = await _items(operator, "/money/accounts?is_in_arrears=true")
    assert (owes["tenant_id"], owes["arrears_since"]) == ("left", "2026-11-20T08:00:00Z")
    assert owes["release_at"] == "2026-12-20T08:00:00Z"


async def test_a_payment_is_booked_once_and_found_in_the_ledger(operator: Operator, app_key: str):
    made = await _pay(operator, 100)
    assert await _pay(operator, 100) == made
    other = {"tenant_id": "left", "amount": 101, "reference": "bank/1"}
    assert (await operator.ask("POST", f"{V1}/top-ups", other)).status == 409
    finance = operator.admit(Role.FINANCE, "left")
    assert (await operator.ask("POST", f"{V1}/top-ups", other, token=finance)).status == 403
    assert await _items(operator, "/postings", token=finance) == [made]
    assert await _items(operator, "/postings?kind=top_up&since=2026-11-20T08:00:00Z") == [made]
    assert await _items(operator, f"/postings?app_key={app_key}") == []
    stranger = operator.admit(Role.FINANCE, "right")
    assert await _items(operator, "/postings", token=stranger) == []
    assert (
        await operator.ask("GET", f"{V1}/postings?tenant_id=left", token=stranger)
    ).status == 404


async def test_a_package_is_bought_with_the_right_to_top_up(operator: Operator, app_key: str):
    package = await _made(operator, "/packages", {"name": "Small", "price": 90, "minutes": 3})
    wanted = {"package_id": package["package_id"]}
    finance = operator.admit(Role.FINANCE, "left")
    poor = await operator.ask("POST", f"{V1}/package-purchases", wanted, token=finance)
    assert (poor.status, poor.error["field"], app_key != "") == (400, "package_id", True)
    await _pay(operator, 100)
    bought = await _made(operator, "/package-purchases", wanted, token=finance)
    assert (bought["state"], bought["valid_from"]) == ("coming", "2026-11-20T09:00:00Z")
    assert bought["valid_until"] == "2027-11-20T09:00:00Z"
    operator.clock.step(3600)
    [current] = await _items(operator, "/package-purchases", token=finance)
    assert current == {**bought, "state": "current"}
    unnamed = await operator.ask("GET", f"{V1}/package-purchases")
    assert (unnamed.status, unnamed.error["field"]) == (400, "tenant_id")
    administrator = operator.admit(Role.ADMINISTRATOR, "left")
    refused = await operator.ask("POST", f"{V1}/package-purchases", wanted, token=administrator)
    assert refused.status == 403


async def test_what_is_sold_no_more_is_hidden_from_tenants(operator: Operator, app_key: str):
    package = await _made(operator, "/packages", {"name": "Old", "price": 90, "messages": 3})
    path = f"{V1}/packages/{package['package_id']}"
    changed = await operator.ask("PATCH", path, {"is_sold": False})
    assert (changed.json, app_key != "") == ({**package, "is_sold": False}, True)
    assert (await operator.ask("GET", path)).json == changed.json
    assert await _items(operator, "/packages?is_sold=true") == []
    assert await _items(operator, "/packages") == [changed.json]
    assert await _items(operator, "/packages", token=operator.admit(Role.OWNER, "left")) == []
    empty = await operator.ask("POST", f"{V1}/packages", {"name": "Nothing", "price": 1})
    assert (empty.status, empty.error["field"]) == (400, "minutes")


async def test_a_statement_adds_up_to_what_left_the_balance(operator: Operator, app_key: str):
    await _made(operator, "/tariffs", PRICES)
    await _pay(operator, 2_000)
    for number, seconds in enumerate((61, 59)):
        await _talk(operator, app_key, f"s{number}", seconds)
    operator.clock.step(1)
    for kind in ("issued", "calls"):
        run = await _made(operator, "/charge-runs", {"kind": kind})
        assert (run["state"], run["amount"]) == ("done", {"issued": 500, "calls": 30}[kind])
    finance = operator.admit(Role.FINANCE, "left")
    shown = (await operator.ask("GET", f"{V1}/statements?month=2026-11", token=finance)).json
    assert (shown["charged"], shown["paid"], shown["is_cut"]) == (530, 2_000, False)
    assert (shown["since"], shown["until"]) == ("2026-10-31T16:00:00Z", "2026-11-30T16:00:00Z")
    assert [(one["x"], one["kind"], one["units"], one["amount"]) for one in shown["lines"]] == [
        ("", "top_up", 0, 2_000),
        (X, "call", 3, -30),
        (X, "rent", 1, -500),
    ]
    assert [(one["kind"], one["amount"]) for one in shown["sums"]] == [
        ("call", -30), ("rent", -500), ("top_up", 2_000),
    ]  # fmt: skip
    sums = (await operator.ask("GET", f"{V1}/ledger-sums", token=finance)).json
    assert sums["total"] == 0
    assert {one["account"]: one["amount"] for one in sums["items"]} == {
        "prepaid": 1_470, "receipts": -2_000, "revenue.rent": 500, "revenue.call": 30,
    }  # fmt: skip
    assert (await operator.ask("GET", ACCOUNT)).json["balance"] == 1_470


async def test_a_run_that_was_cut_off_is_gone_on_with_and_one_that_is_done_is_not(
    operator: Operator, app_key: str
):
    await _made(operator, "/tariffs", PRICES)
    await _talk(operator, app_key, "s1", 1)
    period, until = "2026-11-20T09", NOW + timedelta(minutes=10)
    assert await operator.store.take_run(RunKind.CALLS, period, "gone", NOW, until)
    path = f"{V1}/charge-runs/calls/{period}/retry"
    assert (await operator.ask("POST", path)).status == 409
    operator.clock.step(3600)
    [run] = await _items(operator, "/charge-runs?state=running")
    assert (run["period"], run["postings"]) == (period, 0)
    gone_on = (await operator.ask("POST", path)).json
    assert (gone_on["state"], gone_on["postings"], gone_on["amount"]) == ("done", 1, 10)
    assert (await operator.ask("POST", path)).status == 409
    assert (await operator.ask("POST", f"{V1}/charge-runs/rent/2026-01/retry")).status == 404
    assert (await operator.ask("POST", f"{V1}/charge-runs/gifts/2026-01/retry")).status == 404
    assert await _items(operator, "/charge-runs?kind=rent") == []
    owner = operator.admit(Role.OWNER, "left")
    assert (await operator.ask("GET", f"{V1}/charge-runs", token=owner)).status == 403
