"""Workers tell each other how their trunks and media engines stand."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from maskline.services import part_watch
from maskline.services.clock import SteppedClock
from maskline.services.part_state import EngineCondition, EngineState, TrunkCondition, TrunkState
from maskline.services.part_watch import KEPT_S, STALE_AFTER_S, PartsTold, PartWatch

NOW = datetime(2026, 1, 2, tzinfo=UTC)
UP = EngineState(name="embedded", condition=EngineCondition.UP, calls=4)


class Board:
    """Has what was posted."""

    def __init__(self):
        self.posts = []

    def post_soon(self, _kind, subject=""):
        self.posts.append(subject)


def told_by(worker: str, condition: TrunkCondition = TrunkCondition.UP) -> PartsTold:
    return PartsTold(worker, "embedded", (TrunkState(name="carrier", condition=condition),), (UP,))


async def posted(watch: PartWatch, board: Board, told: PartsTold) -> str:
    """What a worker posts that begins to tell."""
    task = asyncio.create_task(watch.tell(lambda: told))
    await asyncio.sleep(0)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    return board.posts[-1]


async def test_others_hear_of_a_worker_and_see_when_it_is_silent():
    clock, board = SteppedClock(NOW), Board()
    subject = await posted(PartWatch(board, clock), board, told_by("w1"))
    other = PartWatch(Board(), clock)
    other.hear(subject, NOW)
    [one] = other.reports()
    assert (one.told, one.age_s, one.is_stale) == (told_by("w1"), 0, False)
    clock.step(STALE_AFTER_S + 1)
    assert [one.is_stale for one in other.reports()] == [True]
    clock.step(KEPT_S)
    assert other.reports() == []


async def test_a_worker_knows_itself_as_of_now_and_what_is_older_does_not_replace():
    clock, board = SteppedClock(NOW), Board()
    watch = PartWatch(board, clock)
    await posted(watch, board, told_by("w2"))
    other, older = Board(), Board()
    news = await posted(PartWatch(other, clock), other, told_by("w1", TrunkCondition.DOWN))
    old = await posted(PartWatch(older, clock), older, told_by("w1"))
    clock.step(60)
    watch.hear(news, clock.now())
    watch.hear(old, NOW)
    watch.hear('["w9","none",[{"name":"carrier","condition":"asleep"}],[]]', NOW)
    seen = [(one.told.worker, one.told.trunks[0].condition, one.age_s) for one in watch.reports()]
    assert seen == [("w1", TrunkCondition.DOWN, 0), ("w2", TrunkCondition.UP, 0)]


async def test_workers_and_parts_beyond_the_bounds_are_left_out(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(part_watch, "MAX_WORKERS", 2)
    monkeypatch.setattr(part_watch, "MAX_PARTS", 0)
    clock, board = SteppedClock(NOW), Board()
    watch = PartWatch(Board(), clock)
    for worker in ("w1", "w2", "w3"):
        watch.hear(await posted(PartWatch(board, clock), board, told_by(worker)), NOW)
    assert [one.told.worker for one in watch.reports()] == ["w2", "w3"]
    assert watch.reports()[0].told.trunks == ()
