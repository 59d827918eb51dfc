"""TCP and TLS connections: framed, reused by far address, bounded in number and in time."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from ssl import SSLContext
from typing import Literal, Protocol, cast

from maskline.planes.call.transport_limits import TransportLimits
from maskline.protocols.sip.error import SipParseError
from maskline.protocols.sip.flow import Flow
from maskline.protocols.sip.limits import MessageLimits
from maskline.protocols.sip.message import Request, Response
from maskline.protocols.sip.parse import KeepAlive, StreamParser

StreamTransport = Literal["tcp", "tls"]

PONG = b"\r\n"

# A read is fed to the parser in pieces, so that one read never overflows what it may buffer.
FEED_BYTES = 65_536


class StreamUser(Protocol):
    """Who is told what comes over connections."""

    def message_received(self, message: Request | Response, flow: Flow) -> None:
        """One framed message."""
        ...

    def error_received(self, error: SipParseError, flow: Flow) -> None:
        """A framed message that is malformed."""
        ...

    def flow_lost(self, flow: Flow) -> None:
        """The connection broke or was never made."""
        ...

    def turn_over(self) -> None:
        """What one read brought has been handed over."""
        ...


class StreamConnection(asyncio.Protocol):
    """One connection, accepted or made."""

    def __init__(
        self, pool: "StreamPool", transport: StreamTransport, made_for: Flow | None = None
    ) -> None:
        self._pool = pool
        self._kind: StreamTransport = transport
        self._parser = StreamParser(pool.message_limits)
        self._transport: asyncio.Transport | None = None
        self.flow = made_for or Flow(transport, "", 0)
        self.last_used = pool.loop.time()
        self.is_proven = made_for is not None
        self.is_stranger = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Join the pool, unless it is full."""
        # uvloop's transports are none by type, only by what they do
        self._transport = cast("asyncio.Transport", transport)
        if not self.flow.host:
            peer = transport.get_extra_info("peername")
            if peer is None:  # it has gone already
                self._transport.abort()
                return
            self.flow = Flow(self._kind, *peer[:2])
            self.is_stranger = not self._pool.is_known(self.flow)
        if not self._pool.join(self):
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        """Cut what came into messages and hand them over."""
        self._touch()
        view = memoryview(data)
        for at in range(0, len(data), FEED_BYTES):
            self._parser.receive(bytes(view[at : at + FEED_BYTES]))
            if not self._take_messages():
                self.abort()
                break
        self._pool.user.turn_over()

    def connection_lost(self, exc: Exception | None) -> None:
        """Leave the pool."""
        del exc
        self._pool.leave(self)

    def send(self, data: bytes) -> None:
        """Write a message; a peer that doesn't read loses the connection."""
        transport = self._transport
        if transport is None:
            return
        self._touch()
        if transport.get_write_buffer_size() > self._pool.limits.write_buffer_bytes:
            self.abort()
        else:
            transport.write(data)

    def close(self) -> None:
        """Close once everything is written."""
        if self._transport is not None:
            self._transport.close()

    def abort(self) -> None:
        """Close at once."""
        if self._transport is not None:
            self._transport.abort()

    def _touch(self) -> None:
        # What a stranger does earns it no time.
        if not self.is_stranger:
            self.last_used = self._pool.loop.time()

    def _take_messages(self) -> bool:
        """Hand over what is whole; False when the next message can't be found any more."""
        while True:
            try:
                message = self._parser.next_message()
            except SipParseError as error:
                self._pool.user.error_received(error, self.flow)
                if self._parser.is_broken:
                    return False
                continue
            if message is None:
                return True
            if isinstance(message, KeepAlive):
                self.send(PONG)
            else:
                self.is_proven = not self.is_stranger
                self._pool.user.message_received(message, self.flow)


