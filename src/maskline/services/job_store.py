"""The store seam of jobs; the rules of `maskline.services.store` hold here too."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from maskline.domain.job import Job, JobKind, JobRow, JobState, JobWish, RowOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFilter:
    """Which jobs a list asks for; None does not restrict."""

    tenant_id: str | None = None
    kind: JobKind | None = None
    state: JobState | None = None
    owner: str | None = None
    digest: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobLease:
    """Whose a job is while it is worked on, and until when nobody else may take it."""

    holder: str
    until: datetime


class JobStore(Protocol):
    """Jobs, who works on them, and what became of their rows. Orders, rows, files are sealed."""

    async def add_job(self, job: Job) -> None:
        """Keep a new job. Raises DuplicateRecord."""
        ...

    async def job(self, job_id: str) -> Job | None:
        """One job."""
        ...

    async def jobs(
        self, wanted: JobFilter, before: tuple[datetime, str] | None, limit: int
    ) -> tuple[Job, ...]:
        """Up to `limit` jobs, newest first, that come behind creation time and id `before`."""
        ...

    async def waiting_jobs(self, now: datetime, limit: int) -> tuple[Job, ...]:
        """Jobs that nobody works on and somebody should, oldest first."""
        ...

    async def take_job(self, job_id: str, lease: JobLease, now: datetime, most: int) -> Job | None:
        """Work on a job from now on; its wish is to go on.

        None when another has it, when it is in no such state any more, or when `most` jobs of its
        tenant are worked on. Two that ask at the same moment may exceed `most` by one.
        """
        ...

    async def save_job(
        self, job: Job, lease: JobLease, rows: Sequence[JobRow] = ()
    ) -> JobWish | None:
        """Replace what changes of a job together with some of its rows, and renew the lease.

        Returns what its owner wants. None when `lease.holder` has it no more: nothing is kept.
        """
        ...

    async def wish_of_job(self, job_id: str, wish: JobWish, now: datetime) -> bool:
        """Tell the process that works on a job; False when none does."""
        ...

    async def move_job(
        self, job_id: str, states: Collection[JobState], to: JobState, now: datetime
    ) -> bool:
        """Change the state of a job that nobody works on; False unless it is in one of `states`."""
        ...

    async def job_rows(
        self, job_id: str, outcome: RowOutcome | None, after: int, limit: int
    ) -> tuple[JobRow, ...]:
        """Up to `limit` rows by number, behind row `after`."""
        ...

    async def remove_job_rows(self, job_id: str) -> None:
        """Forget all rows of a job: it begins anew."""
        ...

    async def jobs_with_old_files(self, now: datetime, limit: int) -> tuple[Job, ...]:
        """Jobs that nobody works on, and whose files are all past their time."""
        ...

    async def forget_job_files(self, job: Job, now: datetime) -> None:
        """Replace a job that nobody works on by one without files."""
        ...

    async def remove_old_jobs(self, before: datetime, now: datetime, limit: int) -> int:
        """Forget up to `limit` jobs made before a moment, unless they are worked on.

        Their rows go with them. Returns how many.
        """
        ...
