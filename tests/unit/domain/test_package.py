from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from maskline.domain.package import Draw, PackageOffer, Quota, after_draws, bought, draws

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
TICK = timedelta(microseconds=1)
OFFER = PackageOffer(
    offer_id="small", name="Small", price=900, minutes=10, messages=5, created_at=NOON
)


@pytest.mark.parametrize(
    ("at", "since"),
    [
        (NOON, datetime(2026, 12, 1, 13, tzinfo=UTC)),
        (NOON - TICK, NOON),
        (datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_package_begins_with_the_next_full_hour_and_lasts_a_year(at: datetime, since: datetime):
    one = bought(OFFER, "shop", "p", at)
    assert one.valid_from == since
    assert one.valid_until == since.replace(year=since.year + 1)


def test_a_package_of_a_leap_day_ends_on_the_28th():
    one = bought(OFFER, "shop", "p", datetime(2028, 2, 29, 5, tzinfo=UTC))
    assert one.valid_until == datetime(2029, 2, 28, 6, tzinfo=UTC)


def test_what_ends_first_is_used_first_then_what_was_bought_first():
    late = bought(OFFER, "shop", "late", NOON - timedelta(days=1))
    soon = bought(OFFER, "shop", "soon", NOON - timedelta(days=9))
    same = replace(soon, purchase_id="same", bought_at=soon.bought_at + TICK)
    taken = draws([late, same, soon], Quota.MINUTES, 23, NOON)
    assert taken == (
        Draw("soon", Quota.MINUTES, 10),
        Draw("same", Quota.MINUTES, 10),
        Draw("late", Quota.MINUTES, 3),
    )
    left = after_draws([late, same, soon], taken)
    assert [one.minutes_left for one in left] == [7, 0, 0]
    assert [one.messages_left for one in left] == [5, 5, 5]
    assert draws(left, Quota.MINUTES, 23, NOON) == (Draw("late", Quota.MINUTES, 7),)


def test_a_package_serves_from_its_first_moment_and_no_more_at_its_last():
    one = bought(OFFER, "shop", "p", NOON)
    for moment, is_served in (
        (one.valid_from - TICK, False),
        (one.valid_from, True),
        (one.valid_until - TICK, True),
        (one.valid_until, False),
    ):
        assert bool(draws([one], Quota.MESSAGES, 1, moment)) is is_served


def test_nothing_is_drawn_for_nothing():
    assert draws([bought(OFFER, "shop", "p", NOON)], Quota.MINUTES, 0, NOON) == ()
