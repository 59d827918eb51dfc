"""Forgets what was counted longer ago than it is kept."""

from datetime import timedelta

from maskline.services.clock import Clock
from maskline.services.count_subject import COUNTED
from maskline.services.tally_store import TallyStore

KEPT = timedelta(days=731)
AT_ONCE = 1_000
MINUTES_AT_ONCE = 20_000
"""Of a run of the sweeper, by default every half minute."""


class CountSweep:
    """Of everything that is counted; minutes go sooner."""

    def __init__(self, store: TallyStore, clock: Clock, minutes_kept: timedelta) -> None:
        self._store = store
        self._clock = clock
        self._minutes_kept = minutes_kept

    async def sweep(self) -> None:
        """Forget some. Raises StoreBusy, StoreFailed."""
        now = self._clock.now()
        for subjects in COUNTED:
            named = {subjects.codes, subjects.cities, subjects.numbers, subjects.days}
            for subject in sorted((named | {subjects.time}) - {""}):
                await self._store.remove_tallies(subject, now - KEPT, AT_ONCE)
            minutes = now - self._minutes_kept
            if subjects.minute:
                await self._store.remove_tallies(subjects.minute, minutes, MINUTES_AT_ONCE)
