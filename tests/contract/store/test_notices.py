"""What operators do with notices: find them, have them pushed again, forget them."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from tests.contract.store.making import Make

from maskline.domain.notice import (
    FailedTry,
    KeptNotice,
    Notice,
    NoticeState,
    Purpose,
    QueuedNotice,
    Trouble,
)
from maskline.services.notice_store import NoticeFilter
from maskline.services.page import Count, Page
from maskline.services.store import Store

ALL = NoticeFilter()
DEAD = NoticeFilter(state=NoticeState.DEAD)
RECORD = Purpose.RECORD


async def _put(store: Store, make: Make, *notices: Notice) -> None:
    for notice in notices:
        await store.save_call(make.call(notice.stream), [notice])


async def _fail(
    store: Store, make: Make, queued: Sequence[QueuedNotice], again: float | None = None
) -> None:
    due_at = None if again is None else make.after(again)
    tries = [FailedTry(sequence=one.sequence, due_at=due_at, error="HTTP 500") for one in queued]
    await store.settle([], tries)


async def _claim(store: Store, make: Make, at: float = 0) -> Sequence[QueuedNotice]:
    return await store.claim(make.endpoint(), make.after(at), make.after(at + 30), 100)


async def _claim_batch(
    store: Store, make: Make, batch_id: str, at: float = 0
) -> Sequence[QueuedNotice]:
    return await store.claim_batch(
        make.endpoint(purpose=RECORD), make.after(at), make.after(at + 30), 50, batch_id
    )


async def _kill(store: Store, make: Make, *notices: Notice, at: float = 0) -> None:
    """Write events and give up all that is due."""
    await _put(store, make, *notices)
    await _fail(store, make, await _claim(store, make, at))


async def _find(store: Store, wanted: NoticeFilter) -> list[Notice]:
    return [kept.notice for kept in (await store.notices(wanted, Page(limit=100))).rows]


async def test_a_waiting_and_a_dead_notice_tell_their_tries_and_the_last_error(
    store: Store, make: Make
):
    dead, waiting, fresh = (make.notice(f"s{number}") for number in range(3))
    await _kill(store, make, dead)
    await _put(store, make, waiting)
    await _fail(store, make, await _claim(store, make), again=60)
    await _put(store, make, fresh)
    found = await store.notices(ALL, Page(limit=2))
    assert found.next is not None
    assert await store.count_notices(ALL) == Count(3)
    assert found.rows == (
        KeptNotice(notice=fresh, state=NoticeState.WAITING, attempts=0, due_at=make.now),
        KeptNotice(
            notice=waiting,
            state=NoticeState.WAITING,
            attempts=1,
            due_at=make.after(60),
            error="HTTP 500",
        ),
    )
    (last,) = (await store.notices(ALL, Page(after=found.next))).rows
    assert (last.notice, last.state, last.attempts) == (dead, NoticeState.DEAD, 1)
    assert last.due_at == make.after(30)  # when its last lease ended


async def test_notices_are_found_by_what_is_known_of_them(store: Store, make: Make):
    await store.add_application(make.application("second"))
    one = make.notice("s1")
    two = make.notice("s2", created_at=make.after(10))
    foreign = make.notice("s3", app_key="second")
    record = make.notice("s1", purpose=RECORD, origin="https://two.example")
    await _put(store, make, one, two, foreign, record)
    assert await _find(store, ALL) == [record, foreign, two, one]
    assert await _find(store, NoticeFilter(app_key="second")) == [foreign]
    assert await _find(store, NoticeFilter(purpose=RECORD)) == [record]
    assert await _find(store, NoticeFilter(stream="s1")) == [record, one]
    assert await _find(store, NoticeFilter(stream="s1", purpose=Purpose.STATUS)) == [one]
    assert await _find(store, NoticeFilter(push_id=two.notice_id)) == [two]
    assert await _find(store, NoticeFilter(push_id=two.notice_id, app_key="second")) == []
    assert await _find(store, NoticeFilter(since=make.after(10))) == [two]
    assert await _find(store, NoticeFilter(until=make.after(10))) == [record, foreign, one]
    assert await _find(store, DEAD) == []


async def test_waiting_and_dead_are_told_apart_under_every_filter(store: Store, make: Make):
    dead = make.notice("s1")
    await _kill(store, make, dead)
    waiting = make.notice("s1")
    await _put(store, make, waiting)
    narrow: list[dict[str, str]] = [{}, {"app_key": make.app_key}, {"stream": "s1"}]
    for by in narrow:
        assert await _find(store, NoticeFilter(state=NoticeState.DEAD, **by)) == [dead]
        assert await _find(store, NoticeFilter(state=NoticeState.WAITING, **by)) == [waiting]
        assert await _find(store, NoticeFilter(**by)) == [waiting, dead]


async def test_records_of_one_push_are_found_by_its_id(store: Store, make: Make):
    made = [make.notice(f"s{number}", purpose=RECORD) for number in range(2)]
    await _put(store, make, *made, make.notice("s9"))
    await _claim_batch(store, make, "batch")
    assert await _find(store, NoticeFilter(push_id="batch")) == made[::-1]
    assert await _find(store, NoticeFilter(push_id=made[0].notice_id)) == [made[0]]


async def test_a_revived_notice_is_due_under_its_id_as_if_never_tried(store: Store, make: Make):
    notice = make.notice("s1")
    await _kill(store, make, notice)
    assert len(await store.revive(NoticeFilter(push_id=notice.notice_id), make.after(100), 10)) == 1
    assert await store.outbox_depth() == (1, 0)
    assert await _claim(store, make, at=99) == ()
    assert await store.due_endpoints(make.after(100), 9) == (make.endpoint(),)
    (again,) = await _claim(store, make, at=100)
    assert (again.notice, again.attempts) == (notice, 1)
    await store.settle([again.sequence], [])
    assert await store.outbox_depth() == (0, 0)


async def test_only_dead_notices_that_match_are_revived_oldest_first(store: Store, make: Make):
    await store.add_application(make.application("second"))
    dead = [make.notice(f"s{n}", created_at=make.after(-10 + n)) for n in range(4)]
    await _kill(store, make, *dead)
    waiting = make.notice("s9")
    await _put(store, make, waiting)
    span = NoticeFilter(app_key=make.app_key, since=make.after(-9), purpose=Purpose.STATUS)
    for foreign in (
        NoticeFilter(app_key="second"),
        NoticeFilter(purpose=RECORD),
        NoticeFilter(stream="s9"),
        NoticeFilter(push_id=waiting.notice_id),
        NoticeFilter(until=make.after(-10)),
    ):
        assert len(await store.revive(foreign, make.now, 10)) == 0
    assert len(await store.revive(span, make.now, 2)) == 2
    assert await _find(store, DEAD) == [dead[3], dead[0]]
    assert await store.revive(span, make.now, 2, above=1_000_000_000_000) == ()
    assert len(await store.revive(span, make.now, 2)) == 1
    assert await store.outbox_depth() == (4, 1)


async def test_revived_notices_of_a_call_are_pushed_in_their_order(store: Store, make: Make):
    first, second = make.notice("s1"), make.notice("s1")
    await _kill(store, make, first)
    await _kill(store, make, second)
    await _put(store, make, later := make.notice("s1"))
    assert len(await store.revive(replace(DEAD, stream="s1"), make.now, 10)) == 2
    order: list[Notice] = []
    while claimed := await _claim(store, make):
        order += [one.notice for one in claimed]
        await store.settle([one.sequence for one in claimed], [])
    assert [notice for notice in order if notice is not later and notice != later] == [
        first,
        second,
    ]
    assert await store.outbox_depth() == (0, 0)


async def test_a_batch_is_revived_whole_under_its_id(store: Store, make: Make):
    made = [make.notice(f"s{number}", purpose=RECORD) for number in range(3)]
    await _put(store, make, *made)
    await _fail(store, make, await _claim_batch(store, make, "batch"))
    assert len(await store.revive(NoticeFilter(push_id=made[1].notice_id), make.after(100), 1)) == 3
    again = await _claim_batch(store, make, "other", at=100)
    assert [one.notice for one in again] == made
    assert {(one.batch_id, one.attempts) for one in again} == {("batch", 1)}


async def test_a_revived_event_that_fails_again_holds_its_stream_back_anew(
    store: Store, make: Make
):
    first, second = make.notice("s1"), make.notice("s1")
    await _kill(store, make, first)
    await _kill(store, make, second)
    await store.revive(DEAD, make.now, 10)
    (claimed,) = await _claim(store, make)
    await _fail(store, make, [claimed], again=60)
    assert claimed.notice == first
    assert await _claim(store, make, at=59) == ()


async def test_what_has_been_dead_for_long_is_forgotten_up_to_the_limit(store: Store, make: Make):
    old = [make.notice(f"s{number}") for number in range(3)]
    await _kill(store, make, *old)
    young, waiting = make.notice("s8"), make.notice("s9")
    await _kill(store, make, young, at=1000)
    await _put(store, make, waiting)
    assert await store.remove_dead(make.after(30), 10) == 0  # their last leases ended just then
    assert await store.remove_dead(make.after(31), 2) == 2
    assert await store.remove_dead(make.after(31), 2) == 1
    assert await _find(store, ALL) == [waiting, young]


@pytest.fixture
def trouble(make: Make) -> Trouble:
    return Trouble(endpoint=make.endpoint(), receiver="mark", since=make.now, error="HTTP 500")


async def test_a_receiver_in_trouble_is_kept_replaced_and_forgotten(
    store: Store, make: Make, trouble: Trouble
):
    assert await store.troubles(10) == ()
    await store.save_trouble(trouble)
    disabled = replace(trouble, disabled_at=make.after(5), error="HTTP 410")
    await store.save_trouble(disabled)
    assert await store.troubles(10) == (disabled,)
    await store.forget_trouble(make.endpoint(purpose=RECORD))
    assert await store.troubles(10) == (disabled,)
    await store.forget_trouble(make.endpoint())
    assert await store.troubles(10) == ()


async def test_those_in_trouble_for_longest_come_first(store: Store, make: Make, trouble: Trouble):
    late = replace(trouble, endpoint=make.endpoint("a"), since=make.after(1))
    for one in (late, trouble):
        await store.save_trouble(one)
    assert await store.troubles(10) == (trouble, late)
    assert await store.troubles(1) == (trouble,)
