"""Whole calls between two endpoints over real sockets on the loopback interface."""

import asyncio
import secrets
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import TypeVar

import pytest
import uvloop
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from maskline.planes.call.transport import Listener, SipTransport
from maskline.planes.call.transport_limits import TransportLimits
from maskline.protocols.sip.config import EndpointConfig
from maskline.protocols.sip.endpoint import SipEndpoint
from maskline.protocols.sip.event import (
    Acknowledged,
    Answered,
    EndReceived,
    Event,
    InviteReceived,
    Rejected,
    RequestAnswered,
    Ringing,
    SessionClosed,
    TransportFailed,
)
from maskline.protocols.sip.flow import Flow, Transport
from maskline.protocols.sip.header import NameAddr
from maskline.protocols.sip.session_outgoing import OutgoingSession
from maskline.protocols.sip.timer import TimerValues
from maskline.services.clock import SystemClock

pytestmark = pytest.mark.network

E = TypeVar("E", bound=Event)

QUICK = TimerValues(t1=0.02, t2=0.08, t4=0.1)
TRANSPORTS: tuple[Transport, ...] = ("udp", "tcp", "tls")


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A self-signed certificate of 127.0.0.1 and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    certificate_file, key_file = folder / "certificate.pem", folder / "key.pem"
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate_file, key_file


@pytest.fixture(scope="module")
def contexts(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    certificate, key = make_certificate(tmp_path_factory.mktemp("tls"))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate, key)
    return server, ssl.create_default_context(cafile=str(certificate))


class Phone:
    """An endpoint with its sockets; events can be waited for by type."""

    def __init__(
        self,
        contexts: tuple[ssl.SSLContext, ssl.SSLContext],
        limits: TransportLimits | None = None,
        transports: tuple[Transport, ...] = TRANSPORTS,
        is_known: Callable[[Flow], bool] = lambda _flow: True,
    ) -> None:
        self.endpoint = SipEndpoint(EndpointConfig(timers=QUICK), secrets.token_hex)
        self.clock = SystemClock()
        self.transport = SipTransport(
            self.endpoint,
            [Listener(transport, "127.0.0.1", 0) for transport in transports],
            clock=self.clock,
            handler=self.handle,
            limits=limits,
            server_tls=contexts[0],
            client_tls=contexts[1],
            is_known=is_known,
        )
        self.events: list[Event] = []
        self._changed = asyncio.Event()

    @property
    def now(self) -> float:
        return self.clock.monotonic()

    def handle(self, event: Event) -> None:
        self.events.append(event)
        self._changed.set()

    def flow(self, transport: Transport) -> Flow:
        return Flow(transport, *self.transport.addresses[transport])

    async def wait_for(self, kind: type[E]) -> E:
        async with asyncio.timeout(5):
            while True:
                for event in self.events:
                    if isinstance(event, kind):
                        self.events.remove(event)
                        return event
                self._changed.clear()
                await self._changed.wait()

    def call(self, flow: Flow, body: bytes = b"v=0\r\n") -> OutgoingSession:
        session = self.endpoint.invite(
            target=f"sip:+8613800000001@{flow.host}:{flow.port};transport={flow.transport}",
            flow=flow,
            from_=NameAddr("", "sip:+8617000000001@127.0.0.1"),
            to=f"sip:+8613800000001@{flow.host}",
            body=body,
            now=self.now,
        )
        self.transport.wake()
        return session


@pytest.fixture
async def phones(
    contexts: tuple[ssl.SSLContext, ssl.SSLContext],
) -> AsyncIterator[tuple[Phone, Phone]]:
    pair = Phone(contexts), Phone(contexts)
    for phone in pair:
        await phone.transport.start()
    yield pair
    for phone in pair:
        await phone.transport.close()


@pytest.mark.parametrize("run", [asyncio.run, uvloop.run], ids=["asyncio", "uvloop"])
@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_call_is_made_answered_and_ended(
    contexts: tuple[ssl.SSLContext, ssl.SSLContext],
    transport: Transport,
    run: Callable[[Coroutine[None, None, None]], None],
) -> None:
    """On both loops: their transports differ in detail, and the platform runs on uvloop."""

    async def scenario() -> None:
        caller, callee = Phone(contexts), Phone(contexts)
        await caller.transport.start()
        await callee.transport.start()
        await talk(caller, callee, transport)
        await caller.transport.close()
        await callee.transport.close()

    run(scenario())


