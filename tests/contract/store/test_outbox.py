from collections.abc import Sequence
from datetime import datetime

import pytest
from tests.contract.store.making import Make

from maskline.domain.notice import (
    RECORD_PATIENCE,
    Endpoint,
    FailedTry,
    Notice,
    Purpose,
    QueuedNotice,
)
from maskline.services.notice_store import NoticeFilter
from maskline.services.page import Page
from maskline.services.store import Store

Queue = Sequence[QueuedNotice]
OTHER_ORIGIN = "https://two.example"


async def _put(store: Store, make: Make, *notices: Notice) -> None:
    """Notices of one call, in one unit."""
    await store.save_call(make.call(notices[0].stream), notices)


async def _claim(
    store: Store, make: Make, at: float = 0, limit: int = 100, endpoint: Endpoint | None = None
) -> Queue:
    return await store.claim(
        endpoint or make.endpoint(), make.after(at), make.after(at + 30), limit
    )


async def _claim_batch(
    store: Store, make: Make, batch_id: str, at: float = 0, limit: int = 50
) -> Queue:
    endpoint = make.endpoint(purpose=Purpose.RECORD)
    return await store.claim_batch(endpoint, make.after(at), make.after(at + 30), limit, batch_id)


def _notices(queued: Queue) -> list[Notice]:
    return [one.notice for one in queued]


def _failed(queued: Queue, due_at: datetime | None, error: str = "HTTP 500") -> list[FailedTry]:
    return [FailedTry(sequence=one.sequence, due_at=due_at, error=error) for one in queued]


async def test_an_empty_outbox_has_nothing(store: Store, make: Make):
    assert await store.due_endpoints(make.now, 10) == ()
    assert await _claim(store, make) == ()
    assert await _claim_batch(store, make, "b") == ()
    assert await store.next_due(make.now) is None
    assert await store.outbox_depth() == (0, 0)
    assert await store.settle([], []) == set()


async def test_a_notice_is_claimed_as_it_was_written(store: Store, make: Make):
    notice = make.notice(body=b'{"a":"\xe8\xae\xa2"}')
    await _put(store, make, notice)
    (queued,) = await _claim(store, make)
    assert (queued.notice, queued.attempts, queued.batch_id) == (notice, 1, None)


async def test_a_lease_hides_a_notice_until_it_runs_out(store: Store, make: Make):
    await _put(store, make, make.notice())
    (first,) = await _claim(store, make)
    assert await _claim(store, make, at=29.9) == ()
    assert await store.due_endpoints(make.after(29.9), 10) == ()
    assert await store.next_due(make.now) == make.after(30)
    (again,) = await _claim(store, make, at=30)
    assert (again.sequence, again.notice, again.attempts) == (first.sequence, first.notice, 2)


async def test_claims_come_in_the_order_of_writing_up_to_the_limit(store: Store, make: Make):
    made = [make.notice(f"s{i}") for i in range(5)]
    for notice in made:
        await _put(store, make, notice)
    assert _notices(await _claim(store, make, limit=3)) == made[:3]
    assert _notices(await _claim(store, make, limit=3)) == made[3:]


async def test_a_claim_takes_only_its_endpoint(store: Store, make: Make):
    await store.add_application(make.application("second"))
    status = make.notice("s1")
    record = make.notice("s2", purpose=Purpose.RECORD)
    foreign = make.notice("s3", app_key="second")
    for notice in (status, record, foreign):
        await _put(store, make, notice)
    assert _notices(await _claim(store, make)) == [status]
    second = make.endpoint("second")
    assert _notices(await _claim(store, make, endpoint=second)) == [foreign]


async def test_a_stream_is_claimed_one_by_one(store: Store, make: Make):
    first, second, third = (make.notice() for _ in range(3))
    await _put(store, make, first, second, third)
    for expected in (first, second, third):
        (queued,) = await _claim(store, make)
        assert queued.notice == expected
        assert await _claim(store, make) == ()
        freed = await store.settle([queued.sequence], [])
        assert freed == (set() if expected is third else {make.endpoint()})
    assert await store.outbox_depth() == (0, 0)


async def test_a_failed_try_holds_its_stream_back_but_no_other(store: Store, make: Make):
    await _put(store, make, make.notice("s1"), make.notice("s1"))
    other = make.notice("s2")
    await _put(store, make, other)
    queued = await _claim(store, make, limit=1)
    await store.settle([], _failed(queued, make.after(60)))
    (unhindered,) = await _claim(store, make)
    assert unhindered.notice == other
    await store.settle([unhindered.sequence], [])
    assert await _claim(store, make, at=59) == ()
    (again,) = await _claim(store, make, at=60, limit=1)
    assert (again.notice, again.attempts) == (queued[0].notice, 2)


async def test_later_notices_of_a_failed_stream_wait_too(store: Store, make: Make):
    await _put(store, make, make.notice("s1"))
    queued = await _claim(store, make)
    await store.settle([], _failed(queued, make.after(60)))
    await _put(store, make, make.notice("s1"))
    assert await _claim(store, make) == ()
    assert await store.due_endpoints(make.after(1), 10) == ()


