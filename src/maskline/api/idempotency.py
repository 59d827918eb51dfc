"""`Idempotency-Key`: a bind that is sent again gets the same answer (`docs/extensions.md`)."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from weakref import WeakValueDictionary

import structlog

from maskline.api.result import Answer, Refused, Result
from maskline.domain.application import Application
from maskline.domain.error import BusyError, CustomerError, PlatformError
from maskline.services.clock import Clock
from maskline.services.idempotency_store import IdempotencyStore, KeyedBind
from maskline.services.ids import Ids

HEADER = b"idempotency-key"
PARAMETER = "Idempotency-Key"

WAIT_S = 10.0
"""How long a repeat waits for the bind it repeats before it gets the flow control answer."""

SWEEP_BATCH = 500
"""Old keys removed in one unit of work, so that a sweep never holds up binds for long."""

_KEY = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?")

Bind = Callable[[str], Awaitable[Answer]]
"""Takes the id that the binding is to have; answers as for that binding when it is there."""

log = structlog.get_logger("api")


@dataclass(frozen=True, slots=True, kw_only=True)
class IdempotencyLimits:
    """Keys are kept for `keep_s`, of one application at most `keys`; it then has to wait."""

    keep_s: float = 86_400.0
    keys: int = 1_000_000


class KeyedBinds:
    """Carries a bind under a key out once, and answers its repeats from what was kept.

    The key is reserved together with the id of the binding before anything is bound: whatever
    happens then, a repeat finds the answer, or the binding by its id, or binds. Refusals are not
    kept, as nothing was bound: the key is free again.
    """

    def __init__(
        self,
        store: IdempotencyStore,
        clock: Clock,
        ids: Ids,
        limits: IdempotencyLimits | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._limits = limits or IdempotencyLimits()
        self._under_way: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    async def carry_out(
        self, bind: Bind, application: Application, key: bytes, path: str, body: bytes
    ) -> Answer:
        """The answer to a bind of this body under this key.

        Raises Refused (1010002 for a key that is none, or was used for another request; 1010010
        when the request that it repeats takes too long), TooManyKeys, and what the bind raises.
        """
        name = _read_key(key)
        turn = self._under_way.setdefault((application.app_key, name), asyncio.Lock())
        try:
            async with asyncio.timeout(WAIT_S):
                await turn.acquire()
        except TimeoutError:
            raise Refused.by(Result.FLOW_CONTROL) from None
        try:
            request = sha256(path.encode() + b"\0" + body).digest()
            reserved = await self._reserve(application, name, request)
            if reserved.status:
                return Answer(reserved.status, reserved.answer)
            return await self._bind(bind, reserved)
        finally:
            turn.release()

    async def sweep(self) -> int:
        """Forget the keys that were kept for long enough; returns how many."""
        before, total = self._oldest(self._clock.now()), 0
        while True:
            removed = await self._store.remove_old_keys(before, SWEEP_BATCH)
            total += removed
            if removed < SWEEP_BATCH:
                return total

    async def _reserve(self, application: Application, key: str, request: bytes) -> KeyedBind:
        now = self._clock.now()
        wanted = KeyedBind(
            app_key=application.app_key,
            key=key,
            request=request,
            binding_id=self._ids.uuid(),
            created_at=now,
        )
        reserved = await self._store.reserve_key(wanted, self._oldest(now), self._limits.keys)
        if reserved.request != request:
            raise Refused.for_parameter(PARAMETER)
        return reserved

    async def _bind(self, bind: Bind, reserved: KeyedBind) -> Answer:
        try:
            answer = await bind(reserved.binding_id)
        except (CustomerError, BusyError):
            await _attempt(self._store.release_key(reserved))
            raise
        answered = replace(reserved, status=answer.status, answer=answer.body)
        await _attempt(self._store.keep_answer(answered))
        return answer

    def _oldest(self, now: datetime) -> datetime:
        return now - timedelta(seconds=self._limits.keep_s)


def _read_key(value: bytes) -> str:
    """1 to 255 printable ASCII characters. Raises Refused."""
    key = value.decode("latin-1").strip(" \t")
    if _KEY.fullmatch(key) is None:
        raise Refused.for_parameter(PARAMETER)
    return key


async def _attempt(work: Awaitable[None]) -> None:
    """A failure here changes no answer: a repeat then looks for its binding by id."""
    try:
        await work
    except (BusyError, PlatformError) as error:
        log.warning("outcome of a bind not kept under its key", error=type(error).__name__)
