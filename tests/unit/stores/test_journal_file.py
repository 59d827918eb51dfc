"""The journal of a worker as a file: sealed, cut off, damaged, cleared."""

from datetime import UTC, datetime

import pytest

from maskline.domain.application import Mode
from maskline.domain.call import Call
from maskline.domain.error import StoreFailed
from maskline.domain.notice import Notice, Purpose
from maskline.services.call_write import CallWrite, KeptWrite
from maskline.stores.journal_file import JournalFile
from maskline.stores.keys import FixedKeys

NOW = datetime(2026, 1, 2, tzinfo=UTC)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "w.calls"


@pytest.fixture
def file(path):
    file = JournalFile(path, FixedKeys(), 4096)
    yield file
    file.close()


def write(session, name="in"):
    call = Call(
        session_id=session, icid="i", host="w", app_key="k", tenant_id="t", mode=Mode.AXB,
        x="+8617000002001", caller="+8613900001001", arrived_at=NOW,
    )  # fmt: skip
    notice = Notice(
        notice_id=name, stream=session, app_key="k", purpose=Purpose.STATUS,
        origin="http://192.0.2.9", body=name.encode(), created_at=NOW,
    )  # fmt: skip
    return CallWrite(call, (notice,))


def test_it_shows_nothing_of_anybody(file, path):
    file.open()
    file.append([(1, write("session"))])
    assert b"139000" not in path.read_bytes()
    assert b"session" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0


def test_it_gives_back_what_is_not_settled(file, path):
    file.open()
    file.append([(1, write("a", "1")), (2, write("b", "2"))])
    file.append([(3, write("a", "3"))])
    file.settle([KeptWrite(1, "a")])
    left = _left(file, path)
    assert [(kept.number, kept.session_id) for kept in left] == [(2, "b"), (3, "a")]


def test_it_belongs_to_one_process(file, path):
    file.open()
    with pytest.raises(StoreFailed):
        JournalFile(path, FixedKeys(), 0).open()


def test_a_cut_tail_is_dropped_and_written_over(file, path):
    file.open()
    file.append([(1, write("a"))])
    end = file.size_bytes
    file.append([(2, write("b"))])
    file.close()
    with path.open("r+b") as raw:
        raw.seek(end + 40)
        raw.write(bytes(4096))
    assert [kept.session_id for kept in file.open()] == ["a"]
    file.append([(3, write("c"))])
    assert [kept.session_id for kept in _left(file, path)] == ["a", "c"]


def test_a_damaged_entry_costs_only_itself(file, path):
    file.open()
    file.append([(1, write("a"))])
    place = file.size_bytes
    file.append([(2, write("b")), (3, write("c"))])
    file.close()
    with path.open("r+b") as raw:
        raw.seek(place + 60)
        raw.write(b"xxxx")
    assert [kept.session_id for kept in file.open()] == ["a", "c"]


def test_what_was_cleared_does_not_come_back(file, path):
    file.open()
    file.append([(1, write("a")), (2, write("b"))])
    file.clear()
    file.append([(3, write("c"))])
    assert [kept.session_id for kept in _left(file, path)] == ["c"]


def _left(file, path):
    """What another process would find after a crash."""
    file.close()
    other = JournalFile(path, FixedKeys(), 4096)
    left = other.open()
    other.close()
    file.open()
    return left
