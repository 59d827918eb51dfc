"""How many calls a second: a token bucket that holds one second's worth."""


class CallRate:
    """Lets `per_s` calls pass a second; 0 lets all pass. `now` is monotonic seconds."""

    __slots__ = ("_at", "_tokens")

    def __init__(self) -> None:
        self._tokens = 1.0
        self._at = 0.0

    def passes(self, per_s: int, now: float) -> bool:
        """Whether one more call may pass; a changed rate counts from this call on."""
        if not per_s:
            return True
        self._tokens = min(float(per_s), self._tokens + (now - self._at) * per_s)
        self._at = now
        if self._tokens < 1.0:
            return False
        self._tokens -= 1.0
        return True
