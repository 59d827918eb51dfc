"""Moves the write-ahead log into the database, away from the thread that commits."""

import threading

import apsw
import structlog

# Few large checkpoints: each one's fsync of the database makes commits beside it wait (64 binds in
# flight: p99 10 ms at 8,000 pages, 23 ms at 2,000), and a page written often is copied once.
INTERVAL_S = 10.0
BUSY_TIMEOUT_MS = 200  # how long a checkpoint that empties the log waits for a reader
PAUSE_S = 5.0  # how long commits stand behind one at most
SOFT_WAL_PAGES = 8_000  # checkpoint beside the writer (32 MB at 4 KiB)
HARD_WAL_PAGES = 32_000  # make commits wait for a checkpoint that empties the log (128 MB)

_log = structlog.get_logger(__name__)


class Checkpointer:
    """One thread. It hears from each commit how long the log is (`note`).

    The log is copied beside the writer every `INTERVAL_S` and whenever it has grown by
    `SOFT_WAL_PAGES`. Past `HARD_WAL_PAGES` it is emptied, for which commits wait: a busy writer
    leaves SQLite's own lock no gap to slip in. A reader that stays in its snapshot prevents that,
    so it is tried again after more growth.
    """

    def __init__(self) -> None:
        self._wake = threading.Event()
        self._emptied = threading.Event()
        self._emptied.set()
        self._is_stopping = False
        self._pages = self._copied = 0

    def start(self, connection: apsw.Connection) -> None:
        """Begin to work on the connection, which is the thread's from now on."""
        connection.set_busy_timeout(BUSY_TIMEOUT_MS)
        self._is_stopping = False
        self._pages = self._copied = 0
        self._connection = connection
        self._thread = threading.Thread(target=self._work, name="store-checkpoint", daemon=True)
        self._thread.start()

    def note(self, connection: apsw.Connection, name: str, pages: int) -> int:  # noqa: ARG002
        """The log has this many pages after a commit; a write-ahead log hook of SQLite.

        SQLite calls it with its locks let go, so this is where a commit can wait.
        """
        if pages < self._pages:
            self._copied = 0  # the log began anew
        self._pages = pages
        if pages - self._copied >= SOFT_WAL_PAGES:
            self._wake.set()
        if not self._emptied.is_set():
            self._emptied.wait(PAUSE_S)
        return apsw.SQLITE_OK

    def stop(self) -> None:
        """End the thread with a last checkpoint; blocks meanwhile."""
        self._is_stopping = True
        self._wake.set()
        self._thread.join()
        self._connection.close()

    def _work(self) -> None:
        while not self._is_stopping:
            self._wake.wait(INTERVAL_S)
            self._wake.clear()
            if self._pages != self._copied:
                self._checkpoint()

    def _checkpoint(self) -> None:
        noted = self._pages
        self._copied = noted  # also when it fails: try again after more growth, not at once
        try:
            self._connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)
            if noted >= HARD_WAL_PAGES:
                # Once more beside the writer, so that it waits only for what came since.
                self._connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)
                self._emptied.clear()
                self._connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
        except (apsw.BusyError, apsw.LockedError):
            pass
        except apsw.Error as error:
            _log.warning("checkpoint failed", error=str(error))
        finally:
            self._emptied.set()
