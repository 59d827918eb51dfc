"""Notices: what is pushed to a customer, written in the transaction of the fact."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from zlib import crc32

BUCKETS = 64
"""Into how many parts the queue of notices is cut, for workers to share them out."""


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

    @property
    def bucket(self) -> int:
        """The part of the queue it belongs to, from 0 to `BUCKETS` - 1, the same everywhere.

        All endpoints of an application share one: a call's notices go to several of them, one
        after the other, and whoever pushes the first shall see that the next is due.
        """
        return bucket_of(self.app_key)


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


def bucket_of(app_key: str) -> int:
    """The part of the queue that the notices of an application stand in."""
    return crc32(app_key.encode()) % BUCKETS
