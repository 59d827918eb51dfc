"""Files of jobs: sealed as they are written, kept in the storage of recordings, read in pieces.

A sealed file is a salt of 16 bytes and frames of 64 KiB, each with its tag of 16 bytes (AES-256-
GCM). The key is derived from the salt and the name, the nonce is the frame's number and whether it
is the last one: frames that are moved, cut off or of another file do not open.
"""

import asyncio
import os
from collections.abc import AsyncGenerator
from datetime import datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from maskline.domain.error import PlatformError
from maskline.domain.job import JobFile

BUCKET = "jobs"
KEPT_HOURS = 24
SALT_SIZE = 16
TAG_SIZE = 16
FRAME_SIZE = 65_536
FRAMES_AT_ONCE = 16
"""A megabyte: what is held of a file that is read or copied."""


class FileStorage(Protocol):
    """What is needed of the storage of recordings (`maskline.services.recording`)."""

    async def keep(self, path: Path, bucket: str, object_name: str) -> None:
        """Take a finished file away from `path`. Raises StorageFailed."""
        ...

    async def read(self, bucket: str, object_name: str, start: int, size: int) -> bytes:
        """A part of it. Raises StorageFailed."""
        ...

    async def remove(self, bucket: str, object_name: str) -> None:
        """Forget it; nothing happens when it is not there. Raises StorageFailed."""
        ...


class SealedFile:
    """A file that is written once, in order, sealed on its way; for one thread. Blocks."""

    def __init__(self, path: Path, key: bytes, object_name: str) -> None:
        self.path = path
        self.object_name = object_name
        self.size = 0
        salt = os.urandom(SALT_SIZE)
        self._aead = _aead(key, salt, object_name)
        self._frames = 0
        self._held = bytearray()
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        self._file = os.fdopen(handle, "wb")
        self._file.write(salt)

    def write(self, content: bytes, /) -> int:
        """Take all of it."""
        self._held += content
        self.size += len(content)
        while len(self._held) > FRAME_SIZE:
            self._seal(is_last=False)
        return len(content)

    def flush(self) -> None:
        """Nothing leaves before its frame is full."""

    def finish(self) -> None:
        """Bring all of it to the disk; without this the file does not open."""
        self._seal(is_last=True)
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def close(self) -> None:
        """Let go of the file; what was not finished is removed."""
        if not self._file.closed:
            self._file.close()
            self.path.unlink(missing_ok=True)

    def _seal(self, *, is_last: bool) -> None:
        frame = bytes(self._held[:FRAME_SIZE])
        del self._held[:FRAME_SIZE]
        nonce = _nonce(self._frames, is_last=is_last)
        self._file.write(self._aead.encrypt(nonce, frame, None))
        self._frames += 1


class JobFiles:
    """Writes, keeps, gives and removes files of jobs.

    `key` has 32 bytes; `spool` is a directory on the file system of the storage, `bucket` where in
    it they are.
    """

    def __init__(self, storage: FileStorage, key: bytes, spool: Path, bucket: str = BUCKET) -> None:
        self._storage = storage
        self._bucket = bucket
        self._key = key
        self._spool = spool

    def create(self, object_name: str) -> SealedFile:
        """Begin a file. Blocks on the disk."""
        self._spool.mkdir(mode=0o700, parents=True, exist_ok=True)
        return SealedFile(self._spool / object_name, self._key, object_name)

    async def keep(self, file: SealedFile, name: str, media_type: str, now: datetime) -> JobFile:
        """Bring a file that is finished into the storage. Raises StorageFailed."""
        await self._storage.keep(file.path, self._bucket, file.object_name)
        return JobFile(
            object_name=file.object_name,
            name=name,
            media_type=media_type,
            size=file.size,
            expires_at=now + timedelta(hours=KEPT_HOURS),
        )

    async def put(
        self, object_name: str, content: bytes, name: str, media_type: str, now: datetime
    ) -> JobFile:
        """Keep a whole file. Raises StorageFailed."""
        file = await asyncio.to_thread(self._write, object_name, content)
        return await self.keep(file, name, media_type, now)

    async def pieces(self, file: JobFile) -> AsyncGenerator[bytes]:
        """All of a file, a megabyte at a time. Raises StorageFailed, PlatformError."""
        name = file.object_name
        salt = await self._storage.read(self._bucket, name, 0, SALT_SIZE)
        aead = _aead(self._key, salt, name)
        frames = max(1, -(-file.size // FRAME_SIZE))
        sealed_size = FRAME_SIZE + TAG_SIZE
        for first in range(0, frames, FRAMES_AT_ONCE):
            start = SALT_SIZE + first * sealed_size
            sealed = await self._storage.read(
                self._bucket, name, start, FRAMES_AT_ONCE * sealed_size
            )
            piece = bytearray()
            for place in range(0, len(sealed), sealed_size):
                number = first + place // sealed_size
                nonce = _nonce(number, is_last=number == frames - 1)
                piece += _opened(aead, nonce, sealed[place : place + sealed_size])
            yield bytes(piece)

    async def whole(self, file: JobFile) -> bytes:
        """All of a small file."""
        return b"".join([piece async for piece in self.pieces(file)])

    async def remove(self, *files: JobFile | None) -> None:
        """Forget files. Raises StorageFailed."""
        for file in files:
            if file is not None:
                await self._storage.remove(self._bucket, file.object_name)

    def _write(self, object_name: str, content: bytes) -> SealedFile:
        file = self.create(object_name)
        try:
            file.write(content)
            file.finish()
        finally:
            file.close()
        return file


def _aead(key: bytes, salt: bytes, object_name: str) -> AESGCM:
    sub_key = blake2b(salt + object_name.encode(), key=key, digest_size=32, person=b"job file")
    return AESGCM(sub_key.digest())


def _nonce(number: int, *, is_last: bool) -> bytes:
    return bytes([is_last]) + number.to_bytes(11, "big")


def _opened(aead: AESGCM, nonce: bytes, sealed: bytes) -> bytes:
    try:
        return aead.decrypt(nonce, sealed, None)
    except InvalidTag as error:
        raise PlatformError("a file of a job is damaged") from error
