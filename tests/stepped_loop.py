"""An event loop whose time passes at once: who only waits for a moment is there already."""

import asyncio
import selectors
from datetime import UTC, datetime, timedelta


class _SteppedSelector(selectors.DefaultSelector):
    """Steps its time over every wait in which no file has anything to say."""

    def __init__(self) -> None:
        super().__init__()
        self.passed_s = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready and timeout is None:
            return super().select(None)
        if not ready and timeout is not None:
            self.passed_s += max(timeout, 0.0)
        return ready


class SteppedLoop(asyncio.SelectorEventLoop):
    """Runs what is ready; then it is the time of the next timer.

    For tests whose peers are all in the process: there nothing happens between two timers, so a
    ringing time of a minute takes none, and a busy machine can't make it too short. Threads and
    sockets answer after any number of timers: tests that have them want a plain loop.
    """

    def __init__(self) -> None:
        self._stepped = _SteppedSelector()
        super().__init__(self._stepped)

    def time(self) -> float:
        return self._stepped.passed_s


class LoopClock:
    """A clock that goes with the running loop, from the moment at which it was made."""

    def __init__(self) -> None:
        self._began = datetime.now(UTC) - timedelta(seconds=self.monotonic())

    def now(self) -> datetime:
        return self._began + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()
