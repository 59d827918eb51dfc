"""Work that is taken at once, kept in order and written together."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any, TypeAlias

from maskline.domain.error import StoreBusy, StoreFailed
from maskline.services.measure import StoreCounters
from maskline.stores.unit_name import unit_name

LANES = 4  # written side by side; each takes one connection while it writes
MAX_BATCH = 100  # units in one statement

Write: TypeAlias = Callable[[Sequence[Any]], Awaitable[Sequence[Any] | None]]
"""Writes some values of one kind in one unit of work: all of them or none.

What is told of each, in their order, or None when nothing is.
"""


class UnitRefused(StoreFailed):
    """The database does not take this unit; another one it may."""


@dataclass(frozen=True, slots=True)
class _Job:
    key: str
    write: Write
    value: Any
    done: asyncio.Future[Any]
    since_s: float


class Lanes:
    """Values by key: those of one key are written in the order they came, others side by side.

    What waits is written together as far as the keys differ. `limit` values are accepted and not
    yet durable at most; `counters` have how long each took to be so.
    """

    def __init__(self, limit: int, counters: StoreCounters | None = None) -> None:
        self._limit = limit
        self._counters = counters or StoreCounters()
        self._pending = 0
        self._is_open = False
        self._queues: list[deque[_Job]] = [deque() for _ in range(LANES)]
        self._tasks: dict[int, asyncio.Task[None]] = {}

    def open(self) -> None:
        """Begin to take work."""
        self._is_open = True

    async def close(self) -> None:
        """Take nothing more and finish what was taken."""
        self._is_open = False
        while self._tasks:
            await asyncio.gather(*self._tasks.values())

    def submit(self, key: str, write: Write, value: object) -> asyncio.Future[Any]:
        """Queue a value; the future is done once it is durable, or tells why it is not.

        It has what `write` told of the value.

        Raises StoreBusy when too much waits, StoreFailed when the store is closed.
        """
        if not self._is_open:
            raise StoreFailed("the store is closed")
        if self._pending >= self._limit:
            self._counters.refused += 1
            raise StoreBusy(f"{self._pending} units of work wait")
        self._pending += 1
        self._counters.waiting += 1
        done: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        lane = hash(key) % LANES
        self._queues[lane].append(_Job(key, write, value, done, perf_counter()))
        if lane not in self._tasks:
            self._tasks[lane] = asyncio.create_task(self._work(lane))
        return done

    async def _work(self, lane: int) -> None:
        """Write until nothing waits. The task begins after the turn that made it: it sees all."""
        queue = self._queues[lane]
        try:
            while queue:
                await self._write(_batch(queue))
        finally:
            del self._tasks[lane]

    async def _write(self, batch: list[_Job]) -> None:
        kinds: dict[Write, list[_Job]] = {}
        for job in batch:
            kinds.setdefault(job.write, []).append(job)
        for write, jobs in kinds.items():
            await self._write_together(write, jobs)

    async def _write_together(self, write: Write, jobs: list[_Job]) -> None:
        try:
            told = await write([job.value for job in jobs])
        except (StoreBusy, StoreFailed) as error:
            if isinstance(error, UnitRefused) and len(jobs) > 1:
                # One of them is at fault, and does not spoil its neighbours.
                for job in jobs:
                    await self._write_together(write, [job])
            else:
                self._tell(jobs, error)
        except Exception as error:  # noqa: BLE001 - it belongs to the callers
            self._tell(jobs, error)
        else:
            self._tell(jobs, None, told)

    def _tell(
        self, jobs: list[_Job], error: Exception | None, told: Sequence[Any] | None = None
    ) -> None:
        self._pending -= len(jobs)
        self._counters.waiting -= len(jobs)
        now_s = perf_counter()
        for job, result in zip(jobs, told or [None] * len(jobs), strict=True):
            self._counters.units.add(unit_name(job.write), now_s - job.since_s)
            if job.done.done():
                continue  # its caller was cancelled; the work is done all the same
            if error is None:
                job.done.set_result(result)
            else:
                job.done.set_exception(error)


def _batch(queue: deque[_Job]) -> list[_Job]:
    """The next jobs, up to a second one of the same key."""
    batch: dict[str, _Job] = {}
    while queue and len(batch) < MAX_BATCH and queue[0].key not in batch:
        job = queue.popleft()
        batch[job.key] = job
    return list(batch.values())
