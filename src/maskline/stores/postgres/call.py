from asyncio import Future
from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias

from maskline.domain.binding import STAYS_OPEN
from maskline.domain.call import Call, CallRecord
from maskline.domain.notice import Notice
from maskline.services.list_filter import CallFilter, RecordFilter
from maskline.services.page import Count, Listing, Page
from maskline.services.store import NumberHold
from maskline.stores.blob import pack_call, pack_record, unpack_call, unpack_record
from maskline.stores.call_row import live_state, traits_of
from maskline.stores.list_filter import wanted_calls, wanted_records
from maskline.stores.moment import to_us
from maskline.stores.named_sql import load_postgres_sql, shifted
from maskline.stores.postgres.binding_close import count_call, hold_open
from maskline.stores.postgres.connection import Cells, Cursor
from maskline.stores.postgres.database import LISTS, Database
from maskline.stores.postgres.outbox import OUTBOX, prepare

CALL = load_postgres_sql("call")
_SAVE = CALL.call_save.replace(":notices", shifted(OUTBOX.notices_add, 7))
_FINISH = CALL.record_add.replace(":notices", shifted(OUTBOX.notices_add, 13))

_Snapshot: TypeAlias = tuple[Call, Sequence[Notice]]
_Ended: TypeAlias = tuple[CallRecord, Sequence[Notice]]


class PostgresCalls:
    """`maskline.services.store.CallStore` in PostgreSQL.

    What different calls tell at the same time is written by one statement. Only a call whose
    binding may close by it has a transaction of its own.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def save_call(self, call: Call, notices: Sequence[Notice]) -> Future[None]:
        """See the seam."""
        is_holding = call.close.idle_s > 0 and call.answered_at is not None
        write = (
            self._write_and_hold
            if is_holding and call.binding_id is not None
            else self._write_snapshots
        )
        return self._database.lanes.submit(call.session_id, write, (call, tuple(notices)))

    def finish_call(self, record: CallRecord, notices: Sequence[Notice]) -> Future[None]:
        """See the seam."""
        call = record.call
        is_counted = call.close != STAYS_OPEN and call.binding_id is not None
        write = self._write_and_count if is_counted else self._write_records
        return self._database.lanes.submit(call.session_id, write, (record, tuple(notices)))

    async def take_number(self, hold: NumberHold, abandoned_before: datetime) -> bool:
        """See the seam."""
        row = (hold.x, hold.session_id, hold.host, to_us(hold.taken_at), to_us(abandoned_before))
        return await self._database.change(CALL.number_take, row) > 0

    async def live_call(self, session_id: str) -> Call | None:
        """See the seam."""
        row = await self._database.point(CALL.call_get, (session_id,))
        if row is None:
            return None
        await self._database.sealer_of((row[1],))
        return self._call(row)

    async def live_calls(self, wanted: CallFilter, page: Page) -> Listing[Call]:
        """See the seam."""
        found = wanted_calls(wanted)
        return await self._database.listing(LISTS.calls, found, page, self._call, keys_in=1)

    async def call_records(self, wanted: RecordFilter, page: Page) -> Listing[CallRecord]:
        """See the seam."""
        found = wanted_records(wanted, self._database.sealer)
        return await self._database.listing(LISTS.records, found, page, self._record, keys_in=1)

    async def count_call_records(self, wanted: RecordFilter) -> Count:
        """See the seam."""
        found = wanted_records(wanted, self._database.sealer)
        return await self._database.count(LISTS.records, found)

    async def remove_old_records(self, app_key: str, before: datetime, limit: int) -> int:
        """See the seam."""
        row = (app_key, to_us(before), limit)
        return (await self._database.execute(CALL.record_sweep, row))[0][0]

    async def _write_snapshots(self, snapshots: Sequence[_Snapshot]) -> None:
        await self._database.execute(_SAVE, await self._snapshot_columns(snapshots))

    async def _write_and_hold(self, snapshots: Sequence[_Snapshot]) -> None:
        for snapshot in snapshots:
            columns = await self._snapshot_columns([snapshot])
            binding_id = snapshot[0].binding_id or ""

            async def hold(
                cursor: Cursor, columns: Cells = columns, binding_id: str = binding_id
            ) -> None:
                if await (await cursor.execute(_SAVE, columns)).fetchall():
                    await hold_open(cursor, binding_id)

            await self._database.transaction(hold)

    async def _write_records(self, ended: Sequence[_Ended]) -> None:
        await self._database.execute(_FINISH, await self._record_columns(ended))

    async def _write_and_count(self, ended: Sequence[_Ended]) -> None:
        for one in ended:
            columns = await self._record_columns([one])

            async def count(
                cursor: Cursor, columns: Cells = columns, record: CallRecord = one[0]
            ) -> None:
                if await (await cursor.execute(_FINISH, columns)).fetchall():
                    binding_id, at = record.call.binding_id or "", to_us(record.end.at)
                    await count_call(cursor, binding_id, record.is_answered, at)

            await self._database.transaction(count)

    async def _snapshot_columns(self, snapshots: Sequence[_Snapshot]) -> Cells:
        told = await self._told([(call.session_id, notices) for call, notices in snapshots])
        sealer = await self._database.sealer_of(call.app_key for call, _ in snapshots)
        rows = [
            (
                call.session_id,
                call.host,
                call.app_key,
                call.x,
                to_us(call.arrived_at),
                sealer.seal(call.app_key, pack_call(call), _live_context(call.session_id)),
                live_state(call),
            )
            for call, _ in snapshots
        ]
        return (*_columns(rows), *told)

    async def _record_columns(self, ended: Sequence[_Ended]) -> Cells:
        told = await self._told([(record.call.session_id, notices) for record, notices in ended])
        sealer = await self._database.sealer_of(record.call.app_key for record, _ in ended)
        rows: list[Cells] = []
        for record, _ in ended:
            call = record.call
            context = _record_context(call.session_id)
            rows.append(
                (
                    call.session_id,
                    call.app_key,
                    call.x,
                    to_us(record.end.at),
                    sealer.lookup(call.caller),
                    None if call.callee is None else sealer.lookup(call.callee),
                    sealer.seal(call.app_key, pack_record(record), context),
                    *traits_of(record),
                )
            )
        return (*_columns(rows), *told)

    async def _told(self, by_session: Sequence[tuple[str, Sequence[Notice]]]) -> Cells:
        """The columns of all notices, and last the session each belongs to."""
        notices = [notice for _, some in by_session for notice in some]
        sessions = [session_id for session_id, some in by_session for _ in some]
        return (*await prepare(self._database, notices), sessions)

    def _call(self, row: Cells) -> Call:
        session_id, app_key, x, sealed = row
        packed = self._database.sealer.open(app_key, sealed, _live_context(session_id))
        return unpack_call(packed, session_id=session_id, app_key=app_key, x=x)

    def _record(self, row: Cells) -> CallRecord:
        session_id, app_key, x, sealed = row
        packed = self._database.sealer.open(app_key, sealed, _record_context(session_id))
        return unpack_record(packed, session_id=session_id, app_key=app_key, x=x)


def _columns(rows: Sequence[Cells]) -> tuple[list[object], ...]:
    return tuple(map(list, zip(*rows, strict=True)))


def _live_context(session_id: str) -> bytes:
    return b"live_call:" + session_id.encode()


def _record_context(session_id: str) -> bytes:
    return b"call_record:" + session_id.encode()
