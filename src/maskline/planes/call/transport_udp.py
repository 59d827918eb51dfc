"""One UDP socket: drained in bounded turns, written to without buffering."""

import asyncio
import socket
import sys
from collections.abc import Callable

from maskline.planes.call.transport_limits import TransportLimits
from maskline.protocols.sip.flow import Flow

DatagramHandler = Callable[[bytes, Flow], None]

MAX_DATAGRAM_BYTES = 65_535

SO_MEMINFO = 55
"""Linux: the memory figures of a socket, of which the first is what waits to be read. The socket
module does not name it."""

MEMINFO_BYTES = 36


class UdpPort:
    """A bound socket on the running loop.

    A message over 1300 bytes is sent as it is: RFC 3261 18.1.1 would change to TCP, which few
    carriers listen on; the fragments of the datagram are theirs to put together.
    """

    __slots__ = (
        "_limits",
        "_loop",
        "_on_datagram",
        "_on_turn_over",
        "_socket",
        "backlog_bytes",
        "dropped",
    )

    def __init__(
        self,
        host: str,
        port: int,
        limits: TransportLimits,
        on_datagram: DatagramHandler,
        on_turn_over: Callable[[], None],
    ) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_DGRAM)
        try:
            self._socket.setblocking(False)
            for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
                self._socket.setsockopt(socket.SOL_SOCKET, option, limits.udp_buffer_bytes)
            self._socket.bind((host, port))
        except OSError:
            self._socket.close()
            raise
        self._limits = limits
        self._on_datagram = on_datagram
        self._on_turn_over = on_turn_over
        self.dropped = 0
        """Datagrams the kernel did not take; timers A, E and G send them again."""
        self.backlog_bytes = 0
        """What the last turn left in the socket, as the kernel counts it."""
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._socket, self._read)

    @property
    def address(self) -> tuple[str, int]:
        """The bound host and port."""
        host, port = self._socket.getsockname()[:2]
        return host, port

    def send(self, data: bytes, flow: Flow) -> None:
        """Send one datagram; what the kernel does not take is dropped and counted."""
        try:
            self._socket.sendto(data, (flow.host, flow.port))
        except OSError:
            self.dropped += 1

    def close(self) -> None:
        """Stop reading and free the port."""
        self._loop.remove_reader(self._socket)
        self._socket.close()

    def _read(self) -> None:
        receive = self._socket.recvfrom
        handle = self._on_datagram
        for _ in range(self._limits.datagrams_per_turn):
            try:
                data, address = receive(MAX_DATAGRAM_BYTES)
            except OSError:
                self.backlog_bytes = 0
                break  # drained, or an ICMP error of an earlier datagram
            handle(data, Flow("udp", address[0], address[1]))
        else:
            self.backlog_bytes = self._measure_backlog()
        self._on_turn_over()

    def _measure_backlog(self) -> int:
        try:
            figures = self._socket.getsockopt(socket.SOL_SOCKET, SO_MEMINFO, MEMINFO_BYTES)
        except OSError:
            return 0  # a kernel before Linux 4.12, or another system: nothing is known
        return int.from_bytes(figures[:4], sys.byteorder)
