"""Tries of pushes as they are told: kept for people to look at, and counted."""

from collections.abc import Iterable
from datetime import timedelta

import msgspec
from msgspec import Struct

from maskline.domain.happening import Happening, HappeningKind
from maskline.domain.notice import AcceptedTry
from maskline.domain.push import MadePush, Push
from maskline.services.count_subject import PUSHES
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
    """Takes note of every try.

    One that delivers by itself is not among the happenings: it is kept with its notice
    (`maskline.domain.notice.AcceptedTry`), in the unit of work that settles it.
    """

    def __init__(self, log: HappeningLog) -> None:
        self._log = log

    def made(self, push: MadePush) -> None:
        """A try was made."""
        is_ok = push.result == DELIVERED
        if not is_ok or push.by is not None:
            self._note(push)
        if push.result != INTERRUPTED and push.by is None:
            self._count(push, is_ok=is_ok)

    def _note(self, push: MadePush) -> None:
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

    def _count(self, push: MadePush, *, is_ok: bool) -> None:
        is_first = push.attempt <= 1
        self._log.count_by_time(
            PUSHES, push.app_key, push.purpose, push.at,
            1, is_first, is_first and is_ok, not is_ok, round(push.took_s * 1000),
        )  # fmt: skip
        if not is_ok:
            cause = f"{push.purpose} {push.result}"
            self._log.count("problem push", push.app_key, cause, push.at, PROBLEM_SLOT, 1)


def tries_of(push: Push, happenings: Iterable[Happening]) -> tuple[MadePush, ...]:
    """The tries of a push, the first one first: what is among the happenings, and the good one."""
    tries = [_noted(one) for one in happenings]
    if push.accepted is not None:
        tries.append(_accepted(push, push.accepted))
    return tuple(sorted(tries, key=lambda made: made.at))


def shown_url(url: str) -> str:
    """An address as it may be kept in clear: what comes behind the path may be a secret."""
    return url.partition("?")[0].partition("#")[0]


def _noted(one: Happening) -> MadePush:
    detail = _decode(one.detail)
    return MadePush(
        at=one.at,
        app_key=one.app_key,
        purpose=detail.purpose,
        push_id=one.subject,
        attempt=detail.attempt,
        notices=detail.notices,
        url=detail.url,
        status=detail.status,
        result=one.cause,
        error=detail.error,
        took_s=detail.took_ms / 1000,
        by=detail.by,
    )


def _accepted(push: Push, accepted: AcceptedTry) -> MadePush:
    return MadePush(
        at=accepted.at,
        app_key=push.notice.app_key,
        purpose=push.notice.purpose.value,
        push_id=push.push_id,
        attempt=push.attempts,
        notices=accepted.notices,
        url=accepted.url,
        status=accepted.status,
        result=DELIVERED,
        error=None,
        took_s=accepted.took_s,
    )


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(TryDetail).decode
