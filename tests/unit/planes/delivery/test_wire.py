"""A connection to a receiver, with a transport in memory."""

import asyncio

import pytest

from maskline.planes.delivery.connection import PushFailed
from maskline.planes.delivery.wire import ConnectionLost, PushConnection, written

EMPTY = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
MAX_BYTES, BODY_S = 1_000, 0.05


class FakeTransport:
    """What is written, and whether it was hung up."""

    def __init__(self, connection):
        self._connection = connection
        self.sent = []
        self.is_closed = False

    def write(self, data):
        self.sent.append(data)

    def get_write_buffer_size(self):
        return 0

    def is_closing(self):
        return self.is_closed

    def abort(self):
        if not self.is_closed:
            self.is_closed = True
            self._connection.connection_lost(None)


class Line:
    """A connection, and what came of it."""

    def __init__(self):
        self.free, self.lost = [], []
        self.connection = PushConnection(MAX_BYTES, BODY_S, self.free.append, self.lost.append)
        self.transport = FakeTransport(self.connection)
        self.connection.connection_made(self.transport)

    def ask(self, *pieces):
        asked = self.connection.send(b"POST")
        for piece in pieces:
            self.connection.data_received(piece)
        return asked


@pytest.fixture
async def line():
    return Line()


async def test_it_is_free_for_the_next_request_once_an_answer_is_whole(line):
    for _ in range(3):
        answer = await line.ask(EMPTY)
        assert (answer.status, answer.rest) == (200, None)
    assert line.transport.sent == [b"POST"] * 3
    assert line.free == [line.connection] * 3


@pytest.mark.parametrize("size", [1, 7, 40])
async def test_an_answer_may_come_in_pieces(line, size):
    whole = b"HTTP/1.1 204 No Content\r\nX: y\r\n\r\n"
    answer = await line.ask(*(whole[at : at + size] for at in range(0, len(whole), size)))
    assert answer.status == 204
    assert line.free


async def test_the_status_comes_at_once_and_the_body_is_waited_for_apart(line):
    answer = await line.ask(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab")
    assert answer.status == 200
    assert not line.free
    line.connection.data_received(b"cd")
    await answer.rest
    assert line.free


async def test_a_body_that_does_not_end_costs_the_connection(line):
    answer = await line.ask(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab")
    await answer.rest
    assert line.transport.is_closed
    assert line.lost == [line.connection]


async def test_what_comes_before_the_answer_is_passed_over(line):
    answer = await line.ask(b"HTTP/1.1 102 Wait\r\n\r\n", b"HTTP/1.1 100 Go\r\n\r\n" + EMPTY)
    assert answer.status == 200
    assert line.free


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + b"x" * 5_000,
        EMPTY + EMPTY,
        EMPTY + b"HT",
        EMPTY + b"what nobody asked for",
        b"HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\nok",
    ],
)
async def test_what_cannot_be_trusted_with_another_request_is_closed(line, answer):
    assert (await line.ask(answer)).status in {200, 204}
    assert line.transport.is_closed
    assert not line.free


async def test_what_was_not_asked_for_is_no_answer_to_the_next_request(line):
    await line.ask(EMPTY)
    line.connection.data_received(EMPTY)
    assert not line.connection.is_usable


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\nContent-Length: 0\n\n",
        b"HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nUpgrade: h2,h2c\r\nConnection: Upgrade\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 304 Same\r\nContent-Length: 5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX: y\r\n\r\n",
    ],
)
async def test_answers_that_servers_really_give_are_understood(line, answer):
    assert (await line.ask(answer)).status in {200, 304}
    assert line.free


async def test_who_hung_up_or_spoke_before_it_was_asked_is_not_asked(line):
    line.connection.data_received(b"SSH-2.0\r\n")
    with pytest.raises(ConnectionLost):
        line.ask()
    assert line.transport.sent == []


@pytest.mark.parametrize(
    "answer", [b"SSH-2.0\r\n", b"HTTP/1.1 200 OK\r\nX: " + b"x" * MAX_BYTES + b"\r\n\r\n"]
)
async def test_what_is_not_http_or_has_no_end_is_a_failure(line, answer):
    with pytest.raises(PushFailed, match="not HTTP"):
        await line.ask(answer)
    assert line.transport.is_closed


async def test_a_connection_that_ends_says_whether_anything_had_come(line):
    asked = line.ask()
    line.transport.abort()
    with pytest.raises(ConnectionLost) as silent:
        await asked
    other = Line()
    asked = other.ask(b"HTTP/1.1 2")
    other.transport.abort()
    with pytest.raises(ConnectionLost) as broken:
        await asked
    assert (silent.value.is_unanswered, broken.value.is_unanswered) == (True, False)


async def test_nobody_who_has_gone_is_told(line):
    asked = line.ask()
    asked.cancel()
    line.connection.data_received(EMPTY)
    await asyncio.sleep(0)
    assert asked.cancelled()
    assert not line.free  # who has gone hangs up in a moment, perhaps on the next request


def test_a_request_is_its_head_its_headers_and_its_body():
    assert written(b"POST / HTTP/1.1\r\n", {"webhook-id": "n1"}, b"{}") == (
        b"POST / HTTP/1.1\r\nwebhook-id: n1\r\nContent-Length: 2\r\n\r\n{}"
    )


@pytest.mark.parametrize("value", ["a\r\nHost: other", "a\nb", "a\rb", "a\0b"])
def test_a_header_cannot_bring_another_one(value):
    with pytest.raises(PushFailed, match="cannot be written"):
        written(b"", {"X-AKSK": value}, b"")
