import asyncio
import os
import random
import resource
import signal
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.unit.planes.media.recorder_rule import new_rule, read_audio

from maskline.planes.media import recorder_link
from maskline.planes.media.engine import CannotRecord, RecordingDone
from maskline.planes.media.recorder_feed import RecorderFeed
from maskline.planes.media.recorder_frame import FRAME_HEAD, FeedKind
from maskline.planes.media.recorder_link import RecorderLink
from maskline.planes.media.recorder_mix import join_lanes

pytestmark = pytest.mark.network

FIRST = random.Random(5).randbytes(20_001)
SECOND = random.Random(6).randbytes(20_001)


class Recorders:
    """A link, and what it told."""

    def __init__(self) -> None:
        self.broken: list[int] = []
        self.done: asyncio.Queue[RecordingDone] = asyncio.Queue()
        self.link = RecorderLink(self.done.put_nowait, self.broken.append)

    async def next_done(self) -> RecordingDone:
        async with asyncio.timeout(10):
            return await self.done.get()

    def kill(self) -> None:
        assert self.link.pid is not None
        os.kill(self.link.pid, signal.SIGKILL)


@pytest.fixture
async def recorders() -> AsyncIterator[Recorders]:
    made = Recorders()
    await made.link.start()
    yield made
    await made.link.stop()


@pytest.fixture
async def feed(recorders: Recorders) -> AsyncIterator[RecorderFeed]:
    made = RecorderFeed(recorders.link.new_feed())
    yield made
    made.close()


def write(feed: RecorderFeed, number: int, frames: int = len(FIRST)) -> None:
    for at in range(0, frames, 3200):
        end = min(at + 3200, frames)
        feed.write(number, FIRST[at:end], SECOND[at:end])
    flush(feed)


def flush(feed: RecorderFeed) -> None:
    while feed.flush():
        pass


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not is_so():  # noqa: ASYNC110 - another process makes it so
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("channels", [1, 2])
async def test_both_lanes_are_recorded(
    recorders: Recorders, feed: RecorderFeed, tmp_path: Path, channels
):
    path = tmp_path / "a.wav"
    await recorders.link.open(1, new_rule(path, channels))
    write(feed, 1)
    feed.finish(1)
    assert await recorders.next_done() == RecordingDone(str(path), 20_001 / 8000)
    assert read_audio(path) == join_lanes(FIRST, SECOND, channels)
    assert recorders.broken == []


async def test_many_recordings_do_not_mix(recorders: Recorders, feed: RecorderFeed, tmp_path: Path):
    for number in range(20):
        await recorders.link.open(number, new_rule(tmp_path / f"{number}.wav"))
    for _ in range(10):
        for number in range(20):
            lane = bytes((128 + number,)) * 2000
            feed.write(number, lane, b"\xd5" * 2000)
        flush(feed)
    for number in range(20):
        feed.finish(number)
    flush(feed)
    for _ in range(20):
        assert (await recorders.next_done()).duration_s == 2.5
    for number in range(20):
        assert set(read_audio(tmp_path / f"{number}.wav")) == {128 + number}


async def test_a_recording_ends_at_its_limit(
    recorders: Recorders, feed: RecorderFeed, tmp_path: Path
):
    await recorders.link.open(1, new_rule(tmp_path / "a.wav", limit_s=1.5))
    write(feed, 1)
    feed.finish(1)
    assert (await recorders.next_done()).duration_s == 1.5
    assert read_audio(tmp_path / "a.wav") == join_lanes(FIRST, SECOND, 1)[:12_000]
    assert recorders.broken == []


async def test_a_recording_that_nothing_was_written_to_leaves_no_file(
    recorders: Recorders, feed: RecorderFeed, tmp_path: Path
):
    await recorders.link.open(1, new_rule(tmp_path / "a.wav"))
    assert (tmp_path / "a.wav").exists()
    feed.finish(1)
    assert (await recorders.next_done()).duration_s == 0.0
    assert not (tmp_path / "a.wav").exists()


async def test_what_cannot_be_opened_is_said_at_once(recorders: Recorders, tmp_path: Path):
    link = recorders.link
    with pytest.raises(CannotRecord, match="No such file"):
        await link.open(1, new_rule(tmp_path / "gone" / "a.wav"))
    stereo = replace(new_rule(tmp_path / "a.wav", channels=2), channels=1)
    with pytest.raises(CannotRecord, match="format"):
        await link.open(1, stereo)
    with pytest.raises(CannotRecord, match="limit"):
        await link.open(1, new_rule(tmp_path / "a.wav", limit_s=0.0))
    await link.open(1, new_rule(tmp_path / "a.wav"))
    with pytest.raises(CannotRecord, match="unfinished"):
        await link.open(1, new_rule(tmp_path / "b.wav"))
    with pytest.raises(CannotRecord, match="exists"):
        await link.open(2, new_rule(tmp_path / "a.wav"))


async def test_a_worker_that_dies_leaves_finished_recordings(
    recorders: Recorders, feed: RecorderFeed, tmp_path: Path
):
    other = RecorderFeed(recorders.link.new_feed())
    for number in (1, 2, 3):
        await recorders.link.open(number, new_rule(tmp_path / f"{number}.wav"))
    write(feed, 1)
    write(other, 2)
    other.close()
    assert await recorders.next_done() == RecordingDone(str(tmp_path / "2.wav"), 20_001 / 8000)
    # Of a worker that wrote nothing before it died only the engine can tell.
    recorders.link.finish(3)
    assert (await recorders.next_done()).duration_s == 0.0
    write(feed, 1)
    feed.finish(1)
    assert (await recorders.next_done()).duration_s == 2 * 20_001 / 8000


