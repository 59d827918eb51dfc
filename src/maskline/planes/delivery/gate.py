"""The bound on pushes in flight, shared so that slow endpoints cannot take all of it."""

from collections import OrderedDict
from collections.abc import Callable, Hashable


class Gate:
    """Hands out a bounded number of places.

    `reserved` of them go only to those who hold none: however many places slow endpoints hold,
    another one finds its first. Half of these go only to those who are not being probed: however
    many endpoints are dead at once, a live one finds a place. Who finds none waits, the live
    before the probed, first come first served.
    """

    def __init__(self, places: int, reserved: int) -> None:
        self._free = places
        self._reserved = reserved
        self._reserved_for_live = reserved // 2
        self._live: OrderedDict[Hashable, Callable[[], None]] = OrderedDict()
        self._probed: OrderedDict[Hashable, Callable[[], None]] = OrderedDict()

    def take(self, wanted: int, held: int, *, is_probing: bool = False) -> int:
        """Take up to `wanted` places for somebody who holds `held`; returns how many."""
        granted = min(wanted, max(self._free - self._reserved, 0))
        if granted == 0 and held == 0 and wanted > 0:
            granted = int(self._free > (self._reserved_for_live if is_probing else 0))
        self._free -= granted
        return granted

    def give_back(self, places: int) -> None:
        """Return places and wake as many of those who wait."""
        self._free += places
        for _ in range(places):
            if self._live:
                _, wake = self._live.popitem(last=False)
            elif self._probed and self._free > self._reserved_for_live:
                _, wake = self._probed.popitem(last=False)
            else:
                return
            wake()

    def wait(self, who: Hashable, wake: Callable[[], None], *, is_probing: bool = False) -> None:
        """Have `wake` called once when there may be a place; for those who hold none."""
        (self._probed if is_probing else self._live).setdefault(who, wake)

    def leave(self, who: Hashable) -> None:
        """Give up waiting."""
        self._live.pop(who, None)
        self._probed.pop(who, None)
