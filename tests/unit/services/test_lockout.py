from datetime import UTC, datetime

import pytest

from maskline.services.clock import SteppedClock
from maskline.services.lockout import LockedOut, Lockout, LockoutLimits, address_key

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock(NOW)


def lockout(clock: SteppedClock, failures: int = 3, addresses: int = 100) -> Lockout:
    return Lockout(clock, LockoutLimits(failures=failures, window_s=60.0, addresses=addresses))


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("not:an:address", "not:an:address"),
        ("", ""),
    ],
)
def test_addresses_are_counted_by_who_can_change_them(address, key):
    assert address_key(address) == key


def test_an_address_is_locked_by_the_failure_that_reaches_the_threshold(clock: SteppedClock):
    guard = lockout(clock)

    assert [guard.fail("a") for _ in range(3)] == [False, False, True]
    assert guard.is_locked("a")
    assert not guard.is_locked("b")


def test_a_lock_ends_after_its_time_and_starts_from_nothing(clock: SteppedClock):
    guard = lockout(clock)
    for _ in range(3):
        guard.fail("a")

    clock.step(1799.9)
    assert guard.is_locked("a")
    clock.step(0.1)
    assert not guard.is_locked("a")
    assert not guard.fail("a")


def test_failures_far_apart_do_not_add_up(clock: SteppedClock):
    guard = lockout(clock)

    for _ in range(10):
        assert not guard.fail("a")
        clock.step(61)


def test_a_threshold_of_zero_never_locks(clock: SteppedClock):
    guard = lockout(clock, failures=0)

    assert not any(guard.fail("a") for _ in range(100))
    assert len(guard) == 0


def test_the_table_of_failures_is_bounded_and_the_oldest_goes(clock: SteppedClock):
    guard = lockout(clock, addresses=10)
    for number in range(1000):
        guard.fail(str(number))

    assert len(guard) == 10
    assert [guard.fail("999"), guard.fail("999")] == [False, True]


def test_those_who_are_locked_out_are_told_with_the_time_they_have_left(clock: SteppedClock):
    guard = lockout(clock, failures=1)
    guard.fail("192.0.2.1")
    clock.step(800)
    guard.fail("2001:db8::1")

    assert guard.locked() == (
        LockedOut(address="192.0.2.1", failures=1, left_s=1000.0),
        LockedOut(address="2001:db8::/64", failures=1, left_s=1800.0),
    )
    clock.step(1000)
    assert [entry.address for entry in guard.locked()] == ["2001:db8::/64"]


@pytest.mark.parametrize("name", ["2001:db8::1", "2001:db8::ffff", "2001:db8::/64"])
def test_a_released_address_is_let_in_and_starts_from_nothing(clock: SteppedClock, name: str):
    guard = lockout(clock, failures=2)
    guard.fail("2001:db8::1")
    assert not guard.release(name)
    guard.fail("2001:db8::2")

    assert guard.release(name)
    assert not guard.is_locked("2001:db8::1")
    assert not guard.release(name)
    assert not guard.fail("2001:db8::1")


def test_what_is_locked_and_let_in_here_is_told(clock: SteppedClock):
    guard = lockout(clock)
    told: list[str] = []
    guard.on_locked = lambda address: told.append(f"+{address}")
    guard.on_released = lambda address: told.append(f"-{address}")
    for _ in range(3):
        guard.fail("2001:db8::1")
    guard.release("2001:db8::/64")
    guard.release("2001:db8::/64")
    assert told == ["+2001:db8::/64", "-2001:db8::/64"]


def test_what_others_lock_out_is_locked_for_the_rest_of_the_time_and_not_told_again(
    clock: SteppedClock,
):
    guard = lockout(clock)
    guard.on_locked = guard.on_released = lambda _: pytest.fail("told again")
    guard.lock("a", ago_s=1700.0)
    guard.lock("b", ago_s=1800.0)
    guard.lock("c", ago_s=-5.0)
    assert [one.address for one in guard.locked()] == ["a", "c"]
    clock.step(100)
    assert not guard.is_locked("a")
    guard.let_in("c")
    assert not guard.is_locked("c")
    assert guard.fail("c") is False
