"""How many short messages may pass: token buckets of this process."""

from collections.abc import Hashable
from dataclasses import dataclass

from maskline.domain.message_rule import MessageRules
from maskline.services.clock import Clock

MAX_BUCKETS = 100_000
"""The rates of so many senders, numbers and applications are known; the one that was used longest
ago goes first."""


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class MessageRates:
    """The rates of senders, virtual numbers and applications, as far as this process sees them.

    A bucket of `per_sender_min` tokens is filled up within a minute, one of `per_s` within a
    second; each message takes a token of each. What is refused takes none.
    """

    def __init__(self, clock: Clock, max_buckets: int = MAX_BUCKETS) -> None:
        self._clock = clock
        self._max_buckets = max_buckets
        self._buckets: dict[Hashable, _Bucket] = {}

    def __len__(self) -> int:
        return len(self._buckets)

    def admit(self, rules: MessageRules, app_key: str, sender: str, x: str) -> bool:
        """Count a message; False, and nothing is counted, when it is one too many."""
        wanted = [
            (key, limit, limit / window_s)
            for key, limit, window_s in (
                (("sender", app_key, sender), rules.per_sender_min, 60),
                (("number", x), rules.per_number_min, 60),
                (("application", app_key), rules.per_s, 1),
            )
            if limit
        ]
        buckets = [self._filled(key, limit, per_s) for key, limit, per_s in wanted]
        if any(bucket.tokens < 1 for bucket in buckets):
            return False
        for bucket in buckets:
            bucket.tokens -= 1
        return True

    def _filled(self, key: Hashable, limit: int, per_s: float) -> _Bucket:
        now = self._clock.monotonic()
        # Taken out first, so that the order is that of use and the oldest goes when it is full.
        bucket = self._buckets.pop(key, None) or _Bucket(limit, now)
        bucket.tokens = min(limit, bucket.tokens + (now - bucket.at) * per_s)
        bucket.at = now
        if len(self._buckets) >= self._max_buckets:
            del self._buckets[next(iter(self._buckets))]
        self._buckets[key] = bucket
        return bucket
