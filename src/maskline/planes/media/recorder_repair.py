"""Finishing the file of a recorder that died."""

import fcntl
import os
from pathlib import Path

from maskline.protocols.recording import MAX_HEAD_BYTES, BadHead, read_head, repair


def repair_file(path: Path, key: bytes) -> float:
    """Finish a file in place, durably; its length in seconds. One without audio is removed: 0.

    A file that is gone has length 0, too. Blocks on the disk. Raises `RecordingFormatError`, and
    `OSError`, also for a file that a process still writes.
    """
    try:
        file = path.open("r+b")
    except FileNotFoundError:
        return 0.0
    with file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        start = file.read(MAX_HEAD_BYTES)
        try:
            rate = read_head(start).rate
            frames = repair(file, key)
        except BadHead:
            if len(start) == MAX_HEAD_BYTES:
                raise
            # The machine stopped before even the head was on the disk.
            rate, frames = 1, 0
        if not frames:
            path.unlink(missing_ok=True)
            return 0.0
        os.fsync(file.fileno())
    return frames / rate
