"""Finding the trace of a call, and forgetting old ones."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from maskline.domain.error import UnknownRecord
from maskline.domain.trace import Trace
from maskline.services.clock import Clock
from maskline.services.trace_store import TraceStore

SWEEP_BATCH = 500
"""Traces forgotten in one unit of work."""

MAX_SWEEPS = 20
"""Units of work in one round; what is left goes in the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceRule:
    """How long stored traces are kept, and how many in all; the same for their details."""

    keep_days: int = 7
    keep: int = 100_000
    details_keep_days: int = 3
    details_keep: int = 10_000


class LiveTraces(Protocol):
    """Finds a trace in the memory of this process."""

    def __call__(self, session_id: str, *, has_details: bool) -> Trace | None:
        """The trace of a call, without what stands behind its steps unless that is asked for."""
        ...


class TraceDesk:
    """Traces of calls of every worker; `live` finds one in the memory of this process."""

    def __init__(
        self,
        store: TraceStore,
        live: LiveTraces,
        clock: Clock,
        rule: TraceRule | None = None,
    ) -> None:
        self._store = store
        self._live = live
        self._clock = clock
        self._rule = rule or TraceRule()

    async def find(self, session_id: str, *, has_details: bool = True) -> Trace:
        """The trace of a call; one that is up may be given without what stands behind its steps.

        Raises UnknownRecord, StoreFailed.
        """
        trace = self._live(session_id, has_details=has_details) or await self._store.trace(
            session_id
        )
        if trace is None:
            raise UnknownRecord(f"there is no trace of call {session_id}")
        return trace

    async def sweep(self) -> int:
        """Forget those past their time or their number; how many went. Raises StoreFailed.

        Details go before their traces, and are not counted.
        """
        rule, store = self._rule, self._store
        await self._remove(store.remove_old_details, rule.details_keep_days, rule.details_keep)
        return await self._remove(store.remove_old_traces, rule.keep_days, rule.keep)

    async def _remove(
        self, remove: Callable[[datetime, int, int], Awaitable[int]], days: int, keep: int
    ) -> int:
        before = self._clock.now() - timedelta(days=days)
        removed = 0
        for _ in range(MAX_SWEEPS):
            gone = await remove(before, keep, SWEEP_BATCH)
            removed += gone
            if gone < SWEEP_BATCH:
                break
        return removed
