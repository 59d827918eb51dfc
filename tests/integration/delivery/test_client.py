"""The push client against receivers that misbehave below HTTP, and over TLS."""

import asyncio
import contextlib
import socket
import ssl
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from maskline.lab.receiver import Receiver
from maskline.planes.delivery import pool, resolver
from maskline.planes.delivery.client import HttpPushClient, PushFailed
from maskline.planes.delivery.destination import DestinationRefused
from maskline.planes.delivery.settings import DeliverySettings

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]

SETTINGS = DeliverySettings(
    timeout_s=0.3, answer_body_s=0.1, max_answer_bytes=1_000, allow_private=True
)
OK = b"HTTP/1.1 200 OK\r\n"


@asynccontextmanager
async def client(**changes: object) -> AsyncIterator[HttpPushClient]:
    client = HttpPushClient(replace(SETTINGS, **changes))
    await client.open()
    try:
        yield client
    finally:
        await client.close()


@asynccontextmanager
async def peer(answer: bytes, *, hangs: bool = False) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A server that reads a request, writes `answer` as it is, and closes unless it hangs."""
    requests: list[bytes] = []
    over = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        requests.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(answer)
        if hangs:
            await over.wait()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()[:2]
    try:
        yield f"http://{host}:{port}/", requests
    finally:
        over.set()
        server.close()
        await asyncio.sleep(0)


@asynccontextmanager
async def serving(
    serve: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[Any, Any, None]],
) -> AsyncIterator[int]:
    """A server on the loopback address; its port. Clients hang up before it ends."""
    open_lines = asyncio.TaskGroup()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        open_lines.create_task(serve(reader, writer))

    async with open_lines:
        server = await asyncio.start_server(accept, "127.0.0.1", 0)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
    await asyncio.sleep(0)


@asynccontextmanager
async def listening(tls: ssl.SSLContext | None = None) -> AsyncIterator[Receiver]:
    receiver = Receiver()
    await receiver.start(tls=tls)
    try:
        yield receiver
    finally:
        await receiver.close()


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "not HTTP"),
        (OK + b"X: " + b"x" * 100_000 + b"\r\n\r\n", "not HTTP"),
        (b"", "connection broke"),
        (b"HTTP/1.1 2", "connection broke"),
        (b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", "HTTP 503"),
        (b"HTTP/1.1 301 Moved\r\nLocation: http://10.0.0.1/\r\n\r\n", "HTTP 301"),
    ],
)
async def test_what_is_no_success_is_a_failure_with_its_reason(answer: bytes, reason: str):
    async with client() as push, peer(answer) as (url, _):
        with pytest.raises(PushFailed, match=reason):
            await push.post(url, {}, b"{}")


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 ", OK, b"HTTP/1.1 102 Wait\r\n\r\n"])
async def test_an_answer_that_does_not_come_whole_is_too_late(answer: bytes):
    began = time.monotonic()
    async with client() as push, peer(answer, hangs=True) as (url, _):
        with pytest.raises(PushFailed, match=r"no answer within 0\.3 s"):
            await push.post(url, {}, b"{}")
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    "body",
    [
        b"Content-Length: 10\r\n\r\nhalf",
        b"Content-Length: 1000000\r\n\r\n" + b"x" * 5_000,
        b"Transfer-Encoding: chunked\r\n\r\nffff\r\nhalf",
    ],
)
async def test_after_a_success_status_the_body_does_not_matter(body: bytes):
    async with client() as push, peer(OK + body, hangs=True) as (url, _):
        async with asyncio.timeout(1):
            await push.post(url, {}, b"{}")


async def test_nothing_of_the_platform_is_told_in_headers():
    async with client() as push, peer(OK + b"Content-Length: 0\r\n\r\n") as (url, requests):
        await push.post(url, {"webhook-id": "n1"}, b"{}")
    names = [line.partition(b":")[0].lower() for line in requests[0].split(b"\r\n")[1:-2]]
    assert sorted(names) == [b"accept", b"content-length", b"host", b"user-agent", b"webhook-id"]


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "10.255.255.1"]
)
async def test_private_addresses_are_refused_however_they_are_written(host: str):
    async with client(allow_private=False) as push:
        with pytest.raises(DestinationRefused):
            await push.post(f"http://{host}:9/", {}, b"{}")


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "127.1"])
async def test_odd_spellings_of_addresses_do_not_get_through(host: str):
    async with client(allow_private=False) as push:
        with pytest.raises((DestinationRefused, PushFailed)):
            await push.post(f"http://{host}:9/", {}, b"{}")


async def test_a_name_that_does_not_resolve_is_a_failure():
    async with client(timeout_s=5.0) as push:
        with pytest.raises(PushFailed, match=r"does not resolve|no answer"):
            await push.post("http://nowhere.invalid/", {}, b"{}")


async def test_connections_are_kept_for_the_next_push():
    async with listening() as receiver, client() as push:
        for _ in range(10):
            await push.post(receiver.url, {}, b"{}")
        assert receiver.total == 10
        assert len({push.source for push in receiver.received}) == 1


@pytest.mark.parametrize("banner", [b"", b"SSH-2.0-OpenSSH_9.2\r\n"])
async def test_who_hangs_up_or_speaks_first_is_a_failure_at_once(banner: bytes):
    async def serve(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(banner)
        writer.close()

    async with serving(serve) as port, client(timeout_s=5.0) as push:
        for _ in range(20):
            with pytest.raises(PushFailed, match=r"broke|not HTTP"):
                await push.post(f"http://127.0.0.1:{port}/", {}, b"{}")


@pytest.mark.parametrize("farewell", [b"", b"HTTP/1.1 408 Late\r\nContent-Length: 0\r\n\r\n"])
async def test_who_ends_a_kept_connection_just_then_is_pushed_to_once_more(farewell: bytes):
    requests: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        requests.append(await reader.readuntil(b"{}"))
        writer.write(OK + b"Content-Length: 0\r\n\r\n")
        with contextlib.suppress(asyncio.IncompleteReadError):
            await reader.readuntil(b"{}")
            writer.write(farewell)
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()

    async with serving(serve) as port, client(timeout_s=5.0) as push:
        for _ in range(2):
            assert await push.post(f"http://127.0.0.1:{port}/", {}, b"{}") == 200
    assert len(requests) == 2


async def test_of_idle_connections_the_latest_few_are_kept(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(pool, "MAX_KEPT", 2)
    async with listening() as receiver, client(timeout_s=5.0) as push:
        for _ in range(2):
            await asyncio.gather(*(push.post(receiver.url, {}, b"{}") for _ in range(6)))
    # two of the first six are used again
    assert len({push.source for push in receiver.received}) == 6 + 4


async def test_a_certificate_is_good_for_its_name_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    asked_for: list[str | None] = []
    own = certified(tmp_path, "customer.example")
    own.sni_callback = lambda _line, name, _context: asked_for.append(name)
    trusted = ssl.create_default_context(cafile=tmp_path / "cert.pem")
    monkeypatch.setattr(pool, "tls_context", lambda **_: trusted)
    monkeypatch.setattr(resolver, "_look_up", lambda _host, port, *_: [at_loopback(port)])
    async with listening(own) as receiver, client(timeout_s=5.0) as push:
        port = receiver.url.rpartition(":")[2].partition("/")[0]
        for host in ("customer.example", "customer.example."):
            assert await push.post(f"https://{host}:{port}/", {}, b"{}") == 200
        with pytest.raises(PushFailed, match="certificate does not verify"):
            await push.post(f"https://other.example:{port}/", {}, b"{}")
        with pytest.raises(PushFailed, match="certificate does not verify"):
            await push.post(f"https://127.0.0.1:{port}/", {}, b"{}")
    assert asked_for == ["customer.example", "customer.example", "other.example", None]


async def test_a_certificate_that_does_not_verify_is_a_failure(certificate: ssl.SSLContext):
    async with listening(certificate) as receiver, client(timeout_s=5.0) as push:
        with pytest.raises(PushFailed, match="certificate does not verify"):
            await push.post(receiver.url, {}, b"{}")
        assert receiver.total == 0


async def test_an_operator_may_take_certificates_as_they_are(certificate: ssl.SSLContext):
    async with (
        listening(certificate) as receiver,
        client(timeout_s=5.0, verify_tls=False) as push,
    ):
        await push.post(receiver.url, {}, b"{}")
        assert receiver.url.startswith("https://")
        assert receiver.total == 1


async def test_tls_to_a_plain_receiver_is_a_failure():
    async with listening() as receiver, client(timeout_s=5.0) as push:
        with pytest.raises(PushFailed):
            await push.post(receiver.url.replace("http:", "https:"), {}, b"{}")


def at_loopback(port: int) -> resolver.Info:
    """What a name server says that knows one address."""
    return (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", ("127.0.0.1", port))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """A self-signed certificate for the loopback address."""
    return certified(tmp_path_factory.mktemp("tls"), "localhost")


def certified(folder: Path, host: str) -> ssl.SSLContext:
    """A self-signed certificate for a name, left as `cert.pem` in the folder."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    (folder / "cert.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context
