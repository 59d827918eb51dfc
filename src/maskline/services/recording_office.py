"""Recordings while they come to be: named, written, brought into the storage, or given up."""

import asyncio
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import structlog

from maskline.domain.call import Call
from maskline.domain.error import BusyError, MasklineError
from maskline.domain.recording import (
    MIN_RECORDING_S,
    RETENTION_DAYS,
    CallRecording,
    Recording,
    RecordingState,
)
from maskline.services.clock import Clock
from maskline.services.directory import Directory
from maskline.services.ids import Ids
from maskline.services.recording import (
    NewRecording,
    RecordingSeal,
    RecordingStorage,
    StorageFailed,
    WrittenRecording,
)
from maskline.services.store import Page, RecordingFilter, RecordingStore

SPOOL = "spool"
KEEPERS = 4
"""How many finished recordings are brought into the storage at once."""

MAX_WAITING = 10_000
"""Finished recordings known to wait for the storage; more stay in the spool until it is empty."""

FIRST_RETRY_S = 1.0
LAST_RETRY_S = 300.0
"""The first and longest pause before a recording that could not be kept is tried again."""

FINISH_S = 3.0
"""How long `recorded_s` waits for a file whose engine died."""

CLOSE_S = 2.0
"""How long `aclose` waits for recordings that have not been tried yet."""

SCAN_PAGE = 500

_SERIAL_DIGITS = 20
_UNUSUAL = re.compile(r"[^0-9a-z.-]")
_MAX_BUCKET = 128

Result = TypeVar("Result")

log = structlog.get_logger("recording")


@dataclass(slots=True)
class _Waiting:
    """A recording on its way into the storage; `duration_s` None is still to be found out."""

    duration_s: float | None
    tries: int = 0
    retry: asyncio.TimerHandle | None = None


