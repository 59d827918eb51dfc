"""The recorder's threads that wait for the disk."""

import os
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Thread

from maskline.planes.media.recorder_file import SealedFile

MAX_QUEUED_BYTES = 64_000_000
"""Sealed audio that may wait for the disk: 20 s of 400 calls in mono."""

FINISHERS = 4
"""Files made durable at once: each waits for the disk, and no other file should wait for it."""


@dataclass(frozen=True, slots=True)
class Create:
    """Make the file."""

    number: int
    file: SealedFile


@dataclass(frozen=True, slots=True)
class Append:
    """Append a sealed segment."""

    number: int
    file: SealedFile
    segment: bytes


@dataclass(frozen=True, slots=True)
class Finish:
    """Append the end; or, when a segment could not be written, end before that."""

    number: int
    file: SealedFile
    end: bytes
    frames: int


@dataclass(frozen=True, slots=True)
class Created:
    """The file is there, or is not, for this reason."""

    number: int
    error: str | None


@dataclass(frozen=True, slots=True)
class AppendFailed:
    """A segment could not be written; nothing more is."""

    number: int
    error: str


@dataclass(frozen=True, slots=True)
class Finished:
    """The file is complete, or is to be repaired, for this reason."""

    number: int
    duration_s: float
    error: str | None


Job = Create | Append | Finish
Result = Created | AppendFailed | Finished


class Disk:
    """Carries out jobs one after the other, and tells what became of them.

    `fileno` becomes readable when there are results. A slow disk delays nothing but the jobs:
    once `MAX_QUEUED_BYTES` wait, `has_room` says no.
    """

    def __init__(self) -> None:
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._results: deque[Result] = deque()
        self._wake = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
        # Each is written by one thread only.
        self._put_bytes = 0
        self._done_bytes = 0
        self._failed: set[int] = set()
        self._finishers = ThreadPoolExecutor(FINISHERS, "recording-finisher")
        self._writer = Thread(target=self._write, name="recording-writer", daemon=True)
        self._writer.start()

    @property
    def has_room(self) -> bool:
        """Whether another segment may be put."""
        return self._put_bytes - self._done_bytes < MAX_QUEUED_BYTES

    def fileno(self) -> int:
        """The descriptor to wait on for results."""
        return self._wake

    def put(self, job: Job) -> None:
        """Add a job, in the order of its file's."""
        if isinstance(job, Append):
            self._put_bytes += len(job.segment)
        self._jobs.put(job)

    def results(self) -> list[Result]:
        """What has become of jobs since the last time."""
        with suppress(BlockingIOError):
            os.eventfd_read(self._wake)
        found: list[Result] = []
        while self._results:
            found.append(self._results.popleft())
        return found

    def close(self) -> None:
        """Carry out what was put, then end; `results` are still to be read."""
        self._jobs.put(None)
        self._writer.join()
        self._finishers.shutdown(wait=True)

    def _write(self) -> None:
        while (job := self._jobs.get()) is not None:
            match job:
                case Append():
                    self._append(job)
                case Create():
                    self._create(job)
                case Finish():
                    has_failed = job.number in self._failed
                    self._failed.discard(job.number)
                    self._finishers.submit(self._finish, job, has_failed=has_failed)

    def _create(self, job: Create) -> None:
        error = None
        try:
            job.file.create()
        except OSError as failure:
            error = str(failure)
        self._tell(Created(job.number, error))

    def _append(self, job: Append) -> None:
        self._done_bytes += len(job.segment)
        if job.number in self._failed:
            return
        try:
            job.file.append(job.segment)
        except OSError as failure:
            self._failed.add(job.number)
            self._tell(AppendFailed(job.number, str(failure)))

    def _finish(self, job: Finish, *, has_failed: bool) -> None:
        error, duration_s = None, 0.0
        try:
            duration_s = job.file.finish(None if has_failed else job.end, job.frames)
        except OSError as failure:
            error = str(failure)
        self._tell(Finished(job.number, duration_s, error))

    def _tell(self, result: Result) -> None:
        self._results.append(result)
        os.eventfd_write(self._wake, 1)
