"""The recording directory: begins recordings, hands finished captures to the converter."""

import asyncio
import fcntl
import os
import time
from collections.abc import Container
from contextlib import suppress
from pathlib import Path

import structlog

from maskline.planes.media.engine import (
    MEDIA_GONE,
    CannotRecord,
    EngineGone,
    MediaError,
    RecordingListener,
    RecordRule,
    Side,
    Unable,
)
from maskline.planes.media.rtpengine.call import RtpengineCall
from maskline.planes.media.rtpengine.conversion import Job
from maskline.planes.media.rtpengine.converter_link import ConverterLink
from maskline.planes.media.rtpengine.recording import (
    CallRecording,
    Notes,
    create_file,
    find_capture,
    find_captures,
    laws_of,
    metadata_of,
    remove_files,
    remove_strays,
)

_log = structlog.stdlib.get_logger()


class Archive:
    """One recording directory, used by one process at a time."""

    def __init__(
        self, folder: Path | None, note_key: bytes, on_recorded: RecordingListener
    ) -> None:
        self._folder = folder
        self._notes = Notes(folder or Path(), note_key)
        self._link = ConverterLink(on_recorded)
        self._lock: int | None = None
        self._number = 0
        self._captures: dict[str, frozenset[str]] = {}
        self._going_on: dict[str, Job] = {}

    def take(self) -> None:
        """Take the directory, before anything in it is touched. Raises `EngineGone`."""
        if self._folder is None:
            return
        try:
            self._take(self._folder)
        except OSError as error:
            raise EngineGone(f"the recording directory cannot be used: {error}") from error

    async def recover(self, prefix: str, living: Container[str] = ()) -> None:
        """Have made what was left, but for calls that live; of no other may a daemon capture.

        `prefix` begins our keys, `living` has those of calls that may go on.
        """
        if self._folder is None:
            return
        jobs = await asyncio.to_thread(self._notes.take)
        removed = await asyncio.to_thread(remove_strays, self._folder, prefix, jobs)
        if jobs or removed:
            _log.warning("recordings left behind", found=len(jobs), removed=removed)
        for job in jobs:
            if job.call_key in living and job.call_key not in self._going_on:
                self._going_on[job.call_key] = job
            else:
                self._link.convert(job)

    def resume(self, key: str) -> CallRecording | None:
        """The recording of a call that goes on; None when it has none."""
        job = self._going_on.pop(key, None)
        if job is None:
            return None
        self._captures[key] = frozenset({job.pcap})
        elapsed_s = time.time() - job.began_at
        return CallRecording.of_earlier_run(job, asyncio.get_running_loop().time() - elapsed_s)

    def give_up(self, key: str) -> None:
        """A call does not go on after all: have made what was recorded of it."""
        job = self._going_on.pop(key, None)
        if job is not None:
            self._link.convert(job)

    def unfinished(self) -> list[str]:
        """The files that captures are still to become."""
        return [*self._link.unfinished(), *(job.path for job in self._going_on.values())]

    async def aclose(self) -> None:
        """Make what waits and let the directory go. May be repeated."""
        await self._link.aclose()
        lock, self._lock = self._lock, None
        if lock is not None:
            os.close(lock)

    async def record(self, call: RtpengineCall, rule: RecordRule) -> CallRecording:
        """Begin to record a call. Raises `Unable`, `CannotRecord`, and as commands do."""
        folder = self._folder
        if folder is None:
            raise Unable("no recording directory is set")
        await asyncio.to_thread(create_file, rule)
        self._number += 1
        note = self._notes.path(f"{call.key}-{self._number}")
        known = self._captures.get(call.key, frozenset())
        try:
            await call.command("start recording")
            began_at, now = time.time(), asyncio.get_running_loop().time()
            pcap = await asyncio.to_thread(find_capture, folder, call.key, known)
            job = Job(
                call_key=call.key,
                pcap=pcap,
                note=note,
                path=rule.file.path,
                head=rule.file.head,
                key=rule.file.key,
                channels=rule.channels,
                ports=(call.local_ports[Side.CALLER], call.local_ports[Side.CALLEE]),
                laws=laws_of(call.barrier.peers),
                began_at=began_at,
                limit_s=rule.limit_s,
            )
            await asyncio.to_thread(self._notes.write, job)
        except BaseException as error:
            await asyncio.shield(self._undo(call, folder, known, (rule.file.path, note)))
            if isinstance(error, MediaError) and not isinstance(error, (CannotRecord, *MEDIA_GONE)):
                raise CannotRecord("rtpengine did not begin to record") from error
            raise
        self._captures[call.key] = known | {pcap}
        return CallRecording(job, now)

    async def _undo(
        self, call: RtpengineCall, folder: Path, known: frozenset[str], made: tuple[str, str]
    ) -> None:
        """Leave nothing of a recording that did not come to be, least of all what is in clear."""
        with suppress(MediaError):
            await call.command("stop recording")
        left = await asyncio.to_thread(find_captures, folder, call.key, known)
        await asyncio.to_thread(remove_files, {*made, *left, *map(metadata_of, left)})

    def finish(self, recording: CallRecording, now: float) -> float:
        """Have the file of a recording made that ended now; its length in seconds."""
        job = recording.finish(now)
        self._link.convert(job)
        return (job.samples or 0) / 8000

    def forget(self, key: str) -> None:
        """A call is over: its captures are no longer told apart."""
        self._captures.pop(key, None)

    def _take(self, folder: Path) -> None:
        captures = folder / "pcaps"
        if captures.exists() and not os.access(captures, os.R_OK | os.W_OK | os.X_OK):
            raise PermissionError(f"{captures} must be readable and writable")
        self._lock = os.open(self._notes.make_room() / "lock", os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._lock)
            self._lock = None
            raise
