"""What the authentication remembers of those it knows: seen requests, rates."""

BUCKET_S = 10.0  # requests are forgotten in groups of this many seconds of their `Created`


class SeenRequests:
    """The signed requests of one application that a replay could repeat while their time counts.

    A request is what was signed, nonce and time together, so that a client may use a short nonce
    again at another time. Only hashes are kept; the interpreter's hash is keyed per process.
    """

    def __init__(self, window_s: float, capacity: int) -> None:
        self._window_s = window_s
        self._capacity = capacity
        self._buckets: dict[int, set[int]] = {}
        self._count = 0
        self._next_sweep = 0.0

    def __len__(self) -> int:
        return self._count

    def is_full(self, now: float) -> bool:
        """Whether no more can be remembered for now. `now` is in epoch seconds."""
        if now >= self._next_sweep:
            self._sweep(now)
        return self._count >= self._capacity

    def add(self, signed: str, created: float) -> bool:
        """Remember a request; False when it was there. `created` is in epoch seconds."""
        bucket = self._buckets.setdefault(int(created // BUCKET_S), set())
        before = len(bucket)
        bucket.add(hash(signed))
        added = len(bucket) - before
        self._count += added
        return added == 1

    def _sweep(self, now: float) -> None:
        oldest = (now - self._window_s) // BUCKET_S
        for number in [number for number in self._buckets if number < oldest]:
            self._count -= len(self._buckets.pop(number))
        self._next_sweep = now + BUCKET_S


class Rates:
    """Token buckets by name: `rate` a second, with one second's worth at once."""

    def __init__(self, max_names: int) -> None:
        self._max_names = max_names
        self._buckets: dict[str, tuple[float, float]] = {}

    def __len__(self) -> int:
        return len(self._buckets)

    def take(self, name: str, rate: int, now: float) -> bool:
        """Whether one more request fits; `rate` 0 means no limit."""
        if rate == 0:
            return True
        tokens, at = self._buckets.pop(name, (float(rate), now))
        tokens = min(float(rate), tokens + (now - at) * rate)
        is_admitted = tokens >= 1.0
        if len(self._buckets) >= self._max_names:
            del self._buckets[next(iter(self._buckets))]
        self._buckets[name] = (tokens - 1.0 if is_admitted else tokens, now)
        return is_admitted
