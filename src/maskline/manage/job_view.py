"""Jobs and their rows as the management API shows them."""

import base64
import binascii
from datetime import UTC, datetime
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from maskline.domain.error import InvalidParameter
from maskline.domain.job import Job, JobFile, JobKind, JobRow, JobState, RowOutcome
from maskline.manage.query import Limit
from maskline.services.number_task import TaskState, task_state

MAX_CURSOR = 200


class JobQuery(Struct, frozen=True, kw_only=True):
    """Jobs, newest first; with `mine` only those that the caller has begun."""

    kind: JobKind | None = None
    state: JobState | None = None
    mine: bool = False
    limit: Limit = 50
    after: str | None = None


class RowQuery(Struct, frozen=True, kw_only=True):
    """Rows of a job by number, of one outcome or all."""

    state: RowOutcome | None = None
    limit: Limit = 50
    after: Annotated[int, Meta(ge=0, le=2_000_000_000)] = 0


class JobFileView(Struct, frozen=True, kw_only=True):
    """A file that a job has made: its owner gets it at `/jobs/{job_id}/file` until then."""

    name: str
    size: int
    expires_at: datetime


class JobErrorView(Struct, frozen=True, kw_only=True):
    """Why a job failed."""

    code: str
    message: str


class JobView(Struct, frozen=True, kw_only=True):
    """A job and its rows.

    Of `total` rows `changes` are to be made, or were, `unchanged` need nothing, `failed` have
    errors; `done` are finished. `task` is where a transfer or a return of numbers stands.
    """

    job_id: str
    kind: JobKind
    state: JobState
    task: TaskState | None
    tenant_id: str | None
    owner: str
    total: int
    changes: int
    unchanged: int
    failed: int
    done: int
    file: JobFileView | None
    error: JobErrorView | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class JobsView(Struct, frozen=True, kw_only=True):
    """A page of jobs; `next` is the `after` of the page behind it."""

    items: tuple[JobView, ...]
    next: str | None


class JobRowView(Struct, frozen=True, kw_only=True):
    """A row by its number in the file: what is wrong with it, or what becomes of it."""

    row: int
    state: RowOutcome
    column: str
    value: str
    code: str
    message: str
    hint: str
    cells: tuple[str, ...]


class JobRowsView(Struct, frozen=True, kw_only=True):
    """A page of rows under the names of their columns."""

    header: tuple[str, ...]
    items: tuple[JobRowView, ...]
    next: int | None


def view_job(job: Job) -> JobView:
    """A job as it is shown."""
    return JobView(
        job_id=job.job_id,
        kind=job.kind,
        state=job.state,
        task=task_state(job),
        tenant_id=job.tenant_id,
        owner=job.owner,
        total=job.total,
        changes=job.changes,
        unchanged=job.unchanged,
        failed=job.failed,
        done=job.done,
        file=_view_file(job.result),
        error=_view_error(job),
        created_at=job.created_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
    )


def view_rows(header: tuple[str, ...], rows: tuple[JobRow, ...], limit: int) -> JobRowsView:
    """Up to `limit` rows, of which one more was asked for."""
    return JobRowsView(
        header=header,
        items=tuple(map(_view_row, rows[:limit])),
        next=rows[limit - 1].number if len(rows) > limit else None,
    )


def write_job_cursor(job: Job) -> str:
    """The place behind a job in the list."""
    micros = round(job.created_at.timestamp() * 1_000_000)
    return base64.urlsafe_b64encode(msgspec.json.encode((micros, job.job_id))).decode()


def read_job_cursor(text: str | None) -> tuple[datetime, str] | None:
    """The creation time and id behind which a page begins. Raises InvalidParameter."""
    if text is None:
        return None
    try:
        packed = base64.urlsafe_b64decode(text[:MAX_CURSOR])
        micros, job_id = msgspec.json.decode(packed, type=tuple[int, str])
        seconds, rest = divmod(micros, 1_000_000)
        moment = datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest)
    except (ValueError, OverflowError, OSError, binascii.Error, msgspec.MsgspecError):
        raise InvalidParameter("after", "is no `next` of this list") from None
    return moment, job_id


def _view_row(row: JobRow) -> JobRowView:
    return JobRowView(
        row=row.number,
        state=row.outcome,
        column=row.column,
        value=row.value,
        code=row.code,
        message=row.message,
        hint=row.hint,
        cells=row.cells,
    )


def _view_file(file: JobFile | None) -> JobFileView | None:
    if file is None:
        return None
    return JobFileView(name=file.name, size=file.size, expires_at=file.expires_at)


def _view_error(job: Job) -> JobErrorView | None:
    if job.error_code is None:
        return None
    return JobErrorView(code=job.error_code, message=job.error or "")
