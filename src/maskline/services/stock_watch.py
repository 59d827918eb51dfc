"""Tells operators of cities of which too few numbers are in stock."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from maskline.domain.tally import Tally, padded, slot_of
from maskline.services.clock import Clock
from maskline.services.count_subject import STOCK_PROBLEMS
from maskline.services.number_life_store import StockCount

PROBLEM_SLOT = timedelta(minutes=5)


class StockWatchStore(Protocol):
    """What is read and written."""

    async def stock_counts(self, now: datetime) -> Sequence[StockCount]:
        """The stock by city, kind and whether it carries short messages."""
        ...

    async def raise_tallies(self, tallies: Sequence[Tally]) -> None:
        """Keep the greater of each sum."""
        ...


class StockWatch:
    """`wanted` is how many free numbers there should be, by area code."""

    def __init__(self, store: StockWatchStore, clock: Clock, wanted: Mapping[str, int]) -> None:
        self._store = store
        self._clock = clock
        self._wanted = wanted

    async def look(self) -> int:
        """Keep a problem for each city of which fewer are free; how many cities that are."""
        if not self._wanted:
            return 0
        now = self._clock.now()
        free = Counter[str]()
        for count in await self._store.stock_counts(now):
            free[count.area_code] += count.free
        short = sorted(city for city, least in self._wanted.items() if free[city] < least)
        slot = slot_of(now, PROBLEM_SLOT)
        if short:
            await self._store.raise_tallies([_problem(city, slot, now) for city in short])
        return len(short)


def _problem(city: str, slot: datetime, now: datetime) -> Tally:
    """Of no application: only the platform's people see it. Workers that look too add nothing."""
    return Tally(
        subject=STOCK_PROBLEMS,
        slot=slot,
        app_key="",
        name=city,
        sums=padded(1),
        first_at=now,
        last_at=now,
    )
