from typing import Any

from tests.contract.store.making import Make

from maskline.domain.application import Mode
from maskline.domain.call import Call
from maskline.services.store import NumberHold, Store


def hold(make: Make, session_id: str, **changes: Any) -> NumberHold:
    values = {"x": make.x, "session_id": session_id, "host": "host-1", "taken_at": make.now}
    return NumberHold(**values | changes)


def call(make: Make, session_id: str) -> Call:
    return make.call(session_id, mode=Mode.AX)


async def test_a_number_is_taken_by_one_call_until_its_record_is_written(store: Store, make: Make):
    assert await store.take_number(hold(make, "one"), make.after(-60))
    assert not await store.take_number(hold(make, "two", host="host-2"), make.after(-60))
    assert await store.take_number(hold(make, "two", host="host-2", x="+8617"), make.after(-60))
    await store.finish_call(make.record(call(make, "one")), [])
    assert await store.take_number(hold(make, "three", host="host-2"), make.after(-60))


async def test_the_record_of_another_call_frees_nothing(store: Store, make: Make):
    await store.take_number(hold(make, "one"), make.after(-60))
    await store.finish_call(make.record(call(make, "refused")), [])
    assert not await store.take_number(hold(make, "two", host="host-2"), make.after(-60))


async def test_a_later_call_of_the_same_worker_takes_it_over(store: Store, make: Make):
    await store.take_number(hold(make, "one"), make.after(-60))
    assert await store.take_number(hold(make, "two"), make.after(-60))
    await store.finish_call(make.record(call(make, "one")), [])
    assert not await store.take_number(hold(make, "three", host="host-2"), make.after(-60))


async def test_a_call_that_died_with_its_worker_gives_it_up_in_time(store: Store, make: Make):
    await store.take_number(hold(make, "one"), make.after(-60))
    other = hold(make, "two", host="host-2", taken_at=make.after(61))
    assert not await store.take_number(other, make.now)
    assert await store.take_number(other, make.after(1))


async def test_a_live_call_of_another_worker_keeps_it_for_as_long_as_it_lives(
    store: Store, make: Make
):
    await store.take_number(hold(make, "one"), make.after(-60))
    await store.save_call(call(make, "one"), [])
    assert not await store.take_number(hold(make, "two", host="host-2"), make.after(7200))
