from asyncio import Future
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from maskline.domain.application import Mode
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
from maskline.stores.sqlite.binding_close import count_call, hold_open
from maskline.stores.sqlite.connection import Cells, Cursor
from maskline.stores.sqlite.database import CALL, LISTS, Database
from maskline.stores.sqlite.outbox import Enqueue, forget_stream, prepare
from maskline.stores.sqlite.tally import hold_position


@dataclass(frozen=True, slots=True, kw_only=True)
class _Aftermath:
    """What the end of a call changes besides: a number is free, a binding has one call less."""

    frees: str | None
    counts: str | None
    is_answered: bool


class SqliteCalls:
    """`maskline.services.store.CallStore` in SQLite."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save_call(self, call: Call, notices: Sequence[Notice]) -> Future[None]:
        """See the seam."""
        context = b"live_call:" + call.session_id.encode()
        row = (
            call.session_id,
            call.host,
            call.app_key,
            call.x,
            to_us(call.arrived_at),
            self._database.sealer.seal(call.app_key, pack_call(call), context),
            live_state(call),
        )
        is_holding = call.close.idle_s > 0 and call.answered_at is not None
        holds = call.binding_id if is_holding else None
        return self._database.writer.submit(partial(_save, row, holds, self._prepare(notices)))

    def finish_call(self, record: CallRecord, notices: Sequence[Notice]) -> Future[None]:
        """See the seam."""
        call, sealer = record.call, self._database.sealer
        context = b"call_record:" + call.session_id.encode()
        row = (
            call.session_id,
            call.app_key,
            call.x,
            to_us(record.end.at),
            sealer.lookup(call.caller),
            None if call.callee is None else sealer.lookup(call.callee),
            sealer.seal(call.app_key, pack_record(record), context),
            *traits_of(record),
        )
        aftermath = _Aftermath(
            frees=call.x if call.mode is Mode.AX else None,
            counts=None if call.close == STAYS_OPEN else call.binding_id,
            is_answered=record.is_answered,
        )
        work = partial(_finish, row, aftermath, self._prepare(notices))
        return self._database.writer.submit(work)

    async def take_number(self, hold: NumberHold, abandoned_before: datetime) -> bool:
        """See the seam."""
        row = (hold.x, hold.session_id, hold.host, to_us(hold.taken_at), to_us(abandoned_before))
        return await self._database.writer.submit(partial(_take, row))

    async def live_call(self, session_id: str) -> Call | None:
        """See the seam."""
        row = self._database.point(CALL.call_get, (session_id,))
        return None if row is None else self._call(row)

    async def live_calls(self, wanted: CallFilter, page: Page) -> Listing[Call]:
        """See the seam."""
        found = wanted_calls(wanted)
        return await self._database.listing(LISTS.calls, found, page, self._call)

    async def call_records(self, wanted: RecordFilter, page: Page) -> Listing[CallRecord]:
        """See the seam."""
        found = wanted_records(wanted, self._database.sealer)
        return await self._database.listing(LISTS.records, found, page, self._record)

    async def count_call_records(self, wanted: RecordFilter) -> Count:
        """See the seam."""
        found = wanted_records(wanted, self._database.sealer)
        return await self._database.count(LISTS.records, found)

    async def remove_old_records(self, app_key: str, before: datetime, limit: int) -> int:
        """See the seam."""
        row = (app_key, to_us(before), limit)
        return await self._database.writer.submit(partial(_remove_old, row))

    def _prepare(self, notices: Sequence[Notice]) -> Enqueue:
        return prepare(self._database, notices)

    def _call(self, row: Cells) -> Call:
        session_id, app_key, x, sealed = row
        context = b"live_call:" + session_id.encode()
        packed = self._database.sealer.open(app_key, sealed, context)
        return unpack_call(packed, session_id=session_id, app_key=app_key, x=x)

    def _record(self, row: Cells) -> CallRecord:
        session_id, app_key, x, sealed = row
        context = b"call_record:" + session_id.encode()
        packed = self._database.sealer.open(app_key, sealed, context)
        return unpack_record(packed, session_id=session_id, app_key=app_key, x=x)


def _remove_old(row: Cells, cursor: Cursor) -> int:
    gone = cursor.execute(CALL.record_sweep, row).fetchall()
    for (session_id,) in gone:
        forget_stream(session_id, cursor)
    hold_position(cursor)
    return len(gone)


def _save(row: Cells, holds: str | None, enqueue: Enqueue, cursor: Cursor) -> None:
    if not cursor.execute(CALL.call_save, row).connection.changes():
        return
    if holds is not None:
        hold_open(holds, cursor)
    enqueue(cursor)


def _take(row: Cells, cursor: Cursor) -> bool:
    return cursor.execute(CALL.number_take, row).connection.changes() > 0


def _finish(
    row: Cells,
    aftermath: _Aftermath,
    enqueue: Enqueue,
    cursor: Cursor,
) -> None:
    if not cursor.execute(CALL.record_add, row).connection.changes():
        return
    cursor.execute(CALL.call_forget, row[:1])
    if aftermath.frees is not None:
        cursor.execute(CALL.number_free, (aftermath.frees, row[0]))
    if aftermath.counts is not None:
        count_call(aftermath.counts, aftermath.is_answered, row[3], cursor)
    enqueue(cursor)
