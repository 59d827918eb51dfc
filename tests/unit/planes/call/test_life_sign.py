"""What is known of the runs of a worker before this one."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from maskline.planes.call.life_sign import MAX_RUNS, LifeSign

START = datetime(2026, 1, 2, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


async def live(path: Path, began_s: float, ended_s: float) -> LifeSign:
    """A run that was killed."""
    sign = LifeSign(path)
    sign.start(after(began_s))
    await sign.aclose()
    os.utime(path, (0, after(ended_s).timestamp()))
    return sign


async def test_each_moment_belongs_to_the_run_that_had_begun_last(tmp_path: Path):
    path = tmp_path / "alive"
    assert (await live(path, 0, 100)).last_alive(after(50)) is None
    await live(path, 200, 230)
    sign = await live(path, 300, 310)
    assert sign.last_alive(after(-1)) is None
    assert sign.last_alive(after(50)) == after(100)
    # Between two signs a second lies: it lived a little longer than was seen.
    assert sign.last_alive(after(100.5)) == after(100)
    assert sign.last_alive(after(201)) == after(230)


async def test_only_so_many_runs_are_remembered(tmp_path: Path):
    path = tmp_path / "alive"
    for run in range(MAX_RUNS + 5):
        sign = await live(path, run * 10, run * 10 + 5)
    assert len(path.read_text().splitlines()) == MAX_RUNS + 1
    assert sign.last_alive(after(1)) is None
    assert sign.last_alive(after((MAX_RUNS + 3) * 10)) == after((MAX_RUNS + 3) * 10 + 5)


@pytest.mark.parametrize("content", [b"", b"\xff\x00", b"nan nan\n", b"1e99 3\n1e99\n", b"a b c\n"])
async def test_a_file_that_is_none_of_ours_tells_nothing(tmp_path: Path, content: bytes):
    path = tmp_path / "alive"
    path.write_bytes(content)
    assert (await live(path, 0, 10)).last_alive(after(5)) is None
    assert (await live(path, 20, 30)).last_alive(after(5)) == after(10)


async def test_a_file_that_cannot_be_written_stops_nobody(tmp_path: Path):
    sign = LifeSign(tmp_path / "missing" / "alive")
    sign.start(START)
    await sign.aclose()
    assert sign.last_alive(START) is None