async def test_a_failed_receiver_does_not_hold_back_another_origin(store: Store, make: Make):
    event = make.notice("s1")
    record = make.notice("s1", purpose=Purpose.RECORD, origin=OTHER_ORIGIN)
    await _put(store, make, event, record)
    assert await _claim_batch(store, make, "b") == ()
    queued = await _claim(store, make)
    assert await _claim_batch(store, make, "b", at=1) == ()
    freed = await store.settle([], _failed(queued, make.after(60)))
    assert freed == {make.endpoint(purpose=Purpose.RECORD)}
    assert _notices(await _claim_batch(store, make, "b", at=2)) == [record]


async def test_what_waits_behind_a_failed_try_does_not_hold_back_another_origin(
    store: Store, make: Make
):
    # Five events whose receiver is down would else keep a record for two days.
    tried, untried = make.notice("s1"), make.notice("s1")
    record = make.notice("s1", purpose=Purpose.RECORD, origin=OTHER_ORIGIN)
    await _put(store, make, tried, untried, record)
    queued = await _claim(store, make)
    await store.settle([], _failed(queued, make.after(60)))
    assert _notices(await _claim_batch(store, make, "b")) == [record]
    late = make.notice("s1", purpose=Purpose.RECORD, origin="https://three.example")
    await _put(store, make, late)
    assert await _claim_batch(store, make, "c") == ()  # the record is under way and not tried
    assert _notices(await _claim(store, make, at=60)) == [tried]


async def test_another_origin_waits_behind_what_is_under_way(store: Store, make: Make):
    first, second = make.notice("s1"), make.notice("s1")
    record = make.notice("s1", purpose=Purpose.RECORD, origin=OTHER_ORIGIN)
    await _put(store, make, first, second, record)
    await store.settle([queued.sequence for queued in await _claim(store, make)], [])
    assert await _claim_batch(store, make, "b") == ()
    assert _notices(await _claim(store, make)) == [second]


async def test_what_comes_after_a_failed_try_goes_to_another_origin_at_once(
    store: Store, make: Make
):
    await _put(store, make, make.notice("s1"))
    await store.settle([], _failed(await _claim(store, make), make.after(60)))
    record = make.notice("s1", purpose=Purpose.RECORD, origin=OTHER_ORIGIN)
    await _put(store, make, record)
    assert _notices(await _claim_batch(store, make, "b")) == [record]


async def test_the_same_origin_waits_for_a_failed_try_whatever_its_purpose(
    store: Store, make: Make
):
    await _put(store, make, make.notice("s1"), make.notice("s1", purpose=Purpose.RECORD))
    await store.settle([], _failed(await _claim(store, make), make.after(60)))
    assert await _claim_batch(store, make, "b") == ()


async def test_a_record_passes_events_of_its_own_origin_that_failed_four_times(
    store: Store, make: Make
):
    # The events of a call are tried one after the other; each of them may take ten hours to die.
    tried, untried = make.notice("s1"), make.notice("s1")
    record = make.notice("s1", purpose=Purpose.RECORD)
    await _put(store, make, tried, untried, record)
    for number in range(RECORD_PATIENCE):
        assert await _claim_batch(store, make, "b", at=100 * number) == ()
        queued = await _claim(store, make, at=100 * number)
        assert _notices(queued) == [tried]
        await store.settle([], _failed(queued, make.after(100 * (number + 1))))
    assert _notices(await _claim_batch(store, make, "b")) == [record]
    assert _notices(await _claim(store, make, at=400)) == [tried]  # events keep their order


async def test_a_record_written_after_the_fourth_failure_waits_for_nothing(
    store: Store, make: Make
):
    await _put(store, make, make.notice("s1"), make.notice("s1"))
    for number in range(RECORD_PATIENCE):
        queued = await _claim(store, make, at=100 * number)
        await store.settle([], _failed(queued, make.after(100 * (number + 1))))
    record = make.notice("s1", purpose=Purpose.RECORD)
    await _put(store, make, record)
    assert _notices(await _claim_batch(store, make, "b")) == [record]


async def test_a_dead_notice_is_counted_and_lets_its_stream_go_on(store: Store, make: Make):
    first, second = make.notice("s1"), make.notice("s1")
    await _put(store, make, first, second)
    await store.settle([], _failed(await _claim(store, make), None))
    assert await store.outbox_depth() == (1, 1)
    (queued,) = await _claim(store, make)
    assert queued.notice == second
    await store.settle([queued.sequence], [])
    assert await store.outbox_depth() == (0, 1)
    assert await store.next_due(make.now) is None
    assert await _claim(store, make, at=10_000) == ()


async def test_settling_twice_or_the_unknown_changes_nothing(store: Store, make: Make):
    await _put(store, make, make.notice("s1"))
    queued = await _claim(store, make)
    await store.settle([], _failed(queued, None))
    await store.settle([queued[0].sequence, 999], _failed(queued, make.after(5)))
    assert await store.outbox_depth() == (0, 1)


