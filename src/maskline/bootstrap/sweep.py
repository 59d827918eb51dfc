"""What is removed from time to time, as nothing depends on the moment."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from maskline.domain.call_rule import MAX_WITHIN_S
from maskline.services.binding import sweep_expired

if TYPE_CHECKING:
    from maskline.bootstrap.platform import Platform

BULLETIN_KEEP_S = 3600.0
"""How long processes that were cut off from the store may hear what they have missed."""

SWEPT_AT_ONCE = 5_000

log = structlog.get_logger("platform")


class Sweeper:
    """Does its jobs, by name, one after another every `interval_s`; each may fail.

    Several processes may sweep one store: what another has removed is not there to be removed.
    """

    def __init__(
        self, interval_s: float, jobs: Mapping[str, Callable[[], Awaitable[object]]]
    ) -> None:
        self._interval_s = interval_s
        self._jobs = jobs

    async def run(self) -> None:
        """Sweep until cancelled."""
        while True:
            await asyncio.sleep(self._interval_s)
            for name, job in self._jobs.items():
                try:
                    await job()
                except Exception:
                    # What is past its time does not count, swept or not.
                    log.exception("not swept", what=name)


def build_sweeper(platform: "Platform") -> Sweeper:
    """Everything that this process removes from time to time."""
    store, clock = platform.store, platform.clock
    told_for = timedelta(seconds=max(BULLETIN_KEEP_S, platform.settings.api.lockout_s))
    return Sweeper(
        platform.settings.store.sweep_interval_s,
        {
            "expired bindings": lambda: sweep_expired(store, clock),
            "uses of secrets": platform.secret_uses.flush,
            "old keys of binds": platform.keyed_binds.sweep,
            "old keys of changes": platform.keyed_changes.sweep,
            "expired recordings": platform.recordings.archive.sweep,
            **platform.insight.sweeps(),
            "old call records": platform.retention.sweep,
            "ended sessions": platform.accounts.sweep,
            "old audit events": platform.accounts.audit.sweep,
            "old jobs and their files": platform.jobs.desk.sweep,
            "late real names": platform.number_lives.sweep,
            **platform.business.sweeps(),
            **platform.ordering.sweeps(),
            "the report of yesterday": platform.reports.desk.sweep,
            "counted calls": lambda: store.remove_call_counts(
                clock.now() - timedelta(seconds=MAX_WITHIN_S), SWEPT_AT_ONCE
            ),
            "old bulletins": lambda: store.remove_bulletins(clock.now() - told_for),
        },
    )
