from collections.abc import Sequence
from datetime import datetime
from functools import partial

from maskline.domain.trace import Trace
from maskline.stores.blob_trace import pack_details, pack_trace, unpack_trace
from maskline.stores.moment import to_us
from maskline.stores.sqlite.connection import Cells, Cursor
from maskline.stores.sqlite.database import TRACE, Database


class SqliteTraces:
    """`maskline.services.trace_store.TraceStore` in SQLite."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save_traces(self, traces: Sequence[Trace]) -> None:
        """See the seam."""
        rows = [self._row(trace) for trace in traces]
        await self._database.writer.submit(partial(_save, rows))

    async def trace(self, session_id: str) -> Trace | None:
        """See the seam."""
        row = self._database.point(TRACE.trace_get, (session_id,))
        if row is None:
            return None
        session_id, app_key, sealed, details = row
        sealer = self._database.sealer
        packed = sealer.open(app_key, sealed, _context(session_id))
        if details is not None:
            details = sealer.open(app_key, details, _detail_context(session_id))
        return unpack_trace(packed, details, session_id=session_id, app_key=app_key)

    async def remove_old_traces(self, before: datetime, keep: int, limit: int) -> int:
        """See the seam."""
        return await self._database.writer.submit(partial(_sweep, to_us(before), keep, limit))

    async def remove_old_details(self, before: datetime, keep: int, limit: int) -> int:
        """See the seam."""
        sweep = partial(_sweep_details, to_us(before), keep, limit)
        return await self._database.writer.submit(sweep)

    async def remove_traces(self, session_ids: Sequence[str]) -> None:
        """See the seam."""
        await self._database.writer.submit(partial(_remove, tuple(session_ids)))

    def _row(self, trace: Trace) -> Cells:
        seal, app_key = self._database.sealer.seal, trace.app_key
        sealed = seal(app_key, pack_trace(trace), _context(trace.session_id))
        details = pack_details(trace)
        if details is not None:
            details = seal(app_key, details, _detail_context(trace.session_id))
        return (trace.session_id, app_key, to_us(trace.began_at), sealed, details)


def _context(session_id: str) -> bytes:
    return b"call_trace:" + session_id.encode()


def _detail_context(session_id: str) -> bytes:
    return b"call_trace_details:" + session_id.encode()


def _save(rows: Sequence[Cells], cursor: Cursor) -> None:
    for row in rows:
        cursor.execute(TRACE.trace_save, row)


def _sweep(before: int, keep: int, limit: int, cursor: Cursor) -> int:
    gone = cursor.execute(TRACE.trace_sweep_old, (before, limit)).connection.changes()
    [[there]] = cursor.execute(TRACE.trace_count, ()).fetchall()
    over = min(there - keep, limit - gone)
    if over > 0:
        gone += cursor.execute(TRACE.trace_sweep_oldest, (over,)).connection.changes()
    return gone


def _sweep_details(before: int, keep: int, limit: int, cursor: Cursor) -> int:
    gone = cursor.execute(TRACE.detail_sweep_old, (before, limit)).connection.changes()
    [[there]] = cursor.execute(TRACE.detail_count, ()).fetchall()
    over = min(there - keep, limit - gone)
    if over > 0:
        gone += cursor.execute(TRACE.detail_sweep_oldest, (over,)).connection.changes()
    return gone


def _remove(session_ids: Sequence[str], cursor: Cursor) -> None:
    for session_id in session_ids:
        cursor.execute(TRACE.trace_remove, (session_id,))
