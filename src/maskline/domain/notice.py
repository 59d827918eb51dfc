"""Notices: what is pushed to a customer, written in the transaction of the fact."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Purpose(StrEnum):
    """Which of an application's receivers a notice goes to."""

    STATUS = "status"
    RECORD = "record"
    NUMBER_STATE = "number_state"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One thing to push.

    `notice_id` stays the same on every try. `stream` is the session id of the call, or names the
    virtual number: notices of one stream are pushed in the order they were written. `origin` is
    scheme, host and port of the receiver when it was written. `body` is one entry, to be merged
    with others, for RECORD, and a whole message for all else.
    """

    notice_id: str
    stream: str
    app_key: str
    purpose: Purpose
    origin: str
    body: bytes = field(repr=False)
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A queue of notices: one receiver of one application."""

    app_key: str
    purpose: Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedNotice:
    """A notice that a worker holds a lease on. `attempts` counts this try."""

    sequence: int
    notice: Notice
    attempts: int
    batch_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedTry:
    """A try that did not succeed; `due_at` None means it was the last one."""

    sequence: int
    due_at: datetime | None
    error: str
