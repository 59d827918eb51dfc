from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from maskline.stores.moment import from_us, from_us_or_none, to_us, to_us_or_none


@given(st.datetimes(timezones=st.just(UTC)))
def test_times_come_back_exactly(moment: datetime):
    assert from_us(to_us(moment)) == moment
    assert from_us_or_none(to_us_or_none(moment)) == moment


def test_other_zones_come_back_as_the_same_moment_in_utc():
    moment = datetime(2026, 1, 1, 8, tzinfo=timezone(timedelta(hours=8)))
    assert from_us(to_us(moment)) == moment
    assert from_us(to_us(moment)).tzinfo is UTC


def test_none_stays_none():
    assert from_us_or_none(to_us_or_none(None)) is None


def test_the_unit_is_a_microsecond():
    assert to_us(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)) == 1_000_000