class StreamPool:
    """All connections of one endpoint, by flow."""

    def __init__(
        self,
        user: StreamUser,
        limits: TransportLimits,
        message_limits: MessageLimits,
        *,
        client_tls: SSLContext | None,
        server_name: Callable[[Flow], str],
        is_known: Callable[[Flow], bool],
    ) -> None:
        self.user = user
        self.is_known = is_known
        self.limits = limits
        self.message_limits = message_limits
        self.loop = asyncio.get_running_loop()
        self._client_tls = client_tls
        self._server_name = server_name
        self._open: dict[Flow, StreamConnection] = {}
        self._strangers = 0
        self._pending: dict[Flow, list[bytes]] = {}
        self._connecting: set[asyncio.Task[None]] = set()
        self._is_closing = False
        self._is_empty = asyncio.Event()
        self._sweeper = self.loop.call_later(limits.sweep_interval_s, self._sweep)

    def __len__(self) -> int:
        return len(self._open) + len(self._pending)

    def accept(self, transport: StreamTransport) -> StreamConnection:
        """The protocol of a connection a listener accepts."""
        return StreamConnection(self, transport)

    def send(self, data: bytes, flow: Flow) -> None:
        """Write to the connection of `flow`, making one when there is none."""
        connection = self._open.get(flow)
        if connection is not None:
            connection.send(data)
            return
        waiting = self._pending.get(flow)
        if waiting is not None:
            if sum(map(len, waiting)) + len(data) <= self.limits.write_buffer_bytes:
                waiting.append(data)
        elif self._is_closing or len(self) >= self.limits.connections:
            self.loop.call_soon(self.user.flow_lost, flow)
        else:
            self._pending[flow] = [data]
            task = self.loop.create_task(self._connect(flow))
            self._connecting.add(task)
            task.add_done_callback(self._connecting.discard)

    def join(self, connection: StreamConnection) -> bool:
        """Take a connection in; False when the pool is full or closing."""
        is_waited_for = connection.flow in self._pending
        if self._is_closing or (not is_waited_for and len(self) >= self.limits.connections):
            return False
        if connection.is_stranger:
            if self._strangers >= self.limits.stranger_connections:
                return False
            self._strangers += 1
        self._open[connection.flow] = connection
        for data in self._pending.pop(connection.flow, ()):
            connection.send(data)
        return True

    def leave(self, connection: StreamConnection) -> None:
        """Forget a connection and say that its flow is lost."""
        if self._open.get(connection.flow) is connection:
            del self._open[connection.flow]
            self._strangers -= connection.is_stranger
            if not self._open:
                self._is_empty.set()
            self.user.flow_lost(connection.flow)

    async def close(self) -> None:
        """Close every connection and wait for those still being made."""
        self._is_closing = True
        self._sweeper.cancel()
        for task in self._connecting:
            task.cancel()
        await asyncio.gather(*self._connecting, return_exceptions=True)
        for connection in list(self._open.values()):
            connection.close()
        # TLS says good-bye to each peer; one that doesn't answer is cut off.
        with suppress(TimeoutError):
            async with asyncio.timeout(self.limits.goodbye_timeout_s):
                await self._wait_until_empty()
        for connection in list(self._open.values()):
            connection.abort()
        await asyncio.sleep(0)

    async def _wait_until_empty(self) -> None:
        if self._open:
            self._is_empty.clear()
            await self._is_empty.wait()

    async def _connect(self, flow: Flow) -> None:
        is_tls = flow.transport == "tls"
        transport: StreamTransport = "tls" if is_tls else "tcp"
        try:
            async with asyncio.timeout(self.limits.connect_timeout_s):
                await self.loop.create_connection(
                    lambda: StreamConnection(self, transport, flow),
                    flow.host,
                    flow.port,
                    ssl=self._client_tls if is_tls else None,
                    server_hostname=self._server_name(flow) if is_tls else None,
                )
        except (OSError, TimeoutError, ValueError):
            # ValueError: no TLS context was given
            self._pending.pop(flow, None)
            self.user.flow_lost(flow)

    def _sweep(self) -> None:
        now = self.loop.time()
        limits = self.limits
        for connection in list(self._open.values()):
            allowed = (
                limits.idle_timeout_s if connection.is_proven else limits.first_message_timeout_s
            )
            if now - connection.last_used > allowed:
                connection.close()
        self._sweeper = self.loop.call_later(limits.sweep_interval_s, self._sweep)
