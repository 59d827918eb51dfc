"""A thread for reads that may take longer than the loop can wait."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar, cast

import apsw

from maskline.domain.error import StoreBusy, StoreFailed
from maskline.services.measure import StoreCounters
from maskline.stores.sqlite.connection import Cursor

Result = TypeVar("Result")


class Reader:
    """Runs one read at a time on its own connection, `queue_limit` waiting at most."""

    def __init__(self, queue_limit: int, counters: StoreCounters | None = None) -> None:
        self._queue_limit = queue_limit
        self._counters = counters or StoreCounters()
        self._pending = 0

    def start(self, connection: apsw.Connection) -> None:
        """Begin to read from the connection, which is the thread's from now on."""
        self._connection = connection
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store-reader")

    async def run(self, read: Callable[[Cursor], Result]) -> Result:
        """What `read` returns of one snapshot. Raises StoreBusy, StoreFailed."""
        if self._pending >= self._queue_limit:
            self._counters.refused += 1
            raise StoreBusy(f"{self._pending} reads wait")
        self._pending += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._thread, self._snapshot, read)
        except (apsw.Error, RuntimeError) as error:
            raise StoreFailed("a read failed") from error
        finally:
            self._pending -= 1

    async def close(self) -> None:
        """Finish what was asked, end the thread."""
        await asyncio.to_thread(self._thread.shutdown)
        self._connection.close()

    def _snapshot(self, read: Callable[[Cursor], Result]) -> Result:
        cursor = cast("Cursor", self._connection.cursor())
        cursor.execute("BEGIN")  # one transaction, so that a count fits its rows
        try:
            return read(cursor)
        finally:
            cursor.execute("COMMIT")
