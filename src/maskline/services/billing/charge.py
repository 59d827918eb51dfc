"""The runs that charge: begun when they are due, cut off anywhere, and gone on with by anybody."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from maskline.domain.charge_run import ChargeRun, RunKind, RunState
from maskline.domain.error import QuotaMoved, RunTaken
from maskline.services.billing.period import hour_of, rent_month
from maskline.services.billing.store import BillingStore, RunStep
from maskline.services.billing.walk import Batch, Walk
from maskline.services.clock import Clock

LEASE = timedelta(minutes=10)
"""How long a run that was cut off waits for somebody else to go on with it."""

STEPS = 20
"""Batches of one run at a time: whoever runs it has other work too."""

REPEATS = 5
"""Of a batch whose packages were used by another meanwhile."""

LOOKED_AT = 50
"""The newest runs, among which those are that were cut off."""


class ChargeRunner:
    """Works on the runs of all kinds; several of them may, in one store.

    `holder` names it. All raise StoreBusy, StoreFailed; what was begun is gone on with at the next
    call.
    """

    def __init__(
        self,
        store: BillingStore,
        walks: Mapping[RunKind, Walk],
        clock: Clock,
        zone: ZoneInfo,
        holder: str,
    ) -> None:
        self._store = store
        self._walks = walks
        self._clock = clock
        self._zone = zone
        self.holder = holder
        # The store tells other holders apart, not two who come under one name.
        self._turn = asyncio.Lock()

    async def work(self) -> None:
        """Go on with what was cut off, then begin what is due, each for a bounded while."""
        now = self._clock.now()
        due = [
            (run.kind, run.period)
            for run in reversed(await self._store.charge_runs(LOOKED_AT))
            if run.state is RunState.RUNNING
        ]
        hour = hour_of(now)
        due += [
            (RunKind.RENT, rent_month(now, self._zone)),
            (RunKind.ISSUED, hour),
            (RunKind.CALLS, hour),
            (RunKind.MESSAGES, hour),
            (RunKind.ARREARS, hour),
        ]
        for kind, period in dict.fromkeys(due):
            await self.run(kind, period)

    async def run(self, kind: RunKind, period: str) -> None:
        """Begin a run or go on with it, unless it is done or another works on it."""
        walk = self._walks.get(kind)
        if walk is None:
            return
        async with self._turn:
            run = await self._store.take_run(
                kind, period, self.holder, self._clock.now(), self._until()
            )
            try:
                for _ in range(STEPS):
                    if run is None:
                        return
                    run = await self._step(walk, run)
            except RunTaken:
                return  # another goes on from where it is

    async def _step(self, walk: Walk, run: ChargeRun) -> ChargeRun | None:
        """One batch: the run as it goes on, None when it is done."""
        batch = await self._posted(walk, run)
        if batch.is_last:
            await self._store.end_run(run.kind, run.period, self.holder, self._clock.now())
            return None
        return replace(run, cursor=batch.cursor)

    async def _posted(self, walk: Walk, run: ChargeRun) -> Batch:
        """Post the next batch, priced anew when its packages were used by another meanwhile."""
        left = REPEATS
        while True:
            batch = await walk(run.period, run.cursor)
            entries = [entry for entry in batch.entries if entry is not None]
            step = RunStep(
                kind=run.kind,
                period=run.period,
                holder=self.holder,
                leased_until=self._until(),
                cursor=batch.cursor,
                skipped=len(batch.entries) - len(entries),
                extra=batch.extra,
            )
            try:
                await self._store.post(entries, step)
            except QuotaMoved:
                left -= 1
                if not left:
                    raise
            else:
                return batch

    def _until(self) -> datetime:
        return self._clock.now() + LEASE
