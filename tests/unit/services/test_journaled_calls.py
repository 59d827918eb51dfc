"""A store that fails, is slow or busy: every fact of a call reaches it, once, in order."""

import asyncio
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from maskline.domain.application import Mode
from maskline.domain.call import Call, CallEnd, CallRecord
from maskline.domain.error import StoreBusy, StoreFailed
from maskline.domain.notice import Notice, Purpose
from maskline.domain.release import ReleaseCode
from maskline.services.call_line import JournalLimits
from maskline.services.clock import SystemClock
from maskline.services.journaled_calls import JournaledCalls
from maskline.stores.journal_file import JournalFile
from maskline.stores.keys import FixedKeys

NOW = datetime(2026, 1, 2, tzinfo=UTC)
LIMITS = JournalLimits(patience_s=0.05, retry_s=0.005, retry_max_s=0.02)


def call_of(session_id, **changes):
    call = Call(
        session_id=session_id, icid="i", host="w", app_key="k", tenant_id="t", mode=Mode.AXB,
        x="+8617000002001", caller="+8613900001001", arrived_at=NOW,
    )  # fmt: skip
    return replace(call, **changes)


def record_of(session_id, **changes):
    end = CallEnd(at=NOW + timedelta(seconds=9), release=ReleaseCode.NORMAL)
    return CallRecord(call=call_of(session_id, **changes), end=end)


def notices(session_id, *names):
    return [
        Notice(
            notice_id=f"{session_id}/{name}", stream=session_id, app_key="k",
            purpose=Purpose.STATUS, origin="http://192.0.2.9", body=name.encode(), created_at=NOW,
        )
        for name in names
    ]  # fmt: skip


class FaultyStore:
    """Notes what is written of each call; `fault` is raised in its place.

    Raised "now", it comes at once, else when awaited. `held` units are answered by `let_go`.
    """

    def __init__(self):
        self.told = defaultdict(list)
        self.units = defaultdict(int)
        self.records = set()
        self.fault = None
        self.comes_at_once = False
        self.holds = False
        self.held = []

    def save_call(self, call, notices):
        return self._unit(call.session_id, notices, is_record=False)

    def finish_call(self, record, notices):
        return self._unit(record.call.session_id, notices, is_record=True)

    def _unit(self, session_id, notices, *, is_record):
        fault = self.fault
        if fault is not None and self.comes_at_once:
            raise fault

        def write():
            if fault is not None:
                unit.set_exception(fault)
                return
            self.units[session_id] += 1
            if session_id not in self.records:
                self.told[session_id] += [notice.body.decode() for notice in notices]
            if is_record:
                self.records.add(session_id)
            unit.set_result(None)

        unit = asyncio.get_running_loop().create_future()
        if self.holds:
            self.held.append(write)
        else:
            asyncio.get_running_loop().call_soon(write)
        return unit

    def let_go(self):
        self.holds = False
        for write in self.held:
            write()
        self.held.clear()


@pytest.fixture
def store():
    return FaultyStore()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "w.calls"


@pytest.fixture
async def start(store, path):
    """Starts a journal as a new run of the worker would; the last one is stopped after the test."""
    running = []

    async def start(limits=LIMITS):
        calls = JournaledCalls(
            store, JournalFile(path, FixedKeys(), 1 << 16), SystemClock(), limits
        )
        await calls.start()
        running.append((calls, asyncio.create_task(calls.run())))
        return calls

    async def stop():
        calls, task = running.pop()
        calls.stop()
        await task
        await calls.aclose()

    start.stop = stop
    yield start
    while running:
        await stop()


@pytest.fixture
async def calls(start):
    return await start()


async def until(condition):
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - the store is a stand-in
            await asyncio.sleep(0.002)


async def test_a_store_that_works_gets_everything_and_the_journal_nothing(calls, store):
    await calls.save_call(call_of("s"), notices("s", "in"))
    await calls.finish_call(record_of("s"), notices("s", "end"))
    assert store.told["s"] == ["in", "end"]
    assert (calls.counters.kept, calls.waiting_calls, calls.is_failing) == (0, 0, False)


async def test_facts_told_while_one_is_written_go_together(calls, store):
    told = [calls.save_call(call_of("s"), notices("s", name)) for name in ("in", "out", "ring")]
    await asyncio.gather(*told, calls.finish_call(record_of("s"), notices("s", "end")))
    assert store.told["s"] == ["in", "out", "ring", "end"]
    assert store.units["s"] == 2


@pytest.mark.parametrize("comes_at_once", [True, False])
@pytest.mark.parametrize("fault", [StoreFailed("gone"), StoreBusy("full")])
async def test_what_a_store_does_not_take_is_durable_and_written_once_it_does(
    calls, store, fault, comes_at_once
):
    store.fault, store.comes_at_once = fault, comes_at_once
    await calls.save_call(call_of("s"), notices("s", "in"))
    await calls.save_call(call_of("s"), notices("s", "answer"))
    await calls.finish_call(record_of("s"), notices("s", "end"))
    assert calls.is_failing
    assert store.told == {}
    store.fault = None
    await until(lambda: not calls.waiting_calls)
    assert store.told["s"] == ["in", "answer", "end"]
    assert store.records == {"s"}
    assert not calls.is_failing
    assert calls.counters.written_later == calls.counters.kept == 3


