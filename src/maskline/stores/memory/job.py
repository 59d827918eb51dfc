from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from maskline.domain.error import DuplicateRecord
from maskline.domain.job import WORKED_ON, Job, JobRow, JobState, JobWish, RowOutcome
from maskline.services.job_store import JobFilter, JobLease
from maskline.stores.memory.table import NOBODYS, JobEntry, Tables


class MemoryJobs:
    """`maskline.services.job_store.JobStore` on a dict."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def add_job(self, job: Job) -> None:
        """See the seam."""
        if job.job_id in self._tables.jobs:
            raise DuplicateRecord(job.job_id)
        self._tables.jobs[job.job_id] = JobEntry(job)

    async def job(self, job_id: str) -> Job | None:
        """See the seam."""
        entry = self._tables.jobs.get(job_id)
        return entry and entry.job

    async def jobs(
        self, wanted: JobFilter, before: tuple[datetime, str] | None, limit: int
    ) -> tuple[Job, ...]:
        """See the seam."""
        rows = [
            job
            for job in (entry.job for entry in self._tables.jobs.values())
            if wanted.tenant_id in {None, job.tenant_id}
            and wanted.kind in {None, job.kind}
            and wanted.state in {None, job.state}
            and wanted.owner in {None, job.owner}
            and wanted.digest in {None, job.digest}
            and (before is None or _key(job) < before)
        ]
        return tuple(sorted(rows, key=_key, reverse=True)[:limit])

    async def waiting_jobs(self, now: datetime, limit: int) -> tuple[Job, ...]:
        """See the seam."""
        rows = [
            entry.job
            for entry in self._tables.jobs.values()
            if entry.job.state in WORKED_ON and entry.lease.until <= now
        ]
        return tuple(sorted(rows, key=_key)[:limit])

    async def take_job(self, job_id: str, lease: JobLease, now: datetime, most: int) -> Job | None:
        """See the seam."""
        entry = self._tables.jobs.get(job_id)
        if entry is None or entry.job.state not in WORKED_ON or entry.lease.until > now:
            return None
        tenant_id = entry.job.tenant_id
        worked_on = [
            one
            for one in self._tables.jobs.values()
            if one.lease.until > now and one.job.tenant_id == tenant_id
        ]
        if len(worked_on) >= most:
            return None
        entry.lease, entry.wish = lease, JobWish.GO_ON
        return entry.job

    async def save_job(
        self, job: Job, lease: JobLease, rows: Sequence[JobRow] = ()
    ) -> JobWish | None:
        """See the seam."""
        entry = self._tables.jobs.get(job.job_id)
        if entry is None or entry.lease.holder != lease.holder:
            return None
        entry.job, entry.lease = job, lease
        entry.rows.update((row.number, row) for row in rows)
        return entry.wish

    async def wish_of_job(self, job_id: str, wish: JobWish, now: datetime) -> bool:
        """See the seam."""
        entry = self._tables.jobs.get(job_id)
        if entry is None or entry.lease.until <= now:
            return False
        entry.wish = wish
        return True

    async def move_job(
        self, job_id: str, states: Collection[JobState], to: JobState, now: datetime
    ) -> bool:
        """See the seam."""
        entry = self._tables.jobs.get(job_id)
        if entry is None or entry.job.state not in states or entry.lease.until > now:
            return False
        entry.job = replace(entry.job, state=to)
        entry.lease = NOBODYS
        return True

    async def job_rows(
        self, job_id: str, outcome: RowOutcome | None, after: int, limit: int
    ) -> tuple[JobRow, ...]:
        """See the seam."""
        entry = self._tables.jobs.get(job_id)
        rows = entry.rows if entry else {}
        found = (
            rows[number]
            for number in sorted(rows)
            if number > after and outcome in {None, rows[number].outcome}
        )
        return tuple(row for row, _ in zip(found, range(limit), strict=False))

    async def remove_job_rows(self, job_id: str) -> None:
        """See the seam."""
        if job_id in self._tables.jobs:
            self._tables.jobs[job_id].rows.clear()

    async def jobs_with_old_files(self, now: datetime, limit: int) -> tuple[Job, ...]:
        """See the seam."""
        rows = [
            entry.job
            for entry in self._tables.jobs.values()
            if entry.lease.until <= now
            and entry.job.files_until is not None
            and entry.job.files_until <= now
        ]
        return tuple(sorted(rows, key=_key)[:limit])

    async def forget_job_files(self, job: Job, now: datetime) -> None:
        """See the seam."""
        entry = self._tables.jobs.get(job.job_id)
        if entry is not None and entry.lease.until <= now:
            entry.job = job

    async def remove_old_jobs(self, before: datetime, now: datetime, limit: int) -> int:
        """See the seam."""
        old = [
            entry.job
            for entry in self._tables.jobs.values()
            if entry.job.created_at < before and entry.lease.until <= now
        ]
        for job in sorted(old, key=_key)[:limit]:
            del self._tables.jobs[job.job_id]
        return min(len(old), limit)


def _key(job: Job) -> tuple[datetime, str]:
    return job.created_at, job.job_id
