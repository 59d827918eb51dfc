from datetime import UTC, datetime, timedelta

from tests.unit.services.billing.billing_world import HOUR, NOW, SHANGHAI, Shop, X, Y

from maskline.domain.access import OPERATOR
from maskline.domain.charge_run import RunKind, RunState
from maskline.domain.ledger import PostingKind
from maskline.services.billing.period import end_of, hour_of, month_end, month_start, rent_month
from maskline.services.billing.request import NewPackage, NewPurchase
from maskline.services.billing.store import PostingFilter
from maskline.services.number_life import NumberLives
from maskline.services.number_state import NumberNews
from maskline.services.page import Page

TICK = timedelta(microseconds=1)


async def _sources(shop: Shop) -> list[str]:
    found = await shop.store.postings(PostingFilter(), Page(limit=200))
    return sorted(one.source for one in found.rows)


async def test_a_call_is_charged_by_its_started_minutes_once():
    shop = await Shop().open()
    await shop.price()
    await shop.talk(61)
    for _ in range(2):
        await shop.charge()
    assert await shop.balance() == -20
    posting = await shop.store.posting_of("call:session-001")
    assert posting is not None
    assert (posting.units, posting.price, posting.app_key, posting.x) == (2, 10, "app", X)
    assert sum((await shop.store.ledger_sums(None)).values()) == 0


async def test_a_call_costs_what_it_cost_when_it_ended():
    shop = await Shop().open()
    await shop.price()
    shop.clock.step(1)
    await shop.price(call_minute=50, valid_from=shop.clock.now() + HOUR)
    change = shop.clock.now() + HOUR
    await shop.talk(60, at=change - TICK)
    await shop.talk(60, at=change)
    shop.clock.step(7200)
    await shop.charge()
    assert await shop.balance() == -60


async def test_what_no_tariff_says_a_price_of_is_not_charged_and_counted():
    shop = await Shop().open()
    await shop.talk()
    shop.clock.step(1)
    await shop.price()
    await shop.talk()
    await shop.charge()
    [run] = await shop.store.charge_runs(9)
    assert (run.postings, run.skipped, run.amount) == (1, 1, 20)


async def test_minutes_of_packages_are_used_before_money():
    shop = await Shop().open()
    await shop.price()
    offer = await shop.desk.add_package(NewPackage(name="Small", price=100, minutes=3))
    await shop.pay(1_000)
    await shop.desk.buy(NewPurchase(package_id=offer.offer_id), "shop", OPERATOR)
    await shop.talk(61)  # before the next full hour: the package does not count yet
    shop.clock.step(3600)
    for _ in range(2):
        await shop.talk(61)
    await shop.charge()
    assert await shop.balance() == 1_000 - 100 - 20 - 10
    covered = [
        (posting.units, posting.covered, posting.amount)
        for name in ("001", "002", "003")
        if (posting := await shop.store.posting_of(f"call:session-{name}"))
    ]
    assert covered == [(2, 0, -20), (2, 2, 0), (2, 1, -10)]


async def test_a_run_goes_on_where_it_was_when_another_takes_it_over():
    shop = await Shop().open()
    await shop.price()
    for _ in range(7):
        await shop.talk()
    other = shop.worker(shop.store, "two")
    shop.worker(shop.store, "one")
    period = hour_of(NOW + HOUR)
    assert await shop.store.take_run(RunKind.CALLS, period, "one", NOW, NOW + HOUR)
    shop.clock.step(3600 - 1)
    await other.run(RunKind.CALLS, period)
    assert await shop.balance() == 0
    shop.clock.step(1)
    await other.run(RunKind.CALLS, period)
    assert await shop.balance() == -140
    [run] = await shop.store.charge_runs(9)
    assert (run.state, run.holder, run.postings) == (RunState.DONE, "two", 7)


async def test_work_runs_every_kind_once_an_hour_and_ends_what_was_cut_off():
    shop = await Shop().open()
    await shop.price()
    await shop.store.take_run(RunKind.CALLS, "2026-12-05T01", "gone", NOW, NOW)
    shop.clock.step(1)
    await shop.runner.work()
    runs = await shop.store.charge_runs(20)
    assert {run.state for run in runs} == {RunState.DONE}
    assert sorted(f"{run.kind} {run.period}" for run in runs) == [
        "arrears 2026-12-05T06", "calls 2026-12-05T01", "calls 2026-12-05T06",
        "issued 2026-12-05T06", "messages 2026-12-05T06", "rent 2026-12",
    ]  # fmt: skip
    await shop.talk()
    await shop.runner.work()
    assert await shop.store.charge_runs(20) == runs
    shop.clock.step(3600)
    await shop.runner.work()
    assert await shop.balance() == -20


