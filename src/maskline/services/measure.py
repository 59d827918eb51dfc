"""What parts of the platform count while they work, to be read by whoever shows it.

Plain values of one event loop: a count costs what an addition costs, and nothing here knows who
reads them.
"""

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field

QUICK_S = (0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.5)
"""Bounds for what usually takes well under a millisecond: reads by key, units of work."""

SLOW_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Bounds for what waits for somebody else: networks, phones, customers' servers."""

MAX_NAMED = 200
"""Names that are told apart by one measure; what comes on top counts under OTHER."""

OTHER = "other"


class Durations:
    """How many things took how long; `counts[i]` took `bounds[i]` seconds at most.

    The last count is of those that took longer than every bound.
    """

    __slots__ = ("bounds", "counts", "total_s")

    def __init__(self, bounds: tuple[float, ...] = SLOW_S) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.total_s = 0.0

    def add(self, seconds: float) -> None:
        """Count one."""
        self.counts[bisect_left(self.bounds, seconds)] += 1
        self.total_s += seconds


class NamedDurations:
    """Durations by name; the names are of our own making and few."""

    __slots__ = ("_bounds", "by_name")

    def __init__(self, bounds: tuple[float, ...] = SLOW_S) -> None:
        self._bounds = bounds
        self.by_name: dict[str, Durations] = {}

    def add(self, name: str, seconds: float) -> None:
        """Count one under its name."""
        found = self.by_name.get(name)
        if found is None:
            if len(self.by_name) >= MAX_NAMED:
                name = OTHER
            found = self.by_name.setdefault(name, Durations(self._bounds))
        found.add(seconds)


@dataclass(slots=True)
class StoreCounters:
    """What a store did: units of work by name from submitting to durable, and what it refused.

    `waiting` are units accepted and not durable yet, in PostgreSQL those that have no connection
    yet; `refused` those answered with StoreBusy, `failed` those that raised StoreFailed.
    PostgreSQL counts reads as well: they wait for the same connections.
    """

    units: NamedDurations = field(default_factory=lambda: NamedDurations(QUICK_S))
    waiting: int = 0
    refused: int = 0
    failed: int = 0


@dataclass(slots=True)
class HttpCounters:
    """Requests by interface and HTTP status, and those of the compatible interface in detail.

    `results` counts by operation and result code; `took` has the durations by operation.
    """

    requests: Counter[tuple[str, int]] = field(default_factory=Counter[tuple[str, int]])
    results: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])
    took: NamedDurations = field(default_factory=lambda: NamedDurations(SLOW_S))
