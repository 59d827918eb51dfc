"""Recordings while they come to be: named, noted, written, and found again after a crash."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import blake2b
from pathlib import Path

import structlog

from maskline.domain.call import Call
from maskline.domain.error import MasklineError
from maskline.domain.recording import RETENTION_DAYS, CallRecording, Recording, RecordingState
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
from maskline.services.recording_keeper import RecordingKeeper
from maskline.services.store import Page, RecordingFilter, RecordingStore

FINISH_S = 3.0
"""How long `recorded_s` waits for a file whose engine died."""

EXPECTED_S = 10.0
"""How long it, and so the start, waits for one that an engine still makes of an earlier run."""

LOOK_PAUSE_S = 0.05

MAX_WRITING_S = 2 * 86_400.0
"""An engine that has told nothing of a file for so long has forgotten it: no call is as long."""

SCAN_PAGE = 500
MAX_STRAYS_TOLD = 100

_SERIAL_DIGITS = 20
_UNUSUAL = re.compile(r"[^0-9a-z.-]")
_MAX_CLEAN = 100

log = structlog.get_logger("recording")


@dataclass(frozen=True, slots=True)
class _BeingWritten:
    """A file in the hands of an engine since `begun_at` (monotonic), and its length to come.

    `recorded_s` waits `patience_s` for it.
    """

    begun_at: float
    patience_s: float
    length: asyncio.Future[float]


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
        self._seal = seal
        self._clock = clock
        self._ids = ids
        self._spool = spool
        self._domain = domain
        # By object name, oldest first; each gets its length once its file is finished.
        self._being_written: dict[str, _BeingWritten] = {}
        self._keeper = RecordingKeeper(
            store=store,
            storage=storage,
            seal=seal,
            clock=clock,
            spool=spool,
            retention=self._retention,
            look_again=self._scan,
        )

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
        self._give_up_forgotten()
        self._await_length(row.object_name, FINISH_S)
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

    def expect(self, path: str) -> None:
        """An engine will tell of this file of an earlier run; to be called before `recover`."""
        self._await_length(Path(path).name, EXPECTED_S)

    async def recover(self) -> int:
        """Start keeping, first what an earlier run left behind, repaired; returns how many.

        Raises StoreFailed, StorageFailed (the spool cannot be used).
        """
        try:
            self._spool.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise StorageFailed(f"{self._spool} cannot be made") from error
        found = await self._scan()
        await self._tell_strays()
        self._keeper.start()
        return found

    async def recorded_s(self, call: Call) -> float:
        """See the seam; for calls of an earlier run it is good after `recover`."""
        if call.recording is None:
            return 0.0
        name = call.recording.object_name
        written = self._being_written.get(name)
        if written is not None:
            await asyncio.wait([written.length], timeout=written.patience_s)
            return written.length.result() if written.length.done() else 0.0
        try:
            async with asyncio.timeout(FINISH_S):
                known_s = await self._kept_s(name)
        except TimeoutError:
            return 0.0
        if known_s is not None:
            return known_s
        row = await self._store.recording(name)
        if row is None:
            return 0.0
        if row.state is RecordingState.KEPT:
            return row.duration_s
        return await self._repaired_s(row) or 0.0

    @property
    def waiting(self) -> int:
        """How many finished recordings are not in the storage yet, as far as is known."""
        return len(self._keeper)

    async def aclose(self) -> None:
        """Stop; what is not in the storage yet is taken up at the next start."""
        await self._keeper.aclose()

    def _new_name(self) -> str:
        moment = self._clock.now().strftime("%y%m%d%H%M%S")
        serial = int(self._ids.uuid().replace("-", ""), 16) % 10**_SERIAL_DIGITS
        return f"{moment}{serial:0{_SERIAL_DIGITS}}.wav"

    async def _kept_s(self, name: str) -> float | None:
        """The length of a recording that waits, once it is known; None when it does not wait."""
        while name in self._keeper:
            known_s = self._keeper.duration_s(name)
            if known_s is not None:
                return known_s
            await asyncio.sleep(LOOK_PAUSE_S)
        return None

    async def _retention(self, app_key: str) -> timedelta:
        found = await self._directory.application(app_key)
        days = RETENTION_DAYS if found is None else found[1].recording_retention_days
        return timedelta(days=days)

    def _await_length(self, name: str, patience_s: float) -> None:
        length: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._being_written[name] = _BeingWritten(self._clock.monotonic(), patience_s, length)

    def _give_up_forgotten(self) -> None:
        """Take up a file whose engine has lost it, so that it does not stay for ever."""
        if not self._being_written:
            return
        name, oldest = next(iter(self._being_written.items()))
        if self._clock.monotonic() - oldest.begun_at >= MAX_WRITING_S:
            self._finish(name, None)

    def _finish(self, name: str, duration_s: float | None) -> None:
        written = self._being_written.pop(name, None)
        if written is not None and not written.length.done():
            written.length.set_result(duration_s or 0.0)
        self._keeper.put(name, duration_s)

    async def _scan(self) -> int:
        """Take up every recording that is neither written nor known to wait."""
        found = 0
        files = frozenset(await self._keeper.in_thread(self._listed))
        for row in await self._unfinished_rows():
            name = row.object_name
            if name in self._being_written or name in self._keeper:
                continue
            length_s = await self._repaired_s(row) if name in files else None
            if not self._keeper.put(name, length_s):
                break
            found += 1
        return found

    async def _tell_strays(self) -> None:
        """Files without a row are not ours to delete: the database may be of an older backup."""
        for name in (await self._keeper.in_thread(self._listed))[:MAX_STRAYS_TOLD]:
            if await self._store.recording(name) is None:
                log.warning("a file in the spool belongs to no recording", name=name)

    async def _repaired_s(self, row: Recording) -> float | None:
        """The length of a file in the spool, finished if need be; None when it cannot be now.

        The keeper tries again, and tells why it fails.
        """
        path = self._spool / row.object_name
        try:
            return await self._keeper.in_thread(self._seal.repair, path, row.tenant_id)
        except (MasklineError, OSError):
            return None

    def _listed(self) -> list[str]:
        try:
            return [entry.name for entry in self._spool.iterdir()]
        except OSError as error:
            raise StorageFailed(f"{self._spool} cannot be read") from error

    async def _unfinished_rows(self) -> Sequence[Recording]:
        wanted = RecordingFilter(state=RecordingState.WRITING)
        rows, page = list[Recording](), Page(limit=SCAN_PAGE)
        while True:
            listed = await self._store.recordings(wanted, page)
            rows += listed.rows
            if listed.next is None:
                return rows
            page = Page(limit=SCAN_PAGE, after=listed.next)


def bucket_of(tenant_id: str) -> str:
    """`recordBucketName` of a tenant: `sp-` and its id in the letters that a bucket may have.

    An id that is changed by that gets a mark of its own, so that no two tenants share a bucket.
    """
    cleaned = _UNUSUAL.sub("-", tenant_id.lower())
    if cleaned == tenant_id and len(cleaned) <= _MAX_CLEAN:
        return f"sp-{cleaned}"
    mark = blake2b(tenant_id.encode(), digest_size=4).hexdigest()
    return f"sp-{cleaned[:_MAX_CLEAN]}-{mark}"
