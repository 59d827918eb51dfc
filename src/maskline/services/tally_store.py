"""The seam to what is counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol

from maskline.domain.call import CallRecord
from maskline.domain.tally import Tally


class Grouping(Enum):
    """By what sums are added up; what they are not grouped by is empty, or the first slot."""

    SLOT = "slot"
    APPLICATION = "app_key"
    NAME = "name"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class TallyFilter:
    """Which sums are meant; None does not restrict. `since` is a first slot, `until` one too many.

    `app_keys` are the applications that somebody may see.
    """

    subject: str
    since: datetime
    until: datetime
    app_key: str | None = None
    app_keys: Sequence[str] | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncounted:
    """Call records that are not counted yet, between two positions."""

    after: int
    upto: int
    records: tuple[CallRecord, ...]


class TallyStore(Protocol):
    """Sums, and how far records are counted."""

    async def add_tallies(self, tallies: Sequence[Tally]) -> None:
        """Add to the sums of each key, which may be new."""
        ...

    async def raise_tallies(self, tallies: Sequence[Tally]) -> None:
        """Keep the greater of each sum, so that saying the same again changes nothing.

        No two are of one key.
        """
        ...

    async def tallies(self, wanted: TallyFilter, by: Grouping, limit: int) -> tuple[Tally, ...]:
        """Sums by slot; or by application, name or all of it with the greatest first sum first."""
        ...

    async def uncounted_records(self, now: datetime, limit: int) -> Uncounted:
        """The next records in the order they were written.

        Where several write at a time, one that is written late may have an earlier place: records
        come only once everything before them is surely written, a minute later.
        """
        ...

    async def count_records(self, counted: Uncounted, tallies: Sequence[Tally]) -> bool:
        """Add what these records amount to, once: False, and nothing is added, if it was done."""
        ...

    async def remove_tallies(self, subject: str, before: datetime, limit: int) -> int:
        """Forget up to `limit` sums of slots before then; returns how many."""
        ...
