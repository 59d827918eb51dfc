"""The push client against receivers that misbehave below HTTP, and over TLS."""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from maskline.lab.receiver import Receiver
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


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """A self-signed certificate for the loopback address."""
    folder: Path = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
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
