"""Tariffs, packages, the ledger with its balances, and the runs that charge."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.contract.store.making import NOW, Make

from maskline.domain.charge_run import RunKind, RunState
from maskline.domain.error import DuplicateRecord, QuotaMoved, RunTaken
from maskline.domain.ledger import Account, MoneyAccount, Posting, PostingKind, lines_of
from maskline.domain.message import MessageState, SendResult
from maskline.domain.package import Draw, PackageOffer, PackagePurchase, Quota, bought
from maskline.domain.release import ReleaseCode
from maskline.domain.tariff import Prices, Tariff
from maskline.domain.virtual_number import NumberState
from maskline.services.billing.store import (
    Behind,
    Entry,
    HeldNumber,
    PostingFilter,
    RunStep,
)
from maskline.services.page import Page
from maskline.services.store import Store

SHOP = "shop"
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
OFFER = PackageOffer(offer_id="s", name="Small", price=900, minutes=3, messages=2, created_at=NOW)


def _posting(source: str, amount: int = -10, **changes: Any) -> Posting:
    kind: PostingKind = changes.pop("kind", PostingKind.CALL)
    plain = Posting(
        posting_id=f"id of {source}",
        tenant_id=SHOP,
        kind=kind,
        source=source,
        at=NOW,
        used_at=NOW - SECOND,
        lines=lines_of(kind, amount),
        app_key="app-1",
        x="+8617000000001",
        units=2,
        covered=1,
        price=10,
        note="as agreed",
        created_by="ann",
    )
    return replace(plain, **changes)


def _entry(source: str, amount: int = -10, **changes: Any) -> Entry:
    return Entry(posting=_posting(source, amount, **changes))


async def test_tariffs_are_kept_for_good(empty_store: Store):
    prices = Prices(carrier_rent=500, call_minute=9, storage=1)
    first = Tariff(tariff_id="1", tenant_id=None, valid_from=NOW, prices=prices, created_at=NOW)
    own = replace(first, tariff_id="2", tenant_id=SHOP, valid_from=NOW - DAY, note="n")
    await empty_store.add_tariff(first)
    await empty_store.add_tariff(own)
    with pytest.raises(DuplicateRecord):
        await empty_store.add_tariff(replace(first, prices=Prices()))
    assert await empty_store.tariffs() == (own, first)


async def test_packages_are_offered_until_they_are_not(empty_store: Store):
    await empty_store.save_package_offer(OFFER)
    later = replace(OFFER, offer_id="b", created_at=NOW + SECOND)
    await empty_store.save_package_offer(later)
    ended = replace(OFFER, is_sold=False, name="Old", price=1)
    await empty_store.save_package_offer(ended)
    assert await empty_store.package_offers() == (ended, later)


async def test_what_is_posted_twice_is_posted_once(empty_store: Store):
    assert await empty_store.post([_entry("call:1"), _entry("call:2", -5)]) == (True, True)
    again = [_entry("call:1", -99, posting_id="other"), _entry("call:3", -1), _entry("call:3")]
    assert await empty_store.post(again) == (False, True, False)
    assert await empty_store.posting_of("call:1") == _posting("call:1")
    assert await empty_store.posting_of("call:9") is None
    assert (await empty_store.money_account(SHOP)).balance == -16
    assert await empty_store.ledger_sums(None) == {Account.PREPAID: -16, Account.CALL: 16}
    assert await empty_store.ledger_sums("nobody") == {}


async def test_of_those_that_post_at_the_same_moment_one_does(empty_store: Store):
    many = [empty_store.post([_entry("call:1"), _entry(f"call:{n + 2}")]) for n in range(8)]
    done = await asyncio.gather(*many)
    assert sorted(one[0] for one in done) == [False] * 7 + [True]
    assert (await empty_store.money_account(SHOP)).balance == -90


async def test_balances_are_of_each_tenant(empty_store: Store):
    topped_up = _entry("top_up:1", 100, tenant_id="taxi", kind=PostingKind.TOP_UP)
    await empty_store.post([_entry("call:1"), topped_up, _entry("call:2", 0)])
    found = await empty_store.money_accounts("", 10)
    assert [(one.tenant_id, one.balance) for one in found] == [(SHOP, -10), ("taxi", 100)]
    assert [one.tenant_id for one in await empty_store.money_accounts(SHOP, 10)] == ["taxi"]
    assert await empty_store.money_account("nobody") == MoneyAccount(tenant_id="nobody")
    sums = await empty_store.ledger_sums("taxi")
    assert sums == {Account.PREPAID: 100, Account.RECEIPTS: -100}


async def test_postings_are_listed_newest_first(empty_store: Store):
    entries = [_entry(f"call:{n}", posting_id=f"{n}", at=NOW + n * SECOND) for n in range(4)]
    rent = _entry("rent:1", kind=PostingKind.RENT, x="+8617000000009", at=NOW + 9 * SECOND)
    other = _entry("call:9", tenant_id="taxi", app_key="app-2")
    await empty_store.post([*entries, rent, other])
    page = await empty_store.postings(PostingFilter(tenant_id=SHOP), Page(limit=2))
    assert page.rows == (rent.posting, entries[3].posting)
    page = await empty_store.postings(PostingFilter(tenant_id=SHOP), Page(limit=9, after=page.next))
    assert page.rows == tuple(entry.posting for entry in entries[2::-1])
    for wanted, sources in (
        (PostingFilter(kind=PostingKind.RENT), ["rent:1"]),
        (PostingFilter(app_key="app-2"), ["call:9"]),
        (PostingFilter(x="+8617000000009"), ["rent:1"]),
        (
            PostingFilter(tenant_id=SHOP, since=NOW + SECOND, until=NOW + 3 * SECOND),
            ["call:2", "call:1"],
        ),
    ):
        found = await empty_store.postings(wanted, Page())
        assert [one.source for one in found.rows] == sources


async def test_a_statement_adds_up_what_was_used_in_its_span(empty_store: Store):
    await empty_store.post([
        _entry("call:1"),
        _entry("call:2", -20),
        _entry("rent:1", -500, kind=PostingKind.RENT),
        _entry("call:3", used_at=NOW),
        _entry("call:4", used_at=NOW - 2 * SECOND),
        _entry("top_up:1", 7, kind=PostingKind.TOP_UP, app_key="", x=""),
    ])  # fmt: skip
    lines = await empty_store.statement(SHOP, NOW - SECOND, NOW, 10)
    assert [(one.app_key, one.kind.value, one.postings, one.units, one.covered, one.amount)
            for one in lines] == [
        ("", "top_up", 1, 2, 1, 7),
        ("app-1", "call", 2, 4, 2, -30),
        ("app-1", "rent", 1, 2, 1, -500),
    ]  # fmt: skip
    assert await empty_store.statement(SHOP, NOW - SECOND, NOW, 1) == lines[:1]
    spent = [await empty_store.spent(SHOP, app, NOW - SECOND) for app in (None, "app-1", "app-2")]
    assert spent == [40, 40, 0]
    assert await empty_store.spent("nobody", None, NOW - SECOND) == 0


async def _bought(store: Store, name: str = "p") -> PackagePurchase:
    purchase = bought(OFFER, SHOP, name, NOW)
    paid = _posting(f"package:{name}", -900, kind=PostingKind.PACKAGE)
    await store.post([Entry(posting=paid, purchase=purchase)])
    return purchase


async def test_what_packages_give_leaves_them_with_the_posting(empty_store: Store):
    purchase = await _bought(empty_store)
    assert await empty_store.purchases(SHOP, NOW) == (purchase,)
    assert await empty_store.purchases(SHOP, purchase.valid_until) == ()
    drawn = Entry(
        posting=_posting("call:1"),
        draws=(Draw("p", Quota.MINUTES, 2), Draw("p", Quota.MESSAGES, 1)),
    )
    for _ in range(2):  # the second time it is posted already
        await empty_store.post([drawn])
    [left] = await empty_store.purchases(SHOP, NOW)
    assert (left.minutes_left, left.messages_left) == (1, 1)


async def test_what_a_package_has_not_is_not_drawn_and_nothing_is_posted(empty_store: Store):
    await _bought(empty_store)
    too_much = Entry(posting=_posting("call:2"), draws=(Draw("p", Quota.MINUTES, 4),))
    with pytest.raises(QuotaMoved):
        await empty_store.post([_entry("call:1"), too_much])
    assert await empty_store.posting_of("call:1") is None
    assert (await empty_store.money_account(SHOP)).balance == -900
    nobodys = (Draw("other", Quota.MINUTES, 1),)
    with pytest.raises(QuotaMoved):
        await empty_store.post([replace(too_much, draws=nobodys)])


async def test_terms_and_state_of_an_account_do_not_touch_its_balance(empty_store: Store):
    await empty_store.save_money_terms(SHOP, 500, None)
    await empty_store.post([_entry("call:1")])
    state = MoneyAccount(
        tenant_id=SHOP, balance=77, credit=3, alerted_at=NOW, arrears_since=NOW - DAY,
        released_at=NOW + DAY,
    )  # fmt: skip
    assert await empty_store.save_money_state(state, None)
    assert not await empty_store.save_money_state(MoneyAccount(tenant_id=SHOP), None)
    assert await empty_store.money_account(SHOP) == replace(state, balance=-10, credit=500)
    await empty_store.save_money_terms(SHOP, 0, -20)
    assert await empty_store.save_money_state(MoneyAccount(tenant_id=SHOP), NOW - DAY)
    known = MoneyAccount(tenant_id=SHOP, balance=-10, alert_below=-20)
    assert await empty_store.money_account(SHOP) == known
    assert await empty_store.save_money_state(replace(state, tenant_id="taxi"), None)
    assert (await empty_store.money_account("taxi")).alerted_at == NOW


async def test_numbers_that_are_held_keep_the_state_they_had(empty_store: Store):
    one = HeldNumber("+8617000000001", NumberState.BINDING_FROZEN)
    two = HeldNumber("+8617000000002", NumberState.NORMAL)
    await empty_store.hold_number(SHOP, two)
    await empty_store.hold_number(SHOP, one)
    await empty_store.hold_number(SHOP, one._replace(state=NumberState.NORMAL))
    assert await empty_store.held_numbers(SHOP, 9) == (one, two)
    assert await empty_store.held_numbers(SHOP, 1) == (one,)
    await empty_store.let_number_go(one.number)
    await empty_store.let_number_go(one.number)
    assert await empty_store.held_numbers(SHOP, 9) == (two,)
    assert await empty_store.held_numbers("taxi", 9) == ()


async def test_calls_that_were_talked_wait_until_they_are_charged(store: Store, make: Make):
    talked = [
        make.record(make.call(f"s-{n}", answered_at=NOW), at=make.after(60 + n // 2))
        for n in range(4)
    ]
    short = make.record(make.call("s-short", answered_at=NOW), at=make.after(0.4))
    refused = make.record(make.call("s-refused"))
    refused = replace(refused, end=replace(refused.end, release=ReleaseCode.BUSY))
    for record in (*talked[::-1], short, refused):
        await store.finish_call(record, [])
    since, until = NOW, make.after(61)
    assert await store.uncharged_calls(since, until, None, 9) == (short, *talked[:2])
    await store.post([_entry("call:s-0")])
    until += SECOND
    assert await store.uncharged_calls(since, until, None, 2) == (short, talked[1])
    behind = Behind(talked[2].end.at, "s-2")
    assert await store.uncharged_calls(since, until, behind, 9) == (talked[3],)
    assert await store.uncharged_calls(make.after(61), until, None, 9) == tuple(talked[2:])


async def test_messages_that_were_sent_wait_until_they_are_charged(store: Store, make: Make):
    for n, result in enumerate(
        [SendResult.SUCCESS, SendResult.PARTLY_SENT, SendResult.NOT_SENT, SendResult.SUCCESS]
    ):
        await _sent(store, make, f"m-{n}", result)
    found = await store.uncharged_messages(NOW, make.after(1), None, 9)
    assert [one.message_id for one in found] == ["m-0", "m-1", "m-3"]
    assert (found[0].sent, found[0].result, found[0].tenant_id) == (
        2, SendResult.SUCCESS, make.tenant_id,
    )  # fmt: skip
    await store.post([_entry("message:m-0")])
    found = await store.uncharged_messages(NOW, make.after(1), Behind(NOW, "m-1"), 9)
    assert [one.message_id for one in found] == ["m-3"]
    found = await store.uncharged_messages(NOW, make.after(1), None, 1)
    assert [one.message_id for one in found] == ["m-1"]
    assert await store.uncharged_messages(make.after(1), make.after(2), None, 9) == ()


async def test_numbers_wait_until_their_rent_of_a_month_is_charged(store: Store, make: Make):
    second = make.number("+8617000000002")
    await store.add_numbers([second])
    found = await store.unrented_numbers("2026-12", "", 9)
    assert [one.number for one in found] == [make.x, second.number]
    await store.post([_entry(f"rent:{make.x}:2026-12", kind=PostingKind.RENT)])
    assert await store.unrented_numbers("2026-12", "", 9) == (second,)
    assert await store.unrented_numbers("2027-01", "", 1) == found[:1]
    assert await store.unrented_numbers("2027-01", second.number, 9) == ()


async def test_a_run_has_one_who_works_on_it_until_his_time_is_over(empty_store: Store):
    until = NOW + 60 * SECOND
    run = await empty_store.take_run(RunKind.CALLS, "2026-12", "a", NOW, until)
    assert run is not None
    assert (run.state, run.cursor, run.holder, run.leased_until) == (
        RunState.RUNNING, "", "a", until,
    )  # fmt: skip
    early = until - SECOND
    assert await empty_store.take_run(RunKind.CALLS, "2026-12", "b", early, until) is None
    assert await empty_store.take_run(RunKind.CALLS, "2026-12", "a", early, until) is not None
    step = RunStep(
        kind=RunKind.CALLS, period="2026-12", holder="a", leased_until=until, cursor="here",
        skipped=2, extra=1,
    )  # fmt: skip
    await empty_store.post([_entry("call:1"), _entry("call:2", -5)], step)
    await empty_store.post([_entry("call:2", -5)], replace(step, cursor="there"))
    taken = await empty_store.take_run(RunKind.CALLS, "2026-12", "b", until, until + DAY)
    assert taken == replace(
        run, cursor="there", postings=4, amount=15, skipped=4, holder="b", leased_until=until + DAY
    )
    with pytest.raises(RunTaken):
        await empty_store.post([_entry("call:3")], step)
    assert await empty_store.posting_of("call:3") is None
    with pytest.raises(RunTaken):
        await empty_store.end_run(RunKind.CALLS, "2026-12", "a", until)


async def test_a_run_that_is_done_is_not_begun_again(empty_store: Store):
    await empty_store.take_run(RunKind.RENT, "2026-12", "a", NOW, NOW)
    await empty_store.end_run(RunKind.RENT, "2026-12", "a", NOW + SECOND)
    late = NOW + DAY
    assert await empty_store.take_run(RunKind.RENT, "2026-12", "a", late, late) is None
    await empty_store.take_run(RunKind.RENT, "2027-01", "a", late, late)
    runs = await empty_store.charge_runs(9)
    assert [(one.period, one.state) for one in runs] == [
        ("2027-01", RunState.RUNNING),
        ("2026-12", RunState.DONE),
    ]
    assert runs[1].ended_at == NOW + SECOND
    assert await empty_store.charge_runs(1) == runs[:1]


async def _sent(store: Store, make: Make, message_id: str, result: SendResult) -> None:
    message = make.message(message_id=message_id, came_at=NOW)
    await store.accept_message(message, [], lease=None, repeats_since=NOW - DAY, segments=())
    done = replace(
        message,
        state=MessageState.DONE,
        result=result,
        due_at=None,
        done_at=NOW,
        sent=2 if result is not SendResult.NOT_SENT else 0,
    )
    await store.finish_message(done, [], [])
