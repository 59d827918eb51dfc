"""Pushes as people look at them: also those that were delivered, for a while."""

from tests.contract.store.making import Make

from maskline.domain.happening import Happening, HappeningKind
from maskline.domain.notice import Endpoint, FailedTry, Purpose
from maskline.domain.push import PushState
from maskline.services.push_store import PushFilter
from maskline.services.store import Store


async def test_delivered_waiting_and_dead_ones_are_found_in_one_list(store: Store, make: Make):
    call = make.call("session-1")
    events = [make.notice(stream="session-1", purpose=Purpose.STATUS) for _ in range(3)]
    await store.save_call(call, events)
    record = make.notice(stream="session-2", purpose=Purpose.RECORD)
    await store.save_call(make.call("session-2"), [record])
    endpoint = Endpoint(app_key=make.app_key, purpose=Purpose.STATUS)
    [first] = await store.claim(endpoint, make.after(1), make.after(10), 10)
    accepted = make.accepted(2)
    await store.settle([first.sequence], [], {first.sequence: accepted})
    [second] = await store.claim(endpoint, make.after(3), make.after(10), 10)
    await store.settle([], [FailedTry(sequence=second.sequence, due_at=None, error="HTTP 500")])
    records = Endpoint(app_key=make.app_key, purpose=Purpose.RECORD)
    [queued] = await store.claim_batch(records, make.after(3), make.after(10), 10, "batch-1")
    await store.settle([queued.sequence], [], {queued.sequence: make.accepted(4)})

    async def found(limit: int = 10, **wanted: object) -> list[tuple[str, str]]:
        asked = PushFilter(**wanted)  # pyright: ignore[reportArgumentType]
        rows = await store.pushes(asked, limit)
        return [(row.notice.notice_id, row.state.value) for row in rows]

    ids = [event.notice_id for event in events]
    every = [(record.notice_id, "delivered"), (ids[2], "waiting"), (ids[1], "dead")]
    every.append((ids[0], "delivered"))
    assert await found() == every
    assert await found(limit=1, below=first.sequence + 1) == every[3:]
    assert await found(stream="session-1") == every[1:]
    assert await found(app_key=make.app_key, purpose=Purpose.RECORD) == every[:1]
    assert await found(app_keys=["another"]) == []
    assert await found(app_keys=[make.app_key], state=PushState.DELIVERED) == [every[0], every[3]]
    assert await found(state=PushState.WAITING) == every[1:2]
    assert await found(push_id="batch-1") == every[:1]
    assert await found(push_id=ids[2]) == every[1:2]
    [dead] = await store.pushes(PushFilter(state=PushState.DEAD), 10)
    assert (dead.error, dead.notice.body) == ("HTTP 500", events[1].body)
    [shown] = await store.pushes(PushFilter(push_id=ids[0]), 10)
    assert (shown.delivered_at, shown.attempts, shown.due_at) == (make.after(2), 1, None)
    assert (shown.accepted, dead.accepted) == (accepted, None)
    failed = Happening(
        kind=HappeningKind.PUSH, at=make.after(3), app_key=make.app_key,
        subject=ids[1], cause="5xx", detail=b"{}",
    )  # fmt: skip
    await store.add_happenings([failed])
    assert await found(result="5xx") == every[2:3]
    assert await found(result="delivered") == [every[0], every[3]]

    await store.deliver_by_hand([dead.sequence], make.after(5))
    assert await found(state=PushState.DEAD) == []
    assert await store.remove_delivered(make.after(4), 10) == 1
    kept = await store.pushes(PushFilter(state=PushState.DELIVERED), 10)
    assert [one.notice.notice_id for one in kept] == [record.notice_id, ids[1]]
    assert (kept[1].delivered_at, kept[1].accepted) == (make.after(5), None)


async def test_what_is_delivered_by_hand_lets_go_what_waits_behind_it(store: Store, make: Make):
    events = [make.notice(stream="session-1", purpose=Purpose.STATUS) for _ in range(2)]
    await store.save_call(make.call("session-1"), events)
    endpoint = Endpoint(app_key=make.app_key, purpose=Purpose.STATUS)
    [first] = await store.claim(endpoint, make.after(1), make.after(900), 10)
    await store.deliver_by_hand([first.sequence], make.after(2))
    [second] = await store.claim(endpoint, make.after(3), make.after(900), 10)
    assert second.notice == events[1]


async def test_of_what_one_unit_of_work_settles_each_is_kept_dropped_or_given_up(
    store: Store, make: Make
):
    notices = [make.notice(stream=f"session-{index}") for index in range(4)]
    behind = make.notice(stream="session-0")
    await store.save_call(make.call("session-0"), [*notices, behind])
    endpoint = Endpoint(app_key=make.app_key, purpose=Purpose.STATUS)
    claimed = await store.claim(endpoint, make.after(1), make.after(900), 10)
    kept, dropped, dead, late = (queued.sequence for queued in claimed)
    await store.settle([], [FailedTry(sequence=late, due_at=None, error="HTTP 500")])
    given_up = FailedTry(sequence=dead, due_at=None, error="HTTP 500")
    accepted = {kept: make.accepted(2), late: make.accepted(2)}
    freed = await store.settle([kept, dropped, late], [given_up], accepted)
    assert freed == {endpoint}
    found = await store.pushes(PushFilter(), 10)
    assert [(one.notice, one.state.value) for one in found] == [
        (behind, "waiting"), (notices[3], "dead"), (notices[2], "dead"), (notices[0], "delivered"),
    ]  # fmt: skip


async def test_what_is_kept_of_a_call_goes_with_its_record(store: Store, make: Make):
    record = make.record()
    session = record.call.session_id
    await store.finish_call(record, [make.notice(stream=session, purpose=Purpose.STATUS)])
    endpoint = Endpoint(app_key=make.app_key, purpose=Purpose.STATUS)
    [queued] = await store.claim(endpoint, make.after(1), make.after(10), 10)
    await store.settle([queued.sequence], [], {queued.sequence: make.accepted(2)})
    await store.remove_old_records(make.app_key, make.after(99_999), 10)
    assert await store.pushes(PushFilter(), 10) == ()
