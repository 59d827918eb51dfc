"""The one thread that writes: units of work in, one durable commit for many of them."""

import asyncio
import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Any, TypeAlias, TypeVar, cast

import apsw

from maskline.domain.error import StoreBusy, StoreFailed
from maskline.services.measure import StoreCounters
from maskline.stores.sqlite.connection import Cursor
from maskline.stores.unit_name import unit_name

Result = TypeVar("Result")
Unit: TypeAlias = Callable[[Cursor], Result]
# What the thread is given (with when it was submitted), and what it gives back: a value or an error
# for each future.
_Job: TypeAlias = tuple[Unit[Any], asyncio.Future[Any], float]
_Outcome: TypeAlias = tuple[Any, BaseException | None]

MAX_BATCH = 512  # units gathered; a commit has fewer than twice as many


class _Unclean(Exception):
    """A unit raised after it had changed something."""


class Writer:
    """Runs units of work in the order they were submitted, a batch per commit.

    A unit is called with the cursor of the writing connection, inside a transaction, perhaps more
    than once; only its last run counts. What it returns or raises (errors of ours, `StoreFailed`
    for those of SQLite) reaches its future after the commit, on the loop. A unit that raises
    leaves nothing behind and does not spoil its neighbours.
    """

    def __init__(self, queue_limit: int, counters: StoreCounters | None = None) -> None:
        self._queue_limit = queue_limit
        self.counters = counters or StoreCounters()
        self._jobs: SimpleQueue[list[_Job] | None] = SimpleQueue()
        self._gathered: list[_Job] = []
        self._is_open = False

    def start(self, connection: apsw.Connection) -> None:
        """Begin to work on the connection, which is the thread's from now on."""
        self._loop = asyncio.get_running_loop()
        self._connection = connection
        self._thread = threading.Thread(target=self._work, name="store-writer", daemon=True)
        self._is_open = True
        self._thread.start()

    def submit(self, unit: Unit[Result]) -> asyncio.Future[Result]:
        """Queue a unit. Raises StoreBusy when the queue is full, StoreFailed when closed."""
        if not self._is_open:
            raise StoreFailed("the store is closed")
        counters = self.counters
        if counters.waiting >= self._queue_limit:
            counters.refused += 1
            raise StoreBusy(f"{counters.waiting} units of work wait")
        counters.waiting += 1
        future: asyncio.Future[Result] = self._loop.create_future()
        # Gathering what one turn of the loop submits wakes the thread once for all of it.
        if not self._gathered:
            self._loop.call_soon(self._hand_over)
        self._gathered.append((unit, future, self._loop.time()))
        if len(self._gathered) >= MAX_BATCH:
            self._hand_over()
        return future

    async def close(self) -> None:
        """Take nothing more, finish what was taken, end the thread."""
        if not self._is_open:
            return
        self._is_open = False
        self._hand_over()
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)
        self._connection.close()

    def _hand_over(self) -> None:
        if self._gathered:
            self._jobs.put(self._gathered)
            self._gathered = []

    def _work(self) -> None:
        cursor = cast("Cursor", self._connection.cursor())
        while (batch := self._take()) is not None:
            outcomes = self._commit(cursor, batch)
            self._loop.call_soon_threadsafe(self._resolve, batch, outcomes)

    def _take(self) -> list[_Job] | None:
        """Wait for work and take all that is there, up to a batch or the end."""
        batch = self._jobs.get()
        if batch is None:
            return None
        try:
            while len(batch) < MAX_BATCH:
                more = self._jobs.get_nowait()
                if more is None:
                    self._jobs.put(None)
                    break
                batch += more
        except Empty:
            pass
        return batch

    def _commit(self, cursor: Cursor, batch: list[_Job]) -> list[_Outcome]:
        try:
            try:
                return self._run_together(cursor, batch)
            except _Unclean:
                cursor.execute("ROLLBACK")
                return self._run_apart(cursor, batch)
        except Exception as error:  # noqa: BLE001  # whatever it is, the callers must hear of it
            if self._connection.in_transaction:
                cursor.execute("ROLLBACK")
            failure = StoreFailed("a commit failed")
            failure.__cause__ = error
            return [(None, failure)] * len(batch)

    def _run_together(self, cursor: Cursor, batch: list[_Job]) -> list[_Outcome]:
        """The usual case: units that raise do so before they have changed anything."""
        changes = self._connection.total_changes
        outcomes: list[_Outcome] = []
        cursor.execute("BEGIN IMMEDIATE")
        for unit, _, _ in batch:
            before = changes()
            try:
                outcomes.append((unit(cursor), None))
            except Exception as error:  # it belongs to the unit's caller
                if not self._connection.in_transaction:
                    raise  # SQLite gave the whole batch up (disk full, I/O error)
                if changes() != before:
                    raise _Unclean from error
                outcomes.append((None, _translate(error)))
        cursor.execute("COMMIT")
        return outcomes

    def _run_apart(self, cursor: Cursor, batch: list[_Job]) -> list[_Outcome]:
        """Again, each unit in a savepoint of its own."""
        outcomes: list[_Outcome] = []
        cursor.execute("BEGIN IMMEDIATE")
        for unit, _, _ in batch:
            cursor.execute("SAVEPOINT unit")
            try:
                outcomes.append((unit(cursor), None))
            except Exception as error:  # noqa: BLE001  # it belongs to the unit's caller
                cursor.execute("ROLLBACK TO unit")
                outcomes.append((None, _translate(error)))
            cursor.execute("RELEASE unit")
        cursor.execute("COMMIT")
        return outcomes

    def _resolve(self, batch: list[_Job], outcomes: list[_Outcome]) -> None:
        counters, now = self.counters, self._loop.time()
        counters.waiting -= len(batch)
        for (unit, future, since), (value, error) in zip(batch, outcomes, strict=True):
            counters.units.add(unit_name(unit), now - since)
            counters.failed += isinstance(error, StoreFailed)
            if future.done():
                continue  # its caller was cancelled; the work is done all the same
            if error is None:
                future.set_result(value)
            else:
                future.set_exception(error)


def _translate(error: Exception) -> Exception:
    if isinstance(error, apsw.Error):
        failure = StoreFailed("a unit of work failed")
        failure.__cause__ = error
        return failure
    return error
