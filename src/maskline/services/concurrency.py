"""How many calls were up at once, over all workers: the most, and the mean.

| subject | slots | what | how long kept |
| ---- | ---- | ---- | ---- |
| `live calls` | 5 s | what every worker has, added up in the store | half an hour |
| `concurrent minute` | 1 min | the greatest of these, and all added up | `minute_hours` |
| `concurrent` | 15 min | the same of its minutes | 2 years |
| `concurrent day` | 1 day | the greatest | 2 years |

Moments of samples are multiples of 5 s, so that those of all workers are of the same moments. The
greatest of the platform, or of a tenant, is not the sum of those of applications: it is kept
under a name of its own and no application. All but samples are raised, never added: every process
that sweeps may do so, as often as it likes.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from maskline.domain.tally import DAY, MINUTE, SLOT, Tally, padded, slot_of
from maskline.services.application_owner import ApplicationOwners
from maskline.services.clock import Clock
from maskline.services.count_subject import CONCURRENT, LIVE_CALLS
from maskline.services.happening_log import HappeningLog
from maskline.services.tally_store import Grouping, TallyFilter, TallyStore

SAMPLE = timedelta(seconds=5)
SAMPLES_KEPT = timedelta(minutes=30)
OVERLAP = timedelta(minutes=2)
"""How late a sample may be written and still be seen by who has looked already."""

MAX_ROWS = 75_000
SAMPLES_AT_ONCE = 50_000

WHOLE = "*"


def tenant_name(tenant_id: str) -> str:
    """The name under which the sums of a tenant stand."""
    return f"tenant {tenant_id}"


class LiveCallSampler:
    """Takes note of the calls of this worker; `live_calls` counts them by application."""

    def __init__(
        self, log: HappeningLog, clock: Clock, live_calls: Callable[[], Mapping[str, int]]
    ) -> None:
        self._log = log
        self._clock = clock
        self._live_calls = live_calls
        self._latest: datetime | None = None

    def look(self) -> None:
        """To be called more often than samples are taken."""
        now = self._clock.now()
        slot = slot_of(now, SAMPLE)
        if slot == self._latest:
            return
        self._latest = slot
        for app_key, count in self._live_calls().items():
            self._log.count(LIVE_CALLS, app_key, "", now, SAMPLE, count)


class Concurrency:
    """Makes minutes, quarters of an hour and days of samples."""

    def __init__(self, store: TallyStore, clock: Clock, owners: ApplicationOwners) -> None:
        self._store = store
        self._clock = clock
        self._owners = owners
        self._done: datetime | None = None

    async def sweep(self) -> None:
        """Go on from where it was; forget samples. Raises StoreBusy, StoreFailed."""
        now = self._clock.now()
        since = now - SAMPLES_KEPT
        if self._done is not None:
            since = max(since, self._done - OVERLAP)
        first = minute = slot_of(since, MINUTE)
        while minute <= now:
            await self._raise_minute(minute)
            minute += MINUTE
        quarter = slot_of(first)
        while quarter <= now:
            await self._raise_quarter(quarter)
            quarter += SLOT
        self._done = now
        await self._store.remove_tallies(LIVE_CALLS, now - SAMPLES_KEPT, SAMPLES_AT_ONCE)

    async def _raise_minute(self, minute: datetime) -> None:
        samples = await self._read(LIVE_CALLS, minute, MINUTE)
        tenants = await self._owners.of(one.app_key for one in samples)
        by_key: dict[tuple[str, str], dict[datetime, int]] = {}
        for one in samples:
            keys = [(one.app_key, ""), ("", WHOLE)]
            tenant_id = tenants.get(one.app_key)
            if tenant_id is not None:
                keys.append(("", tenant_name(tenant_id)))
            for key in keys:
                slots = by_key.setdefault(key, {})
                slots[one.slot] = slots.get(one.slot, 0) + one.sums[0]
        await self._store.raise_tallies(
            [
                _peak(CONCURRENT.minute, minute, key, max(slots.values()), sum(slots.values()))
                for key, slots in by_key.items()
                if key != ("", "")
            ]
        )

    async def _raise_quarter(self, quarter: datetime) -> None:
        minutes = await self._read(CONCURRENT.minute, quarter, SLOT)
        by_key: dict[tuple[str, str], list[Tally]] = {}
        for one in minutes:
            by_key.setdefault((one.app_key, one.name), []).append(one)
        raised: list[Tally] = []
        for key, some in by_key.items():
            peak, total = max(one.sums[0] for one in some), sum(one.sums[1] for one in some)
            raised.append(_peak(CONCURRENT.time, quarter, key, peak, total))
            raised.append(_peak(CONCURRENT.days, slot_of(quarter, DAY), key, peak))
        await self._store.raise_tallies(raised)

    async def _read(self, subject: str, since: datetime, length: timedelta) -> Sequence[Tally]:
        wanted = TallyFilter(subject=subject, since=since, until=since + length)
        return await self._store.tallies(wanted, Grouping.ALL, MAX_ROWS)


def _peak(subject: str, slot: datetime, key: tuple[str, str], peak: int, total: int = 0) -> Tally:
    app_key, name = key
    return Tally(
        subject=subject,
        slot=slot,
        app_key=app_key,
        name=name,
        sums=padded(peak, total),
        first_at=slot,
        last_at=slot,
    )
