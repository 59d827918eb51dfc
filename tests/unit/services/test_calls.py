"""The ledger: each fact once, the record even from a store that stumbles, orphans closed."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from maskline.domain.application import Application, Mode
from maskline.domain.call import Call, CallEnd, CallRecord
from maskline.domain.error import StoreBusy
from maskline.domain.notice import Purpose
from maskline.domain.recording import CallRecording
from maskline.domain.release import ReleaseCode
from maskline.services.calls import CallFact, CallLedger, Receivers, end_of_orphan
from maskline.services.clock import SteppedClock
from maskline.services.ids import CountedIds
from maskline.services.list_filter import CallFilter
from maskline.services.store import Page, RecordFilter
from maskline.stores.memory import MemoryStore

NOW = datetime(2026, 1, 2, tzinfo=UTC)
BOTH = Receivers("http://192.0.2.9", "http://192.0.2.8:81")
CALL = Call(
    session_id="s1", icid="i1", host="w1", app_key="k", tenant_id="t", mode=Mode.AXB,
    x="+8617000002001", caller="+8613900001001", arrived_at=NOW,
)  # fmt: skip


class PlainFormat:
    """Names the fact; the wire form has its own tests."""

    def call_in(self, call):
        return b"in"

    def collect_info(self, call):
        return b"collected"

    def call_out(self, call):
        return b"out"

    def alerting(self, call):
        return b"alerting"

    def answer(self, call):
        return b"answer"

    def disconnect(self, record):
        return b"disconnect"

    def record(self, record):
        return b"record"

    def record_message(self, entries):
        return b"".join(entries)


class Desk:
    def __init__(self):
        self.store = MemoryStore()
        self.hints = 0
        self.ledger = CallLedger(
            self.store, PlainFormat(), SteppedClock(NOW), CountedIds(), self._hinted
        )

    def _hinted(self):
        self.hints += 1

    def bodies(self):
        rows = sorted(self.store._tables.outbox.values(), key=lambda row: row.sequence)
        return [(row.notice.purpose, row.notice.origin, row.notice.body) for row in rows]


@pytest.fixture
def desk():
    return Desk()


def record_of(call, release=ReleaseCode.NORMAL):
    return CallRecord(call=call, end=CallEnd(at=NOW + timedelta(seconds=9), release=release))


async def test_each_fact_is_one_event_in_the_order_told(desk):
    await desk.ledger.tell(CALL, BOTH, CallFact.ARRIVED, CallFact.FORWARDED)
    await desk.ledger.tell(CALL, BOTH, CallFact.ALERTED)
    await desk.ledger.close(record_of(CALL), BOTH)
    await asyncio.sleep(0)
    status = (Purpose.STATUS, BOTH.status)
    assert desk.bodies() == [
        (*status, b"in"),
        (*status, b"out"),
        (*status, b"alerting"),
        (*status, b"disconnect"),
        (Purpose.RECORD, BOTH.record, b"record"),
    ]
    assert desk.hints == 3
    assert len((await desk.store.live_calls(CallFilter(), Page())).rows) == 0


async def test_what_was_not_told_before_goes_before_the_end(desk):
    await desk.ledger.close(record_of(CALL), BOTH, CallFact.ARRIVED)
    assert [body for *_, body in desk.bodies()] == [b"in", b"disconnect", b"record"]


async def test_an_application_without_receivers_still_gets_its_record_kept(desk):
    await desk.ledger.tell(CALL, Receivers(None, None), CallFact.ARRIVED)
    await desk.ledger.close(record_of(CALL), Receivers(None, None))
    assert desk.bodies() == []
    assert len((await desk.store.call_records(RecordFilter(), Page())).rows) == 1


async def test_a_busy_store_is_offered_the_record_again(desk, monkeypatch):
    monkeypatch.setattr("maskline.services.calls.RECORD_RETRY_S", 0.001)
    keep, refusals = desk.store.finish_call, [StoreBusy(), StoreBusy()]

    def busy_twice(record, notices):
        if refusals:
            raise refusals.pop()
        return keep(record, notices)

    monkeypatch.setattr(desk.store, "finish_call", busy_twice)
    await desk.ledger.close(record_of(CALL), BOTH)
    assert len((await desk.store.call_records(RecordFilter(), Page())).rows) == 1


async def test_a_store_that_stays_busy_keeps_the_live_call_for_the_next_start(desk, monkeypatch):
    monkeypatch.setattr("maskline.services.calls.RECORD_RETRY_S", 0.001)
    await desk.ledger.tell(CALL, BOTH, CallFact.ARRIVED)

    def busy(record, notices):
        raise StoreBusy

    monkeypatch.setattr(desk.store, "finish_call", busy)
    with pytest.raises(StoreBusy):
        await desk.ledger.close(record_of(CALL), BOTH)
    assert len((await desk.store.live_calls(CallFilter(host="w1"), Page())).rows) == 1


def test_an_orphan_ends_when_its_worker_was_last_seen_alive():
    answered = replace(CALL, answered_at=NOW + timedelta(seconds=5))
    end = end_of_orphan(answered, 0.0, NOW + timedelta(seconds=65))
    assert (end.release, end.at) == (ReleaseCode.SERVICE_ABNORMAL, NOW + timedelta(seconds=65))
    assert CallRecord(call=answered, end=end).talk_time_s == 60


def test_an_orphan_of_a_worker_of_which_nothing_is_known_ends_with_its_last_event():
    answered = replace(CALL, answered_at=NOW + timedelta(seconds=5))
    assert end_of_orphan(answered, 0.0, None).at == answered.answered_at
    assert end_of_orphan(answered, 0.0, NOW - timedelta(days=1)).at == answered.answered_at


def test_an_orphan_that_nobody_answered_ends_with_its_last_event():
    ringing = replace(CALL, alerted_at=NOW + timedelta(seconds=3))
    assert end_of_orphan(ringing, 0.0, NOW + timedelta(seconds=65)).at == ringing.alerted_at


def test_an_orphan_that_was_recorded_lived_as_long_as_its_recording():
    recording = CallRecording(
        object_name="r.wav", bucket="sp-t", domain="w1", started_at=NOW + timedelta(seconds=7)
    )
    recorded = replace(CALL, answered_at=NOW + timedelta(seconds=5), recording=recording)
    end = end_of_orphan(recorded, 12.5, NOW + timedelta(seconds=19))
    assert (end.recorded_s, end.at) == (12.5, NOW + timedelta(seconds=19.5))


def test_receivers_are_the_origins_of_the_applications_urls():
    application = Application(
        app_key="k", tenant_id="t", name="n", mode=Mode.AXB, secret="s", created_at=NOW,
        status_url="HTTP://Example.com:8080/a?b", cdr_url=None,
    )  # fmt: skip
    assert Receivers.of(application) == Receivers("http://example.com:8080", None)
