"""The recording directory: begins recordings, hands finished captures to the converter."""

import asyncio
import fcntl
import os
import time
from pathlib import Path

import structlog

from maskline.planes.media.engine import (
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
    NOTE_SUFFIX,
    NOTES,
    CallRecording,
    create_file,
    find_capture,
    laws_of,
    remove_strays,
    take_notes,
    write_note,
)

_log = structlog.stdlib.get_logger()


class Archive:
    """One recording directory, used by one process at a time."""

    def __init__(self, folder: Path | None, on_recorded: RecordingListener) -> None:
        self._folder = folder
        self._link = ConverterLink(on_recorded)
        self._lock: int | None = None
        self._number = 0
        self._captures: dict[str, frozenset[str]] = {}

    async def start(self, prefix: str) -> list[str]:
        """Take the directory and make what was left in it; the keys of calls that were cut off.

        `prefix` begins the keys of our calls. Raises `EngineGone`.
        """
        if self._folder is None:
            return []
        try:
            self._take(self._folder)
            jobs = await asyncio.to_thread(take_notes, self._folder)
            removed = await asyncio.to_thread(remove_strays, self._folder, prefix, jobs)
        except OSError as error:
            raise EngineGone("the recording directory cannot be used") from error
        if jobs or removed:
            _log.warning("recordings left behind", converted=len(jobs), removed=removed)
        for job in jobs:
            self._link.convert(job)
        return [job.call_key for job in jobs]

    def unfinished(self) -> list[str]:
        """The files that captures are still to become."""
        return self._link.unfinished()

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
        try:
            await call.command("start recording")
            began_at, now = time.time(), asyncio.get_running_loop().time()
            known = self._captures.get(call.key, frozenset())
            pcap = await asyncio.to_thread(find_capture, folder, call.key, known)
            self._captures[call.key] = known | {pcap}
            self._number += 1
            job = Job(
                call_key=call.key,
                pcap=pcap,
                note=str(folder / NOTES / f"{call.key}-{self._number}{NOTE_SUFFIX}"),
                path=rule.file.path,
                head=rule.file.head,
                key=rule.file.key,
                channels=rule.channels,
                ports=(call.local_ports[Side.CALLER], call.local_ports[Side.CALLEE]),
                laws=laws_of(call.barrier.peers),
                began_at=began_at,
                limit_s=rule.limit_s,
            )
            await asyncio.to_thread(write_note, job)
        except MediaError as error:
            Path(rule.file.path).unlink(missing_ok=True)  # noqa: ASYNC240 - a local file's name
            if isinstance(error, CannotRecord):
                raise
            raise CannotRecord("rtpengine did not begin to record") from error
        return CallRecording(job, now)

    def finish(self, recording: CallRecording, now: float) -> float:
        """Have the file of a recording made that ended now; its length in seconds."""
        job = recording.finish(now)
        self._link.convert(job)
        return (job.samples or 0) / 8000

    def forget(self, key: str) -> None:
        """A call is over: its captures are no longer told apart."""
        self._captures.pop(key, None)

    def _take(self, folder: Path) -> None:
        notes = folder / NOTES
        notes.mkdir(mode=0o700, exist_ok=True)
        self._lock = os.open(notes / "lock", os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._lock)
            self._lock = None
            raise
