import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest

from maskline.domain.error import StoreBusy, StoreFailed
from maskline.stores.postgres.lane import LANES, MAX_BATCH, Lanes, UnitRefused


class Writing:
    """What was written, a list a batch; values in `bad` are refused, `gate` holds all up."""

    def __init__(self) -> None:
        self.batches: list[list[object]] = []
        self.bad: dict[object, Exception] = {}
        self.gate = asyncio.Event()
        self.gate.set()

    async def write(self, values: Sequence[object]) -> None:
        await self.gate.wait()
        for value in values:
            if value in self.bad:
                raise self.bad[value]
        self.batches.append(list(values))

    async def write_apart(self, values: Sequence[object]) -> None:
        self.batches.append(["apart", *values])


@pytest.fixture
def writing() -> Writing:
    return Writing()


@pytest.fixture
async def lanes() -> AsyncIterator[Lanes]:
    lanes = Lanes(limit=500)
    lanes.open()
    yield lanes
    await lanes.close()


def keys_of_one_lane(amount: int) -> list[str]:
    found = [key for key in map(str, range(LANES * amount * 4)) if hash(key) % LANES == 0]
    return found[:amount]


async def test_what_comes_in_one_turn_is_written_together(lanes: Lanes, writing: Writing):
    keys = keys_of_one_lane(5)
    await asyncio.gather(*(lanes.submit(key, writing.write, key) for key in keys))
    assert writing.batches == [keys]


async def test_each_hears_what_is_told_of_its_value(lanes: Lanes):
    async def double(values: Sequence[int]) -> list[int]:
        return [2 * value for value in values]

    asked = [lanes.submit(str(value), double, value) for value in range(9)]
    assert await asyncio.gather(*asked) == [2 * value for value in range(9)]


async def test_values_of_one_key_are_written_one_after_another(lanes: Lanes, writing: Writing):
    told = [lanes.submit("s", writing.write, value) for value in (1, 2, 3)]
    await asyncio.gather(*reversed(told))
    assert writing.batches == [[1], [2], [3]]


async def test_kinds_of_one_key_keep_their_order(lanes: Lanes, writing: Writing):
    kinds = (writing.write_apart, writing.write, writing.write_apart)
    await asyncio.gather(*(lanes.submit("s", kind, n) for n, kind in enumerate(kinds)))
    assert writing.batches == [["apart", 0], [1], ["apart", 2]]


async def test_a_batch_is_bounded(lanes: Lanes, writing: Writing):
    keys = keys_of_one_lane(MAX_BATCH + 1)
    await asyncio.gather(*(lanes.submit(key, writing.write, key) for key in keys))
    assert list(map(len, writing.batches)) == [MAX_BATCH, 1]


async def test_a_refused_value_does_not_spoil_its_neighbours(lanes: Lanes, writing: Writing):
    keys = keys_of_one_lane(3)
    writing.bad[keys[1]] = UnitRefused("no")
    told = [lanes.submit(key, writing.write, key) for key in keys]
    outcomes = await asyncio.gather(*told, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [type(None), UnitRefused, type(None)]
    assert writing.batches == [[keys[0]], [keys[2]]]


async def test_a_server_that_is_gone_fails_the_batch_at_once(lanes: Lanes, writing: Writing):
    keys = keys_of_one_lane(3)
    writing.bad[keys[1]] = StoreFailed("gone")
    told = [lanes.submit(key, writing.write, key) for key in keys]
    outcomes = await asyncio.gather(*told, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [StoreFailed] * 3
    assert writing.batches == []


async def test_a_bug_reaches_the_caller_and_the_lane_goes_on(lanes: Lanes, writing: Writing):
    writing.bad["bug"] = ZeroDivisionError()
    with pytest.raises(ZeroDivisionError):
        await lanes.submit("s", writing.write, "bug")
    await lanes.submit("s", writing.write, "fine")
    assert writing.batches == [["fine"]]


async def test_too_much_is_busy_at_once(writing: Writing):
    lanes = Lanes(limit=2)
    lanes.open()
    writing.gate.clear()
    told = [lanes.submit(str(n), writing.write, n) for n in range(2)]
    with pytest.raises(StoreBusy, match="2 units"):
        lanes.submit("3", writing.write, 3)
    writing.gate.set()
    await asyncio.gather(*told)
    await lanes.submit("3", writing.write, 3)


async def test_closing_finishes_what_was_taken_and_takes_no_more(lanes: Lanes, writing: Writing):
    told = [lanes.submit(str(n % 7), writing.write, n) for n in range(50)]
    await lanes.close()
    assert all(future.done() for future in told)
    assert sum(map(len, writing.batches)) == 50
    with pytest.raises(StoreFailed, match="closed"):
        lanes.submit("s", writing.write, 1)


async def test_a_caller_who_went_away_changes_nothing(lanes: Lanes, writing: Writing):
    told = lanes.submit("s", writing.write, 1)
    told.cancel()
    await lanes.submit("s", writing.write, 2)
    assert writing.batches == [[1], [2]]
