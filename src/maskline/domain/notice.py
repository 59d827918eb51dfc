"""Notices: what is pushed to a customer, written in the transaction of the fact."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from zlib import crc32

BUCKETS = 64
"""Into how many parts the queue of notices is cut, for workers to share them out."""

RECORD_PATIENCE = 4
"""Failed tries of an event after which the record of its call no longer waits behind it: with the
published schedule 14 minutes. One that waited to the end would be two days late after five events
that each fail for ten hours."""


class Purpose(StrEnum):
    """Which of an application's receivers a notice goes to."""

    STATUS = "status"
    RECORD = "record"
    NUMBER_STATE = "number_state"
    MESSAGE = "message"


class NoticeState(StrEnum):
    """Whether a notice will still be pushed by itself; delivered ones are forgotten."""

    WAITING = "waiting"
    DEAD = "dead"


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
    """A try that did not succeed; `due_at` None means it was the last one.

    `error` None means that it was not made after all, and counts for nothing.
    """

    sequence: int
    due_at: datetime | None
    error: str | None


class AcceptedTry(NamedTuple):
    """The try with which a receiver took what one message held: `notices` of them.

    `url` is one that may be shown. A tuple, as one is made for every push.
    """

    at: datetime
    url: str
    status: int
    took_s: float
    notices: int


def bucket_of(app_key: str) -> int:
    """The part of the queue that the notices of an application stand in."""
    return crc32(app_key.encode()) % BUCKETS


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptNotice:
    """A notice as operators see it.

    `due_at` is when it is tried next, or its lease ends; of a dead one, when the lease of its last
    try ended. `error` is that of the last try that failed, None for none.
    """

    notice: Notice
    state: NoticeState
    attempts: int
    due_at: datetime
    batch_id: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A receiver that has accepted nothing since `since`.

    `receiver` marks its URL, so that one at another URL is not taken for it. From `disabled_at` on
    nothing is pushed to it: its notices are dead as soon as they are due.
    """

    endpoint: Endpoint
    receiver: str
    since: datetime
    error: str
    disabled_at: datetime | None = None
