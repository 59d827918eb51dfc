"""Transfers and unsubscriptions as people see them: what they would do, and where they stand."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from maskline.domain.job import Job, JobKind, JobState, RowOutcome

MAX_TOLD = 200
"""Numbers that a preview tells of one by one."""


class NumberEffect(Struct, frozen=True, kw_only=True):
    """What would become of a number. Its `bindings` end; `code` and `message` say why it stays."""

    number: str
    outcome: RowOutcome
    bindings: int
    code: str
    message: str


class LifeEffects(Struct, frozen=True, kw_only=True):
    """What a transfer or a return would do; nothing is changed.

    `bindings` are those of the numbers that go: they end. `rent_until` is when the rent of numbers
    ends that are returned now. `items` are numbers that stay, or that hold bindings, the first
    `MAX_TOLD` of them; `is_cut` says that there are more.
    """

    numbers: int
    changes: int
    unchanged: int
    failed: int
    bindings: int
    rent_until: datetime | None
    items: tuple[NumberEffect, ...]
    is_cut: bool


class TaskState(StrEnum):
    """Where a transfer or an unsubscription stands (`spec/codes.md` 10)."""

    CHECKING = "checking"
    RUNNING = "running"
    CHECK_FAILED = "check_failed"
    PARTLY_DONE = "partly_done"
    FAILED = "failed"
    DONE = "done"
    CANCELLED = "cancelled"


def transfer_state(job: Job) -> TaskState:
    """A transfer has failed when one of its numbers has; those can be tried again."""
    if job.state is JobState.CANCELLED:
        return TaskState.CANCELLED
    if not job.state.is_over:
        return TaskState.RUNNING
    has_failed = job.state is JobState.FAILED or job.failed > 0
    return TaskState.FAILED if has_failed else TaskState.DONE


def return_state(job: Job) -> TaskState:
    """An unsubscription is checked as a whole before the first number goes."""
    if job.state is JobState.CANCELLED:
        return TaskState.CANCELLED
    if job.state is JobState.CHECKING:
        return TaskState.CHECKING
    if not job.state.is_over:
        return TaskState.RUNNING
    if not job.changes:
        return TaskState.CHECK_FAILED if job.failed else TaskState.DONE
    if job.state is JobState.FAILED or job.failed:
        return TaskState.PARTLY_DONE if job.done else TaskState.FAILED
    return TaskState.DONE


def task_state(job: Job) -> TaskState | None:
    """Where a job stands as a task; None for what is neither."""
    match job.kind:
        case JobKind.NUMBER_TRANSFER:
            return transfer_state(job)
        case JobKind.NUMBER_RETURN:
            return return_state(job)
        case _:
            return None
