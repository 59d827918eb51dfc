"""Work that takes longer than an answer may: it runs behind the console and tells how far it is."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class JobKind(StrEnum):
    """What a job does."""

    NUMBER_IMPORT = "number_import"
    SMS_CAPABILITY_IMPORT = "sms_capability_import"
    NUMBER_CHANGE = "number_change"
    EXPORT = "export"
    PUSH_REPLAY = "push_replay"
    NUMBER_TRANSFER = "number_transfer"
    NUMBER_RETURN = "number_return"
    STOCK_IMPORT = "stock_import"


class JobState(StrEnum):
    """Where a job stands. CHECKING and READY are for what is looked at before it is done."""

    CHECKING = "checking"
    READY = "ready"
    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens by itself; a failed job may still be run again."""
        return self in {JobState.DONE, JobState.FAILED, JobState.CANCELLED}


WORKED_ON = frozenset({JobState.CHECKING, JobState.QUEUED, JobState.RUNNING})
"""States in which a process takes the job up, after a restart too."""


class JobWish(StrEnum):
    """What its owner wants of a job that runs, read by the process that runs it."""

    GO_ON = "go_on"
    PAUSE = "pause"
    CANCEL = "cancel"


class RowOutcome(StrEnum):
    """What is to become of a row, or has."""

    CHANGE = "change"
    UNCHANGED = "unchanged"
    ERROR = "error"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFile:
    """A sealed file of a job in the storage, kept until `expires_at`."""

    object_name: str
    name: str
    media_type: str
    size: int
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One piece of long work.

    `tenant_id` None is the platform's own. `order` is what was asked for, as JSON; `digest` the
    SHA-256 of an uploaded file, `source` the file itself; `header` its first row. `total` rows are
    known so far; of them `changes` are to be or were made, `unchanged` need nothing, `failed` have
    errors, `done` are finished. `error` says why it failed, `error_code` for programs. `tries`
    counts how often the platform itself failed at it in a row.
    """

    job_id: str
    kind: JobKind
    state: JobState
    owner: str
    owner_id: str | None = None
    tenant_id: str | None = None
    order: bytes = field(default=b"{}", repr=False)
    digest: str | None = None
    source: JobFile | None = None
    header: tuple[str, ...] = ()
    total: int = 0
    changes: int = 0
    unchanged: int = 0
    failed: int = 0
    done: int = 0
    result: JobFile | None = None
    error_code: str | None = None
    error: str | None = None
    tries: int = 0
    created_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None

    @property
    def files_until(self) -> datetime | None:
        """When its last file is past its time; None when it has none."""
        ends = [file.expires_at for file in (self.source, self.result) if file is not None]
        return max(ends, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRow:
    """What is said of one row, by its number in the file or the list, from 1.

    `column` and `value` are what is wrong with it, `code` and `message` why, `hint` what to do.
    `cells` is the row as it was given, `plan` what is to be done with it, as JSON.
    """

    number: int
    outcome: RowOutcome
    column: str = ""
    value: str = field(default="", repr=False)
    code: str = ""
    message: str = ""
    hint: str = ""
    cells: tuple[str, ...] = field(default=(), repr=False)
    plan: bytes = field(default=b"", repr=False)
