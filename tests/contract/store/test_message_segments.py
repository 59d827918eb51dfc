import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.contract.store.making import Make

from maskline.domain.message import CameSegment
from maskline.services.store import Store


async def _keep(store: Store, make: Make, segment: CameSegment) -> list[int] | None:
    kept = await store.keep_segment(segment, segment.came_at - timedelta(seconds=600))
    return None if kept is None else [part.number for part in kept]


async def _use(store: Store, make: Make, *segments: CameSegment, at: float = 0) -> bool:
    return await store.accept_message(
        make.message(came_at=make.after(at)),
        [],
        lease=None,
        repeats_since=make.after(at - 600),
        segments=segments,
    )


async def test_parts_gather_in_their_order_whichever_comes_first(store: Store, make: Make):
    halves = {1: "大家好\ud83d", 2: "\ude00 and \ud83d", 3: "\ude00"}
    parts = {number: make.segment(number, text=text) for number, text in halves.items()}
    since = make.after(-600)
    assert await store.keep_segment(parts[3], since) == (parts[3],)
    assert await store.keep_segment(parts[1], since) == (parts[1], parts[3])
    assert await store.keep_segment(parts[2], since) == tuple(parts.values())


@pytest.mark.parametrize(
    "change",
    [{"sender": "+8613900000009"}, {"x": "+8617000000009"}, {"reference": 8}, {"total": 2}],
)
async def test_parts_of_different_messages_do_not_mix(store: Store, make: Make, change: dict):
    await _keep(store, make, make.segment(1))
    assert await _keep(store, make, make.segment(2, **change)) == [2]


async def test_a_part_that_comes_twice_is_there_once(store: Store, make: Make):
    await _keep(store, make, make.segment(1))
    again = make.segment(1, link="other centre", came_at=make.after(5))
    assert await store.keep_segment(again, make.after(-600)) == (again,)


async def test_parts_of_an_accepted_message_are_known_for_a_while(store: Store, make: Make):
    parts = [make.segment(number) for number in (1, 2, 3)]
    for part in parts:
        await _keep(store, make, part)
    assert await _use(store, make, *parts)
    assert await _keep(store, make, replace(parts[1], came_at=make.after(60))) is None
    assert await _keep(store, make, replace(parts[1], came_at=make.after(601))) == [2]


async def test_another_text_in_a_used_place_begins_a_new_message(store: Store, make: Make):
    parts = [make.segment(number) for number in (1, 2, 3)]
    for part in parts:
        await _keep(store, make, part)
    await _use(store, make, *parts)
    assert await _keep(store, make, make.segment(2, text="a new one")) == [2]
    assert await _keep(store, make, make.segment(1)) == [1, 2]


async def test_segments_make_one_message_only(store: Store, make: Make):
    parts = [make.segment(number) for number in (1, 2, 3)]
    for part in parts:
        await _keep(store, make, part)
    accepted = await asyncio.gather(*(_use(store, make, *parts) for _ in range(5)))
    assert sum(accepted) == 1
    assert not await _use(store, make, make.segment(1, text="never came"))


async def test_parts_that_come_at_the_same_moment_find_each_other(store: Store, make: Make):
    places = [(reference, number) for number in (1, 2, 3) for reference in range(20)]
    found = await asyncio.gather(
        *(
            _keep(store, make, make.segment(number, reference=reference))
            for reference, number in places
        )
    )
    assert sum(numbers == [1, 2, 3] for numbers in found) == 20


async def test_messages_of_which_nothing_comes_any_more_are_stale(store: Store, make: Make):
    def part(reference: int, number: int, came: float) -> CameSegment:
        return make.segment(number, reference=reference, came_at=make.after(came))

    for one in (part(1, 1, 0), part(1, 2, 50), part(2, 3, 5), part(2, 1, 6), part(3, 1, 2)):
        await _keep(store, make, one)
    stale = await store.stale_segments(make.after(10), 9)
    assert stale == (part(3, 1, 2), part(2, 1, 6), part(2, 3, 5))
    assert await store.stale_segments(make.after(10), 1) == (part(3, 1, 2),)
    await _use(store, make, part(3, 1, 2))
    assert {one.reference for one in await store.stale_segments(make.after(10), 9)} == {2}
    assert {one.reference for one in await store.stale_segments(make.after(51), 9)} == {1, 2}


async def test_used_parts_go_after_a_while_in_portions(store: Store, make: Make):
    parts = [make.segment(number, came_at=make.after(number)) for number in (1, 2, 3)]
    for part in parts:
        await _keep(store, make, part)
    assert await store.remove_used_segments(make.after(99), 9) == 0
    await _use(store, make, *parts, at=4)
    assert await store.remove_used_segments(make.after(3), 9) == 2
    assert await store.remove_used_segments(make.after(99), 9) == 1
    assert await _keep(store, make, parts[0]) == [1]


async def test_what_tells_repeats_goes_with_them(store: Store, make: Make):
    first = make.message()
    again = replace(first, message_id="again", connection="connection-2")
    since = make.after(-600)
    await store.accept_message(first, [], lease=None, repeats_since=since)
    assert await store.remove_used_segments(make.now, 9) == 0
    assert not await store.accept_message(again, [], lease=None, repeats_since=since)
    assert await store.remove_used_segments(make.after(1), 9) == 1
    assert await store.accept_message(again, [], lease=None, repeats_since=since)
