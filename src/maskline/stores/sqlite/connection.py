"""SQLite connections as this store wants them, and the claim on the file they open."""

import fcntl
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeAlias, TypeVar, cast

import apsw

from maskline.domain.error import StoreFailed

BUSY_TIMEOUT_MS = 5_000  # a commit may wait for the end of a checkpoint, never for a writer
CACHE_KIB = 16_384
STATEMENT_CACHE = 200

Result = TypeVar("Result")
Cells: TypeAlias = tuple[Any, ...]  # a row: the statement knows its types


class Changed(Protocol):
    """What a unit of work asks its connection."""

    def changes(self) -> int:
        """Rows the last statement added, changed or removed."""
        ...


class Cursor(Protocol):
    """What we use of `apsw.Cursor`, with its values typed as cells."""

    def execute(self, statement: str, parameters: Sequence[Any] | None = None, /) -> "Cursor":
        """Run a statement up to its first row."""
        ...

    def fetchall(self) -> list[Cells]:
        """The rows, which ends the statement."""
        ...

    @property
    def connection(self) -> Changed:
        """Where it runs."""
        ...


def overwriting(work: Callable[[Cursor], Result], cursor: Cursor) -> Result:
    """Do something whose leavings in the file are written over with zeros."""
    cursor.execute("PRAGMA secure_delete = ON")
    try:
        return work(cursor)
    finally:
        cursor.execute("PRAGMA secure_delete = OFF")


def connect_writer(path: Path) -> apsw.Connection:
    """The connection that writes: WAL, each commit on the disk before it is acknowledged."""
    connection = _connect(path, apsw.SQLITE_OPEN_READWRITE)
    if _pragma(connection, "journal_mode = wal") != "wal":
        raise StoreFailed(f"{path} lies on a file system that cannot do write-ahead logging")
    _pragma(connection, "synchronous = full")
    connection.wal_autocheckpoint(0)
    return connection


def connect_reader(path: Path) -> apsw.Connection:
    """A connection that only reads."""
    connection = _connect(path, apsw.SQLITE_OPEN_READWRITE)
    _pragma(connection, "query_only = on")
    return connection


def connect_checkpointer(path: Path) -> apsw.Connection:
    """The connection that moves the write-ahead log into the database."""
    connection = _connect(path, apsw.SQLITE_OPEN_READWRITE)
    _pragma(connection, "synchronous = full")
    connection.wal_autocheckpoint(0)
    return connection


def _connect(path: Path, flags: int) -> apsw.Connection:
    connection = apsw.Connection(str(path), flags=flags, statementcachesize=STATEMENT_CACHE)
    connection.set_busy_timeout(BUSY_TIMEOUT_MS)
    _pragma(connection, f"cache_size = -{CACHE_KIB}")
    _pragma(connection, "temp_store = memory")
    return connection


def _pragma(connection: apsw.Connection, text: str) -> object:
    """Set a pragma; what it answers, if it answers."""
    rows = cast("Cursor", connection.cursor()).execute(f"PRAGMA {text}").fetchall()
    return rows[0][0] if rows else None


class FileClaim:
    """Keeps a second process away from the same database."""

    def __init__(self, path: Path) -> None:
        self._path = path.with_name(f"{path.name}.lock")
        self._handle: int | None = None

    def take(self) -> None:
        """Hold the claim until `release` or the end of the process. Raises StoreFailed."""
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.pread(handle, 20, 0).decode(errors="replace").strip() or "?"
            os.close(handle)
            raise StoreFailed(f"{self._path} is held by process {holder}") from error
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        self._handle = handle

    def release(self) -> None:
        """Let the next process in."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
