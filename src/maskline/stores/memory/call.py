from asyncio import Future, get_running_loop
from collections.abc import Sequence
from datetime import datetime

from maskline.domain.binding import STAYS_OPEN
from maskline.domain.call import Call, CallRecord
from maskline.domain.live_state import state_of
from maskline.domain.notice import Notice
from maskline.domain.outcome_class import class_of
from maskline.services.list_filter import CallFilter, RecordFilter
from maskline.services.list_order import CALLS, RECORDS
from maskline.services.page import Count, Listing, Page, count_of, page_of
from maskline.services.store import NumberHold
from maskline.stores.memory.binding_removal import count_call, hold_open
from maskline.stores.memory.outbox import enqueue, forget_stream
from maskline.stores.memory.table import Tables, is_of
from maskline.stores.moment import to_us


class MemoryCalls:
    """`maskline.services.store.CallStore` on dicts."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def save_call(self, call: Call, notices: Sequence[Notice]) -> Future[None]:
        """See the seam."""
        if call.session_id not in self._tables.records:
            self._tables.live_calls[call.session_id] = call
            if call.close.idle_s and call.answered_at is not None and call.binding_id:
                hold_open(self._tables, call.binding_id)
            enqueue(self._tables, notices)
        return _done()

    def finish_call(self, record: CallRecord, notices: Sequence[Notice]) -> Future[None]:
        """See the seam."""
        session_id = record.call.session_id
        if session_id not in self._tables.records:
            self._tables.records[session_id] = record
            self._tables.live_calls.pop(session_id, None)
            call = record.call
            held = self._tables.holds.get(call.x)
            if held is not None and held.session_id == session_id:
                del self._tables.holds[call.x]
            if call.close != STAYS_OPEN and call.binding_id:
                count_call(
                    self._tables, call.binding_id, record.end.at, is_answered=record.is_answered
                )
            enqueue(self._tables, notices)
        return _done()

    async def take_number(self, hold: NumberHold, abandoned_before: datetime) -> bool:
        """See the seam."""
        held = self._tables.holds.get(hold.x)
        if held is not None and held.host != hold.host:
            is_live = held.session_id in self._tables.live_calls
            if is_live or held.taken_at >= abandoned_before:
                return False
        self._tables.holds[hold.x] = hold
        return True

    async def live_call(self, session_id: str) -> Call | None:
        """See the seam."""
        return self._tables.live_calls.get(session_id)

    async def live_calls(self, wanted: CallFilter, page: Page) -> Listing[Call]:
        """See the seam."""
        rows = [call for call in self._tables.live_calls.values() if _is_wanted(call, wanted)]
        return page_of(rows, CALLS, lambda call: (to_us(call.arrived_at), call.session_id), page)

    async def call_records(self, wanted: RecordFilter, page: Page) -> Listing[CallRecord]:
        """See the seam."""
        rows = [
            (place, record)
            for place, record in enumerate(self._tables.records.values())
            if _matches(record, wanted)
        ]
        found = page_of(rows, RECORDS, lambda row: (to_us(row[1].end.at), row[0]), page)
        return Listing(rows=tuple(record for _, record in found.rows), next=found.next)

    async def count_call_records(self, wanted: RecordFilter) -> Count:
        """See the seam."""
        return count_of(sum(_matches(one, wanted) for one in self._tables.records.values()))

    async def remove_old_records(self, app_key: str, before: datetime, limit: int) -> int:
        """See the seam."""
        old = [
            record
            for record in self._tables.records.values()
            if record.call.app_key == app_key and record.end.at < before
        ]
        old.sort(key=lambda record: record.end.at)
        for record in old[:limit]:
            session_id = record.call.session_id
            del self._tables.records[session_id]
            forget_stream(self._tables, session_id)
        return len(old[:limit])


def _is_wanted(call: Call, wanted: CallFilter) -> bool:
    return (
        wanted.host in {None, call.host}
        and wanted.state in {None, state_of(call)}
        and is_of(call.app_key, wanted.app_key, wanted.app_keys)
    )


def _matches(record: CallRecord, wanted: RecordFilter) -> bool:
    call, ended_at = record.call, record.end.at
    return (
        is_of(call.app_key, wanted.app_key, wanted.app_keys)
        and wanted.x in {None, call.x}
        and wanted.session_id in {None, call.session_id}
        and wanted.party in {None, call.caller, call.callee}
        and (wanted.since is None or wanted.since <= ended_at)
        and (wanted.until is None or ended_at < wanted.until)
        and _has_traits(record, wanted)
    )


def _has_traits(record: CallRecord, wanted: RecordFilter) -> bool:
    call, release = record.call, record.end.release
    return (
        wanted.mode in {None, call.mode}
        and wanted.outcome in {None, class_of(release)}
        and wanted.release in {None, int(release)}
        and wanted.caller_role in {None, call.role}
        and wanted.has_recording in {None, record.recording is not None}
        and (wanted.min_talk_s is None or record.talk_time_s >= wanted.min_talk_s)
    )


def _done() -> Future[None]:
    future: Future[None] = get_running_loop().create_future()
    future.set_result(None)
    return future
