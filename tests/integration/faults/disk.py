"""Disks that fill up, each in a way that is possible here."""

import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

DISK_BYTES = 24 * 1024 * 1024


class Disk(Protocol):
    """The disk of a platform's data directory."""

    def fill(self, pid: int) -> None:
        """Nothing more can be written to it, by this process at least."""
        ...

    def free(self, pid: int) -> None:
        """There is space again."""
        ...


class SmallDisk:
    """A file system in memory, filled by a file of somebody else."""

    def __init__(self, folder: Path) -> None:
        self._filler = folder / "somebody-else"

    def fill(self, pid: int) -> None:
        """See the seam."""
        with self._filler.open("ab", buffering=0) as file:
            for size in (65_536, 512):
                try:
                    while True:
                        file.write(bytes(size))
                except OSError:
                    continue

    def free(self, pid: int) -> None:
        """See the seam."""
        self._filler.unlink(missing_ok=True)


class LimitedFiles:
    """No file of the process may grow beyond what its database log has reached."""

    def __init__(self, folder: Path) -> None:
        self._log = folder / "maskline.db-wal"

    def fill(self, pid: int) -> None:
        """See the seam."""
        limits = (self._log.stat().st_size, resource.RLIM_INFINITY)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)

    def free(self, pid: int) -> None:
        """See the seam."""
        unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, unlimited)


@contextmanager
def small_disk(folder: Path) -> Iterator[SmallDisk | None]:
    """Mount one on an empty folder; None where that is not possible."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES},mode=700", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        yield None
        return
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
