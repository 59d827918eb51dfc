import random
import socket
from collections.abc import Iterator

import pytest

from maskline.planes.media import recorder_feed
from maskline.planes.media.recorder_feed import RecorderFeed
from maskline.planes.media.recorder_frame import (
    MAX_FEED_FRAME_BYTES,
    MAX_LANE_BYTES,
    FeedKind,
    read_feed_frame,
)

pytestmark = pytest.mark.network

LANE = random.Random(4).randbytes(3200)


@pytest.fixture
def ends() -> Iterator[tuple[RecorderFeed, socket.socket]]:
    worker, recorder = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with worker, recorder:
        recorder.setblocking(False)
        yield RecorderFeed(worker), recorder


def read_all(recorder: socket.socket) -> list[tuple[FeedKind, int, bytes, bytes]]:
    frames = []
    try:
        while True:
            frame = read_feed_frame(memoryview(recorder.recv(MAX_FEED_FRAME_BYTES)))
            frames.append((frame.kind, frame.number, bytes(frame.first), bytes(frame.second)))
    except BlockingIOError:
        return frames


def fill(feed: RecorderFeed, number: int) -> int:
    """Write until something must wait; how many were written."""
    written = 0
    while not feed.flush():
        feed.write(number, LANE, LANE)
        written += 1
    return written


def test_what_is_written_arrives(ends: tuple[RecorderFeed, socket.socket]):
    feed, recorder = ends
    assert feed.write(7, LANE, LANE[::-1])
    feed.finish(7)
    assert feed.flush() is False
    assert read_all(recorder) == [
        (FeedKind.WRITE, 7, LANE, LANE[::-1]),
        (FeedKind.FINISH, 7, b"", b""),
    ]


def test_the_longest_piece_fits_and_a_longer_is_refused(ends: tuple[RecorderFeed, socket.socket]):
    feed, recorder = ends
    longest = bytes(MAX_LANE_BYTES)
    feed.write(1, longest, longest)
    assert read_all(recorder)[0][2] == longest
    with pytest.raises(ValueError, match="too long"):
        feed.write(1, longest + b"x", longest + b"x")
    with pytest.raises(ValueError, match="differ"):
        feed.write(1, b"x", b"")


def test_a_slow_recorder_delays_nothing_and_loses_nothing(
    ends: tuple[RecorderFeed, socket.socket],
):
    feed, recorder = ends
    written = fill(feed, 1)
    feed.finish(1)
    frames = read_all(recorder)
    while feed.flush() or len(frames) <= written:
        frames += read_all(recorder)
    assert [frame[0] for frame in frames] == [FeedKind.WRITE] * written + [FeedKind.FINISH]


def test_what_finds_no_room_breaks_its_recording_and_no_other(
    ends: tuple[RecorderFeed, socket.socket], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(recorder_feed, "MAX_QUEUED_BYTES", 20_000)
    feed, recorder = ends
    fill(feed, 1)
    while feed.write(1, LANE, LANE):
        pass
    assert feed.dropped == 1
    frames = read_all(recorder)
    feed.flush()
    assert not feed.write(1, LANE, LANE), "nothing follows a gap"
    assert feed.write(2, LANE, LANE)
    feed.finish(1)
    feed.finish(2)
    assert feed.flush() is False
    frames += read_all(recorder)
    assert feed.dropped == 2
    ends_of = [frame[:2] for frame in frames if frame[0] is not FeedKind.WRITE]
    assert ends_of == [(FeedKind.BREAK, 1), (FeedKind.FINISH, 2)]
    assert frames[-2][:2] == (FeedKind.WRITE, 2)


def test_without_a_recorder_everything_is_dropped(ends: tuple[RecorderFeed, socket.socket]):
    feed, recorder = ends
    recorder.close()
    feed.write(1, LANE, LANE)
    assert not feed.write(2, LANE, LANE)
    feed.finish(2)
    assert feed.flush() is False


@pytest.mark.parametrize("frame", [b"", b"\0" * 7, b"\0" * 9, b"\x03" + b"\0" * 7])
def test_what_no_feed_sends_is_refused(frame: bytes):
    with pytest.raises(ValueError, match=r"frame|lanes|FeedKind"):
        read_feed_frame(memoryview(frame))
