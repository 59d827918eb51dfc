"""The sealed file on the disk while it is being written."""

import fcntl
import os
from pathlib import Path

from maskline.planes.media.engine import CannotRecord, RecordFile
from maskline.protocols.recording import (
    Head,
    RecordingFormatError,
    SegmentSealer,
    make_footer,
    read_head,
    renew_head,
)


class SealedFile:
    """One file, made by `create`, complete after `finish`. Every method blocks on the disk.

    It does not become durable segment by segment: a process that dies loses nothing of what was
    written, and that is by far the usual way to lose something.
    """

    __slots__ = ("_descriptor", "_head", "_key", "_path", "_segments", "_size")

    def __init__(self, file: RecordFile, head: Head) -> None:
        self._path = Path(file.path)
        self._head = head
        self._key = file.key
        self._descriptor = -1
        self._segments = 0
        self._size = 0

    def create(self) -> None:
        """Make the file. Raises `OSError`; nothing is left then, but a file that was there."""
        # Never an older file: its key would seal different things under one nonce.
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        self._descriptor = os.open(self._path, flags, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._append(self._head.raw)
        except OSError:
            self._remove()
            raise

    def append(self, segment: bytes) -> None:
        """Append a sealed segment. Raises `OSError`; only `finish` is of use then."""
        self._append(segment)
        self._segments += 1

    def finish(self, end: bytes | None, frames: int) -> float:
        """Append the sealed end, make all of it durable, close; the length in seconds.

        None ends it after the segments that were appended. Without audio the file is removed. One
        that could not be created has length 0.
        Raises `OSError`; the file is to be repaired then.
        """
        head = self._head
        if self._descriptor < 0:
            return 0.0
        try:
            if end is not None and frames:
                try:
                    self._append(end)
                except OSError:
                    end = None
            if end is None:
                frames = self._segments * head.segment_frames
            if not frames:
                self._path.unlink(missing_ok=True)
                return 0.0
            if end is None:
                self._cut()
                self._append(make_footer(head, self._key, frames))
            os.fsync(self._descriptor)
        finally:
            self._close()
        return frames / head.rate

    def _append(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            written = os.pwrite(self._descriptor, view, self._size)
            self._size += written
            view = view[written:]

    def _cut(self) -> None:
        """Remove what follows the last whole segment."""
        whole = self._head.sealed_segment_bytes
        self._size = len(self._head.raw) + self._segments * whole
        os.ftruncate(self._descriptor, self._size)

    def _remove(self) -> None:
        self._path.unlink(missing_ok=True)
        self._close()

    def _close(self) -> None:
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)


def write_recording(file: RecordFile, audio: bytes, nonce: bytes) -> float:
    """Write a whole recording at once: A-law, of two channels interleaved; its length in seconds.

    For audio that was gathered elsewhere. A file that is there already, as after a first try that
    was cut off, is replaced; `nonce` are `NONCE_BYTES` random bytes for this try. Without audio no
    file is left. Blocks on the disk. Raises `CannotRecord`; no file is left then, either.
    """
    path = Path(file.path)
    try:
        head = read_head(renew_head(read_head(file.head), nonce))
        sealer = SegmentSealer(head, file.key)
        path.unlink(missing_ok=True)
        made = SealedFile(file, head)
        made.create()
        size = head.segment_bytes
        whole = len(audio) // size * size
        for at in range(0, whole, size):
            made.append(sealer.seal(audio[at : at + size]))
        end = sealer.finish(audio[whole:])
        return made.finish(end, sealer.frames)
    except (RecordingFormatError, ValueError, OSError) as error:
        path.unlink(missing_ok=True)
        raise CannotRecord(str(error)) from error
