"""Which virtual numbers are busy: those that carry one call at a time."""

from datetime import datetime, timedelta
from typing import Protocol

from maskline.services.clock import Clock
from maskline.services.store import NumberHold

ABANDONED_S = 60.0
"""How long a call that has taken its number may live without having told anything: it is told of
as soon as its callee is dialled."""


class NumberStore(Protocol):
    """What is asked of a store that several workers share."""

    async def take_number(self, hold: NumberHold, abandoned_before: datetime) -> bool:
        """See `services.store.CallStore`."""
        ...


class SharedNumbers:
    """Which numbers are busy with calls of any worker; `host` is this one.

    Nothing is freed here: the record of a call does that.
    """

    def __init__(self, store: NumberStore, host: str, clock: Clock) -> None:
        self._store = store
        self._host = host
        self._clock = clock

    async def take(self, number: str, session_id: str) -> bool:
        """Take the number for a call of this worker. Raises StoreBusy, StoreFailed."""
        now = self._clock.now()
        hold = NumberHold(x=number, session_id=session_id, host=self._host, taken_at=now)
        return await self._store.take_number(hold, now - timedelta(seconds=ABANDONED_S))


class BusyNumbers:
    """Each number is held by at most one call, by its session id.

    Without `shared` there is no other worker. It never holds more numbers than there are live
    calls, which `CallLimits.max_calls` bounds.
    """

    def __init__(self, shared: SharedNumbers | None = None) -> None:
        self._shared = shared
        self._holders: dict[str, str] = {}

    async def hold(self, number: str, session_id: str) -> bool:
        """Take the number for a call; False when another call has it.

        Raises StoreBusy, StoreFailed when other workers cannot be asked.
        """
        if self._holders.setdefault(number, session_id) != session_id:
            return False
        if self._shared is None:
            return True
        is_taken = False
        try:
            is_taken = await self._shared.take(number, session_id)
        finally:
            if not is_taken:
                self.free(number, session_id)
        return is_taken

    def resume(self, number: str, session_id: str) -> None:
        """A call of an earlier run goes on, and has the number still, in the store too."""
        self._holders[number] = session_id

    def is_held(self, number: str, session_id: str) -> bool:
        """Whether this call has the number."""
        return self._holders.get(number) == session_id

    def free(self, number: str, session_id: str) -> None:
        """Let a number go that this call may hold; another call's stays."""
        if self._holders.get(number) == session_id:
            del self._holders[number]

    def __len__(self) -> int:
        return len(self._holders)
