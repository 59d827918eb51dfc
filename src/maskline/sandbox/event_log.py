"""What happens in a run, in order: requests, phones, pushes."""

import asyncio
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from maskline.services.clock import Clock

KEPT_EVENTS = 1_000
"""Events that are remembered; older ones are forgotten first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEvent:
    """One thing that happened. `sequence` counts from 1; `phone` is whose it is, if anybody's."""

    sequence: int
    at: datetime
    kind: str
    phone: str | None
    detail: Mapping[str, Any] = field(repr=False)


class RunLog:
    """The events of one run, for those who ask now and then and for those who wait."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: deque[RunEvent] = deque(maxlen=KEPT_EVENTS)
        self._count = 0
        self._arrival = asyncio.Event()

    @property
    def last(self) -> int:
        """The newest sequence number; 0 before the first event."""
        return self._count

    def now(self) -> datetime:
        """The time as its events have it."""
        return self._clock.now()

    def note(self, kind: str, phone: str | None = None, **detail: object) -> None:
        """Remember one more."""
        self._count += 1
        event = RunEvent(
            sequence=self._count, at=self._clock.now(), kind=kind, phone=phone, detail=detail
        )
        self._kept.append(event)
        self._arrival.set()

    def after(self, sequence: int) -> tuple[RunEvent, ...]:
        """What came later, of what is remembered."""
        return tuple(event for event in self._kept if event.sequence > sequence)

    async def wait_after(self, sequence: int, timeout_s: float) -> tuple[RunEvent, ...]:
        """The same, as soon as there is something; empty when the time is over before."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                while self._count <= sequence:
                    self._arrival.clear()
                    await self._arrival.wait()
        return self.after(sequence)
