import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from maskline.services import link_watch
from maskline.services.bulletin_store import BulletinKind
from maskline.services.clock import SteppedClock
from maskline.services.link_watch import GOOD_FOR_S, TOLD_EVERY_S, LinkWatch
from maskline.services.sms_link_state import LinkCondition, SmsLinkState

BOUND = SmsLinkState(name="carrier", condition=LinkCondition.BOUND, waiting=3, in_flight=2)
DOWN = SmsLinkState(name="carrier", condition=LinkCondition.DOWN, reason="refused")


class Board:
    """Has what was posted; `deliver` hands it to another process."""

    def __init__(self):
        self.posts = []

    def post_soon(self, kind, subject=""):
        assert kind is BulletinKind.SMS_LINK_STATES
        self.posts.append(subject)

    def deliver(self, watch: LinkWatch):
        for subject in self.posts:
            watch.hear(subject)
        self.posts.clear()


class Worker:
    """A process with a message plane, whose links stand as `states` says."""

    def __init__(self, clock: SteppedClock, name: str):
        self.board = Board()
        self.watch = LinkWatch(self.board, clock)
        self.name = name
        self.states: tuple[SmsLinkState, ...] = (BOUND,)

    @asynccontextmanager
    async def telling(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self.watch.tell(self.name, lambda: self.states))
        await look()
        yield
        task.cancel()


async def look() -> None:
    """Have those who tell look at their links."""
    for _ in range(5):
        await asyncio.sleep(0)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(link_watch, "LOOK_S", 0)
    return SteppedClock(datetime(2026, 1, 2, tzinfo=UTC))


async def test_others_hear_how_the_links_of_a_worker_stand(clock: SteppedClock):
    one, other = Worker(clock, "w1"), LinkWatch(Board(), clock)
    async with one.telling():
        one.board.deliver(other)
    assert await one.watch.states() == await other.states() == [("w1", BOUND)]


async def test_a_change_is_told_at_once_and_all_of_it_now_and_then(clock: SteppedClock):
    one = Worker(clock, "w1")
    async with one.telling():
        assert len(one.board.posts) == 1
        one.states = (SmsLinkState(name="carrier", condition=LinkCondition.BOUND, waiting=9),)
        await look()
        assert len(one.board.posts) == 1  # how much waits is no change of condition
        one.states = (DOWN,)
        await look()
        assert len(one.board.posts) == 2
        clock.step(TOLD_EVERY_S)
        await look()
        assert len(one.board.posts) == 3


async def test_each_worker_has_its_say(clock: SteppedClock):
    watch, workers = LinkWatch(Board(), clock), [Worker(clock, name) for name in ("w2", "w1")]
    workers[0].states = (DOWN, SmsLinkState(name="other", condition=LinkCondition.DISABLED))
    for worker in workers:
        async with worker.telling():
            worker.board.deliver(watch)
    told = [(name, state.name, state.condition) for name, state in await watch.states()]
    assert told == [
        ("w1", "carrier", LinkCondition.BOUND),
        ("w2", "carrier", LinkCondition.DOWN),
        ("w2", "other", LinkCondition.DISABLED),
    ]


async def test_a_worker_that_is_silent_is_left_out(clock: SteppedClock):
    one, watch = Worker(clock, "w1"), LinkWatch(Board(), clock)
    async with one.telling():
        one.board.deliver(watch)
    clock.step(GOOD_FOR_S - 0.1)
    assert len(await watch.states()) == 1
    clock.step(0.2)
    assert await watch.states() == []


async def test_what_a_newer_release_tells_is_passed_over(clock: SteppedClock):
    watch = LinkWatch(Board(), clock)
    watch.hear('["w9",[{"name":"carrier","condition":"asleep"}]]')
    watch.hear("no JSON")
    assert await watch.states() == []


async def test_workers_beyond_the_bound_push_out_who_told_longest_ago(
    clock: SteppedClock, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(link_watch, "MAX_WORKERS", 2)
    watch = LinkWatch(Board(), clock)
    for name in ("w1", "w2", "w1", "w3"):
        one = Worker(clock, name)
        async with one.telling():
            one.board.deliver(watch)
    assert [name for name, _ in await watch.states()] == ["w1", "w3"]
