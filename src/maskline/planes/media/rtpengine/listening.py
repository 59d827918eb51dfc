"""Where daemons report: pressed keys by UDP, calls they gave up by a small HTTP server."""

import asyncio
from collections.abc import Callable

from maskline.planes.media.engine import EngineGone
from maskline.protocols.ng.notice import (
    MAX_NOTICE_BYTES,
    KeyLogged,
    parse_key,
    parse_teardown,
)

MAX_CONNECTIONS = 32
"""Reports of ended calls that are read at once; more are refused."""

READ_TIMEOUT_S = 5.0
"""How long one report may take."""

_ANSWER = (
    b'<?xml version="1.0"?><methodResponse><params><param><value><string>OK</string></value>'
    b"</param></params></methodResponse>"
)


class NoticeListener:
    """Hears the reports of all daemons; what is no report is dropped and counted."""

    def __init__(
        self, on_key: Callable[[KeyLogged], None], on_teardown: Callable[[str], None]
    ) -> None:
        self.dropped = 0
        self._on_key = on_key
        self._on_teardown = on_teardown
        self._datagrams: asyncio.DatagramTransport | None = None
        self._server: asyncio.Server | None = None
        self._connections = 0

    @property
    def ports(self) -> tuple[int, int]:
        """The UDP and the TCP port that were taken."""
        if self._datagrams is None or self._server is None:
            return 0, 0
        udp = self._datagrams.get_extra_info("sockname")
        return int(udp[1]), int(self._server.sockets[0].getsockname()[1])

    async def start(self, address: str, dtmf_port: int, teardown_port: int) -> None:
        """Take the ports. Raises `EngineGone`."""
        loop = asyncio.get_running_loop()
        try:
            self._datagrams, _ = await loop.create_datagram_endpoint(
                lambda: _KeyProtocol(self._take_key), local_addr=(address, dtmf_port)
            )
            self._server = await asyncio.start_server(
                self._serve, address, teardown_port, limit=MAX_NOTICE_BYTES
            )
        except OSError as error:
            await self.aclose()
            raise EngineGone("a port for rtpengine's reports is taken") from error

    async def aclose(self) -> None:
        """Let the ports go. May be repeated."""
        if self._datagrams is not None:
            self._datagrams.close()
            self._datagrams = None
        if self._server is not None:
            self._server.close()
            self._server = None

    def _take_key(self, data: bytes) -> None:
        key = parse_key(data)
        if key is None:
            self.dropped += 1
        else:
            self._on_key(key)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections += 1
        try:
            if self._connections <= MAX_CONNECTIONS:
                async with asyncio.timeout(READ_TIMEOUT_S):
                    await self._read_report(reader, writer)
        except (OSError, TimeoutError, ValueError, asyncio.IncompleteReadError):
            self.dropped += 1
        finally:
            self._connections -= 1
            writer.close()

    async def _read_report(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.LimitOverrunError as error:
            raise ValueError("head too long") from error
        body = await reader.readexactly(_content_length(head))
        calls = parse_teardown(body)
        if not calls:
            self.dropped += 1
        length = len(_ANSWER)
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nConnection: close\r\n"
            b"Content-Length: %d\r\n\r\n%s" % (length, _ANSWER)
        )
        for call in calls:
            self._on_teardown(call)
        await writer.drain()


class _KeyProtocol(asyncio.DatagramProtocol):
    def __init__(self, take: Callable[[bytes], None]) -> None:
        self._take = take

    def datagram_received(self, data: bytes, addr: tuple[str | object, int]) -> None:  # noqa: ARG002 - as the base
        self._take(data)


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            length = int(value)
            if 0 <= length <= MAX_NOTICE_BYTES:
                return length
    raise ValueError("no usable length")