async def test_a_try_that_was_not_made_counts_for_nothing(store: Store, make: Make):
    await _put(store, make, make.notice())
    failed = await _claim(store, make)
    await store.settle([], _failed(failed, make.after(5), "HTTP 500"))
    untried = await _claim(store, make, at=5)
    assert [one.attempts for one in untried] == [2]

    await store.settle(
        [], [FailedTry(sequence=untried[0].sequence, due_at=make.after(6), error=None)]
    )

    assert await _claim(store, make, at=5.9) == ()
    again = await _claim(store, make, at=6)
    assert again == untried
    (kept,) = (await store.notices(NoticeFilter(), Page())).rows
    assert kept.error == "HTTP 500"


async def test_delivered_and_failed_are_settled_together(store: Store, make: Make):
    for stream in ("s1", "s2", "s3"):
        await _put(store, make, make.notice(stream))
    one, two, three = await _claim(store, make)
    dead, late = _failed([two], None), _failed([three], make.after(60))
    await store.settle([one.sequence], [*dead, *late])
    assert await store.outbox_depth() == (1, 1)
    assert await store.next_due(make.now) == make.after(60)


async def test_a_sequence_is_never_used_again(store: Store, make: Make):
    seen = set()
    for _ in range(3):
        await _put(store, make, make.notice("s1"))
        (queued,) = await _claim(store, make)
        assert queued.sequence not in seen
        seen.add(queued.sequence)
        await store.settle([queued.sequence], [])


async def test_records_are_leased_together_as_a_batch(store: Store, make: Make):
    made = [make.notice(f"s{i}", purpose=Purpose.RECORD) for i in range(5)]
    for notice in made:
        await _put(store, make, notice)
    first = await _claim_batch(store, make, "b1", limit=3)
    assert _notices(first) == made[:3]
    assert {(one.batch_id, one.attempts) for one in first} == {("b1", 1)}
    second = await _claim_batch(store, make, "b2", limit=3)
    assert _notices(second) == made[3:]
    assert {one.batch_id for one in second} == {"b2"}
    assert await _claim_batch(store, make, "b3") == ()


async def test_a_failed_batch_comes_back_as_it_was(store: Store, make: Make):
    made = [make.notice(f"s{i}", purpose=Purpose.RECORD) for i in range(3)]
    for notice in made[:2]:
        await _put(store, make, notice)
    batch = await _claim_batch(store, make, "b1")
    await store.settle([], _failed(batch, make.after(60)))
    await _put(store, make, made[2])
    assert await store.due_endpoints(make.after(60), 9) == (make.endpoint(purpose=Purpose.RECORD),)
    again = await _claim_batch(store, make, "b2", at=60, limit=1)
    assert _notices(again) == made[:2]
    assert {(one.batch_id, one.attempts) for one in again} == {("b1", 2)}
    fresh = await _claim_batch(store, make, "b3", at=60)
    assert _notices(fresh) == made[2:]
    assert await _claim(store, make, at=61, endpoint=make.endpoint(purpose=Purpose.RECORD)) == ()


async def test_a_batch_whose_lease_ran_out_comes_back_as_it_was(store: Store, make: Make):
    for stream in ("s1", "s2"):
        await _put(store, make, make.notice(stream, purpose=Purpose.RECORD))
    batch = await _claim_batch(store, make, "b1")
    again = await _claim_batch(store, make, "b2", at=30)
    assert _notices(again) == _notices(batch)
    assert {one.batch_id for one in again} == {"b1"}
    await store.settle([one.sequence for one in again], [])
    assert await store.outbox_depth() == (0, 0)


async def test_due_endpoints_come_longest_due_first_up_to_the_limit(store: Store, make: Make):
    for index, app_key in enumerate(("k3", "k1", "k2")):
        await store.add_application(make.application(app_key))
        for stream in (f"{app_key}-1", f"{app_key}-2"):
            created_at = make.after(index)
            await _put(store, make, make.notice(stream, app_key=app_key, created_at=created_at))
    expected = tuple(make.endpoint(app_key) for app_key in ("k3", "k1", "k2"))
    assert await store.due_endpoints(make.after(2), 10) == expected
    assert await store.due_endpoints(make.after(1), 10) == expected[:2]
    assert await store.due_endpoints(make.after(2), 1) == expected[:1]
    assert await store.due_endpoints(make.after(-1), 10) == ()
    assert await store.next_due(make.after(9)) == make.now


async def test_an_endpoint_that_is_all_held_back_is_not_due(store: Store, make: Make):
    await _put(store, make, make.notice("s1"), make.notice("s1", purpose=Purpose.RECORD))
    assert await store.due_endpoints(make.now, 10) == (make.endpoint(),)
    await _claim(store, make)
    assert await store.due_endpoints(make.now, 10) == ()


@pytest.mark.parametrize("purpose", list(Purpose))
async def test_each_purpose_is_an_endpoint_of_its_own(store: Store, make: Make, purpose: Purpose):
    await _put(store, make, make.notice(purpose=purpose))
    assert await store.due_endpoints(make.now, 10) == (make.endpoint(purpose=purpose),)
