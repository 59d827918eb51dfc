"""Tries of pushes as they are told: kept for people to look at, and counted."""

from datetime import timedelta

import msgspec
from msgspec import Struct

from maskline.domain.happening import Happening, HappeningKind
from maskline.domain.push import MadePush
from maskline.domain.tally import SLOT
from maskline.services.happening_log import HappeningLog

DELIVERED = "delivered"
INTERRUPTED = "interrupted"
"""A try that was cut off by the end of its worker says nothing of the receiver."""

PROBLEM_SLOT = timedelta(minutes=5)
MAX_ERROR = 300


class TryDetail(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is kept of a try, besides when, of what and how it ended."""

    purpose: str
    attempt: int
    url: str
    took_ms: float
    notices: int = 1
    status: int | None = None
    error: str | None = None
    by: str | None = None


class PushLog:
    """Takes note of every try."""

    def __init__(self, log: HappeningLog) -> None:
        self._log = log

    def made(self, push: MadePush) -> None:
        """A try was made."""
        detail = TryDetail(
            purpose=push.purpose,
            attempt=push.attempt,
            url=shown_url(push.url),
            took_ms=round(push.took_s * 1000, 1),
            notices=push.notices,
            status=push.status,
            error=None if push.error is None else push.error[:MAX_ERROR],
            by=push.by,
        )
        self._log.note(
            Happening(
                kind=HappeningKind.PUSH,
                at=push.at,
                app_key=push.app_key,
                subject=push.push_id,
                cause=push.result,
                detail=_encode(detail),
            )
        )
        if push.result == INTERRUPTED or push.by is not None:
            return
        is_ok, is_first = push.result == DELIVERED, push.attempt <= 1
        self._log.count(
            "pushes", push.app_key, push.purpose, push.at, SLOT,
            1, is_first, is_first and is_ok, not is_ok, round(push.took_s * 1000),
        )  # fmt: skip
        if not is_ok:
            cause = f"{push.purpose} {push.result}"
            self._log.count("problem push", push.app_key, cause, push.at, PROBLEM_SLOT, 1)


def shown_url(url: str) -> str:
    """An address as it may be kept in clear: what comes behind the path may be a secret."""
    return url.partition("?")[0].partition("#")[0]


_encode = msgspec.json.Encoder().encode
