"""How many rows of spreadsheets a tenant may have checked in a day."""

from maskline.domain.job import Job
from maskline.domain.tally import DAY, Tally, padded, slot_of
from maskline.services.clock import Clock
from maskline.services.count_subject import IMPORT_ROWS
from maskline.services.job_run import JobFailed
from maskline.services.tally_store import Grouping, TallyFilter, TallyStore

MAX_JOBS = 75_000


class ImportQuota:
    """Counts rows by days of UTC, in the store and so over all workers; `per_day` 0 is no limit.

    Two files that are checked at the same moment may exceed it together, once.
    """

    def __init__(self, store: TallyStore, clock: Clock, per_day: int) -> None:
        self._store = store
        self._clock = clock
        self._per_day = per_day

    async def take(self, job: Job, rows: int) -> None:
        """Let a file be checked; one that is checked anew counts once.

        Who runs the platform has no limit. Raises JobFailed where the day's rows are used up,
        StoreBusy, StoreFailed.
        """
        if not self._per_day or job.tenant_id is None:
            return
        now = self._clock.now()
        day = slot_of(now, DAY)
        wanted = TallyFilter(
            subject=IMPORT_ROWS.time, since=day, until=day + DAY, app_key=job.tenant_id
        )
        counted = await self._store.tallies(wanted, Grouping.ALL, MAX_JOBS)
        used = sum(one.sums[0] for one in counted if one.name != job.job_id)
        if used + rows > self._per_day:
            left = max(0, self._per_day - used)
            raise JobFailed(
                "M2008",
                f"has {rows} rows, and {left} of the {self._per_day} of today (UTC) are left; "
                "split it, or wait until tomorrow",
            )
        tally = Tally(
            subject=IMPORT_ROWS.time,
            slot=day,
            app_key=job.tenant_id,
            name=job.job_id,
            sums=padded(rows),
            first_at=now,
            last_at=now,
        )
        await self._store.raise_tallies([tally])
