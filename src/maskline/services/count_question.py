"""What people ask of counts, and how an answer looks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

By = Literal["time", "application", "city", "number", "outcome", "code"]
Step = Literal["minute", "15m", "hour", "day"]
Kind = Literal["calls", "concurrent", "messages", "bindings", "pushes", "api"]

MAX_ROWS = 500
MAX_SLOTS = 75_000
"""Slots that are read for one answer: two years of quarters of an hour are fewer."""

LONGEST = {
    "minute": timedelta(days=2),
    "15m": timedelta(days=8),
    "hour": timedelta(days=32),
    "day": timedelta(days=732),
}
"""How long a time may be shown with this step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked; `app_keys` and `tenant_id` are what whoever asks may see, None is all."""

    kind: Kind
    by: By
    step: Step
    since: datetime
    until: datetime
    zone: ZoneInfo
    app_key: str | None = None
    app_keys: Sequence[str] | None = None
    tenant_id: str | None = None

    def begin(self, slot: datetime) -> datetime:
        """When the minute, quarter, hour or day of the zone begins that a slot is in, in UTC."""
        if self.step in {"minute", "15m"}:
            return slot
        local = slot.astimezone(self.zone).replace(minute=0)
        if self.step == "day":
            local = local.replace(hour=0)
        return local.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Counted:
    """Sums of one key: a moment, an application, a city, a number, an outcome or a code."""

    key: str
    sums: tuple[int, ...]


def moment_key(at: datetime) -> str:
    """A moment as a key."""
    return at.isoformat().replace("+00:00", "Z")