async def test_a_recorder_that_dies_loses_less_than_a_segment(
    recorders: Recorders, feed: RecorderFeed, tmp_path: Path
):
    await recorders.link.open(1, new_rule(tmp_path / "a.wav"))
    write(feed, 1)
    await until(lambda: (tmp_path / "a.wav").stat().st_size > 19_200)
    recorders.kill()
    assert await recorders.next_done() == RecordingDone(str(tmp_path / "a.wav"), 2.4)
    assert recorders.broken == [1]
    assert read_audio(tmp_path / "a.wav") == join_lanes(FIRST, SECOND, 1)[:19_200]


async def test_the_next_recorder_takes_over_the_feeds(
    recorders: Recorders, feed: RecorderFeed, tmp_path: Path
):
    recorders.kill()
    await until(lambda: recorders.link.pid is None)
    later = RecorderFeed(recorders.link.new_feed())
    for number, one in ((1, feed), (2, later)):
        await recorders.link.open(number, new_rule(tmp_path / f"{number}.wav"))
        write(one, number)
        one.finish(number)
        assert (await recorders.next_done()).duration_s == 20_001 / 8000
    later.close()


async def test_nothing_is_recorded_by_a_recorder_that_was_stopped(
    recorders: Recorders, tmp_path: Path
):
    await recorders.link.stop()
    with pytest.raises(CannotRecord, match="no recorder"):
        await recorders.link.open(1, new_rule(tmp_path / "a.wav"))


async def test_what_a_worker_dropped_breaks_the_recording_at_the_gap(
    recorders: Recorders, tmp_path: Path
):
    end = recorders.link.new_feed()
    with end:
        feed = RecorderFeed(end)
        await recorders.link.open(1, new_rule(tmp_path / "a.wav"))
        write(feed, 1)
        end.send(FRAME_HEAD.pack(FeedKind.BREAK, 1))
        assert (await recorders.next_done()).duration_s == 20_001 / 8000
    assert recorders.broken == [1]


async def test_a_worker_that_writes_nonsense_breaks_its_recordings_only(
    recorders: Recorders, feed: RecorderFeed, tmp_path: Path
):
    for number in (1, 2):
        await recorders.link.open(number, new_rule(tmp_path / f"{number}.wav"))
    write(feed, 1)
    bad = recorders.link.new_feed()
    with bad:
        write(RecorderFeed(bad), 2)
        bad.send(b"nonsense!")
        assert (await recorders.next_done()).path == str(tmp_path / "2.wav")
    assert recorders.broken == [2]
    feed.finish(1)
    assert (await recorders.next_done()).path == str(tmp_path / "1.wav")


async def test_a_full_disk_breaks_that_recording_and_keeps_what_is_there(
    recorders: Recorders, feed: RecorderFeed, tmp_path: Path
):
    await recorders.link.open(1, new_rule(tmp_path / "long.wav"))
    await recorders.link.open(2, new_rule(tmp_path / "short.wav"))
    assert recorders.link.pid is not None
    # A file may get no longer than one and a half seconds.
    resource.prlimit(recorders.link.pid, resource.RLIMIT_FSIZE, (12_000, 12_000))
    write(feed, 1)
    assert await recorders.next_done() == RecordingDone(str(tmp_path / "long.wav"), 1.2)
    assert recorders.broken == [1]
    assert read_audio(tmp_path / "long.wav") == join_lanes(FIRST, SECOND, 1)[:9600]
    write(feed, 2, frames=4000)
    feed.finish(2)
    assert (await recorders.next_done()).duration_s == 0.5
    assert recorders.broken == [1]


async def test_stopping_finishes_every_file(recorders: Recorders, tmp_path: Path):
    feed = RecorderFeed(recorders.link.new_feed())
    await recorders.link.open(1, new_rule(tmp_path / "a.wav"))
    write(feed, 1)
    await recorders.link.stop()
    assert (await recorders.next_done()).duration_s == 20_001 / 8000
    assert read_audio(tmp_path / "a.wav") == join_lanes(FIRST, SECOND, 1)
    assert recorders.broken == []
    feed.close()


async def test_a_recorder_whose_engine_is_gone_finishes_its_files_and_ends(
    recorders: Recorders, feed: RecorderFeed, tmp_path: Path
):
    await recorders.link.open(1, new_rule(tmp_path / "a.wav"))
    write(feed, 1)
    process = recorders.link._process
    assert process is not None
    process._child._end.shutdown(socket.SHUT_RDWR)
    await until(lambda: recorders.link.pid != process.pid)
    assert (await recorders.next_done()).duration_s == 20_001 / 8000
    assert read_audio(tmp_path / "a.wav") == join_lanes(FIRST, SECOND, 1)


async def test_a_recorder_that_does_not_answer_costs_an_open_its_time_only(
    recorders: Recorders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(recorder_link, "OPEN_TIMEOUT_S", 0.1)
    assert recorders.link.pid is not None
    os.kill(recorders.link.pid, signal.SIGSTOP)
    with pytest.raises(CannotRecord, match="in time"):
        await recorders.link.open(1, new_rule(tmp_path / "a.wav"))
    os.kill(recorders.link.pid, signal.SIGCONT)
    await until(lambda: not recorders.link._unfinished)
    assert not (tmp_path / "a.wav").exists()
    assert recorders.done.empty(), "nobody waits for that file"
