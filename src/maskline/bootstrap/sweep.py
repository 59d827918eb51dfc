"""What is removed from time to time, as nothing depends on the moment."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import structlog

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
