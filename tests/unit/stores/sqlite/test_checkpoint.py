import time
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from maskline.stores.sqlite import checkpoint
from maskline.stores.sqlite.checkpoint import Checkpointer
from maskline.stores.sqlite.connection import connect_checkpointer, connect_reader, connect_writer

PAGE = 4096


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "maskline.db"
    path.touch()
    return path


@pytest.fixture
def writer(path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[apsw.Connection]:
    """A writing connection with a checkpointer of small bounds."""
    monkeypatch.setattr(checkpoint, "SOFT_WAL_PAGES", 50)
    monkeypatch.setattr(checkpoint, "HARD_WAL_PAGES", 200)
    monkeypatch.setattr(checkpoint, "INTERVAL_S", 0.02)
    monkeypatch.setattr(checkpoint, "BUSY_TIMEOUT_MS", 10)
    connection = connect_writer(path)
    connection.execute("CREATE TABLE t (a)")
    checkpointer = Checkpointer()
    checkpointer.start(connect_checkpointer(path))
    connection.set_wal_hook(checkpointer.note)
    yield connection
    connection.close()
    checkpointer.stop()


def _write(connection: apsw.Connection, pages: int) -> None:
    for _ in range(pages):
        connection.execute("INSERT INTO t VALUES (zeroblob(4000))")


def _log_size(path: Path) -> int:
    return path.with_name(f"{path.name}-wal").stat().st_size


def _within(seconds: float, holds) -> bool:  # any question
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.01)
    return False


def test_the_log_stays_bounded_under_constant_writing(writer: apsw.Connection, path: Path):
    _write(writer, 4_000)  # 2 pages each: many times the bound
    assert _within(5, lambda: path.stat().st_size > 3_000 * PAGE)
    assert _log_size(path) < 2_000 * PAGE


def test_a_quiet_store_is_checkpointed_after_the_interval(writer: apsw.Connection, path: Path):
    _write(writer, 10)
    assert _within(5, lambda: path.stat().st_size >= 10 * PAGE)


def test_a_reader_that_stays_holds_up_neither_writer_nor_checkpointer(
    writer: apsw.Connection, path: Path
):
    reader = connect_reader(path)
    reader.execute("BEGIN; SELECT * FROM t")
    _write(writer, 500)
    reader.execute("COMMIT")
    reader.close()
    _write(writer, 100)
    assert _within(5, lambda: path.stat().st_size > 500 * PAGE)