async def talk(caller: Phone, callee: Phone, transport: Transport) -> None:
    """One call over a transport, from INVITE to BYE."""
    session = caller.call(callee.flow(transport), b"v=0 offer")
    incoming = (await callee.wait_for(InviteReceived)).session
    assert incoming.flow.transport == transport
    assert incoming.remote_sdp == b"v=0 offer"
    incoming.ring(now=callee.now)
    callee.transport.wake()
    await caller.wait_for(Ringing)
    incoming.answer(b"v=0 answer", now=callee.now)
    callee.transport.wake()
    assert (await caller.wait_for(Answered)).body == b"v=0 answer"
    await callee.wait_for(Acknowledged)
    incoming.end(q850=16, now=callee.now)
    callee.transport.wake()
    assert (await caller.wait_for(EndReceived)).q850 == 16
    assert (await caller.wait_for(SessionClosed)).session is session
    await callee.wait_for(SessionClosed)


async def test_one_connection_carries_many_calls(phones: tuple[Phone, Phone]) -> None:
    caller, callee = phones
    for _ in range(3):
        caller.call(callee.flow("tcp"))
        (await callee.wait_for(InviteReceived)).session.reject(486, now=callee.now)
        callee.transport.wake()
        assert (await caller.wait_for(Rejected)).status == 486
    assert caller.transport.connection_count == 1


async def test_messages_leave_the_transactions_when_their_time_is_over(
    phones: tuple[Phone, Phone],
) -> None:
    caller, callee = phones
    caller.call(callee.flow("udp"))
    (await callee.wait_for(InviteReceived)).session.reject(486, now=callee.now)
    callee.transport.wake()
    await caller.wait_for(Rejected)
    async with asyncio.timeout(5):
        # no event tells of it, so there is nothing to wait on
        while caller.endpoint.transaction_count or callee.endpoint.transaction_count:  # noqa: ASYNC110 # see above
            await asyncio.sleep(0.05)


async def test_an_options_ping_is_answered(phones: tuple[Phone, Phone]) -> None:
    caller, callee = phones
    flow = callee.flow("udp")
    caller.endpoint.request(
        method="OPTIONS",
        target=f"sip:{flow.host}:{flow.port}",
        flow=flow,
        from_=NameAddr("", "sip:ping@127.0.0.1"),
        to=f"sip:{flow.host}",
        now=caller.now,
        owner="trunk",
    )
    caller.transport.wake()
    answered = await caller.wait_for(RequestAnswered)
    assert (answered.owner, answered.status) == ("trunk", 200)


async def test_a_ping_that_is_given_up_is_told_as_unavailable(phones: tuple[Phone, Phone]) -> None:
    caller, _ = phones
    with socket.socket(type=socket.SOCK_DGRAM) as deaf:
        deaf.bind(("127.0.0.1", 0))
        flow = Flow("udp", *deaf.getsockname())
        ping = caller.endpoint.request(
            method="OPTIONS",
            target=f"sip:{flow.host}:{flow.port}",
            flow=flow,
            from_=NameAddr("", "sip:ping@127.0.0.1"),
            to=f"sip:{flow.host}",
            now=caller.now,
            owner="trunk",
        )
        ping.give_up(caller.now)
        caller.transport.wake()
        answered = await caller.wait_for(RequestAnswered)
    assert (answered.owner, answered.status) == ("trunk", 503)


async def test_a_refused_connection_fails_the_call_at_once(phones: tuple[Phone, Phone]) -> None:
    caller, _ = phones
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound but not listening
        caller.call(Flow("tcp", *taken.getsockname()))
        await caller.wait_for(TransportFailed)


