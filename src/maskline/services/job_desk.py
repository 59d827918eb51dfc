"""What people do with jobs: begin, look, pause, go on, cancel."""

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

import structlog

from maskline.domain.access import Caller, Right
from maskline.domain.error import CustomerError, UnknownRecord
from maskline.domain.job import (
    Job,
    JobFile,
    JobKind,
    JobRow,
    JobState,
    JobWish,
    RowOutcome,
)
from maskline.services.clock import Clock
from maskline.services.ids import Ids
from maskline.services.job_file import JobFiles
from maskline.services.job_store import JobFilter, JobStore

JOB_ID_LENGTH = 24
SWEEP_LIMIT = 100
KEPT_DAYS = 30
"""How long a job is listed; its files go sooner."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_OPEN = (JobState.CHECKING, JobState.READY, JobState.QUEUED, JobState.RUNNING, JobState.PAUSED)

log = structlog.get_logger("jobs")


class WrongState(CustomerError):
    """The job is in a state that does not allow it."""


class NotYourJob(CustomerError):
    """Somebody else has begun the job."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that somebody sent."""

    name: str
    content: bytes


class JobDesk:
    """The verbs of jobs. `wake` tells the runner of this process.

    All of them look at what the caller's tenant has only: of others they raise UnknownRecord, as of
    jobs that are not there. They raise StoreBusy, StoreFailed and StorageFailed too.
    """

    def __init__(
        self,
        store: JobStore,
        files: JobFiles,
        clock: Clock,
        ids: Ids,
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = store
        self._files = files
        self._clock = clock
        self._ids = ids
        self.wake = wake

    async def begin(
        self, caller: Caller, kind: JobKind, order: bytes, tenant_id: str | None = None
    ) -> Job:
        """Let something be done, or looked at first where its kind is."""
        state = JobState.CHECKING if kind in _CHECKED else JobState.QUEUED
        job = self._new(caller, kind, state, order, tenant_id)
        await self._store.add_job(job)
        self.wake()
        return job

    async def upload(
        self, caller: Caller, kind: JobKind, upload: Upload, order: bytes = b"{}"
    ) -> Job:
        """Let a file be checked. The same file, while it is worked on, is the same job."""
        digest = sha256(upload.content).hexdigest()
        wanted = JobFilter(tenant_id=caller.tenant_id, kind=kind, digest=digest)
        for known in await self._store.jobs(wanted, None, 1):
            if known.state in _OPEN and known.tenant_id == caller.tenant_id:
                return known
        job = self._new(caller, kind, JobState.CHECKING, order, None)
        source = await self._files.put(
            f"{job.job_id}-source", upload.content, upload.name, XLSX, self._clock.now()
        )
        job = replace(job, digest=digest, source=source)
        await self._store.add_job(job)
        self.wake()
        return job

    async def find(self, caller: Caller, job_id: str, kind: JobKind | None = None) -> Job:
        """One job."""
        job = await self._store.job(job_id)
        is_own = job is not None and caller.tenant_id in {None, job.tenant_id}
        if job is None or not is_own or kind not in {None, job.kind}:
            raise UnknownRecord(f"there is no job {job_id}")
        return job

    async def list(
        self, wanted: JobFilter, before: tuple[datetime, str] | None, limit: int
    ) -> tuple[Job, ...]:
        """Jobs, newest first; `wanted` says whose."""
        return await self._store.jobs(wanted, before, limit)

    async def apply(self, caller: Caller, job_id: str, kind: JobKind) -> Job:
        """Do what was checked. Asking twice is asking once."""
        job = await self.find(caller, job_id, kind)
        if job.state not in {JobState.QUEUED, JobState.RUNNING, JobState.DONE}:
            await self._move(job, (JobState.READY,), JobState.QUEUED)
        return await self.find(caller, job_id)

    async def cancel(self, caller: Caller, job_id: str) -> Job:
        """Do nothing more of it; what is done stays done."""
        return await self._want(caller, job_id, JobWish.CANCEL, JobState.CANCELLED, _OPEN)

    async def pause(self, caller: Caller, job_id: str) -> Job:
        """Rest until it is resumed."""
        states = (JobState.QUEUED, JobState.RUNNING)
        return await self._want(caller, job_id, JobWish.PAUSE, JobState.PAUSED, states)

    async def resume(self, caller: Caller, job_id: str) -> Job:
        """Go on with what was paused, or failed; what is done is not done again."""
        job = await self._controlled(caller, job_id)
        to = JobState.QUEUED
        if job.state is JobState.FAILED and job.kind in _CHECKED and not job.changes:
            to = JobState.CHECKING
        await self._move(job, (JobState.PAUSED, JobState.FAILED), to)
        return await self.find(caller, job_id)

    async def rows(
        self, caller: Caller, job_id: str, outcome: RowOutcome | None, after: int, limit: int
    ) -> tuple[JobRow, ...]:
        """Up to `limit` of its rows behind row `after`."""
        await self.find(caller, job_id)
        return await self._store.job_rows(job_id, outcome, after, limit)

    async def download(self, caller: Caller, job_id: str) -> tuple[JobFile, AsyncGenerator[bytes]]:
        """The file that a job has made; only for whoever ordered it."""
        job = await self.find(caller, job_id)
        is_owner = (job.owner_id, job.owner) == (caller.user_id, caller.name)
        if job.result is None or not is_owner or job.result.expires_at <= self._clock.now():
            raise UnknownRecord("there is no file, or it is past its time")
        log.info("job_file_downloaded", job_id=job_id, by=caller.name)
        return job.result, self._files.pieces(job.result)

    async def sweep(self) -> int:
        """Forget files and jobs that are past their time; returns how many of both."""
        now = self._clock.now()
        old = await self._store.jobs_with_old_files(now, SWEEP_LIMIT)
        for job in old:
            await self._files.remove(job.source, job.result)
            await self._store.forget_job_files(replace(job, source=None, result=None), now)
        before = now - timedelta(days=KEPT_DAYS)
        return len(old) + await self._store.remove_old_jobs(before, now, SWEEP_LIMIT)

    def _new(
        self, caller: Caller, kind: JobKind, state: JobState, order: bytes, tenant_id: str | None
    ) -> Job:
        return Job(
            job_id=self._ids.token(JOB_ID_LENGTH),
            kind=kind,
            state=state,
            owner=caller.name,
            owner_id=caller.user_id,
            tenant_id=caller.tenant_id or tenant_id,
            order=order,
            created_at=self._clock.now(),
        )

    async def _controlled(self, caller: Caller, job_id: str) -> Job:
        """A job of the caller's own, or of a tenant whose people the caller has in hand.

        Raises UnknownRecord, NotYourJob.
        """
        job = await self.find(caller, job_id)
        is_owner = (job.owner_id, job.owner) == (caller.user_id, caller.name)
        if not is_owner and not caller.may(Right.USER_WRITE):
            raise NotYourJob(f"only {job.owner}, or an administrator, may do that")
        return job

    async def _want(
        self,
        caller: Caller,
        job_id: str,
        wish: JobWish,
        to: JobState,
        states: tuple[JobState, ...],
    ) -> Job:
        job = await self._controlled(caller, job_id)
        now = self._clock.now()
        if job.state not in states:
            raise WrongState(f"a job that is {job.state} cannot be {to}")
        if not await self._store.wish_of_job(job_id, wish, now):
            await self._move(job, states, to)
        return await self.find(caller, job_id)

    async def _move(self, job: Job, states: tuple[JobState, ...], to: JobState) -> None:
        if not await self._store.move_job(job.job_id, states, to, self._clock.now()):
            raise WrongState(f"a job that is {job.state} cannot be {to}")
        self.wake()


_CHECKED = frozenset(
    {
        JobKind.NUMBER_IMPORT,
        JobKind.SMS_CAPABILITY_IMPORT,
        JobKind.NUMBER_RETURN,
        JobKind.STOCK_IMPORT,
    }
)
