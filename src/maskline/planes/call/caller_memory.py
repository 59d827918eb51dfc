"""Remembering who called, so that A can call back (`spec/ax.md` 1, `spec/axe.md` 10)."""

import asyncio
from datetime import timedelta

import structlog

from maskline.domain.binding import Onward, OnwardKind
from maskline.domain.error import MasklineError, UnknownRecord
from maskline.services.clock import Clock
from maskline.services.store import BindingStore

MAX_WRITES = 1000
"""How many callers may be waiting to be kept; more are not remembered."""

log = structlog.get_logger("calls")


class CallerMemory:
    """Keeps the last caller of a binding beside the call, which neither waits for it nor fails."""

    def __init__(self, store: BindingStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._writes: set[asyncio.Task[None]] = set()

    def remember(self, app_key: str, binding_id: str, caller: str, seconds: int) -> None:
        """Let A of the binding call this one back, for so many seconds; 0 as long as it lives."""
        if len(self._writes) >= MAX_WRITES:
            log.warning("caller not remembered", binding_id=binding_id, reason="too many at once")
            return
        write = asyncio.get_running_loop().create_task(
            self._keep(app_key, binding_id, caller, seconds)
        )
        self._writes.add(write)
        write.add_done_callback(self._writes.discard)

    async def close(self) -> None:
        """Wait for what is being kept; the store bounds that."""
        await asyncio.gather(*self._writes)

    async def _keep(self, app_key: str, binding_id: str, caller: str, seconds: int) -> None:
        now = self._clock.now()
        expires_at = now + timedelta(seconds=seconds) if seconds else None
        onward = Onward(number=caller, expires_at=expires_at)
        kind = OnwardKind.LAST_CALLER
        try:
            await self._store.set_onward(app_key, binding_id, kind, onward, now)
        except UnknownRecord:
            # Unbound while the call was on its way: there is nobody left to call back.
            log.debug("caller not remembered", binding_id=binding_id, reason="unbound")
        except MasklineError as error:
            reason = type(error).__name__
            log.warning("caller not remembered", binding_id=binding_id, reason=reason)
        except Exception:
            log.exception("caller not remembered", binding_id=binding_id)
