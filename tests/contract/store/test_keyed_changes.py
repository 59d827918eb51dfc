"""Changes by way of the management API under keys of their callers."""

from dataclasses import replace

import pytest
from tests.contract.store.making import Make

from maskline.domain.error import TooManyKeys
from maskline.services.store import Store


async def test_a_key_of_a_caller_is_reserved_once_and_found_with_its_answer(
    empty_store: Store, make: Make
):
    store, first = empty_store, make.keyed_change()
    for change in (first, make.keyed_change(caller="bob"), make.keyed_change("form 2")):
        assert await store.reserve_change(change, make.now, 9) == change
    assert await store.reserve_change(make.keyed_change(), make.now, 9) == first
    answered = replace(first, status=201, answer="好".encode())
    await store.keep_change_answer(answered)
    assert await store.reserve_change(make.keyed_change(), make.now, 9) == answered


async def test_a_released_or_old_key_is_free_and_its_former_attempt_changes_nothing(
    empty_store: Store, make: Make
):
    store, old = empty_store, make.keyed_change()
    await store.reserve_change(old, make.now, 1)
    await store.release_change(old)
    await store.release_change(old)
    second = make.keyed_change()
    assert await store.reserve_change(second, make.now, 1) == second
    third = make.keyed_change(created_at=make.after(10))
    assert await store.reserve_change(third, make.after(1), 1) == third
    await store.keep_change_answer(replace(second, status=200, answer=b"old"))
    await store.release_change(second)
    assert await store.reserve_change(make.keyed_change(), make.after(1), 1) == third


async def test_callers_have_a_bounded_number_of_keys_and_old_ones_make_room(
    empty_store: Store, make: Make
):
    store = empty_store
    changes = [make.keyed_change(str(n), created_at=make.after(n)) for n in (2, 0, 1)]
    for change in changes:
        await store.reserve_change(change, make.now, 3)
    with pytest.raises(TooManyKeys):
        await store.reserve_change(make.keyed_change("3"), make.now, 3)
    assert await store.reserve_change(make.keyed_change("2"), make.now, 3) == changes[0]
    assert await store.remove_old_changes(make.after(2), 1) == 1
    again = make.keyed_change("0", created_at=make.after(9))
    assert await store.reserve_change(again, make.now, 3) == again
    assert await store.reserve_change(make.keyed_change("1"), make.now, 3) == changes[2]
    assert await store.remove_old_changes(make.after(2), 5) == 1
    assert await store.remove_old_changes(make.after(2), 5) == 0
