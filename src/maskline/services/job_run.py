"""One run of a job: what its work sees of it, and how it tells of its progress."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Protocol

from maskline.domain.error import CustomerError
from maskline.domain.job import Job, JobRow, JobState, JobWish
from maskline.services.clock import Clock
from maskline.services.job_store import JobLease, JobStore

LEASE_S = 30.0
PROGRESS_S = 0.5
"""Progress alone is written at most twice a second."""


class JobFailed(CustomerError):
    """The job cannot be done; `code` is for programs."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class JobHalted(Exception):
    """Its owner wants the job to pause or to be cancelled, or another process has it by now."""

    def __init__(self, wish: JobWish | None) -> None:
        super().__init__(f"the job is not to go on: {wish}")
        self.wish = wish


class JobWork(Protocol):
    """What a kind of job does.

    It may be cut off at any moment and begun again, in another process, with the same job: what
    was done must not be done twice.
    """

    async def run(self, run: "JobRun") -> JobState:
        """Do it from where the job stands; the state it has then. Raises JobFailed, JobHalted."""
        ...


class JobRun:
    """A job in the hands of its work. Only the run writes it while it lasts."""

    def __init__(self, store: JobStore, clock: Clock, job: Job, holder: str) -> None:
        self.job = job
        self._store = store
        self._clock = clock
        self._holder = holder
        self._written_s = clock.monotonic()

    async def tell(self, rows: Sequence[JobRow] = (), **changes: Any) -> None:  # noqa: ANN401
        """Note how far it is: fields of the job, and rows, which are durable when this returns.

        Without rows it may be written later. Raises JobHalted when it is not to go on.
        """
        told = replace(self.job, **changes)
        if rows or self._clock.monotonic() - self._written_s >= PROGRESS_S:
            await self._write(told, rows)
        else:
            self.job = told

    async def write(self) -> None:
        """Bring it to the store now. Raises JobHalted."""
        await self._write(self.job, ())

    async def _write(self, told: Job, rows: Sequence[JobRow]) -> None:
        self._written_s = self._clock.monotonic()
        wish = await self._store.save_job(told, self._lease(LEASE_S), rows)
        # Not before: counts must not go on without the rows that they count.
        self.job = told
        if wish is not JobWish.GO_ON:
            raise JobHalted(wish)

    async def leave(self, **changes: Any) -> None:  # noqa: ANN401 - fields of the job
        """Write it for the last time and let others have it."""
        self.job = replace(self.job, **changes)
        await self._store.save_job(self.job, self._lease(0))

    async def put_off(self, seconds: float) -> None:
        """Let it be taken up again after a while."""
        await self._store.save_job(self.job, self._lease(seconds))

    def _lease(self, seconds: float) -> JobLease:
        return JobLease(holder=self._holder, until=self._clock.now() + timedelta(seconds=seconds))


Works = Callable[[Job], JobWork]
"""The work of a job, by its kind."""
