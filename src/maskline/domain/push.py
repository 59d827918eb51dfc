"""Pushes as people look at them: notices with what became of them, also delivered ones."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from maskline.domain.notice import AcceptedTry, Notice


class PushState(StrEnum):
    """What became of a notice so far."""

    WAITING = "waiting"
    DEAD = "dead"
    DELIVERED = "delivered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """A notice and where it stands.

    `push_id` is what the receiver sees as `webhook-id`: several call records in one message share
    it. `due_at` is when it is tried next, None for one that is delivered; `error` that of the last
    try that failed, None also of one that is delivered. `accepted` is the try that delivered it,
    None of one that was made by hand.
    """

    sequence: int
    notice: Notice
    push_id: str
    state: PushState
    attempts: int
    due_at: datetime | None = None
    delivered_at: datetime | None = None
    error: str | None = None
    accepted: AcceptedTry | None = None


class MadePush(NamedTuple):
    """One try of a message as it was made.

    `result` is `delivered` or the kind of failure (`timeout`, `5xx`, ...), `status` that of the
    answer if there was one. `notices` counts what the message held. `by` is who asked for a try by
    hand. A tuple, as one is made for every push.
    """

    at: datetime
    app_key: str
    purpose: str
    push_id: str
    attempt: int
    notices: int
    url: str
    status: int | None
    result: str
    error: str | None
    took_s: float
    by: str | None = None
