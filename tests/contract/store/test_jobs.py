from dataclasses import replace

import pytest
from tests.contract.store.making import Make

from maskline.domain.error import DuplicateRecord
from maskline.domain.job import JobFile, JobKind, JobRow, JobState, JobWish, RowOutcome
from maskline.services.job_store import JobFilter, JobLease
from maskline.services.store import Store


def _lease(make: Make, holder: str = "w1", seconds: float = 30) -> JobLease:
    return JobLease(holder=holder, until=make.after(seconds))


async def test_a_job_is_kept_with_its_order_and_files(store: Store, make: Make):
    file = JobFile(
        object_name="j1-source",
        name="numbers.xlsx",
        media_type="application/zip",
        size=12,
        expires_at=make.after(86_400),
    )
    job = make.job(source=file, digest="ab" * 32, header=("号码", "城市"), total=3)
    await store.add_job(job)
    assert await store.job(job.job_id) == job
    assert await store.job("of nobody") is None
    with pytest.raises(DuplicateRecord):
        await store.add_job(job)


async def test_jobs_are_listed_newest_first_behind_one(store: Store, make: Make):
    old, new = make.job(), make.job(created_at=make.after(1), digest="d")
    foreign = make.job(tenant_id=None, kind=JobKind.NUMBER_IMPORT, owner="op")
    for job in (old, new, foreign):
        await store.add_job(job)
    own = JobFilter(tenant_id=make.tenant_id)
    assert await store.jobs(own, None, 1) == (new,)
    assert await store.jobs(own, (new.created_at, new.job_id), 9) == (old,)
    assert await store.jobs(JobFilter(), None, 9) == (new, foreign, old)
    assert await store.jobs(JobFilter(digest="d"), None, 9) == (new,)
    assert await store.jobs(JobFilter(kind=JobKind.NUMBER_IMPORT), None, 9) == (foreign,)
    assert await store.jobs(JobFilter(state=JobState.DONE), None, 9) == ()
    assert await store.jobs(JobFilter(owner="op"), None, 9) == (foreign,)


async def test_a_job_is_worked_on_by_one_until_its_lease_ends(store: Store, make: Make):
    job = make.job()
    await store.add_job(job)
    assert await store.waiting_jobs(make.now, 9) == (job,)
    assert await store.take_job(job.job_id, _lease(make), make.now, 3) == job
    assert await store.waiting_jobs(make.now, 9) == ()
    assert await store.take_job(job.job_id, _lease(make, "w2"), make.now, 3) is None
    late = make.after(31)
    assert await store.take_job(job.job_id, _lease(make, "w2", 60), late, 3) == job
    assert await store.save_job(replace(job, done=5), _lease(make)) is None
    assert await store.job(job.job_id) == job


async def test_a_tenant_has_so_many_jobs_worked_on_at_once(store: Store, make: Make):
    jobs = [make.job(), make.job(), make.job(tenant_id=None)]
    for job in jobs:
        await store.add_job(job)
    taken = [await store.take_job(job.job_id, _lease(make), make.now, 1) for job in jobs]
    assert taken == [jobs[0], None, jobs[2]]


async def test_progress_is_kept_with_its_rows_and_tells_what_is_wanted(store: Store, make: Make):
    job = make.job()
    await store.add_job(job)
    assert not await store.wish_of_job(job.job_id, JobWish.PAUSE, make.now)
    await store.take_job(job.job_id, _lease(make), make.now, 3)
    rows = [
        JobRow(number=2, outcome=RowOutcome.CHANGE, cells=("+861", "x"), plan=b"{}"),
        JobRow(
            number=3, outcome=RowOutcome.ERROR, column="号码", value="1", code="M2101", message="m"
        ),
    ]
    running = replace(job, state=JobState.RUNNING, total=2, failed=1, started_at=make.now)
    assert await store.save_job(running, _lease(make), rows) is JobWish.GO_ON
    assert await store.job(job.job_id) == running
    assert await store.job_rows(job.job_id, None, 0, 9) == tuple(rows)
    assert await store.job_rows(job.job_id, RowOutcome.ERROR, 0, 9) == (rows[1],)
    assert await store.job_rows(job.job_id, None, 2, 9) == (rows[1],)
    assert await store.wish_of_job(job.job_id, JobWish.PAUSE, make.now)
    done = replace(rows[0], outcome=RowOutcome.DONE)
    assert await store.save_job(running, _lease(make), [done]) is JobWish.PAUSE
    assert await store.job_rows(job.job_id, RowOutcome.DONE, 0, 9) == (done,)
    await store.remove_job_rows(job.job_id)
    assert await store.job_rows(job.job_id, None, 0, 9) == ()


async def test_a_job_that_nobody_works_on_is_moved_to_another_state(store: Store, make: Make):
    job = make.job()
    await store.add_job(job)
    states = {JobState.QUEUED, JobState.READY}
    await store.take_job(job.job_id, _lease(make), make.now, 3)
    assert not await store.move_job(job.job_id, states, JobState.CANCELLED, make.now)
    late = make.after(31)
    assert await store.move_job(job.job_id, states, JobState.CANCELLED, late)
    assert not await store.move_job(job.job_id, states, JobState.CANCELLED, late)
    assert await store.waiting_jobs(late, 9) == ()


async def test_old_jobs_go_with_their_rows(store: Store, make: Make):
    old, worked_on, new = make.job(), make.job(), make.job(created_at=make.after(9))
    for job in (old, worked_on, new):
        await store.add_job(job)
        await store.take_job(job.job_id, _lease(make), make.now, 9)
    row = JobRow(number=1, outcome=RowOutcome.DONE)
    await store.save_job(old, _lease(make, seconds=0), [row])
    assert await store.remove_old_jobs(make.after(5), make.now, 9) == 1
    assert await store.job(old.job_id) is None
    assert await store.job_rows(old.job_id, None, 0, 9) == ()
    assert await store.job(worked_on.job_id) == worked_on


async def test_jobs_forget_the_files_that_are_past_their_time(store: Store, make: Make):
    file = JobFile(object_name="o", name="n", media_type="t", size=1, expires_at=make.after(10))
    job, without = make.job(result=file), make.job()
    await store.add_job(job)
    await store.add_job(without)
    assert await store.jobs_with_old_files(make.after(9), 9) == ()
    assert await store.jobs_with_old_files(make.after(10), 9) == (job,)
    await store.forget_job_files(replace(job, result=None), make.after(10))
    assert await store.jobs_with_old_files(make.after(10), 9) == ()
    assert await store.job(job.job_id) == replace(job, result=None)
