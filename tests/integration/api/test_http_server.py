"""What an unknown client may take from the HTTP server before it has said who it is."""

import asyncio
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest
import uvicorn

from maskline.http_server import MAX_HEAD_BYTES, BoundedHttp, HttpServer

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]

GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n"


class Impatient(BoundedHttp):
    request_s = 0.3


async def answer(_: Any, receive: Any, send: Any) -> None:
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def answer_unread(_: Any, __: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def serve(app: Any) -> AsyncIterator[int]:
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        app, http=Impatient, loop="none", lifespan="off", ws="none", log_config=None
    )
    server = HttpServer(config)
    running = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    yield listening.getsockname()[1]
    server.should_exit = True
    await running


@pytest.fixture
async def port() -> AsyncIterator[int]:
    async for opened in serve(answer):
        yield opened


@pytest.fixture
async def unread_port() -> AsyncIterator[int]:
    async for opened in serve(answer_unread):
        yield opened


class Client:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def connect(cls, port: int) -> "Client":
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def send(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    async def drip(self, data: bytes, times: int, gap_s: float) -> None:
        for _ in range(times):
            await self.send(data)
            await asyncio.sleep(gap_s)

    async def read_head(self) -> bytes:
        return await self._reader.readuntil(b"\r\n\r\n")

    async def read_status(self) -> bytes:
        return (await self.read_head())[9:12]

    async def is_dropped(self, within_s: float) -> bool:
        try:
            async with asyncio.timeout(within_s):
                while await self._reader.read(4096):
                    pass
        except TimeoutError:
            return False
        except ConnectionError:
            return True
        return True

    def close(self) -> None:
        self._writer.close()


@pytest.fixture
async def client(port: int) -> AsyncIterator[Client]:
    made = await Client.connect(port)
    yield made
    made.close()


async def test_a_client_that_says_nothing_is_dropped(client: Client):
    assert await client.is_dropped(2)


async def test_a_head_without_an_end_is_dropped_by_time(client: Client):
    await client.send(GET[:-2])
    assert await client.is_dropped(2)


async def test_a_head_without_an_end_is_dropped_by_size(port: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Impatient, "request_s", 60.0)
    client = await Client.connect(port)
    await client.send(GET[:-2] + b"X-A: ")
    with pytest.raises(ConnectionError):
        await client.drip(b"a" * MAX_HEAD_BYTES, 400, 0.001)
    client.close()


async def test_a_body_without_an_end_is_dropped(client: Client):
    await client.send(POST + b"12345")
    assert await client.is_dropped(2)


async def test_a_body_that_drips_after_its_answer_is_dropped(unread_port: int):
    client = await Client.connect(unread_port)
    await client.send(POST)
    assert await client.read_status() == b"204"
    with pytest.raises(ConnectionError):
        await client.drip(b"1", 9, 0.2)
    client.close()


async def test_blank_lines_do_not_keep_a_connection(client: Client):
    await client.send(GET)
    assert await client.read_status() == b"204"
    with pytest.raises(ConnectionError):
        await client.drip(b"\r\n", 20, 0.1)


async def test_an_idle_connection_is_kept_between_requests(client: Client):
    await client.send(GET)
    assert await client.read_status() == b"204"
    assert not await client.is_dropped(0.6)


async def test_requests_in_pieces_and_in_a_row_are_answered(client: Client):
    for piece in (GET[:5], GET[5:], POST[:30], POST[30:], b"12345", b"67890" + GET, GET + GET[:7]):
        await client.send(piece)
        await asyncio.sleep(0.02)
    await client.send(GET[7:])
    assert [await client.read_status() for _ in range(5)] == [b"204"] * 5


async def test_a_long_body_does_not_count_as_a_head(client: Client):
    length = 20 * MAX_HEAD_BYTES
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % length
    await client.send(head + bytes(length) + GET)
    assert [await client.read_status() for _ in range(2)] == [b"204"] * 2


async def test_a_connection_is_offered_for_more_requests(client: Client):
    await client.send(GET)
    head = await client.read_head()
    assert b"connection: close" not in head.lower()
    await client.send(GET)
    assert await client.read_status() == b"204"


async def test_a_client_that_wants_the_connection_closed_has_it_closed_and_told(client: Client):
    await client.send(GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
    assert b"connection: close" in (await client.read_head()).lower()
    assert await client.is_dropped(1)


@pytest.mark.parametrize("wish", [b"", b"Connection: keep-alive\r\n"])
async def test_a_client_of_http_1_0_has_its_connection_closed(client: Client, wish: bytes):
    await client.send(b"GET / HTTP/1.0\r\nHost: x\r\n" + wish + b"\r\n")
    head = await client.read_head()
    assert head[9:12] == b"204"
    assert b"connection: close" in head.lower()
    assert await client.is_dropped(1)
