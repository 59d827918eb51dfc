import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import apsw
from tests.contract.store.making import Make
from tests.contract.store.sqlite import writing_child
from tests.contract.store.sqlite.soundness import assert_sound

from maskline.services.list_filter import CallFilter
from maskline.services.store import Page, RecordFilter
from maskline.stores.keys import FixedKeys
from maskline.stores.sqlite import SqliteStore

ROUNDS = 6
EVERYTHING = Page(limit=1_000_000)


def _write_and_kill(path: Path, name: str, seconds: float) -> list[list[str]]:
    """What a writing child had been told was done when it was killed."""
    child = subprocess.Popen(
        [sys.executable, "-m", writing_child.__name__, str(path), name],
        stdout=subprocess.PIPE,
        cwd=Path(writing_child.__file__).parents[4],
    )
    assert child.stdout is not None
    first = child.stdout.readline()  # it is open and writing
    time.sleep(seconds)
    child.kill()
    told = first + child.stdout.read()
    child.stdout.close()
    child.wait()
    lines = told.decode().split("\n")
    return [line.split(" ") for line in lines[:-1]]


async def test_what_was_acknowledged_survives_kill_9_and_half_units_do_not(
    filled: SqliteStore, path: Path, make: Make
):
    await filled.close()
    dice = random.Random(4711)
    told: list[list[str]] = []
    for round_ in range(ROUNDS):
        told += _write_and_kill(path, str(round_), dice.uniform(0.05, 0.35))
        assert_sound(path)
    store = SqliteStore(path, FixedKeys())
    await store.open()
    await _assert_kept(store, make, told)
    await store.close()
    assert_sound(path)


async def _assert_kept(store: SqliteStore, make: Make, told: list[list[str]]) -> None:
    assert len(told) > ROUNDS * 10
    bound = {words[1]: words[2:] for words in told if words[0] == "bound"}
    doubtful = {words[1] for words in told if words[0] == "unbinding"}
    gone = {words[1] for words in told if words[0] == "unbound"}
    for binding_id, (a, b) in bound.items():
        binding = await store.binding(None, binding_id)
        if binding_id in gone:
            assert binding is None
        elif binding_id not in doubtful:
            assert (await store.route(make.x, a)).binding == binding
            assert (await store.route(make.x, b)).binding == binding
    records = {
        record.call.session_id
        for record in (await store.call_records(RecordFilter(), EVERYTHING)).rows
    }
    live = {call.session_id for call in (await store.live_calls(CallFilter(), EVERYTHING)).rows}
    assert {words[1] for words in told if words[0] == "finished"} <= records
    assert {words[1] for words in told if words[0] == "saved"} <= records | live
    assert not records & live
    # Each call has one notice from its snapshot and two from its record: no unit is half there.
    assert await store.outbox_depth() == (len(live) + 3 * len(records), 0)


async def test_a_copy_of_the_files_taken_while_writing_opens_and_is_sound(
    filled: SqliteStore, path: Path, tmp_path: Path
):
    await filled.close()
    copies = _copy_while_writing(path, tmp_path, 5)
    for copy in copies:
        assert_sound(copy)
        store = SqliteStore(copy, FixedKeys())
        await store.open()
        assert len((await store.call_records(RecordFilter(), Page(limit=1))).rows) > 0
        await store.close()


def _copy_while_writing(path: Path, target: Path, copies: int) -> list[Path]:
    child = subprocess.Popen(
        [sys.executable, "-m", writing_child.__name__, str(path), "1"],
        stdout=subprocess.PIPE,
        cwd=Path(writing_child.__file__).parents[4],
    )
    assert child.stdout is not None
    made: list[Path] = []
    try:
        for copy in range(copies):
            told = b""
            while b"finished" not in told:
                told = child.stdout.readline()
            folder = target / f"copy{copy}"
            folder.mkdir()
            _copy_in_one_moment(path, folder)
            made.append(folder / path.name)
    finally:
        child.kill()
        child.communicate()
    return made


def _copy_in_one_moment(path: Path, folder: Path) -> None:
    """Database and log as a snapshot of the disk has them: no checkpoint runs between the two."""
    guard = apsw.Connection(str(path))
    try:
        guard.execute("BEGIN; SELECT 1 FROM number")  # a reader: the log is not begun anew
        for suffix in ("", "-wal"):
            source = path.with_name(path.name + suffix)
            if source.exists():
                shutil.copyfile(source, folder / source.name)
    finally:
        guard.close()
