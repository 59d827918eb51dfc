"""`Idempotency-Key`: a change that is asked for again is answered again, and made once."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from weakref import WeakValueDictionary

import msgspec
import structlog
from starlette.responses import Response

from maskline.domain.error import MasklineError
from maskline.manage.endpoint import Asked, Endpoint
from maskline.manage.problem import Problem
from maskline.services.clock import Clock
from maskline.services.idempotency_store import IdempotencyStore, KeyedChange
from maskline.services.ids import Ids

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"

MAX_KEYS = 10_000
"""Keys of one caller that are kept; with as many it has to wait."""

MAX_KEPT_BYTES = 1_000_000
"""Of a larger answer a repeat only hears that the change was begun."""

WAIT_S = 10.0
"""How long a repeat waits for the change that it repeats."""

UNDER_WAY_S = 60.0
"""How long a change without an answer may still be under way in another process."""

SWEEP_BATCH = 500

_KEY = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?")

Change = Callable[[], Awaitable[Response]]

log = structlog.get_logger("manage")


class KeyedChanges:
    """Makes a change under a key of its caller once, and answers repeats from what was kept.

    The key is reserved before the change. What is refused has changed nothing and frees its key;
    what a crash interrupts keeps it, so that nobody makes the change again without looking.
    """

    def __init__(
        self, store: IdempotencyStore, clock: Clock, ids: Ids, keep_s: float = 86_400.0
    ) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._keep = timedelta(seconds=keep_s)
        self._under_way: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    async def carry_out(
        self, endpoint: Endpoint, asked: Asked, key: str, change: Change
    ) -> Response:
        """The answer to a change under this key.

        Raises Problem for a key that is none (400), was used for another request (422), or whose
        change has no answer (409); TooManyKeys, StoreFailed; what the change raises.
        """
        name, caller = _read_key(key), asked.caller.mark
        turn = self._under_way.setdefault((caller, name), asyncio.Lock())
        try:
            async with asyncio.timeout(WAIT_S):
                await turn.acquire()
        except TimeoutError:
            raise _under_way() from None
        try:
            wanted = KeyedChange(
                caller=caller,
                key=name,
                request=_digest(endpoint, asked),
                attempt=self._ids.uuid(),
                created_at=self._clock.now(),
            )
            kept = await self._store.reserve_change(wanted, self._oldest(), MAX_KEYS)
            if kept.request != wanted.request:
                raise _used_otherwise()
            if kept.status:
                return _written_again(kept)
            if kept.attempt != wanted.attempt:
                raise self._unanswered(kept)
            return await self._change(kept, change)
        finally:
            turn.release()

    async def sweep(self) -> int:
        """Forget the keys that were kept for long enough; returns how many."""
        before, total = self._oldest(), 0
        while True:
            removed = await self._store.remove_old_changes(before, SWEEP_BATCH)
            total += removed
            if removed < SWEEP_BATCH:
                return total

    async def _change(self, kept: KeyedChange, change: Change) -> Response:
        try:
            response = await change()
        except (Problem, MasklineError):
            await _attempt(self._store.release_change(kept))
            raise
        answer = bytes(response.body)
        if len(answer) <= MAX_KEPT_BYTES:
            answered = replace(kept, status=response.status_code, answer=answer)
            await _attempt(self._store.keep_change_answer(answered))
        return response

    def _unanswered(self, kept: KeyedChange) -> Problem:
        age = self._clock.now() - kept.created_at
        return _under_way() if age.total_seconds() < UNDER_WAY_S else _not_known()

    def _oldest(self) -> datetime:
        return self._clock.now() - self._keep


def _read_key(value: str) -> str:
    """1 to 255 printable ASCII characters. Raises Problem."""
    key = value.strip(" \t")
    if _KEY.fullmatch(key) is None:
        raise Problem(
            status=400,
            code="invalid_field",
            message=f"{HEADER}: 1 to 255 printable ASCII characters, such as a UUID",
            field=HEADER,
        )
    return key


def _digest(endpoint: Endpoint, asked: Asked) -> bytes:
    """The same for what asks for the same; a body counts by what it says, not how."""
    body = asked.body
    said = sha256(body).hexdigest() if isinstance(body, bytes) else body
    place = (endpoint.method, endpoint.path, dict(asked.path), asked.query, said)
    return sha256(msgspec.json.encode(place)).digest()


def _written_again(kept: KeyedChange) -> Response:
    media_type = "application/json" if kept.answer else None
    return Response(kept.answer or None, kept.status, {REPLAYED: "true"}, media_type=media_type)


def _used_otherwise() -> Problem:
    return Problem(
        status=422,
        code="key_used",
        message=f"this {HEADER} was sent with another request",
        field=HEADER,
        hint="send a new key with a new request, and the same one only to repeat it",
    )


def _under_way() -> Problem:
    return Problem(
        status=409,
        code="under_way",
        message="the request with this key is still being carried out",
        field=HEADER,
        hint="send the same request with the same key again in a second",
    )


def _not_known() -> Problem:
    return Problem(
        status=409,
        code="outcome_not_known",
        message="the request with this key was begun, and whether it was done is not known",
        field=HEADER,
        hint="look whether it was done; if it was not, send it with a new key",
    )


async def _attempt(work: Awaitable[None]) -> None:
    """A failure here changes no answer: a repeat hears then that the outcome is not known."""
    try:
        await work
    except MasklineError as error:
        log.warning("outcome of a change not kept under its key", error=type(error).__name__)
