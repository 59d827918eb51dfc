"""Bindings that ended, and how many live, by quarters of an hour.

Both are read of what the store keeps anyway, and raised, never added: every process that sweeps may
do so. Those that are made are counted where they are made.
"""

from datetime import datetime, timedelta
from typing import Protocol

from maskline.domain.tally import MINUTE, SLOT, Tally, padded, slot_of
from maskline.services.clock import Clock
from maskline.services.count_subject import BINDING_ENDS, LIVE_BINDINGS
from maskline.services.ended_binding_store import EndedBindingStore
from maskline.services.number_import import all_applications
from maskline.services.number_pool import NumberPoolStore
from maskline.services.store import DirectoryStore
from maskline.services.tally_store import Grouping, TallyFilter, TallyStore

LOOK_BACK = timedelta(hours=1)
"""How far the first look of a process goes back, for what ended while nobody counted."""

OVERLAP = timedelta(minutes=2)
"""How late the end of an expired binding may be written: it is swept every half minute."""

MAX_ROWS = 75_000


class BindingCountStore(EndedBindingStore, NumberPoolStore, DirectoryStore, TallyStore, Protocol):
    """What is read and written."""


class BindingEnds:
    """Counts ends, minute by minute, along the index of their time."""

    def __init__(self, store: BindingCountStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._done: datetime | None = None

    async def sweep(self) -> None:
        """Go on from where it was. Raises StoreBusy, StoreFailed."""
        now = self._clock.now()
        since = now - LOOK_BACK
        if self._done is not None:
            since = max(since, self._done - OVERLAP)
        minute = slot_of(since, MINUTE)
        quarter = slot_of(minute)
        while minute <= now:
            ends = await self._store.count_ends(minute, minute + MINUTE)
            await self._store.raise_tallies(
                [
                    _sum(BINDING_ENDS.minute, minute, one.app_key, one.cause.value, one.count)
                    for one in ends
                ]
            )
            minute += MINUTE
        while quarter <= now:
            await self._raise_quarter(quarter)
            quarter += SLOT
        self._done = now

    async def _raise_quarter(self, quarter: datetime) -> None:
        wanted = TallyFilter(subject=BINDING_ENDS.minute, since=quarter, until=quarter + SLOT)
        counts: dict[tuple[str, str], int] = {}
        for one in await self._store.tallies(wanted, Grouping.ALL, MAX_ROWS):
            key = one.app_key, one.name
            counts[key] = counts.get(key, 0) + one.sums[0]
        await self._store.raise_tallies(
            [
                _sum(BINDING_ENDS.time, quarter, app_key, cause, count)
                for (app_key, cause), count in counts.items()
            ]
        )


class LiveBindings:
    """Looks once after every quarter of an hour how many bindings there are.

    It adds up what the numbers of an application hold, along an index of them; bindings are not
    counted. What has expired and is not swept yet is among them.
    """

    def __init__(self, store: BindingCountStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._done: datetime | None = None

    async def sweep(self) -> None:
        """Look, unless this or another process has. Raises StoreBusy, StoreFailed."""
        quarter = slot_of(self._clock.now()) - SLOT
        if quarter == self._done:
            return
        wanted = TallyFilter(subject=LIVE_BINDINGS.time, since=quarter, until=quarter + SLOT)
        if not await self._store.tallies(wanted, Grouping.ALL, 1):
            for application in await all_applications(self._store, None):
                cities = await self._store.number_pool(application.app_key, 1)
                if cities:
                    live = sum(city.bound for city in cities)
                    tally = _sum(LIVE_BINDINGS.time, quarter, application.app_key, "", live)
                    await self._store.raise_tallies([tally])
        self._done = quarter


def _sum(subject: str, slot: datetime, app_key: str, name: str, count: int) -> Tally:
    return Tally(
        subject=subject,
        slot=slot,
        app_key=app_key,
        name=name,
        sums=padded(count),
        first_at=slot,
        last_at=slot,
    )
