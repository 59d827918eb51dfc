"""The journal of one worker: a sealed file that facts of calls are appended to.

The file begins with a magic and its generation, 8 random bytes. An entry is: generation (8),
length (4, big-endian), sealed blob. Clearing gives the file a new generation, so that what still
stands behind its end belongs to no entry and the room stays ours.
"""

import fcntl
import os
import struct
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import structlog

from maskline.domain.error import StoreFailed
from maskline.services.call_write import CallWrite, KeptWrite
from maskline.stores.blob_write import KeptEntry, entry_of, pack_entry, unpack_entry, write_of
from maskline.stores.keys import Keys
from maskline.stores.sealing import Cipher

MAGIC = b"mslnjnl1"
GENERATION_SIZE = 8
MAX_ENTRY_BYTES = 16 * 1024 * 1024
_START = len(MAGIC) + GENERATION_SIZE
_HEAD = struct.Struct(">8sI")
_CONTEXT = b"call journal:"

log = structlog.get_logger("calls")


class JournalFile:
    """`maskline.services.call_write.Journal` in a file, which is made when missing.

    `reserve_bytes` are taken from the disk when the file is opened and stay ours, so that facts can
    be kept while others have filled it. Where they cannot be had, the journal works without.
    """

    def __init__(self, path: Path, keys: Keys, reserve_bytes: int) -> None:
        self._path = path
        self._reserve_bytes = reserve_bytes
        self._cipher = Cipher(keys.derive("call journal"))
        self._handle = -1
        self._generation = b""
        self._end = _START
        self._places: dict[int, tuple[int, int]] = {}

    @property
    def size_bytes(self) -> int:
        """How far the file is written."""
        return self._end

    def open(self) -> list[KeptWrite]:
        """See the seam. Raises StoreFailed: another process has the file, or it cannot be used."""
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                os.close(handle)
                raise
        except OSError as error:
            raise StoreFailed(f"{self._path} cannot be used: {error.strerror}") from error
        self._handle = handle
        with self._failing():
            return self._begin()

    def append(self, writes: Sequence[tuple[int, CallWrite]]) -> None:
        """See the seam."""
        self._append([entry_of(number, write) for number, write in writes])

    def settle(self, reached: Sequence[KeptWrite]) -> None:
        """See the seam."""
        self._append([KeptEntry(kept.number, kept.session_id) for kept in reached])

    def read(self, numbers: Sequence[int]) -> list[CallWrite]:
        """See the seam."""
        with self._failing():
            return [write_of(self._entry_at(*self._places[number])) for number in numbers]

    def clear(self) -> None:
        """See the seam."""
        with self._failing():
            self._renew()

    def close(self) -> None:
        """See the seam."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1

    def _begin(self) -> list[KeptWrite]:
        with suppress(OSError):
            os.posix_fallocate(self._handle, 0, max(self._reserve_bytes, _START))
        head = os.pread(self._handle, _START, 0)
        if head[: len(MAGIC)] != MAGIC:
            self._renew()
            _sync_folder(self._path.parent)
            return []
        self._generation = head[len(MAGIC) :]
        left: dict[str, list[KeptWrite]] = {}
        for place, length in self._entries():
            entry = self._opened(place, length)
            self._end = place + _HEAD.size + length
            if entry is None:
                continue
            if entry.fact:
                self._places[entry.number] = (place, length)
                left.setdefault(entry.session_id, []).append(
                    KeptWrite(entry.number, entry.session_id)
                )
            else:
                waiting = left.pop(entry.session_id, [])
                left[entry.session_id] = [kept for kept in waiting if kept.number > entry.number]
        return sorted((kept for of_one in left.values() for kept in of_one), key=_number)

    def _entries(self) -> Iterator[tuple[int, int]]:
        """Place and length of each entry of this generation.

        A last one that cannot be opened was cut off before anybody was promised anything by it.
        """
        place = _START
        length = self._length_at(place)
        while length:
            following = place + _HEAD.size + length
            length_of_following = self._length_at(following)
            if length_of_following or self._opened(place, length) is not None:
                yield place, length
            place, length = following, length_of_following

    def _length_at(self, place: int) -> int:
        """How long the blob of the entry at a place is, 0 when there is none."""
        head = os.pread(self._handle, _HEAD.size, place)
        if len(head) < _HEAD.size:
            return 0
        generation, length = _HEAD.unpack(head)
        is_ours = generation == self._generation and length <= MAX_ENTRY_BYTES
        return length if is_ours else 0

    def _opened(self, place: int, length: int) -> KeptEntry | None:
        try:
            return self._entry_at(place, length)
        except StoreFailed as error:
            log.warning("an entry of the call journal is damaged", place=place, error=str(error))
            return None

    def _entry_at(self, place: int, length: int) -> KeptEntry:
        blob = os.pread(self._handle, length, place + _HEAD.size)
        return unpack_entry(self._cipher.open(blob, _CONTEXT + self._generation))

    def _append(self, entries: Sequence[KeptEntry]) -> None:
        places: dict[int, tuple[int, int]] = {}
        data = bytearray()
        for entry in entries:
            blob = self._cipher.seal(pack_entry(entry), _CONTEXT + self._generation)
            if entry.fact:
                places[entry.number] = (self._end + len(data), len(blob))
            data += _HEAD.pack(self._generation, len(blob)) + blob
        with self._failing():
            _write(self._handle, bytes(data), self._end)
            os.fdatasync(self._handle)
        self._end += len(data)
        self._places |= places

    def _renew(self) -> None:
        generation = os.urandom(GENERATION_SIZE)
        _write(self._handle, MAGIC + generation, 0)
        os.fdatasync(self._handle)
        self._generation, self._end = generation, _START
        self._places.clear()
        if os.fstat(self._handle).st_size > max(self._reserve_bytes, _START):
            os.ftruncate(self._handle, max(self._reserve_bytes, _START))

    @contextmanager
    def _failing(self) -> Generator[None, None, None]:
        try:
            yield
        except OSError as error:
            raise StoreFailed(f"{self._path} fails: {error.strerror}") from error


def _number(kept: KeptWrite) -> int:
    return kept.number


def _write(handle: int, data: bytes, place: int) -> None:
    """All of it. Raises OSError; what was written before that stands behind the end."""
    written = 0
    while written < len(data):
        written += os.pwrite(handle, data[written:], place + written)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
