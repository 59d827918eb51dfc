"""A log in files, one a process and day; old ones go."""

import errno
import io
import os
import re
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import TextIO


class DailyLog(io.TextIOBase):
    """A stream that begins a new file with each day, and deletes those of days long ago.

    `path` names the files: `folder/maskline.log` writes `folder/maskline-2026-11-30.log`, of a
    process with a name `folder/maskline-NAME-2026-11-30.log`. No file is ever renamed: who reads
    one keeps it, and two processes of the same name only append to the same. All processes delete
    the old files of all, also of workers that run no more; one that cannot be deleted stays. Only
    the owner may read them. Lines that cannot be written go to `fallback`: a full disk stops
    nothing else. Raises OSError when there cannot be such files, also for a path without a name.
    """

    def __init__(
        self, path: Path, name: str, keep_days: int, today: Callable[[], date], fallback: TextIO
    ) -> None:
        self._file = -1
        self._path = path
        self._name = f"-{name}" if name else ""
        self._keep = timedelta(days=keep_days)
        self._today = today
        self._fallback = fallback
        # Lines come from more than one thread; two must not begin a day.
        self._lock = threading.Lock()
        if not path.name:
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._day = today()
        self._file = self._opened(self._day)
        self._delete_old(self._day)

    def write(self, text: str, /) -> int:
        """Append whole lines to the file of today."""
        with self._lock:
            line = text.encode(errors="backslashreplace")
            try:
                self._turn_to(self._today())
                written = os.write(self._file, line)
            except OSError:
                written = 0
            if written < len(line):
                self._fallback.write(text)
        return len(text)

    def close(self) -> None:
        """Let go of the file."""
        if not self.closed and self._file >= 0:
            os.close(self._file)
        super().close()

    def _turn_to(self, day: date) -> None:
        if day == self._day:
            return
        file = self._opened(day)
        os.close(self._file)
        self._file, self._day = file, day
        self._delete_old(day)

    def _opened(self, day: date) -> int:
        path = self._path.with_name(f"{self._path.stem}{self._name}-{day}{self._path.suffix}")
        # One write appends one line: also those of two processes do not mix.
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def _delete_old(self, day: date) -> None:
        stem, suffix = re.escape(self._path.stem), re.escape(self._path.suffix)
        of_ours = re.compile(rf"{stem}(?:-[a-z]+-\d+)?-(\d{{4}}-\d\d-\d\d){suffix}")
        oldest = (day - self._keep).isoformat()
        for file in self._path.parent.iterdir():
            found = of_ours.fullmatch(file.name)
            if found is not None and found[1] < oldest:
                # Another process may be quicker, and somebody else may have put it there.
                with suppress(OSError):
                    file.unlink()
