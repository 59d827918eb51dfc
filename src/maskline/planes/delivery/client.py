"""How one message gets to a receiver: a thin seam, and HTTP behind it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from maskline.planes.delivery.connection import PushFailed
from maskline.planes.delivery.destination import read_destination
from maskline.planes.delivery.pool import ConnectionPool, Peer
from maskline.planes.delivery.settings import DeliverySettings
from maskline.planes.delivery.wire import Answer, ConnectionLost, PushConnection, written

REQUEST_TIMEOUT = 408
"""The status with which a server may end a connection that was idle (RFC 9110 15.5.9)."""

MAX_URLS = 10_000
"""Addresses of receivers that are kept as they were read."""


class PushClient(Protocol):
    """Sends messages."""

    async def open(self) -> None:
        """Get ready; comes before the first message."""
        ...

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        """Push one message; returns the status with which the receiver accepted it.

        Raises PushFailed, DestinationRefused.
        """
        ...

    async def close(self) -> None:
        """Drop all connections."""
        ...


@dataclass(frozen=True, slots=True)
class _Destination:
    """Where pushes to one URL go, and how each begins."""

    peer: Peer
    head: bytes


class HttpPushClient:
    """Pushes over HTTP/1.1 with kept connections, no redirects, no cookies and no proxies.

    Accepted means any status from 200 to 299. The interface documents 200 with an empty body;
    frameworks answer an empty body with 204, and a repeat would only hurt.
    """

    def __init__(self, settings: DeliverySettings) -> None:
        self._settings = settings
        self._destinations: dict[str, _Destination] = {}
        self._pool: ConnectionPool | None = None

    async def open(self) -> None:
        """See the seam."""
        self._pool = ConnectionPool(self._settings)

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        """See the seam; the status comes within `timeout_s` or the push failed."""
        destination = self._destinations.get(url) or self._read(url)
        request = written(destination.head, headers, body)
        try:
            async with asyncio.timeout(self._settings.timeout_s):
                answer = await self._answered(destination.peer, request)
        except TimeoutError as error:
            text = f"no answer within {self._settings.timeout_s:g} s"
            raise PushFailed(text, "timeout") from error
        if answer.rest is not None:
            await answer.rest  # so that the connection is free for the next push
        status = answer.status
        if not 200 <= status < 300:
            raise PushFailed(f"HTTP {status}", f"{status // 100}xx", status=status)
        return status

    async def close(self) -> None:
        """See the seam."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await pool.close()

    async def _answered(self, peer: Peer, request: bytes) -> Answer:
        pool = self._pool
        if pool is None:
            raise PushFailed("the client is closed")
        kept = pool.kept(peer)
        if kept is not None:
            try:
                answer = await _exchanged(kept, request)
                if answer.status != REQUEST_TIMEOUT:
                    return answer
            except ConnectionLost as error:
                # The receiver closed an idle connection just as we wrote to it. That is no failure
                # of the receiver, and must not cost the notice a minute.
                if not error.is_unanswered:
                    raise
        return await _exchanged(await pool.connect(peer), request)

    def _read(self, text: str) -> _Destination:
        url = read_destination(text)
        head = (
            f"POST {url.raw_path_qs} HTTP/1.1\r\nHost: {url.host_port_subcomponent}\r\n"
            "User-Agent: maskline\r\nAccept: */*\r\n"
        )
        # `read_destination` has seen to host and port
        peer = Peer(url.raw_host or "", url.port or 0, is_tls=url.scheme == "https")
        if len(self._destinations) >= MAX_URLS:
            self._destinations.clear()
        destination = self._destinations[text] = _Destination(peer, head.encode())
        return destination


async def _exchanged(connection: PushConnection, request: bytes) -> Answer:
    try:
        return await connection.send(request)
    except BaseException:
        connection.close()  # its answer, if one comes, is nobody's
        raise