async def test_calls_of_more_than_three_days_ago_are_not_charged_any_more():
    shop = await Shop().open()
    await shop.price()
    end = shop.clock.now() + timedelta(hours=12)
    await shop.talk(at=end - TICK)
    await shop.talk(at=end)
    shop.clock.step((end - NOW).total_seconds() + 3 * 86_400)
    await shop.runner.run(RunKind.CALLS, "2026-12-08T18")
    assert end_of("2026-12-08T18") == datetime(2026, 12, 8, 18, tzinfo=UTC)
    found = await shop.store.posting_of("call:session-001")
    assert found is not None
    await shop.charge()
    assert await shop.balance() == -40


def test_rent_is_due_from_the_first_at_ten_past_midnight():
    first = datetime(2026, 12, 1, tzinfo=SHANGHAI)
    ten_past = first + timedelta(minutes=10)
    assert rent_month(first, SHANGHAI) == "2026-11"
    assert rent_month(ten_past - TICK, SHANGHAI) == "2026-11"
    assert rent_month(ten_past, SHANGHAI) == "2026-12"
    assert rent_month(datetime(2027, 1, 1, 0, 9, tzinfo=SHANGHAI), SHANGHAI) == "2026-12"
    assert month_start("2026-12", SHANGHAI) == datetime(2026, 11, 30, 16, tzinfo=UTC)
    assert month_end("2026-12", SHANGHAI) == datetime(2026, 12, 31, 16, tzinfo=UTC)
    assert month_end("2026-11", SHANGHAI) == month_start("2026-12", SHANGHAI)


async def test_the_rent_of_a_month_is_charged_once_and_from_its_tariff():
    shop = await Shop().open()
    await shop.price()
    shop.clock.step((datetime(2027, 1, 1, tzinfo=SHANGHAI) - NOW).total_seconds() + 600 - 1)
    await shop.price(carrier_rent=900)
    await shop.runner.work()
    assert await _sources(shop) == []
    shop.clock.step(1)
    for _ in range(2):
        await shop.runner.work()
        shop.clock.step(3600)
    # The prices are those of the 1st, 00:00: the new ones begin minutes later.
    assert await shop.balance() == -1_300
    assert await _sources(shop) == [f"rent:{X}:2027-01", f"rent:{Y}:2027-01"]


async def test_who_gets_a_number_pays_its_rent_for_the_whole_month_at_once():
    shop = await Shop().open(numbers_since=NOW)
    await shop.price()
    await shop.walks.rent_of([X])
    assert await shop.balance() == -500
    shop.clock.step(3600)
    await shop.runner.work()  # whoever issued Y was cut off before its rent
    assert await shop.balance() == -1_300
    assert await _sources(shop) == [f"rent:{X}:2026-12", f"rent:{Y}:2026-12"]


async def test_a_number_of_the_first_minutes_of_a_month_pays_for_that_month_only():
    issued = datetime(2026, 12, 31, 16, 5, tzinfo=UTC)  # 00:05 of 1 January in Shanghai
    shop = Shop(now=issued - HOUR)
    await shop.price()
    await shop.open(numbers_since=issued)
    shop.clock.step(3600)
    await shop.runner.work()
    shop.clock.step(600)
    await shop.runner.work()
    assert await _sources(shop) == [f"rent:{X}:2027-01", f"rent:{Y}:2027-01"]


async def test_a_number_that_is_given_back_has_rent_until_its_month_is_over():
    last_free = datetime(2026, 12, 25, 23, 59, 59, tzinfo=SHANGHAI)
    for wait_s, months in ((0, ["2026-12"]), (1, ["2026-12", "2027-01"])):
        shop = await Shop(now=last_free).open(numbers_since=last_free - HOUR)
        await shop.price(valid_from=last_free)
        shop.clock.step(wait_s)
        news = NumberNews(lambda _: b"", shop.clock, shop.ids, lambda: None)
        lives = NumberLives(shop.store, news, shop.clock, SHANGHAI, timedelta(days=90))
        number = await shop.store.number(X)
        assert number is not None
        await lives.give_back(number, "", by_tenant=True)
        for day in (26, 32, 60, 91):
            now = datetime(2026, 12, 1, 0, 10, tzinfo=SHANGHAI) + timedelta(days=day - 1)
            shop.clock.step((now - shop.clock.now()).total_seconds())
            await shop.runner.work()
        assert [one for one in await _sources(shop) if X in one] == [
            f"rent:{X}:{month}" for month in months[1:]
        ]


async def test_a_statement_says_what_each_number_cost():
    shop = await Shop().open(numbers_since=NOW)
    await shop.price()
    await shop.walks.rent_of([X, Y])
    await shop.talk()
    await shop.charge()
    since, until = month_start("2026-12", SHANGHAI), month_end("2026-12", SHANGHAI)
    lines = await shop.store.statement("shop", since, until, 10)
    assert [(one.x, one.kind, one.amount) for one in lines] == [
        (X, PostingKind.CALL, -20),
        (X, PostingKind.RENT, -500),
        (Y, PostingKind.RENT, -800),
    ]
