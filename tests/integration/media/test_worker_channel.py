import socket
from collections.abc import Iterator

import msgspec
import pytest

from maskline.planes.media import worker_channel
from maskline.planes.media.control import (
    EVENT_ID,
    MAX_BATCH,
    MAX_FRAME_BYTES,
    AnswerBatch,
    Closed,
    Done,
    EventsDropped,
    Lost,
    Open,
)
from maskline.planes.media.engine import CALL_ID_MAX_CHARS, MediaStats, Side
from maskline.planes.media.worker_channel import WorkerChannel

pytestmark = pytest.mark.network


@pytest.fixture
def ends() -> Iterator[tuple[WorkerChannel, socket.socket]]:
    ours, engine = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, engine:
        ours.setblocking(False)
        engine.setblocking(False)
        yield WorkerChannel(ours), engine


def read_all(engine: socket.socket) -> list:
    answers = []
    try:
        while True:
            answers += msgspec.msgpack.decode(engine.recv(MAX_FRAME_BYTES), type=AnswerBatch)
    except BlockingIOError:
        return answers


def test_requests_arrive_and_the_end_shows(ends: tuple[WorkerChannel, socket.socket]):
    channel, engine = ends
    assert channel.receive() == []
    engine.send(msgspec.msgpack.encode([(1, Open("a")), (2, Open("b"))]))
    assert channel.receive() == [(1, Open("a")), (2, Open("b"))]
    engine.close()
    assert channel.receive() is None


def test_answers_of_a_turn_leave_in_one_frame(ends: tuple[WorkerChannel, socket.socket]):
    channel, engine = ends
    channel.answer(1, Done())
    channel.notify(Lost("a", Side.CALLEE))
    assert channel.flush() is False
    frame = engine.recv(MAX_FRAME_BYTES)
    answers = msgspec.msgpack.decode(frame, type=AnswerBatch)
    assert answers == [(1, Done()), (EVENT_ID, Lost("a", Side.CALLEE))]


def test_the_largest_batch_fits_a_frame(ends: tuple[WorkerChannel, socket.socket]):
    channel, engine = ends
    large = MediaStats(
        **{name: 1 << 60 for name in MediaStats.__dataclass_fields__ if name != "jitter_ms"}
    )
    for number in range(MAX_BATCH):
        channel.answer(number, Closed(large, large))
    channel.flush()
    assert len(engine.recv(2 * MAX_FRAME_BYTES)) <= MAX_FRAME_BYTES
    assert MAX_BATCH * (CALL_ID_MAX_CHARS * 4 + 1000) <= MAX_FRAME_BYTES


def test_answers_wait_for_a_slow_engine_in_order(ends: tuple[WorkerChannel, socket.socket]):
    channel, engine = ends
    for number in range(50_000):
        channel.answer(number, Done())
    assert channel.flush() is True
    numbers = []
    while len(numbers) < 50_000:
        numbers += [number for number, _ in read_all(engine)]
        channel.flush()
    assert numbers == list(range(50_000))
    assert channel.flush() is False


def test_events_beyond_the_bound_are_dropped_and_counted(
    ends: tuple[WorkerChannel, socket.socket], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(worker_channel, "MAX_QUEUED_FRAMES", 2)
    channel, engine = ends
    for _ in range(2 * MAX_BATCH + 5):
        channel.notify(Lost("a", Side.CALLER))
    channel.answer(7, Done())
    channel.flush()
    assert channel.dropped_events == 5
    assert read_all(engine)[-1] == (7, Done())
    channel.flush()
    assert read_all(engine) == [(EVENT_ID, EventsDropped(5))]
    channel.flush()
    assert read_all(engine) == []


def test_an_engine_that_is_gone_is_no_error_to_answer(
    ends: tuple[WorkerChannel, socket.socket],
):
    channel, engine = ends
    engine.close()
    channel.answer(1, Done())
    assert channel.flush() is False
