"""The socket shell of the SIP endpoint: asyncio outside, the sans-I/O core inside."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ssl import SSLContext

from maskline.planes.call.transport_limits import TransportLimits
from maskline.planes.call.transport_stream import StreamPool
from maskline.planes.call.transport_udp import UdpPort
from maskline.protocols.sip.endpoint import SipEndpoint
from maskline.protocols.sip.error import SipParseError
from maskline.protocols.sip.event import Event
from maskline.protocols.sip.flow import Flow, Transport
from maskline.protocols.sip.message import Request, Response
from maskline.services.clock import Clock

# The loop's timers tick in milliseconds: a timer armed to the exact moment may fire before it.
TIMER_SLACK_S = 0.001


@dataclass(frozen=True, slots=True)
class Listener:
    """One port to open; `port` 0 takes a free one.

    `advertised_host` is what peers are told when they reach us under another address than `host`;
    a listener on every address (`0.0.0.0`, `::`) needs it.
    """

    transport: Transport
    host: str
    port: int
    advertised_host: str | None = None


_EVERY_ADDRESS = ("", "0.0.0.0", "::")  # noqa: S104 # named in order to be refused

EventHandler = Callable[[Event], None]


def _flow_host(flow: Flow) -> str:
    return flow.host


def _knows_all(_flow: Flow) -> bool:
    return True


class SipTransport:
    """Runs one endpoint on the running loop: sockets, one timer, events to `handler`.

    After a verb of the endpoint or a session was called outside of `handler`, call `wake`: what
    it wrote leaves at the end of the loop's turn, with everything else of that turn. `handler`
    may be set after construction and must not raise; what it raises goes to the loop's exception
    handler. `is_known` says whose connections are more than a stranger's, which are few and short.
    """

    def __init__(
        self,
        endpoint: SipEndpoint,
        listeners: Sequence[Listener],
        *,
        clock: Clock,
        handler: EventHandler | None = None,
        limits: TransportLimits | None = None,
        server_tls: SSLContext | None = None,
        client_tls: SSLContext | None = None,
        server_name: Callable[[Flow], str] = _flow_host,
        is_known: Callable[[Flow], bool] = _knows_all,
    ) -> None:
        self.endpoint = endpoint
        self.handler: EventHandler = handler or _ignore_event
        self._listeners = listeners
        self._clock = clock
        self._limits = limits or TransportLimits()
        self._server_tls = server_tls
        self._client_tls = client_tls
        self._server_name = server_name
        self._is_known = is_known
        self._loop: asyncio.AbstractEventLoop | None = None
        self._udp: UdpPort | None = None
        self._streams: StreamPool | None = None
        self._servers: list[asyncio.Server] = []
        self._addresses: dict[Transport, tuple[str, int]] = {}
        self._alarm: asyncio.TimerHandle | None = None
        self._alarm_due = float("inf")
        self._is_settling = False
        self._is_woken = False

    @property
    def addresses(self) -> dict[Transport, tuple[str, int]]:
        """Transport -> bound host and port."""
        return dict(self._addresses)

    @property
    def connection_count(self) -> int:
        """TCP and TLS connections, open or being made."""
        return 0 if self._streams is None else len(self._streams)

    @property
    def datagrams_dropped(self) -> int:
        """Datagrams the kernel did not take."""
        return 0 if self._udp is None else self._udp.dropped

    @property
    def backlog_bytes(self) -> int:
        """What waited in the UDP socket after the last turn of reading; 0 when it was drained."""
        return 0 if self._udp is None else self._udp.backlog_bytes

    async def start(self) -> None:
        """Open the ports.

        Raises OSError when one is taken, ValueError for listeners that make no sense together;
        then nothing stays open.
        """
        self._loop = asyncio.get_running_loop()
        self._streams = StreamPool(
            self,
            self._limits,
            self.endpoint.config.limits,
            client_tls=self._client_tls,
            server_name=self._server_name,
            is_known=self._is_known,
        )
        try:
            for listener in self._listeners:
                await self._open_named(listener)
        except (OSError, ValueError):
            await self.close()
            raise
        self.wake()

    async def close(self) -> None:
        """Send what is left and close everything. Calling it again does nothing."""
        if self._loop is None:
            return
        self._flush()
        if self._alarm is not None:
            self._alarm.cancel()
        for server in self._servers:
            server.close()
        if self._streams is not None:
            await self._streams.close()
        if self._udp is not None:
            self._udp.close()
        self._udp = None
        self._streams = None
        self._servers.clear()
        self._addresses.clear()
        self._loop = None

    def wake(self) -> None:
        """Have events, outgoing bytes and timers looked after at the end of this turn."""
        if self._is_woken or self._is_settling or self._loop is None:
            return
        self._is_woken = True
        self._loop.call_soon(self._settle)

    # What the sockets call

    def datagram_received(self, data: bytes, flow: Flow) -> None:
        """One datagram."""
        try:
            self.endpoint.receive(data, flow, self._clock.monotonic())
        except Exception as error:  # noqa: BLE001 # one bad message must not stop the others
            self._report(error)

    def message_received(self, message: Request | Response, flow: Flow) -> None:
        """One message of a stream."""
        try:
            self.endpoint.receive_message(message, flow, self._clock.monotonic())
        except Exception as error:  # noqa: BLE001 # one bad message must not stop the others
            self._report(error)

    def error_received(self, error: SipParseError, flow: Flow) -> None:
        """One malformed message of a stream."""
        self.endpoint.receive_error(error, flow)

    def flow_lost(self, flow: Flow) -> None:
        """A connection broke or was never made."""
        self.endpoint.flow_failed(flow, self._clock.monotonic())
        self.wake()

    def turn_over(self) -> None:
        """A socket was read: deal with what came of it."""
        self._settle()

    def _settle(self) -> None:
        if self._loop is None:
            return
        self._is_woken = False
        self._is_settling = True
        next_event = self.endpoint.next_event
        while (event := next_event()) is not None:
            try:
                self.handler(event)
            except Exception as error:  # noqa: BLE001 # one call's fault must not stop the others
                self._report(error)
        self._is_settling = False
        self._flush()
        self._arm()

    def _flush(self) -> None:
        udp, streams = self._udp, self._streams
        for data, flow in self.endpoint.data_to_send():
            if flow.transport == "udp":
                if udp is not None:
                    udp.send(data, flow)
            elif streams is not None:
                streams.send(data, flow)

    def _arm(self) -> None:
        """Keep one alarm; an early one is cheaper than moving it with every message."""
        due = self.endpoint.next_timer()
        if due is None or due >= self._alarm_due or self._loop is None:
            return
        if self._alarm is not None:
            self._alarm.cancel()
        self._alarm_due = due
        delay = max(0.0, due - self._clock.monotonic()) + TIMER_SLACK_S
        self._alarm = self._loop.call_later(delay, self._ring)

    def _ring(self) -> None:
        self._alarm = None
        self._alarm_due = float("inf")
        try:
            self.endpoint.handle_timer(self._clock.monotonic())
        except Exception as error:  # noqa: BLE001 # the other timers still have to run
            self._report(error)
        self._settle()

    async def _open_named(self, listener: Listener) -> None:
        """Open a listener; the error of the system gets to say which one failed."""
        try:
            await self._open(listener)
        except OSError as error:
            name = f"SIP over {listener.transport}, {listener.host}:{listener.port}"
            raise OSError(error.errno, f"{error.strerror or error} ({name})") from error

    async def _open(self, listener: Listener) -> None:
        if self._loop is None or self._streams is None:
            raise RuntimeError("start() opens the ports")
        transport = listener.transport
        if transport in self._addresses:
            raise ValueError(f"two {transport} listeners: an endpoint has one address a transport")
        if listener.host in _EVERY_ADDRESS and listener.advertised_host is None:
            raise ValueError("a listener on every address needs an advertised host")
        if transport == "udp":
            self._udp = UdpPort(
                listener.host,
                listener.port,
                self._limits,
                self.datagram_received,
                self.turn_over,
            )
            host, port = self._udp.address
        else:
            pool = self._streams
            tls = self._tls_of(transport)
            server = await self._loop.create_server(
                lambda: pool.accept(transport),
                listener.host,
                listener.port,
                ssl=tls,
                ssl_handshake_timeout=None if tls is None else self._limits.connect_timeout_s,
            )
            self._servers.append(server)
            host, port = server.sockets[0].getsockname()[:2]
        self._addresses[transport] = (host, port)
        self.endpoint.listen(transport, listener.advertised_host or host, port)

    def _tls_of(self, transport: Transport) -> SSLContext | None:
        if transport == "tls" and self._server_tls is None:
            raise OSError("a TLS listener needs a certificate")
        return self._server_tls if transport == "tls" else None

    def _report(self, error: Exception) -> None:
        if self._loop is not None:
            self._loop.call_exception_handler(
                {"message": "SIP message or event not handled", "exception": error}
            )


def _ignore_event(_event: Event) -> None:
    """Until the call plane sets its handler."""
