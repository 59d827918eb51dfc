"""A name is judged by the address a connection is about to be made to, each time anew."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from maskline.planes.delivery import destination, resolver
from maskline.planes.delivery.client import HttpPushClient
from maskline.planes.delivery.destination import DestinationRefused
from maskline.planes.delivery.settings import DeliverySettings

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]

OUTSIDE, INSIDE = "127.0.0.2", "127.0.0.1"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@asynccontextmanager
async def client() -> AsyncIterator[HttpPushClient]:
    client = HttpPushClient(DeliverySettings(timeout_s=2.0))
    await client.open()
    try:
        yield client
    finally:
        await client.close()


@asynccontextmanager
async def counting(host: str, port: int) -> AsyncIterator[list[bytes]]:
    """A server that accepts every push; who connected is in the list."""
    heard: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(b"")
        heard[-1] = await reader.readuntil(b"\r\n\r\n")
        writer.write(OK)
        writer.close()

    server = await asyncio.start_server(serve, host, port)
    try:
        yield heard
    finally:
        server.close()
        await server.wait_closed()


@pytest.fixture
def name_server(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Answers one after the other for every name; the last one stays."""

    def script(*answers: list[str]) -> None:
        left = list(answers)

        def look_up(_host: str, port: int, _family: int):
            now = left.pop(0) if len(left) > 1 else left[0]
            return [
                (
                    socket.AF_INET6 if ":" in address else socket.AF_INET,
                    socket.SOCK_STREAM,
                    socket.IPPROTO_TCP,
                    "",
                    (address, port, 0, 0) if ":" in address else (address, port),
                )
                for address in now
            ]

        monkeypatch.setattr(resolver, "_look_up", look_up)
        monkeypatch.setattr(resolver, "NAME_TTL_S", 0)

    return script


async def test_a_name_that_moves_into_our_network_is_refused_before_a_byte_is_sent(
    name_server: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    new_port: Callable[[], int],
):
    monkeypatch.setattr(destination, "is_public", lambda address: str(address) == OUTSIDE)
    name_server([OUTSIDE], [INSIDE])
    port = new_port()
    url = f"http://customer.example:{port}/"
    async with counting(OUTSIDE, port) as outside, counting(INSIDE, port) as inside:
        async with client() as push:
            assert await push.post(url, {}, b"{}") == 200
            with pytest.raises(DestinationRefused, match="not public"):
                await push.post(url, {}, b"{}")
        assert (len(outside), len(inside)) == (1, 0)


async def test_of_several_addresses_only_a_public_one_is_connected_to(
    name_server: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    new_port: Callable[[], int],
):
    monkeypatch.setattr(destination, "is_public", lambda address: str(address) == OUTSIDE)
    name_server([INSIDE, OUTSIDE])
    port = new_port()
    async with counting(OUTSIDE, port) as outside, counting(INSIDE, port) as inside:
        async with client() as push:
            await push.post(f"http://customer.example:{port}/", {}, b"{}")
        assert (len(outside), len(inside)) == (1, 0)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "0.0.0.0",
        "10.0.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.168.1.1",
        "::1",
        "::",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "fe80::1",
        "fc00::1",
    ],
)
async def test_a_name_for_an_address_that_is_not_public_is_refused(
    name_server: Callable[..., None], address: str
):
    name_server([address])
    async with client() as push:
        with pytest.raises(DestinationRefused, match="not public"):
            await push.post("http://customer.example/", {}, b"{}")
