"""Clocks that keep their heads while the wall clock is set."""

from datetime import UTC, datetime, timedelta

import pytest

from maskline.services.clock import AnchoredClock, SteppedClock, UnturnedClock

START = datetime(2026, 1, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)


class WallClock(SteppedClock):
    """One that can be set."""

    def turn(self, by):
        self._now += by


@pytest.fixture
def wall():
    return WallClock(START)


@pytest.mark.parametrize("turned", [HOUR, -HOUR])
def test_an_anchored_clock_goes_on_as_it_began(wall, turned):
    clock = AnchoredClock(wall)
    wall.step(5)
    wall.turn(turned)
    wall.step(5)
    assert clock.now() - START == timedelta(seconds=10)
    assert clock.monotonic() == 10


def test_an_unturned_clock_follows_forward_and_never_back(wall):
    clock = UnturnedClock(wall)
    wall.turn(HOUR)
    assert clock.now() == START + HOUR
    wall.turn(-HOUR)
    wall.step(60)
    assert clock.now() == START + HOUR + timedelta(seconds=60)
    wall.turn(2 * HOUR)
    assert clock.now() == wall.now()
