"""How many submits a second: a token bucket that holds a tenth of a second's worth.

Message centres count by the second and refuse what is over: there is no room for a burst.
"""

BURST_S = 0.1


class SendRate:
    """Lets `per_s` pass a second, 0 lets all pass. `now` is monotonic seconds."""

    __slots__ = ("_at", "_tokens")

    def __init__(self) -> None:
        self._tokens = 1.0
        self._at = 0.0

    def passes(self, per_s: int, now: float) -> bool:
        """Whether one more may pass; a changed rate counts from now on."""
        if not per_s:
            return True
        held = max(1.0, per_s * BURST_S)
        self._tokens = min(held, self._tokens + (now - self._at) * per_s)
        self._at = now
        if self._tokens < 1.0:
            return False
        self._tokens -= 1.0
        return True
