from collections.abc import Sequence
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
        oldest = sorted(self._tables.traces.values(), key=lambda trace: trace.began_at)
        surplus = len(oldest) - keep
        gone = [
            trace.session_id
            for place, trace in enumerate(oldest)
            if trace.began_at < before or place < surplus
        ]
        await self.remove_traces(gone[:limit])
        return len(gone[:limit])

    async def remove_traces(self, session_ids: Sequence[str]) -> None:
        """See the seam."""
        for session_id in session_ids:
            self._tables.traces.pop(session_id, None)
