"""What is counted by quarters of an hour, and minutes: sums that are never counted again."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

SLOT = timedelta(minutes=15)
"""All zones differ from UTC by multiples of this: days of any of them are sums of slots."""

MINUTE = timedelta(minutes=1)
"""The slots that are kept for some days beside those of quarters of an hour."""

DAY = timedelta(days=1)
"""Those of numbers, in UTC: there are many."""

SUMS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Sums of one slot, application and name; what the name and the sums are, the subject says.

    `first_at` and `last_at` bound when what is counted happened.
    """

    subject: str
    slot: datetime
    app_key: str
    name: str
    sums: tuple[int, int, int, int, int, int, int, int]
    first_at: datetime
    last_at: datetime


def slot_of(at: datetime, length: timedelta = SLOT) -> datetime:
    """The beginning of the slot that a moment is in."""
    length_s = length.total_seconds()
    return datetime.fromtimestamp(at.timestamp() // length_s * length_s, UTC)


def padded(*sums: int) -> tuple[int, int, int, int, int, int, int, int]:
    """Sums with zeros behind them."""
    a, b, c, d, e, f, g, h = (*sums, *(0,) * (SUMS - len(sums)))
    return a, b, c, d, e, f, g, h
