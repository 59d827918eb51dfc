"""Requests of the REST interface: counted all, and kept for a day where they failed."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple, cast

import msgspec
from msgspec import Struct

from maskline.domain.happening import Happening, HappeningKind
from maskline.services.clock import Clock
from maskline.services.count_subject import REQUESTS
from maskline.services.happening_log import HappeningLog
from maskline.services.push_log import PROBLEM_SLOT

NOT_THERE = "1010002"
"""Asking for what is not there is part of the interface, and no failure of anybody."""

KEPT_OF_APPLICATION = 10_000
MAX_BODY = 2_000
MAX_WORD = 40
MAX_DEPTH = 6
MAX_FAILED, MAX_FAILED_OF_NOBODY = 500, 20
"""Failed requests of a second that are kept, also of those who have not shown who they are; more
of them are only counted."""

_MANY_DIGITS = re.compile(r"(?:\d[ -]?){8,}")
"""What may be somebody's number; result codes have seven digits."""

_LARGEST_AMOUNT = 10**7


class AnsweredRequest(NamedTuple):
    """A request as it was answered; `app_key` is empty where nobody is known to have sent it."""

    operation: str
    method: str
    path: str
    status: int
    code: str
    took_s: float
    app_key: str
    address: str
    agent: str
    body: bytes
    answer: bytes


class RequestDetail(Struct, frozen=True, kw_only=True):
    """What is kept of a failed request, without numbers and what people wrote."""

    operation: str
    method: str
    path: str
    status: int
    took_ms: float
    address: str
    agent: str
    body: str
    answer: str


class RequestLog:
    """Takes note of requests."""

    def __init__(self, log: HappeningLog, clock: Clock) -> None:
        self._log = log
        self._clock = clock
        self._second = 0
        self._kept = 0

    def answered(self, request: AnsweredRequest) -> None:
        """A request was answered."""
        now = self._clock.now()
        is_failed = request.code != "0"
        is_wrong = is_failed and request.code != NOT_THERE
        took_ms = round(request.took_s * 1000)
        self._log.count_by_time(
            REQUESTS, request.app_key, request.code, now, 1, 0, 0, is_wrong, took_ms
        )
        if not is_failed:
            return
        if is_wrong:
            self._log.count("problem api", request.app_key, request.code, now, PROBLEM_SLOT, 1)
        if not self._has_room(int(now.timestamp()), is_known=request.app_key != ""):
            return
        detail = RequestDetail(
            operation=request.operation,
            method=request.method,
            path=request.path,
            status=request.status,
            took_ms=round(request.took_s * 1000, 1),
            address=request.address,
            agent=request.agent[:MAX_WORD],
            body=shown_body(request.body),
            answer=_MANY_DIGITS.sub("{number}", request.answer[:MAX_BODY].decode(errors="replace")),
        )
        self._log.note(
            Happening(
                kind=HappeningKind.REQUEST,
                at=now,
                app_key=request.app_key,
                subject=request.operation,
                cause=request.code,
                detail=msgspec.json.encode(detail),
            )
        )

    def _has_room(self, second: int, *, is_known: bool) -> bool:
        if second != self._second:
            self._second, self._kept = second, 0
        self._kept += 1
        return self._kept <= (MAX_FAILED if is_known else MAX_FAILED_OF_NOBODY)


def shown_body(body: bytes) -> str:
    """A JSON body with {number} and {text} in place of what people are known by or wrote."""
    if not body:
        return ""
    try:
        content: Any = msgspec.json.decode(body[: 4 * MAX_BODY])
    except (msgspec.DecodeError, UnicodeDecodeError):
        return "{no valid JSON}"
    return msgspec.json.encode(_hidden(content, MAX_DEPTH)).decode()[:MAX_BODY]


def _hidden(value: object, depth: int) -> object:
    if depth == 0:
        return "{more}"
    if isinstance(value, Mapping):
        some = list(cast("Mapping[str, object]", value).items())[:50]
        return {
            _MANY_DIGITS.sub("{number}", key[:MAX_WORD]): _hidden(one, depth - 1)
            for key, one in some
        }
    if isinstance(value, list):
        return [_hidden(one, depth - 1) for one in cast("list[object]", value)[:20]]
    if isinstance(value, str):
        is_word = value.isascii() and len(value) <= MAX_WORD and " " not in value
        return _MANY_DIGITS.sub("{number}", value) if is_word else "{text}"
    return value if abs(cast("int", value or 0)) < _LARGEST_AMOUNT else "{number}"
