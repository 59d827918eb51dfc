"""When a push that failed is tried again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

PUBLISHED_DELAYS_S = (60.0, 240.0, 540.0, 6_360.0, 12_180.0, 18_000.0)
"""1, 4, 9, 106, 203 and 300 minutes: the published schedule (`spec/auth.md` 10)."""


@dataclass(frozen=True, slots=True)
class RetrySchedule:
    """The waits between tries, in seconds: `delays_s[0]` passes between the first and the second.

    The waits are exact, without jitter: customers know the published minutes. What spreads the
    load of many notices that failed together is the bound on pushes in flight per receiver.
    """

    delays_s: tuple[float, ...] = PUBLISHED_DELAYS_S

    def __post_init__(self) -> None:
        """Refuse a schedule that would try again at once. Raises ValueError."""
        if any(delay_s <= 0 for delay_s in self.delays_s):
            raise ValueError("every wait between tries is longer than 0 seconds")

    def decide(self, attempts: int, now: datetime) -> datetime | None:
        """When to try again after the failure of try number `attempts` (from 1).

        None when that was the last try.
        """
        if attempts > len(self.delays_s):
            return None
        return now + timedelta(seconds=self.delays_s[max(attempts, 1) - 1])
