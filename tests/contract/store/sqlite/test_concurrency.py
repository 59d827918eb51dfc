import asyncio
import random
from functools import partial
from pathlib import Path

import pytest
from tests.contract.store.making import Make
from tests.contract.store.sqlite.soundness import assert_sound

from maskline.domain.error import AlreadyBound, StoreBusy, StoreFailed
from maskline.services.list_filter import CallFilter, NumberFilter
from maskline.services.store import BindingFilter, BindLimits, NumberChoice, Page
from maskline.stores.keys import FixedKeys
from maskline.stores.sqlite import SqliteStore
from maskline.stores.sqlite.connection import Cursor
from maskline.stores.sqlite.database import SqliteLimits


async def test_of_a_thousand_colliding_binds_exactly_one_wins_each(
    filled: SqliteStore, path: Path, make: Make
):
    tries = [
        make.binding(f"+86139{pair:08}", f"+86138{pair:08}")
        for pair in range(50)
        for _ in range(20)
    ]
    random.Random(1).shuffle(tries)
    outcomes = await asyncio.gather(
        *(filled.bind(binding, BindLimits(pairs=5000), make.now, None) for binding in tries),
        return_exceptions=True,
    )
    won = [outcome for outcome in outcomes if not isinstance(outcome, BaseException)]
    assert len(won) == len({binding.a for binding in won}) == 50
    assert sum(isinstance(outcome, AlreadyBound) for outcome in outcomes) == 950
    listed = await filled.bindings(BindingFilter(), make.now, Page(limit=100))
    assert sorted(map(repr, listed.rows)) == sorted(map(repr, won))
    await filled.close()
    assert_sound(path)


async def test_concurrent_picks_never_overfill_a_number(filled: SqliteStore, make: Make):
    await filled.add_numbers([make.number(f"+861700{index}") for index in range(9)])
    choice = NumberChoice(area_codes=("0755",), any_area=False)
    outcomes = await asyncio.gather(
        *(filled.bind(make.binding(), BindLimits(pairs=7), make.now, choice) for _ in range(100)),
        return_exceptions=True,
    )
    assert sum(not isinstance(outcome, BaseException) for outcome in outcomes) == 70
    numbers = await filled.numbers(NumberFilter(), Page())
    assert {number.pairs for number in numbers.rows} == {7}


async def test_a_full_queue_is_told_at_once_and_drains(tmp_path: Path, make: Make):
    store = SqliteStore(tmp_path / "m.db", FixedKeys(), limits=SqliteLimits(write_queue=10))
    await store.open()
    accepted = [store.save_call(make.call(), []) for _ in range(10)]
    with pytest.raises(StoreBusy):
        store.save_call(make.call(), [])
    with pytest.raises(StoreBusy):
        await store.remove_expired(make.now, 1)
    await asyncio.gather(*accepted)
    await store.save_call(make.call(), [])
    assert len((await store.live_calls(CallFilter(), Page())).rows) == 11
    await store.close()


async def test_too_many_waiting_lists_are_refused(tmp_path: Path):
    store = SqliteStore(tmp_path / "m.db", FixedKeys(), limits=SqliteLimits(read_queue=2))
    await store.open()
    outcomes = await asyncio.gather(
        *(store.tenants(Page()) for _ in range(5)), return_exceptions=True
    )
    assert sum(isinstance(outcome, StoreBusy) for outcome in outcomes) == 3
    await store.tenants(Page())
    await store.close()


async def test_a_unit_that_fails_half_way_leaves_nothing_and_spoils_no_neighbour(
    filled: SqliteStore, path: Path, make: Make
):
    def half(cursor: Cursor) -> None:
        cursor.execute("UPDATE number SET pairs = 77")
        cursor.execute("INSERT INTO number SELECT * FROM number")

    writer = filled._database.writer
    before = filled.save_call(make.call("before"), [make.notice("before")])
    broken = writer.submit(half)
    after = asyncio.ensure_future(filled.bind(make.binding(), BindLimits(pairs=5), make.now, None))
    with pytest.raises(StoreFailed):
        await broken
    await asyncio.gather(before, after)
    assert (await filled.number(make.x)).pairs == 1
    assert await filled.outbox_depth() == (1, 0)
    await filled.close()
    assert_sound(path)


async def test_a_unit_with_a_bug_shows_it_to_its_caller_alone(filled: SqliteStore, make: Make):
    def buggy(cursor: Cursor) -> None:
        cursor.execute("UPDATE number SET pairs = 77")
        raise ZeroDivisionError

    broken = filled._database.writer.submit(buggy)
    good = filled.save_call(make.call(), [])
    with pytest.raises(ZeroDivisionError):
        await broken
    await good
    assert (await filled.number(make.x)).pairs == 0


async def test_a_caller_that_goes_away_does_not_stop_its_unit(filled: SqliteStore, make: Make):
    binding = make.binding()
    task = asyncio.ensure_future(filled.bind(binding, BindLimits(pairs=5), make.now, None))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await filled.save_call(make.call(), [])
    assert await filled.binding(None, binding.binding_id) == binding


async def test_a_full_disk_fails_what_does_not_fit_whole_and_writing_goes_on_after(
    filled: SqliteStore, path: Path, make: Make
):
    def limit_pages(pages: int, cursor: Cursor) -> None:
        cursor.execute(f"PRAGMA max_page_count = {pages}")

    writer = filled._database.writer
    await writer.submit(partial(limit_pages, 1))  # as many as there are
    big = b"x" * 3_000
    outcomes = await asyncio.gather(
        *(
            filled.save_call(make.call(f"s{index}"), [make.notice(f"s{index}", body=big)] * 2)
            for index in range(200)
        ),
        return_exceptions=True,
    )
    assert sum(isinstance(outcome, StoreFailed) for outcome in outcomes) > 100
    kept = sum(outcome is None for outcome in outcomes)
    assert len((await filled.live_calls(CallFilter(), Page())).rows) == kept
    assert await filled.outbox_depth() == (2 * kept, 0)
    await writer.submit(partial(limit_pages, 1_000_000))
    await filled.save_call(make.call(), [make.notice("again", body=big)])
    await filled.close()
    assert_sound(path)
