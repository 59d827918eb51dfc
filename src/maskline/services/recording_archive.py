"""Recordings once they are kept: found, linked to, read, removed."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import structlog

from maskline.domain.call import CallRecord
from maskline.domain.error import UnknownRecord
from maskline.domain.recording import Recording, RecordingState
from maskline.services.clock import Clock
from maskline.services.recording import (
    RecordingSeal,
    RecordingStorage,
    RecordingUnfinished,
    SealedAudio,
    StorageFailed,
)
from maskline.services.recording_link import RecordingLinks
from maskline.services.store import Listing, Page, RecordingFilter, RecordingStore

SWEEP_BATCH = 100
"""How many expired recordings are removed between two looks at the store."""

MAX_SWEEP_FAILURES = 20
"""After so many that cannot be removed a sweep ends; the next one goes on behind them."""

OPENING_THREADS = 2
"""How many pieces of recordings are opened at once; more only hinder each other."""

log = structlog.get_logger("recording")


class OpenRecording:
    """A kept recording as the WAV file that is served: read piece by piece."""

    __slots__ = ("_audio", "_storage", "_threads", "recording")

    def __init__(
        self,
        recording: Recording,
        audio: SealedAudio,
        storage: RecordingStorage,
        threads: ThreadPoolExecutor,
    ) -> None:
        self.recording = recording
        self._audio = audio
        self._storage = storage
        self._threads = threads

    @property
    def size(self) -> int:
        """Bytes of the WAV file."""
        return self._audio.size

    async def read(self, start: int, size: int) -> bytes:
        """Bytes of the WAV file, within its size. Raises StorageFailed, RecordingDamaged."""
        recording, audio = self.recording, self._audio
        sealed_start, sealed_size = audio.sealed_range(start, size)
        sealed = await self._storage.read(
            recording.bucket, recording.object_name, sealed_start, sealed_size
        )
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, audio.open, start, size, sealed)


class RecordingArchive:
    """What customers and operators do with kept recordings."""

    def __init__(
        self,
        *,
        store: RecordingStore,
        storage: RecordingStorage,
        seal: RecordingSeal,
        links: RecordingLinks,
        clock: Clock,
    ) -> None:
        self._store = store
        self._storage = storage
        self._seal = seal
        self._links = links
        self._clock = clock
        # Expired recordings that could not be removed stand at the head of the list.
        self._passed_over = 0
        self._threads = ThreadPoolExecutor(OPENING_THREADS, "recording-open")

    def close(self) -> None:
        """Let go of the threads. May be repeated."""
        self._threads.shutdown(wait=False)

    async def find(self, app_key: str, object_name: str, domain: str) -> Recording:
        """A recording of an application, also while it is on its way into the storage.

        Raises UnknownRecord, StoreFailed.
        """
        recording = await self._of(app_key, object_name)
        if recording.domain != domain:
            raise UnknownRecord("there is no such recording")
        return recording

    def link(self, recording: Recording, base_url: str | None = None) -> str:
        """A new download link; `base_url` replaces the one that was set."""
        return self._links.url(
            recording.app_key, recording.object_name, self._clock.now(), base_url
        )

    def link_expiry(self, recording: Recording) -> datetime:
        """Until when a link made now leads to the recording."""
        return min(recording.expires_at, self._clock.now() + self._links.lifetime)

    async def open(self, app_key: str, object_name: str) -> OpenRecording:
        """A recording of an application to read.

        Raises UnknownRecord, RecordingUnfinished, StorageFailed, RecordingDamaged, StoreFailed.
        """
        recording = await self._of(app_key, object_name)
        _check_kept(recording)
        size = await self._storage.size(recording.bucket, object_name)
        if size is None:
            log.error("the storage has lost a recording", object_name=object_name)
            raise UnknownRecord("there is no such recording")
        start = await self._storage.read(recording.bucket, object_name, 0, self._seal.head_size)
        audio = self._seal.view(start, object_name, recording.tenant_id, size)
        return OpenRecording(recording, audio, self._storage, self._threads)

    async def recording(self, object_name: str) -> Recording:
        """Any recording, for operators. Raises UnknownRecord, StoreFailed."""
        recording = await self._store.recording(object_name)
        if recording is None:
            raise UnknownRecord(f"there is no recording {object_name}")
        return recording

    async def recordings(self, wanted: RecordingFilter, page: Page) -> Listing[Recording]:
        """Recordings, newest first, for operators. Raises StoreFailed."""
        return await self._store.recordings(wanted, page)

    async def kept(self, object_name: str) -> Recording:
        """A recording that can be downloaded, for operators.

        Raises UnknownRecord, RecordingUnfinished, StoreFailed.
        """
        recording = await self.recording(object_name)
        _check_kept(recording)
        if self._is_past(recording):
            raise UnknownRecord(f"recording {object_name} is past its time")
        return recording

    async def remove(self, object_name: str) -> None:
        """Delete a recording for good, its audio first.

        Raises UnknownRecord, RecordingUnfinished, StorageFailed, StoreFailed.
        """
        recording = await self.recording(object_name)
        _check_kept(recording)
        await self._remove(recording, "asked for")

    async def sweep(self) -> int:
        """Delete kept recordings past their time; returns how many. Raises StoreFailed.

        What the storage does not delete now stays, and is tried again once all others were. One
        that is not kept yet is the office's to remove.
        """
        removed = failures = 0
        while True:
            expired = await self._store.expired_recordings(
                self._clock.now(), SWEEP_BATCH, self._passed_over
            )
            for recording in expired:
                try:
                    await self._remove(recording, "past its time")
                except StorageFailed as error:
                    self._passed_over += 1
                    failures += 1
                    if failures == 1:
                        log.warning("expired recordings not removed", exc_info=error)
                    if failures == MAX_SWEEP_FAILURES:
                        return removed
                else:
                    removed += 1
            if len(expired) < SWEEP_BATCH:
                self._passed_over = 0
                return removed

    async def _remove(self, recording: Recording, why: str) -> None:
        name = recording.object_name
        await self._storage.remove(recording.bucket, name)
        await self._store.remove_recording(name)
        log.info("recording removed", object_name=name, session_id=recording.session_id, why=why)

    async def _of(self, app_key: str, object_name: str) -> Recording:
        recording = await self._store.recording(object_name)
        if recording is None or recording.app_key != app_key or self._is_past(recording):
            raise UnknownRecord("there is no such recording")
        return recording

    def _is_past(self, recording: Recording) -> bool:
        return recording.expires_at <= self._clock.now()


def recording_url(links: RecordingLinks, record: CallRecord, now: datetime) -> str | None:
    """`recordFileDownloadUrl` of a call record; None when nothing of the call is kept."""
    recording = record.recording
    if recording is None:
        return None
    return links.url(record.call.app_key, recording.object_name, now)


def _check_kept(recording: Recording) -> None:
    if recording.state is not RecordingState.KEPT:
        raise RecordingUnfinished(
            f"recording {recording.object_name} is still being written or stored"
        )