async def test_a_certificate_nobody_trusts_fails_the_call(
    contexts: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    callee = Phone(contexts)
    caller = Phone((contexts[0], ssl.create_default_context()))
    await callee.transport.start()
    await caller.transport.start()
    caller.call(callee.flow("tls"))
    await caller.wait_for(TransportFailed)
    await caller.transport.close()
    await callee.transport.close()


async def test_a_call_survives_the_loss_of_its_connection(phones: tuple[Phone, Phone]) -> None:
    caller, callee = phones
    session = caller.call(callee.flow("tcp"))
    incoming = (await callee.wait_for(InviteReceived)).session
    incoming.answer(b"v=0 answer", now=callee.now)
    callee.transport.wake()
    await callee.wait_for(Acknowledged)
    pool = callee.transport._streams
    assert pool is not None
    for connection in list(pool._open.values()):
        connection.abort()
    await asyncio.sleep(0.05)
    incoming.end(now=callee.now)
    callee.transport.wake()
    assert (await caller.wait_for(EndReceived)).session is session


async def test_a_keep_alive_is_answered_and_rubbish_ends_the_connection(
    phones: tuple[Phone, Phone],
) -> None:
    _, callee = phones
    flow = callee.flow("tcp")
    reader, writer = await asyncio.open_connection(flow.host, flow.port)
    writer.write(b"\r\n\r\n")
    assert await asyncio.wait_for(reader.readexactly(2), 5) == b"\r\n"
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" + b"x" * 300_000)
    with pytest.raises((asyncio.IncompleteReadError, ConnectionResetError)):
        await asyncio.wait_for(reader.readexactly(1), 5)
    writer.close()


async def test_connections_are_bounded_and_silent_ones_closed(
    contexts: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    limits = TransportLimits(connections=2, first_message_timeout_s=0.2, sweep_interval_s=0.05)
    callee = Phone(contexts, limits, transports=("tcp",))
    await callee.transport.start()
    flow = callee.flow("tcp")
    links = [await asyncio.open_connection(flow.host, flow.port) for _ in range(3)]
    async with asyncio.timeout(5):
        for reader, _ in links:
            try:
                assert await reader.read() == b""
            except ConnectionResetError:
                continue
    assert callee.transport.connection_count == 0
    for _, writer in links:
        writer.close()
    await callee.transport.close()


async def test_strangers_hold_few_connections_and_not_for_long(
    contexts: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    limits = TransportLimits(
        connections=4,
        stranger_connections=1,
        first_message_timeout_s=0.2,
        sweep_interval_s=0.05,
    )
    callee = Phone(contexts, limits, transports=("tcp",), is_known=lambda _flow: False)
    await callee.transport.start()
    flow = callee.flow("tcp")
    links = [await asyncio.open_connection(flow.host, flow.port) for _ in range(4)]
    ping = (
        f"OPTIONS sip:{flow.host} SIP/2.0\r\nVia: SIP/2.0/TCP {flow.host}:1;branch=z9hG4bKa\r\n"
        f"From: <sip:a@b>;tag=1\r\nTo: <sip:b@b>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\n"
        "Max-Forwards: 70\r\nContent-Length: 0\r\n\r\n"
    ).encode()
    async with asyncio.timeout(5):
        while callee.transport.connection_count != 1:  # noqa: ASYNC110 # a count, no event
            await asyncio.sleep(0.01)
        for _, writer in links:
            writer.write(ping)
        while callee.transport.connection_count:
            await asyncio.sleep(0.01)
            links[0][1].write(b"\r\n\r\n")
    for _, writer in links:
        writer.close()
    await callee.transport.close()


async def test_a_taken_port_is_an_error_and_leaves_nothing_open(
    contexts: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    first = Phone(contexts, transports=("udp",))
    await first.transport.start()
    endpoint = SipEndpoint(EndpointConfig(), secrets.token_hex)
    port = first.transport.addresses["udp"][1]
    second = SipTransport(
        endpoint,
        [Listener("tcp", "127.0.0.1", 0), Listener("udp", "127.0.0.1", port)],
        clock=SystemClock(),
    )
    with pytest.raises(OSError, match="in use"):
        await second.start()
    assert second.addresses == {}
    await first.transport.close()


@pytest.mark.parametrize(
    "listeners",
    [
        [Listener("udp", "127.0.0.1", 0), Listener("udp", "127.0.0.1", 0)],
        [Listener("udp", "0.0.0.0", 0)],
    ],
)
async def test_listeners_that_make_no_sense_are_refused(listeners: list[Listener]) -> None:
    endpoint = SipEndpoint(EndpointConfig(), secrets.token_hex)
    transport = SipTransport(endpoint, listeners, clock=SystemClock())
    with pytest.raises(ValueError, match="listener"):
        await transport.start()
    assert transport.addresses == {}
