from collections.abc import Sequence
from datetime import datetime

from maskline.domain.trace import Trace
from maskline.stores.blob_trace import pack_details, pack_trace, unpack_trace
from maskline.stores.moment import to_us
from maskline.stores.named_sql import load_postgres_sql
from maskline.stores.postgres.connection import Cells, Cursor
from maskline.stores.postgres.database import Database
from maskline.stores.sealing import Sealer

TRACE = load_postgres_sql("trace")


class PostgresTraces:
    """`maskline.services.trace_store.TraceStore` in PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save_traces(self, traces: Sequence[Trace]) -> None:
        """See the seam."""
        # A statement may write to a row once.
        last = {trace.session_id: trace for trace in traces}.values()
        sealer = await self._database.sealer_of(trace.app_key for trace in last)
        columns = (
            [trace.session_id for trace in last],
            [trace.app_key for trace in last],
            [to_us(trace.began_at) for trace in last],
            [
                sealer.seal(trace.app_key, pack_trace(trace), _context(trace.session_id))
                for trace in last
            ],
            [_seal_details(sealer, trace) for trace in last],
        )
        await self._database.change(TRACE.trace_save, columns)

    async def trace(self, session_id: str) -> Trace | None:
        """See the seam."""
        row = await self._database.point(TRACE.trace_get, (session_id,))
        if row is None:
            return None
        session_id, app_key, sealed, details = row
        sealer = await self._database.sealer_of((app_key,))
        packed = sealer.open(app_key, sealed, _context(session_id))
        if details is not None:
            details = sealer.open(app_key, details, _detail_context(session_id))
        return unpack_trace(packed, details, session_id=session_id, app_key=app_key)

    async def remove_old_traces(self, before: datetime, keep: int, limit: int) -> int:
        """See the seam."""
        old: Cells = (to_us(before), limit)

        async def sweep(cursor: Cursor) -> int:
            gone = (await cursor.execute(TRACE.trace_sweep_old, old)).rowcount
            [[there]] = await (await cursor.execute(TRACE.trace_count)).fetchall()
            over = min(there - keep, limit - gone)
            if over > 0:
                gone += (await cursor.execute(TRACE.trace_sweep_oldest, (over,))).rowcount
            return gone

        return await self._database.transaction(sweep)

    async def remove_old_details(self, before: datetime, keep: int, limit: int) -> int:
        """See the seam."""
        old: Cells = (to_us(before), limit)

        async def sweep(cursor: Cursor) -> int:
            gone = (await cursor.execute(TRACE.detail_sweep_old, old)).rowcount
            [[there]] = await (await cursor.execute(TRACE.detail_count)).fetchall()
            over = min(there - keep, limit - gone)
            if over > 0:
                gone += (await cursor.execute(TRACE.detail_sweep_oldest, (over,))).rowcount
            return gone

        return await self._database.transaction(sweep)

    async def remove_traces(self, session_ids: Sequence[str]) -> None:
        """See the seam."""
        await self._database.change(TRACE.trace_remove, (list(session_ids),))


def _context(session_id: str) -> bytes:
    return b"call_trace:" + session_id.encode()


def _detail_context(session_id: str) -> bytes:
    return b"call_trace_details:" + session_id.encode()


def _seal_details(sealer: Sealer, trace: Trace) -> bytes | None:
    details = pack_details(trace)
    if details is None:
        return None
    return sealer.seal(trace.app_key, details, _detail_context(trace.session_id))
