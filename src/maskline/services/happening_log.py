"""What happens in one process, on its way to the store: gathered, and written once a second."""

from collections import deque
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from maskline.domain.error import BusyError, PlatformError
from maskline.domain.happening import Happening
from maskline.domain.tally import MINUTE, SLOT, SUMS, Tally, padded, slot_of
from maskline.services.clock import Clock
from maskline.services.count_subject import Subjects
from maskline.services.happening_store import HappeningStore
from maskline.services.tally_store import TallyStore

FLUSH_S = 1.0
"""How often what waits is written."""

MAX_WAITING = 10_000
"""Happenings that wait to be written; over it the oldest is dropped: calls and pushes go first."""

MAX_KEYS = 5_000
"""Sums that wait to be written; over it what is new is counted under an empty name."""

HAPPENINGS_AT_ONCE = 1_000

log = structlog.get_logger("happenings")


class HappeningLogStore(HappeningStore, TallyStore, Protocol):
    """What is written to."""


class HappeningLog:
    """Takes note without waiting. What a process that is killed has not written yet is lost."""

    def __init__(self, store: HappeningLogStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._waiting: deque[Happening] = deque(maxlen=MAX_WAITING)
        self._sums: dict[tuple[str, datetime, str, str], list[int]] = {}
        self._spans: dict[tuple[str, datetime, str, str], tuple[datetime, datetime]] = {}
        self.dropped = 0

    def note(self, happening: Happening) -> None:
        """Keep it, soon."""
        if len(self._waiting) == MAX_WAITING:
            self.dropped += 1
        self._waiting.append(happening)

    def count(
        self, subject: str, app_key: str, name: str, at: datetime, length: timedelta, *sums: int
    ) -> None:
        """Add to sums, soon; `length` is that of the slots of this subject."""
        key = (subject, slot_of(at, length), app_key, name)
        known = self._sums.get(key)
        if known is None:
            if len(self._sums) >= MAX_KEYS:
                key = (*key[:2], "", "")
            known = self._sums.setdefault(key, [0] * SUMS)
            self._spans.setdefault(key, (at, at))
        for place, more in enumerate(sums):
            known[place] += more
        self._spans[key] = (self._spans[key][0], at)

    def count_by_time(
        self, subjects: Subjects, app_key: str, name: str, at: datetime, *sums: int
    ) -> None:
        """Add to those of the quarter of an hour, which may have a name, and of the minute."""
        self.count(subjects.time, app_key, name, at, SLOT, *sums)
        self.count(subjects.minute, app_key, "", at, MINUTE, *sums)

    async def flush(self) -> None:
        """Write what waits. A store that fails keeps it waiting."""
        try:
            await self._write_happenings()
            await self._write_sums()
        except (BusyError, PlatformError) as error:
            log.info("happenings not written yet", waiting=len(self._waiting), error=str(error))

    async def _write_happenings(self) -> None:
        while self._waiting:
            some = list(self._waiting)[:HAPPENINGS_AT_ONCE]
            dropped = self.dropped
            await self._store.add_happenings(some)
            # What was dropped meanwhile was of these.
            for _ in range(len(some) - (self.dropped - dropped)):
                self._waiting.popleft()

    async def _write_sums(self) -> None:
        if not self._sums:
            return
        sums, spans, self._sums, self._spans = self._sums, self._spans, {}, {}
        tallies = [
            Tally(
                subject=key[0],
                slot=key[1],
                app_key=key[2],
                name=key[3],
                sums=padded(*some),
                first_at=spans[key][0],
                last_at=spans[key][1],
            )
            for key, some in sums.items()
        ]
        try:
            await self._store.add_tallies(tallies)
        except (BusyError, PlatformError):
            for key, some in sums.items():
                # Counted again with what came meanwhile, as far as there is room.
                if key in self._sums or len(self._sums) < MAX_KEYS:
                    self._spans.setdefault(key, spans[key])
                    known = self._sums.setdefault(key, [0] * SUMS)
                    self._sums[key] = [had + more for had, more in zip(known, some, strict=True)]
            raise
