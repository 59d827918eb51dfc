"""The store seam of call traces; the rules of `maskline.services.store` hold here too."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from maskline.domain.trace import Trace


class TraceStore(Protocol):
    """Traces of ended calls, sealed as everything that is told of calls."""

    async def save_traces(self, traces: Sequence[Trace]) -> None:
        """Add or replace traces."""
        ...

    async def trace(self, session_id: str) -> Trace | None:
        """The trace of one call."""
        ...

    async def remove_old_traces(self, before: datetime, keep: int, limit: int) -> int:
        """Forget at most `limit` of those that began before a moment or are not the newest `keep`.

        The oldest go first. Returns how many went.
        """
        ...

    async def remove_old_details(self, before: datetime, keep: int, limit: int) -> int:
        """The same for what stands behind the steps, which stay."""
        ...

    async def remove_traces(self, session_ids: Sequence[str]) -> None:
        """Forget the traces of these calls; unknown ones are ignored."""
        ...
