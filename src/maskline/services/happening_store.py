"""The seam to what happened and is kept for a while."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from maskline.domain.happening import Happening, HappeningKind


@dataclass(frozen=True, slots=True, kw_only=True)
class HappeningFilter:
    """Which are meant; None does not restrict. Only those with a lower sequence than `below`.

    `app_keys` are the applications that somebody may see. `since` is the first moment that counts,
    `until` the first that does not.
    """

    kind: HappeningKind
    app_key: str | None = None
    app_keys: Sequence[str] | None = None
    subject: str | None = None
    cause: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    below: int | None = None


class HappeningStore(Protocol):
    """Kept happenings."""

    async def add_happenings(self, happenings: Sequence[Happening]) -> None:
        """Keep some; their sequences are ignored."""
        ...

    async def happenings(self, wanted: HappeningFilter, limit: int) -> tuple[Happening, ...]:
        """The newest that match."""
        ...

    async def remove_happenings(self, kind: HappeningKind, before: datetime, limit: int) -> int:
        """Forget up to `limit` that happened before then, oldest first; returns how many."""
        ...

    async def trim_happenings(self, kind: HappeningKind, keep: int, limit: int) -> int:
        """Forget up to `limit` of each application that has more than `keep`, oldest first."""
        ...
