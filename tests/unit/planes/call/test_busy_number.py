from datetime import UTC, datetime

import pytest

from maskline.domain.error import StoreFailed
from maskline.planes.call.busy_number import BusyNumbers, SharedNumbers
from maskline.services.clock import SteppedClock
from maskline.stores.memory import MemoryStore


async def test_a_number_is_held_by_one_call_at_a_time():
    busy = BusyNumbers()
    assert await busy.hold("+861700", "one")
    assert await busy.hold("+861700", "one")
    assert not await busy.hold("+861700", "two")
    assert await busy.hold("+861701", "two")


async def test_only_the_call_that_holds_a_number_frees_it():
    busy = BusyNumbers()
    await busy.hold("+861700", "one")
    busy.free("+861700", "two")
    assert not await busy.hold("+861700", "two")
    busy.free("+861700", "one")
    busy.free("+861700", "one")
    assert len(busy) == 0
    assert await busy.hold("+861700", "two")


async def test_a_number_is_held_by_one_call_of_all_workers():
    store, clock = MemoryStore(), SteppedClock(datetime(2026, 1, 2, tzinfo=UTC))
    here, there = (BusyNumbers(SharedNumbers(store, host, clock)) for host in ("here", "there"))
    assert await here.hold("+861700", "one")
    assert not await there.hold("+861700", "two")
    assert len(there) == 0

    # Hung up, but not recorded yet: this worker knows, the other waits for the record.
    here.free("+861700", "one")
    assert await here.hold("+861700", "three")
    assert not await there.hold("+861700", "four")


class FailingStore(MemoryStore):
    async def take_number(self, hold, abandoned_before):
        raise StoreFailed("gone")


async def test_a_store_that_cannot_be_asked_leaves_the_number_to_the_next_call():
    clock = SteppedClock(datetime(2026, 1, 2, tzinfo=UTC))
    busy = BusyNumbers(SharedNumbers(FailingStore(), "here", clock))
    with pytest.raises(StoreFailed):
        await busy.hold("+861700", "one")
    assert len(busy) == 0


async def test_a_call_of_an_earlier_run_has_its_number_still():
    store, clock = MemoryStore(), SteppedClock(datetime(2026, 1, 2, tzinfo=UTC))
    await BusyNumbers(SharedNumbers(store, "here", clock)).hold("+861700", "one")
    here, there = (BusyNumbers(SharedNumbers(store, host, clock)) for host in ("here", "there"))
    here.resume("+861700", "one")
    assert here.is_held("+861700", "one")
    assert not await here.hold("+861700", "two")
    assert not await there.hold("+861700", "three")
