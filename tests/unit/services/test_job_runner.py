import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from maskline.domain.access import OPERATOR
from maskline.domain.error import StoreBusy
from maskline.domain.job import Job, JobKind, JobRow, JobState, RowOutcome
from maskline.services.clock import SteppedClock
from maskline.services.ids import SystemIds
from maskline.services.job_desk import JobDesk, WrongState
from maskline.services.job_file import JobFiles
from maskline.services.job_run import JobFailed, JobRun
from maskline.services.job_runner import MAX_TRIES, JobRunner
from maskline.services.job_store import JobLease
from maskline.stores.memory import MemoryStore

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


class Counting:
    """Does one row a step and waits at each for its turn."""

    def __init__(self, steps: int = 4) -> None:
        self.steps = steps
        self.turns = asyncio.Semaphore(0)
        self.did: list[int] = []
        self.errors: list[Exception] = []

    async def run(self, run: JobRun) -> JobState:
        for number in range(run.job.done + 1, self.steps + 1):
            await self.turns.acquire()
            if self.errors:
                raise self.errors.pop()
            self.did.append(number)
            row = JobRow(number=number, outcome=RowOutcome.DONE)
            await run.tell([row], done=number)
        return JobState.DONE


class World:
    def __init__(self, files: JobFiles) -> None:
        self.store, self.clock, self.work = MemoryStore(), SteppedClock(NOW), Counting()
        self.desk = JobDesk(self.store, files, self.clock, SystemIds())
        self.tasks: list[asyncio.Task[None]] = []

    def start(self, holder: str = "p1", *, is_alone: bool = False) -> asyncio.Task[None]:
        works = {JobKind.EXPORT: self.work}
        runner = JobRunner(self.store, self.clock, holder, works, is_alone=is_alone)
        self.desk.wake = runner.wake
        task = asyncio.create_task(runner.run())
        self.tasks.append(task)
        return task

    async def begin(self) -> Job:
        return await self.desk.begin(OPERATOR, JobKind.EXPORT, b"{}")

    async def until(self, job: Job, is_so: Callable[[Job], bool]) -> Job:
        async with asyncio.timeout(20):
            while True:
                found = await self.desk.find(OPERATOR, job.job_id)
                if is_so(found):
                    return found
                await asyncio.sleep(0)


@pytest.fixture
async def world(unused_files: JobFiles) -> AsyncIterator[World]:
    world = World(unused_files)
    yield world
    for task in world.tasks:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@pytest.fixture
def unused_files(tmp_path: Path) -> JobFiles:
    return JobFiles(None, bytes(32), tmp_path)  # type: ignore[arg-type]


def _turn(world: World, turns: int = 1) -> None:
    for _ in range(turns):
        world.work.turns.release()


async def test_a_job_is_done_and_tells_how_far_it_is(world: World):
    world.start()
    job = await world.begin()
    _turn(world)
    half = await world.until(job, lambda job: job.done == 1)
    assert (half.state, half.started_at) == (JobState.RUNNING, NOW)
    _turn(world, 3)
    done = await world.until(job, lambda job: job.state.is_over)
    assert (done.state, done.done, done.finished_at) == (JobState.DONE, 4, NOW)
    rows = await world.desk.rows(OPERATOR, job.job_id, RowOutcome.DONE, 0, 9)
    assert [row.number for row in rows] == [1, 2, 3, 4]


async def test_a_paused_job_rests_and_goes_on_where_it_was(world: World):
    world.start()
    job = await world.begin()
    _turn(world)
    await world.until(job, lambda job: job.done == 1)
    await world.desk.pause(OPERATOR, job.job_id)
    _turn(world)
    await world.until(job, lambda job: job.state is JobState.PAUSED)
    await world.desk.resume(OPERATOR, job.job_id)
    _turn(world, 3)
    await world.until(job, lambda job: job.state is JobState.DONE)
    assert world.work.did == [1, 2, 3, 4]


async def test_a_cancelled_job_does_nothing_more(world: World):
    job = await world.begin()
    await world.desk.cancel(OPERATOR, job.job_id)
    world.start()
    with pytest.raises(WrongState):
        await world.desk.resume(OPERATOR, job.job_id)
    other = await world.begin()
    _turn(world, 4)
    await world.until(other, lambda job: job.state.is_over)
    assert (await world.desk.find(OPERATOR, job.job_id)).state is JobState.CANCELLED


async def test_the_next_process_goes_on_with_what_an_ended_one_has_left(world: World):
    first = world.start()
    job = await world.begin()
    _turn(world, 2)
    await world.until(job, lambda job: job.done == 2)
    first.cancel()
    with suppress(asyncio.CancelledError):
        await first
    world.start("p2")
    _turn(world, 2)
    await world.until(job, lambda job: job.state is JobState.DONE)
    assert world.work.did == [1, 2, 3, 4]


async def test_a_job_of_a_killed_process_is_taken_up_when_its_lease_ends(world: World):
    job = await world.begin()
    assert await world.store.take_job(job.job_id, _lease_of_the_dead(), NOW, 3)
    world.start("p2")
    await asyncio.sleep(0.01)
    assert world.work.did == []
    world.clock.step(31)
    world.desk.wake()
    _turn(world, 4)
    await world.until(job, lambda job: job.state is JobState.DONE)


async def test_a_job_of_a_killed_process_is_taken_up_at_once_where_there_is_no_other(world: World):
    job = await world.begin()
    assert await world.store.take_job(job.job_id, _lease_of_the_dead(), NOW, 3)
    world.start("p2", is_alone=True)
    _turn(world, 4)
    await world.until(job, lambda job: job.state is JobState.DONE)


async def test_a_job_that_cannot_be_done_says_why_and_can_be_run_again(world: World):
    world.start()
    job = await world.begin()
    world.work.errors.append(JobFailed("M2001", "is no workbook"))
    _turn(world)
    failed = await world.until(job, lambda job: job.state is JobState.FAILED)
    assert (failed.error_code, failed.error) == ("M2001", "is no workbook")
    await world.desk.resume(OPERATOR, job.job_id)
    _turn(world, 4)
    await world.until(job, lambda job: job.state is JobState.DONE)


async def test_what_the_platform_fails_at_is_tried_again_so_many_times(world: World):
    world.start()
    job = await world.begin()
    for tries in range(1, MAX_TRIES + 1):
        world.work.errors.append(StoreBusy("full"))
        _turn(world)
        found = await world.until(job, lambda job, tries=tries: job.tries == tries)
        await asyncio.sleep(0.001)
        world.clock.step(6)
        world.desk.wake()
    found = await world.until(job, lambda job: job.state.is_over)
    assert (found.state, found.error_code) == (JobState.FAILED, "busy")


def _lease_of_the_dead() -> JobLease:
    return JobLease(holder="p1", until=NOW + timedelta(seconds=30))
