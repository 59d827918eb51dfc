"""Runs that charge, as people see them and start them."""

from maskline.domain.charge_run import ChargeRun, RunKind, RunState
from maskline.domain.error import ChargingOff, RunNotFree, UnknownRecord
from maskline.services.billing.charge import ChargeRunner
from maskline.services.billing.period import moment_of
from maskline.services.billing.store import BillingStore
from maskline.services.clock import Clock

MAX_RUNS = 5_000
"""The newest: those of about a month."""


class RunDesk:
    """The verbs. All raise StoreBusy, StoreFailed.

    `runner` is None where charging is switched off; runs of before can be looked at.
    """

    def __init__(self, store: BillingStore, runner: ChargeRunner | None, clock: Clock) -> None:
        self._store = store
        self._runner = runner
        self._clock = clock

    async def runs(self, kind: RunKind | None, state: RunState | None) -> tuple[ChargeRun, ...]:
        """The newest runs, newest first; None does not restrict."""
        found = await self._store.charge_runs(MAX_RUNS)
        return tuple(
            run for run in found if kind in {None, run.kind} and state in {None, run.state}
        )

    async def start(self, kind: RunKind) -> ChargeRun:
        """Charge what is over by now. What one step leaves over is gone on with in the background.

        Raises ChargingOff.
        """
        runner = self._need_runner()
        period = moment_of(self._clock.now())
        await runner.run(kind, period)
        return await self._find(kind, period)

    async def retry(self, kind: RunKind, period: str) -> ChargeRun:
        """Go on with a run that was cut off. Raises ChargingOff, UnknownRecord, RunNotFree."""
        runner = self._need_runner()
        run = await self._find(kind, period)
        now = self._clock.now()
        if run.state is RunState.DONE:
            raise RunNotFree("the run is done; start another, which charges nothing twice")
        if run.leased_until > now and run.holder != runner.holder:
            raise RunNotFree(f"another works on it until {run.leased_until:%Y-%m-%dT%H:%M:%SZ}")
        await runner.run(kind, period)
        return await self._find(kind, period)

    def _need_runner(self) -> ChargeRunner:
        if self._runner is None:
            raise ChargingOff("nothing is charged here; switch on [business] is_charging")
        return self._runner

    async def _find(self, kind: RunKind, period: str) -> ChargeRun:
        for run in await self._store.charge_runs(MAX_RUNS):
            if (run.kind, run.period) == (kind, period):
                return run
        raise UnknownRecord(f"there is no run {kind} {period}")
