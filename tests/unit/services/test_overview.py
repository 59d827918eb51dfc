"""The verdict follows from counts; problems are failures with one cause."""

from datetime import UTC, datetime, timedelta

import pytest

from maskline.domain.error import UnknownRecord
from maskline.domain.tally import SLOT, Tally, padded, slot_of
from maskline.services.clock import SteppedClock
from maskline.services.overview import OverviewDesk, State
from maskline.services.problem_desk import TREND_SLOT, ProblemDesk
from maskline.stores.memory import MemoryStore

NOW = datetime(2026, 11, 20, 8, 7, tzinfo=UTC)


def _tally(subject: str, at: datetime, *sums: int, app_key: str = "a1", name: str = "") -> Tally:
    length = TREND_SLOT if subject.startswith("problem") else SLOT
    return Tally(
        subject=subject, slot=slot_of(at, length), app_key=app_key, name=name,
        sums=padded(*sums), first_at=at, last_at=at,
    )  # fmt: skip


async def test_the_verdict_is_that_of_the_worst_signal():
    store = MemoryStore()
    desk = OverviewDesk(store, SteppedClock(NOW))
    assert (await desk.look(None)).state is State.OK
    week_ago = NOW - timedelta(days=7)
    await store.add_tallies(
        [
            _tally("calls", NOW, 100, 60, 0, 0, 0, 0, 0, 2),
            _tally("calls", week_ago, 100, 80),
            _tally("pushes", NOW, 100, 100, 50, 50, app_key="a2"),
        ]
    )
    every = await desk.look(None)
    states = {one.name: one.state for one in every.signals}
    assert states["connected"] is State.WARN
    assert states["failed"] is State.WARN
    assert states["pushes_first_try"] is State.BAD
    assert states["api_errors"] is State.UNKNOWN
    assert every.state is State.BAD
    tenant = await desk.look(["a1"])
    assert tenant.state is State.WARN
    assert "oldest_waiting_push" not in {one.name for one in tenant.signals}


async def test_problems_are_grouped_and_marked():
    store, clock = MemoryStore(), SteppedClock(NOW)
    await store.add_tallies(
        [
            _tally("problem push", NOW - timedelta(minutes=6), 3, name="status timeout"),
            _tally("problem push", NOW, 2, name="status timeout"),
            _tally("problem call", NOW - timedelta(hours=2), 1, app_key="a2", name="8011"),
        ]
    )
    desk = ProblemDesk(store, clock)
    push, call = await desk.problems(None, NOW - timedelta(days=1))
    assert (push.cause, push.count, push.trend[-3:]) == ("status timeout", 5, (0, 3, 2))
    assert (call.kind, sum(call.trend)) == ("call", 0)
    assert await desk.problems(["a2"], NOW - timedelta(hours=1)) == ()
    with pytest.raises(UnknownRecord):
        await desk.mark(push.problem_id, ["a2"], "bob")
    await desk.mark(push.problem_id, ["a1"], "ann", muted_for=timedelta(days=1), note="known")
    [marked] = await desk.problems(["a1"], NOW - timedelta(hours=1))
    assert marked.mark is not None
    assert marked.mark.muted_until == NOW + timedelta(days=1)