class RecordingOffice:
    """The recordings of one worker from `begin` to the storage (`RecordingDesk`).

    Nothing is lost on the way: a recording leaves the spool only for the storage, and its row says
    KEPT only after that. Whatever was cut off is finished by `recover` at the next start, to be
    called before the first call. `spool` is a directory of this worker alone.
    """

    def __init__(
        self,
        *,
        store: RecordingStore,
        directory: Directory,
        storage: RecordingStorage,
        seal: RecordingSeal,
        clock: Clock,
        ids: Ids,
        spool: Path,
        domain: str,
    ) -> None:
        self._store = store
        self._directory = directory
        self._storage = storage
        self._seal = seal
        self._clock = clock
        self._ids = ids
        self._spool = spool
        self._domain = domain
        # By object name; each gets its length once its file is finished.
        self._being_written: dict[str, asyncio.Future[float]] = {}
        self._waiting: dict[str, _Waiting] = {}
        # Bounded by `_waiting`: a name is in it at most once.
        self._untried: asyncio.Queue[str] = asyncio.Queue()
        self._overflowed = False
        self._recovered: dict[str, float] = {}
        self._keepers: list[asyncio.Task[None]] = []
        self._threads = ThreadPoolExecutor(KEEPERS, "recording-spool")

    async def begin(self, call: Call) -> NewRecording:
        """See the seam."""
        retention = await self._retention(call.app_key)
        now = self._clock.now()
        recording = CallRecording(
            object_name=self._new_name(),
            bucket=bucket_of(call.tenant_id),
            domain=self._domain,
            started_at=now,
        )
        start = self._seal.begin(recording.object_name, call.tenant_id)
        row = Recording(
            object_name=recording.object_name,
            bucket=recording.bucket,
            domain=recording.domain,
            app_key=call.app_key,
            tenant_id=call.tenant_id,
            session_id=call.session_id,
            started_at=now,
            expires_at=now + retention,
        )
        self._being_written[row.object_name] = asyncio.get_running_loop().create_future()
        try:
            await self._store.save_recording(row)
        except BaseException:
            del self._being_written[row.object_name]
            raise
        return NewRecording(recording, self._spool / row.object_name, start.head, start.key)

    def abandon(self, new: NewRecording) -> None:
        """See the seam."""
        self._finish(new.recording.object_name, 0.0)

    def done(self, written: WrittenRecording) -> None:
        """Take over a file that an engine has finished. Never raises: a `RecordingListener`."""
        self._finish(Path(written.path).name, written.duration_s)

    async def recover(self) -> int:
        """Start keeping, after repairing what an earlier run left behind; returns how many.

        Raises StoreFailed, StorageFailed (the spool cannot be used).
        """
        try:
            self._spool.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise StorageFailed(f"{self._spool} cannot be made") from error
        found = await self._scan()
        self._keepers = [
            asyncio.get_running_loop().create_task(self._keep(), name=f"recording keeper {number}")
            for number in range(KEEPERS)
        ]
        return found

    async def recorded_s(self, call: Call) -> float:
        """See the seam; for calls of an earlier run it is good after `recover`."""
        if call.recording is None:
            return 0.0
        name = call.recording.object_name
        length = self._being_written.get(name)
        if length is not None:
            await asyncio.wait([length], timeout=FINISH_S)
            return length.result() if length.done() else 0.0
        waiting = self._waiting.get(name)
        if waiting is not None and waiting.duration_s is not None:
            return waiting.duration_s
        if name in self._recovered:
            return self._recovered[name]
        row = await self._store.recording(name)
        return row.duration_s if row is not None and row.state is RecordingState.KEPT else 0.0

    @property
    def waiting(self) -> int:
        """How many finished recordings are not in the storage yet, as far as is known."""
        return len(self._waiting)

    async def aclose(self) -> None:
        """Give what was never tried a moment, then stop; the rest is kept at the next start."""
        if self._keepers:
            try:
                async with asyncio.timeout(CLOSE_S):
                    await self._untried.join()
            except TimeoutError:
                log.warning("recordings stay in the spool", count=len(self._waiting))
        for waiting in self._waiting.values():
            if waiting.retry is not None:
                waiting.retry.cancel()
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        self._keepers.clear()
        self._threads.shutdown(wait=False)

    def _new_name(self) -> str:
        moment = self._clock.now().strftime("%y%m%d%H%M%S")
        serial = int(self._ids.uuid().replace("-", ""), 16) % 10**_SERIAL_DIGITS
        return f"{moment}{serial:0{_SERIAL_DIGITS}}.wav"

    def _finish(self, name: str, duration_s: float | None) -> None:
        length = self._being_written.pop(name, None)
        if length is not None and not length.done():
            length.set_result(duration_s or 0.0)
        if name in self._waiting:
            return
        if len(self._waiting) >= MAX_WAITING:
            self._overflowed = True
            return
        self._waiting[name] = _Waiting(duration_s)
        self._untried.put_nowait(name)

    async def _scan(self) -> int:
        """Take up every recording that is neither written nor known to wait."""
        found = 0
        files = frozenset(await self._in_thread(self._listed))
        for row in await self._unfinished_rows():
            name = row.object_name
            if name in self._being_written or name in self._waiting:
                continue
            found += 1
            if name in files:
                await self._repair(row)
            self._finish(name, self._recovered.get(name))
        return found

    async def _repair(self, row: Recording) -> None:
        path = self._spool / row.object_name
        try:
            duration_s = await self._in_thread(self._seal.repair, path, row.tenant_id)
        except (MasklineError, OSError):
            log.exception("recording cannot be repaired", object_name=row.object_name)
            return
        self._recovered[row.object_name] = duration_s
        log.info("recording repaired", object_name=row.object_name, duration_s=duration_s)

    def _listed(self) -> list[str]:
        try:
            return [entry.name for entry in self._spool.iterdir()]
        except OSError as error:
            raise StorageFailed(f"{self._spool} cannot be read") from error

    async def _unfinished_rows(self) -> Sequence[Recording]:
        wanted = RecordingFilter(state=RecordingState.WRITING)
        rows: list[Recording] = []
        while True:
            # Read before any is settled: rows that leave the list would shift its pages.
            page = await self._store.recordings(wanted, Page(offset=len(rows), limit=SCAN_PAGE))
            rows.extend(page.rows)
            if len(rows) >= page.total or not page.rows:
                return rows

    async def _keep(self) -> None:
        while True:
            name = await self._untried.get()
            try:
                await self._try_to_keep(name)
            finally:
                self._untried.task_done()
            if self._overflowed and not self._waiting:
                self._overflowed = False
                await self._scan_again()

    async def _scan_again(self) -> None:
        try:
            await self._scan()
        except MasklineError:
            self._overflowed = True
            log.exception("the spool of recordings cannot be looked through")

    async def _try_to_keep(self, name: str) -> None:
        waiting = self._waiting[name]
        waiting.retry = None
        try:
            await self._settle(name, waiting.duration_s)
        except Exception as error:  # noqa: BLE001 - whatever it is, the recording stays and is tried again
            self._retry_later(name, waiting, error)
        else:
            del self._waiting[name]

    def _retry_later(self, name: str, waiting: _Waiting, error: Exception) -> None:
        pause_s = min(LAST_RETRY_S, FIRST_RETRY_S * 2.0 ** min(waiting.tries, 16))
        waiting.tries += 1
        if isinstance(error, BusyError):
            log.info("recording not kept yet", object_name=name, retry_s=pause_s)
        else:
            log.warning("recording not kept yet", object_name=name, retry_s=pause_s, exc_info=error)
        loop = asyncio.get_running_loop()
        waiting.retry = loop.call_later(pause_s, self._untried.put_nowait, name)

    async def _settle(self, name: str, duration_s: float | None) -> None:
        """Bring one recording to its end, from wherever it is; may be repeated."""
        row = await self._store.recording(name)
        path = self._spool / name
        if row is None:
            await self._in_thread(_unlink, path)
            log.info("recording was removed before it was kept", object_name=name)
            return
        if row.state is RecordingState.KEPT:
            await self._in_thread(_unlink, path)
            return
        if duration_s is not None and duration_s < MIN_RECORDING_S:
            await self._in_thread(_unlink, path)
            await self._drop(row, "too short")
            return
        size = await self._in_thread(_size, path)
        if size is not None:
            start = await self._in_thread(_head, path, self._seal.head_size)
            await self._storage.keep(path, row.bucket, name)
        else:
            size = await self._storage.size(row.bucket, name)
            if size is None:
                await self._drop(row, "nothing was written")
                return
            start = await self._storage.read(row.bucket, name, 0, self._seal.head_size)
        audio = self._seal.view(start, name, row.tenant_id, size)
        await self._mark_kept(row, audio.duration_s, audio.size)

    async def _mark_kept(self, row: Recording, duration_s: float, size: int) -> None:
        retention = await self._retention(row.app_key)
        await self._store.save_recording(
            replace(
                row,
                state=RecordingState.KEPT,
                duration_s=duration_s,
                size=size,
                expires_at=self._clock.now() + retention,
            )
        )
        log.info(
            "recording kept",
            object_name=row.object_name,
            session_id=row.session_id,
            duration_s=duration_s,
        )

    async def _retention(self, app_key: str) -> timedelta:
        found = await self._directory.application(app_key)
        days = RETENTION_DAYS if found is None else found[1].recording_retention_days
        return timedelta(days=days)

    async def _drop(self, row: Recording, why: str) -> None:
        await self._store.remove_recording(row.object_name)
        log.info(
            "recording removed", object_name=row.object_name, session_id=row.session_id, why=why
        )

    async def _in_thread(self, work: Callable[..., Result], *arguments: object) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)


def bucket_of(tenant_id: str) -> str:
    """`recordBucketName` of a tenant: `sp-` and its id in the letters that a bucket may have."""
    return ("sp-" + _UNUSUAL.sub("-", tenant_id.lower()))[:_MAX_BUCKET]


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
