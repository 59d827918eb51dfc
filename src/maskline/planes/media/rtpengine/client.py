"""The socket to one daemon's control port."""

import asyncio
from collections.abc import Mapping
from typing import cast

from maskline.domain.error import PlatformError
from maskline.planes.media.engine import EngineBusy, EngineGone, MediaError
from maskline.protocols.ng.bencode import Encodable
from maskline.protocols.ng.exchange import NgExchange
from maskline.protocols.ng.message import NgError, NgReply


class Refused(MediaError, PlatformError):
    """A daemon answered, and did not do it. The text is its reason."""


class NgClient(asyncio.DatagramProtocol):
    """Asks one daemon. Made by `open_client`; closed once with `close`."""

    def __init__(self, prefix: str) -> None:
        self._exchange = NgExchange(prefix)
        self._loop = asyncio.get_running_loop()
        self._replies: dict[bytes, asyncio.Future[NgReply]] = {}
        self._transport: asyncio.DatagramTransport | None = None
        self._timer: asyncio.TimerHandle | None = None

    async def ask(self, command: str, fields: Mapping[str, Encodable]) -> NgReply:
        """Have a command carried out.

        Raises `Refused`, `EngineGone` without an answer, `EngineBusy` when too many wait.
        """
        transport = self._transport
        if transport is None:
            raise EngineGone("the control socket is closed")
        try:
            cookie, datagram = self._exchange.ask(command, fields, self._loop.time())
        except NgError as error:
            raise EngineBusy(str(error)) from error
        future: asyncio.Future[NgReply] = self._loop.create_future()
        self._replies[cookie] = future
        transport.sendto(datagram)
        if self._timer is None:
            self._plan()
        try:
            reply = await future
        finally:
            self._replies.pop(cookie, None)
            self._exchange.forget(cookie)
        if not reply.is_ok:
            raise Refused(reply.reason)
        return reply

    def close(self) -> None:
        """Close the socket; whoever waits for a reply gets `EngineGone`."""
        transport, self._transport = self._transport, None
        if transport is not None:
            transport.close()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._give_up(list(self._replies))

    # What the transport calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the socket."""
        # Of another base class on Python 3.11, so no isinstance.
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str | object, int]) -> None:  # noqa: ARG002 - as the base
        """Give a reply to whom it is for."""
        reply = self._exchange.receive(data)
        future = self._replies.get(reply.cookie) if reply is not None else None
        if reply is not None and future is not None and not future.done():
            future.set_result(reply)

    def error_received(self, exc: Exception) -> None:
        """Nobody listens there now: a daemon that restarts may, before the last repetition."""

    def _plan(self) -> None:
        due = self._exchange.next_timer()
        self._timer = None if due is None else self._loop.call_at(due, self._tick)

    def _tick(self) -> None:
        again, unanswered = self._exchange.handle_timer(self._loop.time())
        if self._transport is not None:
            for datagram in again:
                self._transport.sendto(datagram)
        self._give_up(unanswered)
        self._plan()

    def _give_up(self, cookies: list[bytes]) -> None:
        for cookie in cookies:
            future = self._replies.get(cookie)
            if future is not None and not future.done():
                future.set_exception(EngineGone("rtpengine did not answer"))


async def open_client(host: str, port: int, prefix: str) -> NgClient:
    """Make a client. Raises `EngineGone` when the address cannot be used."""
    loop = asyncio.get_running_loop()
    try:
        _, client = await loop.create_datagram_endpoint(
            lambda: NgClient(prefix), remote_addr=(host, port)
        )
    except OSError as error:
        raise EngineGone(f"no way to rtpengine at {host}:{port}") from error
    return client
