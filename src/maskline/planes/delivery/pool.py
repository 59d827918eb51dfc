"""Connections to receivers that are kept for the next push, and how new ones are made."""

import asyncio
import socket
import ssl
from dataclasses import dataclass
from functools import partial

from maskline.planes.delivery.connection import PushFailed, tls_context
from maskline.planes.delivery.destination import (
    AddressRefused,
    DestinationRefused,
    open_public_socket,
)
from maskline.planes.delivery.resolver import Info, Names
from maskline.planes.delivery.settings import DeliverySettings
from maskline.planes.delivery.wire import PushConnection

KEEP_ALIVE_S = 30.0
"""How long an idle connection is kept; receivers usually close theirs earlier."""

MAX_KEPT = 1_024
"""Idle connections that are kept. Each takes a file descriptor, and there may be ten times as many
receivers."""

CONNECT_TURN_S = 2.0
"""How long an address of a name may take when the name has others."""


@dataclass(frozen=True, slots=True)
class Peer:
    """Whom a connection is to: connections to the same one may stand in for each other."""

    host: str
    port: int
    is_tls: bool


class ConnectionPool:
    """All connections of a client. Whoever sends bounds how many are in use."""

    def __init__(self, settings: DeliverySettings) -> None:
        self._settings = settings
        self._names = Names()
        self._tls = tls_context(verifies=settings.verify_tls)
        # that of whom a connection was kept last stands last; no list is empty
        self._idle: dict[Peer, list[tuple[float, PushConnection]]] = {}
        self._idle_count = 0
        self._open: set[PushConnection] = set()
        self._sweep_alarm: asyncio.TimerHandle | None = None
        self._is_closed = False

    async def close(self) -> None:
        """Hang up everywhere."""
        self._is_closed = True
        if self._sweep_alarm is not None:
            self._sweep_alarm.cancel()
        for connection in list(self._open):
            connection.close()
        self._idle.clear()
        await self._names.close()

    def kept(self, peer: Peer) -> PushConnection | None:
        """A connection that was used before, the last one first."""
        oldest = asyncio.get_running_loop().time() - KEEP_ALIVE_S
        while peer in self._idle:
            since, connection = self._taken_out(peer, -1)
            if since > oldest and connection.is_usable:
                return connection
            connection.close()
        return None

    async def connect(self, peer: Peer) -> PushConnection:
        """A new connection. Raises PushFailed, DestinationRefused."""
        line = await self._reached(peer)
        settings = self._settings
        make = partial(
            PushConnection,
            settings.max_answer_bytes,
            settings.answer_body_s,
            partial(self._keep, peer),
            self._open.discard,
        )
        loop = asyncio.get_running_loop()
        try:
            if peer.is_tls:
                _, connection = await loop.create_connection(
                    make,
                    sock=line,
                    ssl=self._tls,
                    # RFC 6066 3: certificates and servers know names without the dot of the root
                    server_hostname=peer.host.rstrip("."),
                )
            else:
                _, connection = await loop.create_connection(make, sock=line)
        except BaseException as error:
            line.close()
            if isinstance(error, ssl.SSLCertVerificationError):
                raise PushFailed("the certificate does not verify", "tls") from error
            if isinstance(error, ssl.SSLError):
                raise PushFailed("no TLS connection", "tls") from error
            if isinstance(error, OSError):
                raise PushFailed("no connection") from error
            raise
        if self._is_closed:
            connection.close()
            raise PushFailed("the client is closed")
        if connection.is_usable:  # else its end has been told already, or will be for nothing
            self._open.add(connection)
        return connection

    async def _reached(self, peer: Peer) -> socket.socket:
        """A connected socket to the first address of the name that takes one."""
        try:
            infos = await self._names.infos(peer.host, peer.port)
        except (OSError, ValueError) as error:
            raise PushFailed("the name does not resolve") from error
        refused: AddressRefused | None = None
        failed: OSError | None = None
        for index, info in enumerate(infos):
            is_last = index == len(infos) - 1
            try:
                async with asyncio.timeout(None if is_last else CONNECT_TURN_S):
                    return await self._connected(info)
            except AddressRefused as error:
                refused = error
            except OSError as error:  # TimeoutError is one
                failed = error
        if refused is not None and failed is None:
            raise DestinationRefused(str(refused)) from refused
        raise PushFailed("no connection") from failed

    async def _connected(self, info: Info) -> socket.socket:
        family, kind, protocol, _, address = info
        if self._settings.allow_private:
            line = socket.socket(family, kind, protocol)
        else:
            line = open_public_socket(info)
        try:
            line.setblocking(False)
            await asyncio.get_running_loop().sock_connect(line, address)
        except BaseException:
            line.close()
            raise
        return line

    def _keep(self, peer: Peer, connection: PushConnection) -> None:
        if self._is_closed:
            connection.close()
            return
        loop = asyncio.get_running_loop()
        idle = self._idle[peer] = self._idle.pop(peer, [])
        idle.append((loop.time(), connection))
        self._idle_count += 1
        if self._idle_count > MAX_KEPT:
            _, oldest = self._taken_out(next(iter(self._idle)), 0)
            oldest.close()
        if self._sweep_alarm is None:
            self._sweep_alarm = loop.call_later(KEEP_ALIVE_S, self._sweep)

    def _taken_out(self, peer: Peer, index: int) -> tuple[float, PushConnection]:
        idle = self._idle[peer]
        kept = idle.pop(index)
        self._idle_count -= 1
        if not idle:
            del self._idle[peer]
        return kept

    def _sweep(self) -> None:
        """Close what nobody has used for long: the oldest stand first."""
        loop = asyncio.get_running_loop()
        oldest = loop.time() - KEEP_ALIVE_S
        for peer, idle in list(self._idle.items()):
            kept = [(since, one) for since, one in idle if since > oldest and one.is_usable]
            for since, connection in idle:
                if since <= oldest:
                    connection.close()
            if kept:
                self._idle[peer] = kept
            else:
                del self._idle[peer]
        self._idle_count = sum(len(idle) for idle in self._idle.values())
        wait_s = KEEP_ALIVE_S / 2
        self._sweep_alarm = loop.call_later(wait_s, self._sweep) if self._idle else None
