"""A sign of life on disk: how long each run of a worker is known to have lived."""

import asyncio
import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import structlog

SIGN_INTERVAL_S = 1.0
"""So much of a talk is given away at most, when its worker is killed."""

MAX_RUNS = 32
"""Earlier runs that are remembered: a call can outlive its worker more than once."""

Run = tuple[datetime, datetime]
"""When a run began, and when it was last seen alive."""

log = structlog.get_logger("calls")


class LifeSign:
    """A file that is touched every second; its time of modification is when we were alive.

    It holds the runs before, a line each, and when this one began.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._runs: list[Run] = []
        self._keeper: asyncio.Task[None] | None = None

    def start(self, now: datetime) -> None:
        """Read of the earlier runs, and begin to show that this one lives."""
        self._runs = _read(self._path)[-MAX_RUNS:]
        try:
            _write(self._path, self._runs, now)
        except OSError:
            log.exception("no sign of life")
            return
        self._keeper = asyncio.create_task(self._keep(), name="sign of life")

    async def aclose(self) -> None:
        """Show no more signs. May be repeated."""
        keeper, self._keeper = self._keeper, None
        if keeper is not None:
            keeper.cancel()
            with suppress(asyncio.CancelledError):
                await keeper

    def last_alive(self, at: datetime) -> datetime | None:
        """When the earlier run that lived at that moment was last seen; None if it is not known."""
        # The last that had begun by then, as the moment may be later than its last sign.
        began = [run for run in self._runs if run[0] <= at]
        return began[-1][1] if began else None

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(SIGN_INTERVAL_S)
            try:
                await asyncio.to_thread(os.utime, self._path)
            except OSError as error:
                # It costs nobody a call, only the seconds that nobody can know then.
                log.warning("no sign of life", error=str(error))


def _read(path: Path) -> list[Run]:
    """The runs of a file; what cannot be read is no run."""
    try:
        lines = path.read_text("ascii", "replace").splitlines()[: MAX_RUNS + 1]
        seen_at = path.stat().st_mtime
    except OSError:
        return []
    runs: list[Run] = []
    for line in lines:
        began, _, ended = line.partition(" ")
        with suppress(ValueError, OverflowError, OSError):
            end = float(ended) if ended else seen_at
            runs.append(
                (datetime.fromtimestamp(float(began), UTC), datetime.fromtimestamp(end, UTC))
            )
    return runs


def _write(path: Path, runs: list[Run], now: datetime) -> None:
    lines = [f"{began.timestamp():.6f} {ended.timestamp():.6f}\n" for began, ended in runs]
    lines.append(f"{now.timestamp():.6f}\n")
    draft = path.with_suffix(".new")
    draft.write_text("".join(lines), "ascii")
    draft.replace(path)