async def test_what_fails_keeps_its_place_before_what_was_told_behind_it(calls, store):
    store.holds, store.fault = True, StoreFailed("gone")
    first = calls.save_call(call_of("s"), notices("s", "in"))
    second = calls.save_call(call_of("s"), notices("s", "out"))
    store.fault = None
    store.let_go()
    await asyncio.gather(first, second)
    await until(lambda: not calls.waiting_calls)
    assert store.told["s"] == ["in", "out"]


async def test_a_slow_store_is_not_waited_for_and_gets_nothing_twice(calls, store):
    store.holds = True
    await asyncio.wait_for(calls.save_call(call_of("s"), notices("s", "answer")), 2)
    await asyncio.wait_for(calls.finish_call(record_of("s"), notices("s", "end")), 2)
    assert not calls.is_failing
    store.let_go()
    await until(lambda: not calls.waiting_calls)
    assert store.told["s"] == ["answer", "end"]
    assert store.units["s"] == 2


async def test_a_slow_store_that_fails_in_the_end_gets_it_again(calls, store):
    store.holds, store.fault = True, StoreFailed("gone after all")
    await asyncio.wait_for(calls.save_call(call_of("s"), notices("s", "answer")), 2)
    store.fault = None
    store.let_go()
    await until(lambda: not calls.waiting_calls)
    assert store.told["s"] == ["answer"]


async def test_a_store_that_is_slow_for_long_counts_as_failing(start, store):
    calls = await start(replace(LIMITS, refuse_after_s=0.2))
    store.holds = True
    await asyncio.wait_for(calls.save_call(call_of("s"), notices("s", "in")), 2)
    await until(lambda: calls.is_failing)
    store.let_go()
    await until(lambda: not calls.is_failing)


async def test_a_killed_worker_finds_its_journal_and_writes_each_call_in_one_unit(
    start, store, path
):
    calls = await start()
    store.fault = StoreFailed("gone")
    for session in ("a", "b"):
        await calls.save_call(call_of(session), notices(session, "in"))
        await calls.finish_call(record_of(session), notices(session, "end"))
    left = path.read_bytes()
    await start.stop()
    path.write_bytes(left)
    store.fault = None
    store.units.clear()
    await start()
    assert store.told == {"a": ["in", "end"], "b": ["in", "end"]}
    assert store.units == {"a": 1, "b": 1}
    assert len(path.read_bytes()) == 1 << 16


async def test_after_a_crash_what_was_written_since_is_not_undone(start, store, path):
    calls = await start()
    store.fault = StoreFailed("gone")
    await calls.save_call(call_of("live"), notices("live", "in"))
    store.fault = None
    # Another call waits for ever: the file cannot be emptied.
    stuck = store.save_call

    def save(call, notices):
        if call.session_id == "stuck":
            raise StoreFailed("this one alone")
        return stuck(call, notices)

    store.save_call = save
    await calls.save_call(call_of("stuck"), notices("stuck", "in"))
    await until(lambda: calls.waiting_calls == 1)
    await calls.save_call(call_of("live"), notices("live", "answer"))
    await start.stop()
    store.save_call = stuck
    await start()
    assert store.told == {"live": ["in", "answer"], "stuck": ["in"]}


async def test_a_full_journal_says_so_and_takes_no_more(start, store):
    calls = await start(replace(LIMITS, max_bytes=16_000))
    store.fault = StoreFailed("gone")
    kept = 0
    while calls.has_room:
        await calls.save_call(call_of(f"s{kept}"), notices(f"s{kept}", "in"))
        kept += 1
    rest = [calls.save_call(call_of(f"more{n}"), notices(f"more{n}", "in")) for n in range(10)]
    outcomes = await asyncio.gather(*rest, return_exceptions=True)
    taken = outcomes.count(None)
    assert 0 < taken < 10
    assert all(isinstance(outcome, StoreBusy) for outcome in outcomes if outcome is not None)
    assert calls.counters.refused == 10 - taken
    store.fault = None
    await until(lambda: not calls.waiting_calls)
    assert len(store.told) == kept + taken
    await until(lambda: calls.has_room)


async def test_a_journal_that_cannot_be_written_keeps_facts_in_memory(calls, store, monkeypatch):
    def full(writes):
        raise StoreFailed("no space left")

    append = calls._journal.append
    monkeypatch.setattr(calls._journal, "append", full)
    store.fault = StoreFailed("gone")
    await calls.save_call(call_of("s"), notices("s", "in"))
    await calls.finish_call(record_of("s"), notices("s", "end"))
    assert calls.counters.kept == 0
    monkeypatch.setattr(calls._journal, "append", append)
    await until(lambda: calls.counters.kept == 2)
    store.fault = None
    await until(lambda: not calls.waiting_calls)
    assert store.told["s"] == ["in", "end"]


async def test_a_call_that_is_never_taken_holds_up_no_other(calls, store):
    save = store.save_call

    def refuse(call, notices):
        if call.session_id == "poison":
            raise StoreFailed("this one alone")
        return save(call, notices)

    store.save_call = refuse
    store.fault = StoreFailed("gone")
    for session in ("poison", "a", "b"):
        await calls.save_call(call_of(session), notices(session, "in"))
    store.fault = None
    await until(lambda: store.told == {"a": ["in"], "b": ["in"]})
    await until(lambda: calls.waiting_calls == 1)
    assert not calls.is_failing


async def test_a_bug_in_the_store_is_told_to_who_called_it(calls, store):
    store.fault = RuntimeError("bug")
    with pytest.raises(RuntimeError):
        await calls.save_call(call_of("s"), notices("s", "in"))
    store.fault = None
    await calls.finish_call(record_of("s"), notices("s", "end"))
    assert store.told["s"] == ["end"]
