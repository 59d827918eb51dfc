from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from maskline.domain.application import Mode
from maskline.domain.call import Call, CallEnd, CallRecord
from maskline.domain.release import ReleaseCode
from maskline.domain.tariff import Prices, Tariff, started_minutes, tariff_at
from maskline.domain.virtual_number import NumberKind

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
TICK = timedelta(microseconds=1)
HOUR = timedelta(hours=1)


def _tariff(name: str, valid_from: datetime, tenant_id: str | None = None) -> Tariff:
    return Tariff(
        tariff_id=name,
        tenant_id=tenant_id,
        valid_from=valid_from,
        prices=Prices(call_minute=10),
        created_at=NOON - HOUR,
    )


def test_the_latest_tariff_counts_from_its_moment_on():
    tariffs = [_tariff("new", NOON), _tariff("old", NOON - HOUR)]
    assert tariff_at(tariffs, "shop", NOON - HOUR - TICK) is None
    assert tariff_at(tariffs, "shop", NOON - TICK) == tariffs[1]
    assert tariff_at(tariffs, "shop", NOON) == tariffs[0]


def test_a_tenants_own_tariff_comes_before_everyones_even_when_that_is_newer():
    own = _tariff("own", NOON - HOUR, "shop")
    tariffs = [own, _tariff("all", NOON)]
    assert tariff_at(tariffs, "shop", NOON) == own
    assert tariff_at(tariffs, "taxi", NOON) == tariffs[1]


def test_of_two_tariffs_from_the_same_moment_the_one_that_was_made_later_counts():
    first = _tariff("z", NOON)
    second = replace(_tariff("a", NOON), created_at=NOON)
    assert tariff_at([second, first], "shop", NOON) == second


@pytest.mark.parametrize(
    ("talk", "minutes"),
    [
        (timedelta(0), 1),
        (TICK, 1),
        (timedelta(seconds=60), 1),
        (timedelta(seconds=60) + TICK, 2),
        (timedelta(seconds=3600), 60),
    ],
)
def test_a_minute_that_has_begun_counts(talk: timedelta, minutes: int):
    assert started_minutes(_record(NOON, NOON + talk)) == minutes


def test_a_call_without_an_answer_has_no_minute():
    assert started_minutes(_record(None, NOON)) == 0


def test_rent_and_messages_have_a_price_for_each_kind_of_number():
    prices = Prices(
        carrier_rent=1, virtual_operator_rent=2, carrier_message=3, virtual_operator_message=4
    )
    assert [prices.rent(kind) for kind in NumberKind] == [1, 2]
    assert [prices.message(kind) for kind in NumberKind] == [3, 4]


def _record(answered_at: datetime | None, end: datetime) -> CallRecord:
    call = Call(
        session_id="one",
        icid="icid",
        host="host",
        app_key="app",
        tenant_id="shop",
        mode=Mode.AXB,
        x="+8617000000001",
        caller="+8613900000001",
        arrived_at=NOON,
        answered_at=answered_at,
    )
    return CallRecord(call=call, end=CallEnd(at=end, release=ReleaseCode.NORMAL))
