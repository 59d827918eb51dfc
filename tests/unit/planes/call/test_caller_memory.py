import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from maskline.domain.binding import Onward, OnwardKind
from maskline.domain.error import StoreBusy, UnknownRecord
from maskline.planes.call import caller_memory
from maskline.planes.call.caller_memory import CallerMemory
from maskline.services.clock import SteppedClock

NOW = datetime(2026, 1, 2, tzinfo=UTC)
CALLER = "+8613900003003"


class OnwardStore:
    """Keeps what it is given once it is let, or fails."""

    def __init__(self, failure=None):
        self.kept = []
        self.failure = failure
        self.is_open = asyncio.Event()

    async def set_onward(self, app_key, binding_id, kind, onward, now):
        await self.is_open.wait()
        if self.failure is not None:
            raise self.failure
        self.kept.append((app_key, binding_id, kind, onward, now))


@pytest.fixture
def remember():
    """Remember one caller in such a store; what it kept, and what was logged."""

    async def run(store, seconds=0):
        memory = CallerMemory(store, SteppedClock(NOW))
        with capture_logs() as logs:
            memory.remember("k", "b1", CALLER, seconds)
            await asyncio.sleep(0)
            assert store.kept == []  # nobody waited for it
            store.is_open.set()
            await memory.close()
        return store.kept, logs

    return run


@pytest.mark.parametrize(("seconds", "expires_at"), [(0, None), (90, NOW + timedelta(seconds=90))])
async def test_the_caller_is_kept_beside_the_call(remember, seconds, expires_at):
    kept, _ = await remember(OnwardStore(), seconds)
    onward = Onward(number=CALLER, expires_at=expires_at)
    assert kept == [("k", "b1", OnwardKind.LAST_CALLER, onward, NOW)]


@pytest.mark.parametrize(
    ("failure", "level"),
    [(StoreBusy(), "warning"), (UnknownRecord("b1"), "debug"), (RuntimeError("bug"), "error")],
)
async def test_a_write_that_fails_is_logged_without_the_number_and_hurts_nobody(
    remember, failure, level
):
    kept, logs = await remember(OnwardStore(failure))
    assert kept == []
    assert [entry["log_level"] for entry in logs] == [level]
    assert CALLER not in repr(logs)


async def test_a_store_that_is_slow_is_not_given_more_and_more(monkeypatch):
    monkeypatch.setattr(caller_memory, "MAX_WRITES", 2)
    store = OnwardStore()
    memory = CallerMemory(store, SteppedClock(NOW))
    with capture_logs() as logs:
        for binding_id in ("b1", "b2", "b3"):
            memory.remember("k", binding_id, CALLER, 0)
    assert [entry["binding_id"] for entry in logs] == ["b3"]
    store.is_open.set()
    await memory.close()
    assert [entry[1] for entry in store.kept] == ["b1", "b2"]
