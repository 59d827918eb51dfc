"""The bound on pushes in flight, shared so that slow endpoints cannot take all of it."""

from collections import OrderedDict
from collections.abc import Callable, Hashable


class Gate:
    """Hands out a bounded number of places.

    A part of them is reserved for those who hold none: however many places slow endpoints hold,
    another one finds its first. Who finds none waits, first come first served, and nobody takes
    a second place meanwhile.
    """

    def __init__(self, places: int, reserved: int) -> None:
        self._free = places
        self._reserved = reserved
        self._waiting: OrderedDict[Hashable, Callable[[], None]] = OrderedDict()

    def take(self, wanted: int, held: int) -> int:
        """Take up to `wanted` places for somebody who holds `held`; returns how many."""
        if held > 0 and self._waiting:
            return 0
        granted = min(wanted, max(self._free - self._reserved, 0))
        if granted == 0 and held == 0 and wanted > 0 and self._free > 0:
            granted = 1
        self._free -= granted
        return granted

    def give_back(self, places: int) -> None:
        """Return places and wake as many of those who wait."""
        self._free += places
        for _ in range(min(places, len(self._waiting))):
            _, wake = self._waiting.popitem(last=False)
            wake()

    def wait(self, who: Hashable, wake: Callable[[], None]) -> None:
        """Have `wake` called once when a place comes back; for those who hold none."""
        self._waiting.setdefault(who, wake)

    def leave(self, who: Hashable) -> None:
        """Give up waiting."""
        self._waiting.pop(who, None)
