from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from maskline.domain.trace import Trace
from maskline.stores.memory.table import Tables


class MemoryTraces:
    """`maskline.services.trace_store.TraceStore` on dicts."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def save_traces(self, traces: Sequence[Trace]) -> None:
        """See the seam."""
        self._tables.traces.update({trace.session_id: trace for trace in traces})

    async def trace(self, session_id: str) -> Trace | None:
        """See the seam."""
        return self._tables.traces.get(session_id)

    async def remove_old_traces(self, before: datetime, keep: int, limit: int) -> int:
        """See the seam."""
        gone = _oldest(self._tables.traces.values(), before, keep)[:limit]
        await self.remove_traces([trace.session_id for trace in gone])
        return len(gone)

    async def remove_old_details(self, before: datetime, keep: int, limit: int) -> int:
        """See the seam."""
        detailed = [trace for trace in self._tables.traces.values() if _has_details(trace)]
        gone = _oldest(detailed, before, keep)[:limit]
        for trace in gone:
            steps = tuple(replace(step, detail="") for step in trace.steps)
            self._tables.traces[trace.session_id] = replace(trace, steps=steps)
        return len(gone)

    async def remove_traces(self, session_ids: Sequence[str]) -> None:
        """See the seam."""
        for session_id in session_ids:
            self._tables.traces.pop(session_id, None)


def _oldest(traces: Iterable[Trace], before: datetime, keep: int) -> list[Trace]:
    """Those from before a moment, or beyond the newest `keep`; the oldest first."""
    oldest = sorted(traces, key=lambda trace: trace.began_at)
    surplus = len(oldest) - keep
    return [
        trace for place, trace in enumerate(oldest) if trace.began_at < before or place < surplus
    ]


def _has_details(trace: Trace) -> bool:
    return any(step.detail for step in trace.steps)
