"""What is sealed of jobs and their rows, as msgpack arrays; the rules of `blob.py` hold."""

import msgspec

from maskline.domain.job import Job, JobFile, JobKind, JobRow, JobState, RowOutcome
from maskline.stores.moment import from_us, from_us_or_none, to_us, to_us_or_none
from maskline.stores.sealing import Sealer


class _File(msgspec.Struct, array_like=True, frozen=True, gc=False):
    object_name: str
    name: str
    media_type: str
    size: int
    expires_at: int


class _Job(msgspec.Struct, array_like=True, frozen=True):
    order: bytes
    source: _File | None
    header: tuple[str, ...]
    counts: tuple[int, int, int, int, int]
    result: _File | None
    error_code: str | None
    error: str | None
    tries: int
    started_at: int | None
    finished_at: int | None


class _Row(msgspec.Struct, array_like=True, frozen=True):
    column: str
    value: str
    code: str
    message: str
    hint: str
    cells: tuple[str, ...]
    plan: bytes


_pack = msgspec.msgpack.Encoder().encode
_job = msgspec.msgpack.Decoder(_Job).decode
_row = msgspec.msgpack.Decoder(_Row).decode

JobCells = tuple[str, str | None, str, str, str, str | None, str | None, int, bytes]
"""The columns of a job: id, tenant, kind, state, owner, owner's id, digest, creation, sealed."""


def seal_job(sealer: Sealer, job: Job) -> bytes:
    """All of a job that is no column. It may be of no tenant: the key is the system's."""
    plain = _Job(
        order=job.order,
        source=_pack_file(job.source),
        header=job.header,
        counts=(job.total, job.changes, job.unchanged, job.failed, job.done),
        result=_pack_file(job.result),
        error_code=job.error_code,
        error=job.error,
        tries=job.tries,
        started_at=to_us_or_none(job.started_at),
        finished_at=to_us_or_none(job.finished_at),
    )
    return sealer.seal_for_system(_pack(plain), _context(job.job_id))


def open_job(sealer: Sealer, row: JobCells) -> Job:
    """A job from its columns."""
    job_id, tenant_id, kind, state, owner, owner_id, digest, created_at, sealed = row
    plain = _job(sealer.open_for_system(sealed, _context(job_id)))
    total, changes, unchanged, failed, done = plain.counts
    return Job(
        job_id=job_id,
        kind=JobKind(kind),
        state=JobState(state),
        owner=owner,
        owner_id=owner_id,
        tenant_id=tenant_id,
        order=plain.order,
        digest=digest,
        source=_unpack_file(plain.source),
        header=plain.header,
        total=total,
        changes=changes,
        unchanged=unchanged,
        failed=failed,
        done=done,
        result=_unpack_file(plain.result),
        error_code=plain.error_code,
        error=plain.error,
        tries=plain.tries,
        created_at=from_us(created_at),
        started_at=from_us_or_none(plain.started_at),
        finished_at=from_us_or_none(plain.finished_at),
    )


def seal_job_row(sealer: Sealer, job_id: str, row: JobRow) -> bytes:
    """All of a row but its number and outcome."""
    plain = _Row(row.column, row.value, row.code, row.message, row.hint, row.cells, row.plan)
    return sealer.seal_for_system(_pack(plain), _row_context(job_id, row.number))


def open_job_row(sealer: Sealer, job_id: str, number: int, outcome: str, sealed: bytes) -> JobRow:
    """A row from its columns."""
    plain = _row(sealer.open_for_system(sealed, _row_context(job_id, number)))
    return JobRow(
        number=number,
        outcome=RowOutcome(outcome),
        column=plain.column,
        value=plain.value,
        code=plain.code,
        message=plain.message,
        hint=plain.hint,
        cells=plain.cells,
        plan=plain.plan,
    )


def _context(job_id: str) -> bytes:
    return b"job:" + job_id.encode()


def _row_context(job_id: str, number: int) -> bytes:
    return f"job row:{job_id}:{number}".encode()


def _pack_file(file: JobFile | None) -> _File | None:
    if file is None:
        return None
    return _File(file.object_name, file.name, file.media_type, file.size, to_us(file.expires_at))


def _unpack_file(file: _File | None) -> JobFile | None:
    if file is None:
        return None
    return JobFile(
        object_name=file.object_name,
        name=file.name,
        media_type=file.media_type,
        size=file.size,
        expires_at=from_us(file.expires_at),
    )
