"""Bringing finished recordings into the storage, however long it takes."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import structlog

from maskline.domain.error import BusyError, MasklineError
from maskline.domain.recording import MIN_RECORDING_S, Recording, RecordingState
from maskline.services.clock import Clock
from maskline.services.recording import (
    RecordingDamaged,
    RecordingSeal,
    RecordingStorage,
    SealedAudio,
)
from maskline.services.store import RecordingStore

KEEPERS = 4
"""How many finished recordings are brought into the storage at once."""

MAX_WAITING = 10_000
"""Finished recordings known to wait for the storage; more stay in the spool until there is room."""

LOOK_AGAIN_BELOW = MAX_WAITING // 2
"""With fewer than this waiting, the spool is looked through for those that had no room."""

FIRST_RETRY_S = 1.0
LAST_RETRY_S = 300.0
"""The first and longest pause before a recording that could not be kept is tried again."""

DAMAGED_RETRY_S = 86_400.0
"""The pause for a damaged one: only somebody who restores the file, or its time, changes that."""

WRITER_RETRY_S = 0.25
"""The pause while the recorder of an earlier run still finishes the file: its call record waits."""

CLOSE_S = 2.0
"""How long `aclose` waits for recordings that have not been tried yet."""

Result = TypeVar("Result")

log = structlog.get_logger("recording")


@dataclass(slots=True)
class _Waiting:
    """A recording on its way since `ended_at`; `duration_s` None is still to be found out."""

    duration_s: float | None
    ended_at: datetime
    tries: int = 0
    retry: asyncio.TimerHandle | None = None


class RecordingKeeper:
    """Settles each recording that is put: kept, or dropped when there is nothing worth keeping.

    What fails is tried again by itself, ever more seldom, until it is settled, past its time, or
    its row is gone. `retention` tells for how long an application's recordings are kept. After
    more came than may wait, `look_again` is called once there is room, until it puts none.
    """

    def __init__(
        self,
        *,
        store: RecordingStore,
        storage: RecordingStorage,
        seal: RecordingSeal,
        clock: Clock,
        spool: Path,
        retention: Callable[[str], Awaitable[timedelta]],
        look_again: Callable[[], Awaitable[int]],
    ) -> None:
        self._store = store
        self._storage = storage
        self._seal = seal
        self._clock = clock
        self._spool = spool
        self._retention = retention
        self._look_again = look_again
        self._waiting: dict[str, _Waiting] = {}
        # Bounded by `_waiting`: a name is in it at most once.
        self._untried: asyncio.Queue[str] = asyncio.Queue()
        self._overflowed = False
        self._is_failing = False
        self._tasks: list[asyncio.Task[None]] = []
        self._threads = ThreadPoolExecutor(KEEPERS, "recording-spool")

    def __len__(self) -> int:
        return len(self._waiting)

    def __contains__(self, object_name: str) -> bool:
        return object_name in self._waiting

    def duration_s(self, object_name: str) -> float | None:
        """The length of a recording that waits, None when it is not known here."""
        waiting = self._waiting.get(object_name)
        return None if waiting is None else waiting.duration_s

    def put(self, object_name: str, duration_s: float | None) -> bool:
        """Take over a recording that does not wait already; False when too many do."""
        if len(self._waiting) >= MAX_WAITING:
            self._overflowed = True
            return False
        if object_name not in self._waiting:
            self._waiting[object_name] = _Waiting(duration_s, self._clock.now())
            self._untried.put_nowait(object_name)
        return True

    def start(self) -> None:
        """Begin to settle what was put."""
        loop = asyncio.get_running_loop()
        self._tasks = [
            loop.create_task(self._run(), name=f"recording keeper {number}")
            for number in range(KEEPERS)
        ]

    async def aclose(self) -> None:
        """Give what was never tried a moment, then stop."""
        if self._tasks:
            try:
                async with asyncio.timeout(CLOSE_S):
                    await self._untried.join()
            except TimeoutError:
                log.warning("recordings stay in the spool", count=len(self._waiting))
        for waiting in self._waiting.values():
            if waiting.retry is not None:
                waiting.retry.cancel()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()
        self._threads.shutdown(wait=False)

    async def in_thread(self, work: Callable[..., Result], *arguments: object) -> Result:
        """Run what blocks on the spool's disk."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)

    async def _run(self) -> None:
        while True:
            name = await self._untried.get()
            try:
                await self._try_to_keep(name)
            finally:
                self._untried.task_done()
            if self._overflowed and len(self._waiting) < LOOK_AGAIN_BELOW:
                self._overflowed = False
                await self._refill()

    async def _refill(self) -> None:
        try:
            # What was put may have hidden others: only a look that finds none is the last.
            if await self._look_again():
                self._overflowed = True
        except MasklineError:
            self._overflowed = True
            log.exception("the spool of recordings cannot be looked through")

    async def _try_to_keep(self, name: str) -> None:
        waiting = self._waiting[name]
        waiting.retry = None
        try:
            await self._settle(name, waiting)
        except Exception as error:  # noqa: BLE001 - whatever it is, the recording stays and is tried again
            self._retry_later(name, waiting, error)
        else:
            del self._waiting[name]
            self._is_failing = False

    def _retry_later(self, name: str, waiting: _Waiting, error: Exception) -> None:
        pause_s = min(LAST_RETRY_S, FIRST_RETRY_S * 2.0 ** min(waiting.tries, 16))
        waiting.tries += 1
        if isinstance(error, RecordingDamaged):
            pause_s = DAMAGED_RETRY_S
            log.error("recording is damaged", object_name=name, detail=str(error))
        elif isinstance(error, BlockingIOError):
            pause_s = WRITER_RETRY_S
        elif isinstance(error, BusyError):
            log.info("recording not kept yet", object_name=name, retry_s=pause_s)
        else:
            # One storage fails for all: where it does is told once, not with each recording.
            trace = None if self._is_failing else error
            self._is_failing = True
            log.warning(
                "recording not kept yet",
                object_name=name,
                retry_s=pause_s,
                error=str(error),
                exc_info=trace,
            )
        loop = asyncio.get_running_loop()
        waiting.retry = loop.call_later(pause_s, self._untried.put_nowait, name)

    async def _settle(self, name: str, waiting: _Waiting) -> None:
        """Bring one recording to its end, from wherever it is; may be repeated."""
        row = await self._store.recording(name)
        path = self._spool / name
        if row is None:
            await self.in_thread(_unlink, path)
            log.info("recording was removed before it was kept", object_name=name)
        elif row.state is RecordingState.KEPT:
            await self.in_thread(_unlink, path)
        elif row.expires_at <= self._clock.now():
            await self._storage.remove(row.bucket, name)
            await self.in_thread(_unlink, path)
            await self._drop(row, "past its time")
        elif (size := await self.in_thread(_size, path)) is None:
            await self._settle_without_file(row, waiting)
        else:
            await self._settle_file(row, path, size, waiting)

    async def _settle_file(self, row: Recording, path: Path, size: int, waiting: _Waiting) -> None:
        if waiting.duration_s is None:
            # A file that nobody finished may look like one that is.
            waiting.duration_s = await self.in_thread(self._seal.repair, path, row.tenant_id)
            size = await self.in_thread(_size, path) or 0
        if waiting.duration_s < MIN_RECORDING_S:
            await self.in_thread(_unlink, path)
            await self._drop(row, "too short")
            return
        start = await self.in_thread(_head, path, self._seal.head_size)
        # Looked at first, so that a file that nobody could open stays where it can be examined.
        audio = self._seal.view(start, row.object_name, row.tenant_id, size)
        await self._storage.keep(path, row.bucket, row.object_name)
        await self._mark_kept(row, audio, waiting)

    async def _settle_without_file(self, row: Recording, waiting: _Waiting) -> None:
        """What is not in the spool is in the storage already, or was never written."""
        name = row.object_name
        size = await self._storage.size(row.bucket, name)
        if size is None:
            await self._drop(row, "nothing was written")
            return
        start = await self._storage.read(row.bucket, name, 0, self._seal.head_size)
        audio = self._seal.view(start, name, row.tenant_id, size)
        await self._mark_kept(row, audio, waiting)

    async def _mark_kept(self, row: Recording, audio: SealedAudio, waiting: _Waiting) -> None:
        retention = await self._retention(row.app_key)
        await self._store.save_recording(
            replace(
                row,
                state=RecordingState.KEPT,
                duration_s=audio.duration_s,
                size=audio.size,
                expires_at=waiting.ended_at + retention,
            )
        )
        log.info(
            "recording kept",
            object_name=row.object_name,
            session_id=row.session_id,
            duration_s=audio.duration_s,
        )

    async def _drop(self, row: Recording, why: str) -> None:
        await self._store.remove_recording(row.object_name)
        log.info(
            "recording removed", object_name=row.object_name, session_id=row.session_id, why=why
        )


def _unlink(path: Path) -> None:
    path.unlink(missing_ok=True)


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return None


def _head(path: Path, size: int) -> bytes:
    with path.open("rb") as file:
        return file.read(size)
