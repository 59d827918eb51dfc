"""Recordings in a directory of this machine: the default storage."""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from maskline.services.recording import StorageFailed
from maskline.storages.name import place

THREADS = 4
"""How many disk operations run at once."""

Result = TypeVar("Result")


class LocalStorage:
    """`RecordingStorage` as `root/<bucket>/<day>/<object name>`, for the owner only.

    Files come by renaming: `keep` needs them on the same file system.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._threads = ThreadPoolExecutor(THREADS, "recording-storage")

    async def start(self) -> None:
        """See the seam."""
        await self._run(self._prepare)

    async def aclose(self) -> None:
        """See the seam."""
        self._threads.shutdown(wait=False)

    async def keep(self, path: Path, bucket: str, object_name: str) -> None:
        """See the seam."""
        await self._run(self._take, path, self._path(bucket, object_name))

    async def size(self, bucket: str, object_name: str) -> int | None:
        """See the seam."""
        return await self._run(_size, self._path(bucket, object_name))

    async def read(self, bucket: str, object_name: str, start: int, size: int) -> bytes:
        """See the seam."""
        return await self._run(_read, self._path(bucket, object_name), start, size)

    async def remove(self, bucket: str, object_name: str) -> None:
        """See the seam."""
        await self._run(_remove, self._path(bucket, object_name))

    def _path(self, bucket: str, object_name: str) -> Path:
        return self._root.joinpath(*place(bucket, object_name))

    def _prepare(self) -> None:
        self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not os.access(self._root, os.R_OK | os.W_OK | os.X_OK):
            raise PermissionError(f"{self._root} may not be written")

    def _take(self, path: Path, target: Path) -> None:
        if not path.exists() and target.exists():
            return
        for folder in (self._root, target.parent.parent, target.parent):
            if not folder.exists():
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                _sync(folder.parent)
        path.chmod(0o600)
        path.replace(target)
        _sync(target.parent)

    async def _run(self, work: Callable[..., Result], *arguments: object) -> Result:
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._threads, work, *arguments)
        except OSError as error:
            raise StorageFailed(f"the directory {self._root}: {error.strerror}") from error


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return None


def _read(path: Path, start: int, size: int) -> bytes:
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        return os.pread(handle, size, start)
    finally:
        os.close(handle)


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
    if path.parent.exists():
        _sync(path.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
