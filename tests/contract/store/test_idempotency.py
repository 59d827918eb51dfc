from dataclasses import replace

import pytest
from tests.contract.store.making import Make

from maskline.domain.error import TooManyKeys
from maskline.services.store import Store


async def test_a_key_is_reserved_once(store: Store, make: Make):
    first, second = make.keyed_bind(), make.keyed_bind()
    assert await store.reserve_key(first, make.now, 9) == first
    assert await store.reserve_key(second, make.now, 9) == first


async def test_keys_are_of_one_application_each(store: Store, make: Make):
    await store.add_application(make.application("app-2"))
    for bind in (make.keyed_bind(), make.keyed_bind(app_key="app-2"), make.keyed_bind("order 2")):
        assert await store.reserve_key(bind, make.now, 9) == bind


async def test_an_answer_is_found_under_the_key(store: Store, make: Make):
    bind = make.keyed_bind()
    await store.reserve_key(bind, make.now, 9)
    answered = replace(bind, status=200, answer="好".encode())
    await store.keep_answer(answered)
    assert await store.reserve_key(make.keyed_bind(), make.now, 9) == answered


async def test_a_released_key_is_free_again(store: Store, make: Make):
    first, second = make.keyed_bind(), make.keyed_bind()
    await store.reserve_key(first, make.now, 1)
    await store.release_key(first)
    await store.release_key(first)
    assert await store.reserve_key(second, make.now, 1) == second


async def test_a_key_that_somebody_else_has_reserved_since_is_left_alone(store: Store, make: Make):
    old = make.keyed_bind()
    await store.reserve_key(old, make.now, 9)
    new = make.keyed_bind(created_at=make.after(10))
    assert await store.reserve_key(new, make.after(1), 9) == new
    await store.keep_answer(replace(old, status=200, answer=b"old"))
    await store.release_key(old)
    assert await store.reserve_key(make.keyed_bind(), make.after(1), 9) == new


async def test_a_key_from_before_the_time_that_counts_is_free(store: Store, make: Make):
    first, second = make.keyed_bind(), make.keyed_bind(created_at=make.after(5))
    await store.reserve_key(first, make.now, 1)
    assert await store.reserve_key(second, make.now, 1) == first
    assert await store.reserve_key(second, make.after(0.000001), 1) == second


async def test_an_application_has_a_bounded_number_of_keys(store: Store, make: Make):
    await store.add_application(make.application("app-2"))
    one, two = make.keyed_bind("1"), make.keyed_bind("2")
    for bind in (one, two):
        await store.reserve_key(bind, make.now, 2)
    with pytest.raises(TooManyKeys):
        await store.reserve_key(make.keyed_bind("3"), make.now, 2)
    assert await store.reserve_key(make.keyed_bind("2"), make.now, 2) == two
    other = make.keyed_bind("3", app_key="app-2")
    assert await store.reserve_key(other, make.now, 2) == other
    await store.release_key(one)
    three = make.keyed_bind("3")
    assert await store.reserve_key(three, make.now, 2) == three


async def test_old_keys_are_removed_oldest_first_and_make_room(store: Store, make: Make):
    binds = [make.keyed_bind(str(n), created_at=make.after(n)) for n in (3, 1, 2, 0)]
    for bind in binds:
        await store.reserve_key(bind, make.now, 4)
    assert await store.remove_old_keys(make.after(3), 2) == 2
    for key in ("0", "1"):
        again = make.keyed_bind(key, created_at=make.after(9))
        assert await store.reserve_key(again, make.now, 4) == again
    for bind in (binds[0], binds[2]):
        assert await store.reserve_key(make.keyed_bind(bind.key), make.now, 4) == bind
    assert await store.remove_old_keys(make.after(3), 2) == 1
    assert await store.remove_old_keys(make.after(3), 2) == 0


async def test_a_changed_application_keeps_its_count_of_keys(store: Store, make: Make):
    await store.reserve_key(make.keyed_bind("1"), make.now, 1)
    await store.save_application(make.application(secret="new"))
    with pytest.raises(TooManyKeys):
        await store.reserve_key(make.keyed_bind("2"), make.now, 1)
