from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from maskline.domain.number_life import (
    BY_HAND,
    NEXT,
    RENTED,
    RealName,
    may_become,
    may_set,
    rent_until,
    state_when_late,
    state_when_named,
)
from maskline.domain.virtual_number import NumberState

ZONE = ZoneInfo("Asia/Shanghai")
SECOND = timedelta(seconds=1)
NORMAL, FROZEN = NumberState.NORMAL, NumberState.BINDING_FROZEN
AWAITING, RETURNED = NumberState.AWAITING_REAL_NAME, NumberState.RETURNED
IN_TRANSFER, PAUSED = NumberState.IN_TRANSFER, NumberState.PAUSED


def _local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=ZONE)  # type: ignore[misc] - year, month, day at least


@pytest.mark.parametrize(
    ("at", "until"),
    [
        (_local(2026, 11, 1), _local(2026, 12, 1)),
        (_local(2026, 11, 25, 23, 59, 59), _local(2026, 12, 1)),
        (_local(2026, 11, 26), _local(2027, 1, 1)),
        (_local(2026, 11, 30, 23, 59, 59), _local(2027, 1, 1)),
        (_local(2026, 12, 25, 23, 59, 59), _local(2027, 1, 1)),
        (_local(2026, 12, 26), _local(2027, 2, 1)),
        (_local(2026, 1, 31), _local(2026, 3, 1)),
    ],
)
def test_after_the_25th_the_next_month_is_paid_as_well(at: datetime, until: datetime):
    assert rent_until(at, ZONE) == until
    assert rent_until(at.astimezone(UTC), ZONE).tzinfo is UTC


def test_the_25th_ends_where_the_business_is():
    last = datetime(2026, 11, 25, 15, 59, 59, tzinfo=UTC)
    assert rent_until(last, ZONE) == _local(2026, 12, 1)
    assert rent_until(last + SECOND, ZONE) == _local(2027, 1, 1)
    assert rent_until(last + SECOND, UTC) == datetime(2026, 12, 1, tzinfo=UTC)


def test_every_state_has_a_way_in_and_out():
    assert NEXT.keys() == set(NumberState)
    assert set().union(*NEXT.values()) == set(NumberState)
    assert all(NEXT.values())


def test_what_is_returned_is_only_issued_again():
    assert NEXT[RETURNED] == {NORMAL, AWAITING}
    assert RETURNED not in RENTED
    assert all(may_become(state, state) for state in NumberState)


def test_a_number_arrives_from_a_transfer_and_goes_nowhere_else():
    assert not may_become(IN_TRANSFER, RETURNED)
    assert may_become(NORMAL, IN_TRANSFER)
    assert may_become(IN_TRANSFER, AWAITING)


def test_people_set_the_states_that_are_theirs_to_set():
    assert all(may_set(state, to) for state in BY_HAND for to in BY_HAND)
    for state in set(NumberState) - BY_HAND:
        assert not may_set(NORMAL, state)
    assert not may_set(RETURNED, NORMAL)
    assert not may_set(IN_TRANSFER, NORMAL)


def test_no_hand_makes_a_number_normal_that_waits_for_its_real_name():
    assert not may_set(AWAITING, NORMAL)
    assert may_set(AWAITING, NumberState.UNAVAILABLE)


def test_a_number_without_a_real_name_is_late_from_its_moment_on():
    due = _local(2026, 12, 1)
    asked = RealName(scheme=1, due_at=due)
    assert not asked.is_overdue(due - SECOND)
    assert asked.is_overdue(due)
    assert not RealName(scheme=1).is_overdue(due)
    assert not RealName(scheme=1, due_at=due, done_at=due).is_overdue(due)


def test_a_late_number_takes_no_new_bindings_and_a_named_one_does():
    assert state_when_late(NORMAL) is FROZEN
    assert state_when_late(AWAITING) is FROZEN
    assert state_when_late(PAUSED) is PAUSED
    late = RealName(scheme=1, frozen_at=_local(2026, 12, 1))
    assert state_when_named(FROZEN, late) is NORMAL
    assert state_when_named(AWAITING, RealName(scheme=1)) is NORMAL


def test_a_real_name_does_not_thaw_what_somebody_has_frozen():
    assert state_when_named(FROZEN, RealName(scheme=1)) is FROZEN
    assert state_when_named(PAUSED, RealName(scheme=1)) is PAUSED


@pytest.mark.parametrize("state", [IN_TRANSFER, AWAITING, RETURNED])
def test_who_is_told_of_states_is_not_told_of_those_without_a_value(state: NumberState):
    assert not state.may_bind
    assert not state.may_call
    assert not state.is_told
