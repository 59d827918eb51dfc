"""A sign of life on disk: how long a worker that was killed had lived."""

import asyncio
import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import structlog

SIGN_INTERVAL_S = 1.0
"""So much of the last talk is given away at most, when a worker is killed."""

log = structlog.get_logger("calls")


class LifeSign:
    """A file that is touched every second; its time of modification is when the worker was alive.

    `seen_at` is when the worker of the earlier run was last alive, None if that is not known.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._keeper: asyncio.Task[None] | None = None
        self.seen_at: datetime | None = None

    def start(self) -> None:
        """Read when the worker was last alive, and begin to show that it is."""
        with suppress(OSError):
            self.seen_at = datetime.fromtimestamp(self._path.stat().st_mtime, UTC)
        self._keeper = asyncio.create_task(self._keep(), name="sign of life")

    async def aclose(self) -> None:
        """Show no more signs. May be repeated."""
        keeper, self._keeper = self._keeper, None
        if keeper is not None:
            keeper.cancel()
            with suppress(asyncio.CancelledError):
                await keeper

    async def _keep(self) -> None:
        is_told = False
        while True:
            try:
                await asyncio.to_thread(self._touch)
                is_told = False
            except OSError:
                # A full disk costs nobody a call, only the seconds that nobody can know then.
                if not is_told:
                    log.exception("no sign of life")
                is_told = True
            await asyncio.sleep(SIGN_INTERVAL_S)

    def _touch(self) -> None:
        end = os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            os.utime(end)
        finally:
            os.close(end)
