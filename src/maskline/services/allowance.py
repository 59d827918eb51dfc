"""How often somebody may do a thing in a while, as one process sees it."""

from collections import OrderedDict, deque

from maskline.services.clock import Clock

MAX_KNOWN = 10_000
"""Callers that are remembered; the one that was quiet for longest is forgotten."""

MAX_MOMENTS = 1_000
"""Uses that are remembered of each."""


class Allowance:
    """Remembers uses for `keep_s`."""

    def __init__(self, clock: Clock, keep_s: float) -> None:
        self._clock = clock
        self._keep_s = keep_s
        self._moments: OrderedDict[str, deque[float]] = OrderedDict()

    def count(self, who: str, within_s: float) -> int:
        """How often it was used within that time, at most what is kept."""
        since = self._clock.monotonic() - within_s
        return sum(moment > since for moment in self._moments.get(who, ()))

    def use(self, who: str) -> None:
        """It is used now."""
        now = self._clock.monotonic()
        moments = self._moments.setdefault(who, deque(maxlen=MAX_MOMENTS))
        while moments and moments[0] <= now - self._keep_s:
            moments.popleft()
        moments.append(now)
        self._moments.move_to_end(who)
        if len(self._moments) > MAX_KNOWN:
            self._moments.popitem(last=False)
