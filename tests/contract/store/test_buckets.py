"""Workers of the delivery plane share out the outbox by buckets."""

import asyncio
from itertools import combinations

from tests.contract.store.making import Make

from maskline.domain.notice import BUCKETS, bucket_of
from maskline.services.store import Store

ALL = tuple(range(BUCKETS))


async def _lease(
    store: Store, make: Make, holder: str, at: float = 0, want: int = BUCKETS, life: float = 10
) -> tuple[int, ...]:
    return await store.lease_buckets(holder, make.after(at), make.after(at + life), want)


async def test_who_is_alone_has_all(store: Store, make: Make):
    assert await _lease(store, make, "one") == ALL
    assert await _lease(store, make, "one", at=5) == ALL


async def test_nobody_has_more_than_it_wants(store: Store, make: Make):
    assert len(await _lease(store, make, "one", want=5)) == 5
    assert len(await _lease(store, make, "one", want=3)) == 3
    assert len(await _lease(store, make, "two")) == BUCKETS // 2


async def test_who_comes_later_has_its_share_once_the_first_has_asked_again(
    store: Store, make: Make
):
    await _lease(store, make, "one")
    assert await _lease(store, make, "two", at=1) == ()
    first = await _lease(store, make, "one", at=2)
    second = await _lease(store, make, "two", at=3)
    assert sorted(first + second) == list(ALL)
    assert len(first) == len(second)


async def test_what_ran_out_goes_to_others(store: Store, make: Make):
    await _lease(store, make, "one")
    await _lease(store, make, "two", at=1)
    assert await _lease(store, make, "two", at=9.999) == ()
    assert await _lease(store, make, "two", at=10) == ALL
    assert await _lease(store, make, "one", at=11) == ()


async def test_what_is_given_back_is_free_at_once(store: Store, make: Make):
    await _lease(store, make, "one")
    await store.return_buckets("one")
    await store.return_buckets("nobody")
    assert await _lease(store, make, "two") == ALL


async def test_all_are_served_whatever_the_number_of_workers(store: Store, make: Make):
    workers = [f"worker-{index}" for index in range(5)]
    held: list[tuple[int, ...]] = []
    for at in range(3):
        held = [await _lease(store, make, worker, at=at) for worker in workers]
    assert sorted(sum(held, ())) == list(ALL)
    assert {len(buckets) for buckets in held} == {13, 12}


async def test_no_bucket_is_leased_to_two_who_ask_at_once(store: Store, make: Make):
    workers = [f"worker-{index}" for index in range(8)]
    held: dict[str, set[int]] = {worker: set() for worker in workers}

    async def ask(worker: str, at: float) -> None:
        held[worker] = set(await _lease(store, make, worker, at=at))

    for at in (0, 1, 2):
        await asyncio.gather(*(ask(worker, at) for worker in workers))
        assert all(one.isdisjoint(other) for one, other in combinations(held.values(), 2))
    assert set().union(*held.values()) == set(ALL)
    for worker in workers[:4]:
        await store.return_buckets(worker)
        held[worker] = set()
    for at in (3, 4):
        await asyncio.gather(*(ask(worker, at) for worker in workers[4:]))
    assert set().union(*held.values()) == set(ALL)


async def test_a_look_at_some_buckets_sees_their_endpoints_alone(store: Store, make: Make):
    other = next(key for key in map(str, range(99)) if bucket_of(key) != bucket_of(make.app_key))
    await store.add_application(make.application(other))
    early, late = make.notice("s1"), make.notice("s2", app_key=other, created_at=make.after(5))
    for notice in (early, late):
        await store.save_call(make.call(notice.stream), [notice])
    mine = [bucket_of(make.app_key)]
    its = [bucket for bucket in ALL if bucket not in mine]
    now = make.after(9)
    assert await store.due_endpoints(now, 9, mine) == (make.endpoint(),)
    assert await store.due_endpoints(now, 9, its) == (make.endpoint(other),)
    assert await store.due_endpoints(now, 9, []) == ()
    assert await store.due_endpoints(now, 9, [*mine, *its]) == await store.due_endpoints(now, 9)
    assert await store.next_due(now, mine) == make.now
    assert await store.next_due(now, its) == make.after(5)
    assert await store.next_due(now, []) is None
