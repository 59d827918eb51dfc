from datetime import UTC, datetime, timedelta

import pytest

from maskline.domain.retry import RetrySchedule

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


def test_the_published_schedule_is_1_4_9_106_203_300_minutes_then_nothing():
    schedule = RetrySchedule()
    waits = [schedule.decide(attempts, NOW) for attempts in range(1, 8)]
    expected = [NOW + timedelta(minutes=minutes) for minutes in (1, 4, 9, 106, 203, 300)]
    assert waits == [*expected, None]


def test_it_is_exact_every_time():
    schedule = RetrySchedule()
    assert {schedule.decide(1, NOW) for _ in range(100)} == {NOW + timedelta(minutes=1)}


def test_a_count_beyond_the_schedule_is_still_the_last():
    assert RetrySchedule().decide(100, NOW) is None


def test_without_delays_the_first_try_is_the_only_one():
    assert RetrySchedule(()).decide(1, NOW) is None


@pytest.mark.parametrize("delays_s", [(0.0,), (60.0, -1.0)])
def test_a_schedule_that_never_waits_is_refused(delays_s: tuple[float, ...]):
    with pytest.raises(ValueError, match="longer than 0"):
        RetrySchedule(delays_s)
