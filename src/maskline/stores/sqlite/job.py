from collections.abc import Collection, Sequence
from datetime import datetime
from functools import partial
from typing import cast

from maskline.domain.error import DuplicateRecord
from maskline.domain.job import Job, JobRow, JobState, JobWish, RowOutcome
from maskline.services.job_store import JobFilter, JobLease
from maskline.stores.job_blob import JobCells, open_job, open_job_row, seal_job, seal_job_row
from maskline.stores.moment import to_us, to_us_or_none
from maskline.stores.sqlite.connection import Cells, Cursor
from maskline.stores.sqlite.database import JOB, Database

_LATEST = 2**62


class SqliteJobs:
    """`maskline.services.job_store.JobStore` in SQLite."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_job(self, job: Job) -> None:
        """See the seam."""
        row = (
            job.job_id,
            job.tenant_id,
            job.kind,
            job.state,
            job.owner,
            job.owner_id,
            job.digest,
            to_us(job.created_at),
            to_us_or_none(job.files_until),
            seal_job(self._database.sealer, job),
        )
        await self._database.writer.submit(partial(_add, row))

    async def job(self, job_id: str) -> Job | None:
        """See the seam."""
        row = self._database.point(JOB.job_get, (job_id,))
        return None if row is None else self._open(row)

    async def jobs(
        self, wanted: JobFilter, before: tuple[datetime, str] | None, limit: int
    ) -> tuple[Job, ...]:
        """See the seam."""
        place = (_LATEST, "") if before is None else (to_us(before[0]), before[1])
        asked = (wanted.tenant_id, wanted.kind, wanted.state, wanted.owner, wanted.digest)
        rows = await self._database.rows(JOB.job_list, (*asked, *place, limit))
        return tuple(map(self._open, rows))

    async def waiting_jobs(self, now: datetime, limit: int) -> tuple[Job, ...]:
        """See the seam."""
        rows = await self._database.rows(JOB.job_waiting, (to_us(now), limit))
        return tuple(map(self._open, rows))

    async def take_job(self, job_id: str, lease: JobLease, now: datetime, most: int) -> Job | None:
        """See the seam."""
        cells = (job_id, lease.holder, to_us(lease.until), to_us(now), most)
        row = await self._database.writer.submit(partial(_take, cells))
        return None if row is None else self._open(row)

    async def save_job(
        self, job: Job, lease: JobLease, rows: Sequence[JobRow] = ()
    ) -> JobWish | None:
        """See the seam."""
        sealer = self._database.sealer
        sealed = seal_job(sealer, job)
        until, files_until = to_us(lease.until), to_us_or_none(job.files_until)
        cells = (job.job_id, lease.holder, job.state, until, files_until, sealed)
        put = [
            (job.job_id, row.number, row.outcome, seal_job_row(sealer, job.job_id, row))
            for row in rows
        ]
        wish = await self._database.writer.submit(partial(_save, cells, put))
        return None if wish is None else JobWish(wish)

    async def wish_of_job(self, job_id: str, wish: JobWish, now: datetime) -> bool:
        """See the seam."""
        cells = (job_id, wish, to_us(now))
        return await self._database.writer.submit(partial(_change, JOB.job_want, cells)) > 0

    async def move_job(
        self, job_id: str, states: Collection[JobState], to: JobState, now: datetime
    ) -> bool:
        """See the seam."""
        tries = [(job_id, state, to, to_us(now)) for state in states]
        return await self._database.writer.submit(partial(_move, tries))

    async def job_rows(
        self, job_id: str, outcome: RowOutcome | None, after: int, limit: int
    ) -> tuple[JobRow, ...]:
        """See the seam."""
        cells: Cells = (job_id, after, limit)
        statement = JOB.job_row_list
        if outcome is not None:
            cells, statement = (*cells, outcome), JOB.job_row_list_of_outcome
        rows = await self._database.rows(statement, cells)
        sealer = self._database.sealer
        return tuple(open_job_row(sealer, job_id, *row) for row in rows)

    async def remove_job_rows(self, job_id: str) -> None:
        """See the seam."""
        await self._database.writer.submit(partial(_change, JOB.job_row_clear, (job_id,)))

    async def jobs_with_old_files(self, now: datetime, limit: int) -> tuple[Job, ...]:
        """See the seam."""
        rows = await self._database.rows(JOB.job_list_with_old_files, (to_us(now), limit))
        return tuple(map(self._open, rows))

    async def forget_job_files(self, job: Job, now: datetime) -> None:
        """See the seam."""
        cells = (job.job_id, seal_job(self._database.sealer, job), to_us(now))
        await self._database.writer.submit(partial(_change, JOB.job_forget_files, cells))

    async def remove_old_jobs(self, before: datetime, now: datetime, limit: int) -> int:
        """See the seam."""
        cells = (to_us(before), to_us(now), limit)
        return await self._database.writer.submit(partial(_remove_old, cells))

    def _open(self, row: Cells) -> Job:
        return open_job(self._database.sealer, cast("JobCells", row))


def _add(row: Cells, cursor: Cursor) -> None:
    if cursor.execute(JOB.job_add, row).connection.changes() == 0:
        raise DuplicateRecord(row[0])


def _take(cells: Cells, cursor: Cursor) -> Cells | None:
    if cursor.execute(JOB.job_take, cells).connection.changes() == 0:
        return None
    return cursor.execute(JOB.job_get, cells[:1]).fetchall()[0]


def _save(cells: Cells, rows: Sequence[Cells], cursor: Cursor) -> str | None:
    if cursor.execute(JOB.job_save, cells).connection.changes() == 0:
        return None
    for row in rows:
        cursor.execute(JOB.job_row_put, row)
    return cursor.execute(JOB.job_wish, cells[:1]).fetchall()[0][0]


def _change(statement: str, cells: Cells, cursor: Cursor) -> int:
    return cursor.execute(statement, cells).connection.changes()


def _remove_old(cells: Cells, cursor: Cursor) -> int:
    cursor.execute(JOB.job_row_remove_old, cells)
    return _change(JOB.job_remove_old, cells, cursor)


def _move(tries: Sequence[Cells], cursor: Cursor) -> bool:
    return any(_change(JOB.job_move, cells, cursor) for cells in tries)
