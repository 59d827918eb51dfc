"""Takes up jobs and does them, a few at once, until the process ends."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import structlog

from maskline.domain.error import BusyError, CustomerError, PlatformError
from maskline.domain.job import Job, JobKind, JobState, JobWish
from maskline.services.clock import Clock
from maskline.services.job_run import LEASE_S, JobFailed, JobHalted, JobRun, JobWork
from maskline.services.job_store import JobLease, JobStore

AT_ONCE = 4
"""Jobs of one process."""
AT_ONCE_OF_TENANT = 3
MAX_WAITING = 50
"""Jobs looked at at once, so that one tenant's do not hide the next one's."""
LOOK_S = 2.0
MAX_TRIES = 5
PAUSE_S = 5.0
"""How long a job rests that the platform itself failed at."""

log = structlog.get_logger("jobs")


class JobRunner:
    """Does the jobs of a store, together with other processes.

    `holder` is the name of this process's life: a job it held when it died is taken up once the
    lease has ended. Where nobody else can have the store (`is_alone`), at once.
    """

    def __init__(
        self,
        store: JobStore,
        clock: Clock,
        holder: str,
        works: Mapping[JobKind, JobWork],
        *,
        is_alone: bool = False,
    ) -> None:
        self._store = store
        self._clock = clock
        self._holder = holder
        self._works = works
        self._is_alone = is_alone
        self._running: dict[str, asyncio.Task[None]] = {}
        self._awake = asyncio.Event()

    def wake(self) -> None:
        """There is a new job, or one whose owner wants something else."""
        self._awake.set()

    async def run(self) -> None:
        """Take up jobs until cancelled; what is under way is then left for the next process."""
        try:
            while True:
                self._awake.clear()
                try:
                    await self._look()
                except (BusyError, PlatformError):
                    log.exception("jobs_not_looked_at")
                try:
                    async with asyncio.timeout(LOOK_S):
                        await self._awake.wait()
                except TimeoutError:
                    pass
        finally:
            await self._stop()

    async def _look(self) -> None:
        now = self._clock.now()
        if self._is_alone:
            # Leases are of an earlier life of this process.
            self._is_alone = False
            now += timedelta(seconds=LEASE_S)
        for job in await self._store.waiting_jobs(now, MAX_WAITING):
            if len(self._running) >= AT_ONCE:
                return
            until = self._clock.now() + timedelta(seconds=LEASE_S)
            lease = JobLease(holder=self._holder, until=until)
            taken = await self._store.take_job(job.job_id, lease, now, AT_ONCE_OF_TENANT)
            if taken is not None:
                self._start(taken)

    def _start(self, job: Job) -> None:
        task = asyncio.get_running_loop().create_task(self._do(job), name=f"job {job.job_id}")
        self._running[job.job_id] = task
        task.add_done_callback(lambda _: self._ended(job.job_id))

    def _ended(self, job_id: str) -> None:
        del self._running[job_id]
        self.wake()

    async def _stop(self) -> None:
        tasks = list(self._running.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _do(self, job: Job) -> None:
        run = JobRun(self._store, self._clock, job, self._holder)
        try:
            await self._attempt(run)
        except asyncio.CancelledError:
            await run.put_off(0)
            raise
        except Exception:
            # The store itself: the lease ends, and somebody takes it up again.
            log.exception("job_left", job_id=job.job_id)

    async def _attempt(self, run: JobRun) -> None:
        job = run.job
        if job.state is JobState.QUEUED:
            started_at = job.started_at or self._clock.now()
            run.job = replace(job, state=JobState.RUNNING, started_at=started_at)
        run.job = replace(run.job, error_code=None, error=None, finished_at=None)
        try:
            await run.write()
            state = await self._watched(run)
        except JobHalted as halt:
            await self._halt(run, halt.wish)
        except JobFailed as failure:
            await self._fail(run, failure.code, str(failure))
        except CustomerError as refusal:
            await self._fail(run, "refused", str(refusal) or "refused")
        except (BusyError, PlatformError):
            log.exception("job_put_off", job_id=job.job_id, tries=run.job.tries + 1)
            await self._put_off(run)
        except Exception:
            log.exception("job_crashed", job_id=job.job_id)
            await self._fail(run, "internal", "the platform failed; see the server's log")
        else:
            finished_at = self._clock.now() if state.is_over else None
            await run.leave(state=state, finished_at=finished_at, tries=0)

    async def _watched(self, run: JobRun) -> JobState:
        """The work, and beside it a look at what its owner wants: one step of it may be long."""
        work = asyncio.ensure_future(self._works[run.job.kind].run(run))
        try:
            while True:
                done, _ = await asyncio.wait({work}, timeout=LEASE_S / 6)
                if done:
                    return work.result()
                await run.write()
        finally:
            if not work.done():
                work.cancel()
                await asyncio.gather(work, return_exceptions=True)

    async def _halt(self, run: JobRun, wish: JobWish | None) -> None:
        match wish:
            case JobWish.PAUSE:
                await run.leave(state=JobState.PAUSED)
            case JobWish.CANCEL:
                await run.leave(state=JobState.CANCELLED, finished_at=self._clock.now())
            case _:
                log.warning("job_lost", job_id=run.job.job_id)

    async def _put_off(self, run: JobRun) -> None:
        run.job = replace(run.job, tries=run.job.tries + 1)
        if run.job.tries >= MAX_TRIES:
            await self._fail(run, "busy", "the store did not take it; run it again later")
        else:
            await run.put_off(PAUSE_S)

    async def _fail(self, run: JobRun, code: str, message: str) -> None:
        await run.leave(
            state=JobState.FAILED, error_code=code, error=message, finished_at=self._clock.now()
        )
