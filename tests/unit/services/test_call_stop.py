from datetime import UTC, datetime

import pytest

from maskline.domain.application import Mode
from maskline.domain.call import Call
from maskline.services.bulletin import BulletinBoard
from maskline.services.call_stop import CallStopper
from maskline.services.clock import SteppedClock
from maskline.stores.memory import MemoryStore

NOW = datetime(2026, 1, 2, tzinfo=UTC)


@pytest.fixture
async def store():
    store = MemoryStore()
    call = Call(
        session_id="s1", icid="i", host="call-1", app_key="k", tenant_id="t", mode=Mode.AXB,
        x="+861700", caller="+86139", arrived_at=NOW,
    )  # fmt: skip
    await store.save_call(call, [])
    return store


def stopper(store, host, *, has_readers=True, here=None):
    board = BulletinBoard(store, SteppedClock(NOW), host, has_readers=has_readers)
    made = CallStopper(store, board, host)
    if here is not None:
        made.stop_here = lambda session_id, _: session_id in here
    return made


async def told(store):
    return [(one.kind, one.subject) for _, one in await store.bulletins_after(0, 10)]


async def test_a_call_of_this_worker_is_ended_without_telling_others(store):
    assert await stopper(store, "call-1", here={"s1"}).stop("s1", "k")
    assert await told(store) == []


async def test_the_worker_of_another_call_is_told(store):
    assert await stopper(store, "call-2", here=()).stop("s1", "k")
    assert await told(store) == [("stop_call", "s1")]


async def test_a_process_without_calls_tells_the_worker_also_under_the_same_name(store):
    assert await stopper(store, "call-1").stop("s1")
    assert await told(store) == [("stop_call", "s1")]


@pytest.mark.parametrize(("session_id", "app_key"), [("s2", "k"), ("s1", "other"), ("s2", None)])
async def test_an_unknown_call_or_one_of_another_application_is_refused(store, session_id, app_key):
    assert not await stopper(store, "call-2", here=()).stop(session_id, app_key)
    assert await told(store) == []


async def test_a_call_that_has_just_ended_here_is_refused(store):
    assert not await stopper(store, "call-1", here=()).stop("s1", "k")
    assert await told(store) == []


async def test_without_other_processes_there_are_no_other_calls(store):
    assert not await stopper(store, "call-2", has_readers=False).stop("s1", "k")
