"""Forgets what happened longer ago than it is kept."""

from datetime import timedelta

from maskline.domain.happening import HappeningKind
from maskline.services.clock import Clock
from maskline.services.happening_store import HappeningStore
from maskline.services.request_log import KEPT_OF_APPLICATION

KEPT = timedelta(days=1)
AT_ONCE = 5_000


class HappeningSweep:
    """Of requests and refusals; those of pushes go with the pushes."""

    def __init__(self, store: HappeningStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def sweep(self) -> None:
        """Forget some. Raises StoreBusy, StoreFailed."""
        before = self._clock.now() - KEPT
        for kind in (HappeningKind.REQUEST, HappeningKind.REFUSAL):
            await self._store.remove_happenings(kind, before, AT_ONCE)
            await self._store.trim_happenings(kind, KEPT_OF_APPLICATION, AT_ONCE)
