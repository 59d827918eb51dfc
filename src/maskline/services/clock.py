"""Time as a seam: nothing inside reads a clock by itself."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Where "now" comes from."""

    def now(self) -> datetime:
        """The moment, aware UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never run backwards, for durations."""
        ...


class SystemClock:
    """The machine's clocks."""

    def now(self) -> datetime:
        """The wall clock in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """The monotonic clock in seconds."""
        return time.monotonic()


class AnchoredClock:
    """The wall clock as it was when this was made, and from there on by the monotonic clock.

    What is dated by one of these lies as far apart as it happened, whatever becomes of the wall
    clock meanwhile.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._began = clock.now()
        self._began_s = clock.monotonic()

    def now(self) -> datetime:
        """The moment, aware UTC."""
        return self._began + timedelta(seconds=self._clock.monotonic() - self._began_s)

    def monotonic(self) -> float:
        """The monotonic clock in seconds."""
        return self._clock.monotonic()


class UnturnedClock:
    """The wall clock, but one that is never turned back: it then goes on from where it was.

    For what is due at a moment, which must not move away. It is right again once the wall clock
    has come as far.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._anchor = AnchoredClock(clock)

    def now(self) -> datetime:
        """The moment, aware UTC; never earlier than it was."""
        now = self._clock.now()
        if now >= self._anchor.now():
            self._anchor = AnchoredClock(self._clock)
            return now
        return self._anchor.now()

    def monotonic(self) -> float:
        """The monotonic clock in seconds."""
        return self._clock.monotonic()


class SteppedClock:
    """A clock that moves only when told to; both faces move together."""

    def __init__(self, start: datetime) -> None:
        self._now = start
        self._monotonic = 0.0

    def now(self) -> datetime:
        """The moment that was set."""
        return self._now

    def monotonic(self) -> float:
        """Seconds stepped so far."""
        return self._monotonic

    def step(self, seconds: float) -> None:
        """Let time pass."""
        self._now += timedelta(seconds=seconds)
        self._monotonic += seconds
