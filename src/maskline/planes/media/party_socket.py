"""The RTP socket of one side of a call, which the kernel can keep strangers from.

A connected socket is cheaper to read and to write, and what others send to it costs us nothing.
But it hears one source only, so it is connected while no other may be the party's.
"""

import ctypes
import socket
from collections.abc import Callable
from ipaddress import ip_address
from typing import Any

from maskline.planes.media.peer import Address
from maskline.planes.media.port import Buffer, Take
from maskline.planes.media.relay import MediaSide

MAX_QUEUED = 1024
"""Datagrams looked at when a socket is connected: more than a receive buffer holds."""

Receiver = tuple[Callable[[bytearray], Any], Callable[[Any, float], None]]
"""How a socket is read into the buffer, and what takes the result and the time."""

_NOBODY = bytes(16)
"""A socket address of the family AF_UNSPEC: connecting to it undoes the last connecting."""

_connect = ctypes.CDLL(None, use_errno=True).connect


class PartySocket:
    """A bound socket, and its entry in the table of those that are read.

    The same datagrams reach the side whether it is connected or not, but for strangers' ones.
    """

    __slots__ = (
        "_bound",
        "_buffer",
        "_can_connect",
        "_receivers",
        "_side",
        "may_connect",
        "send",
        "sendto",
    )

    def __init__(
        self, bound: socket.socket, buffer: Buffer, receivers: dict[int, Receiver]
    ) -> None:
        """`receivers` is by descriptor; `serve` puts the socket there, `close` takes it away.

        `bound` is so to a port by number: one that the system chose is lost when disconnecting.
        """
        self.send = bound.send
        self.sendto = bound.sendto
        self._bound = bound
        self._buffer = buffer
        self._receivers = receivers
        self._side: MediaSide | None = None
        # Bound to all addresses, connecting would choose one, maybe not that which parties send to.
        self._can_connect = not ip_address(bound.getsockname()[0]).is_unspecified
        self.may_connect = self._can_connect

    def serve(self, side: MediaSide) -> None:
        """Give what arrives to a side from now on."""
        self._side = side
        self._receivers[self._bound.fileno()] = (self._bound.recvfrom_into, side.receive_from)

    def connect(self, party: Address, now: float) -> bool:
        """Hear `party` only; False when that cannot be."""
        if self._side is None or not self.may_connect:
            return False
        # Also when it fails: a network that refuses now is not asked for every packet.
        self.may_connect = False
        try:
            self._bound.connect(party)
        except OSError:
            return False
        self._take_queued(self._side, now)
        self.receive_by(self._side.receive)
        return True

    def receive_by(self, take: Take) -> None:
        """Give what comes to `take`, until it is disconnected."""
        self._receivers[self._bound.fileno()] = (self._bound.recv_into, take)

    def disconnect(self) -> None:
        """Hear everybody again."""
        _connect(self._bound.fileno(), _NOBODY, len(_NOBODY))
        # Reading the party's last refusal clears it: the next call is not to meet it.
        self._bound.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        self.may_connect = self._can_connect
        if self._side is not None:
            self.serve(self._side)

    def close(self) -> None:
        """Give nothing to the side any more. The socket stays bound, and hears everybody."""
        self._side = None
        del self._receivers[self._bound.fileno()]
        self.disconnect()

    def _take_queued(self, side: MediaSide, now: float) -> None:
        """Take what came before, whose senders nobody has checked yet."""
        for _ in range(MAX_QUEUED):
            try:
                size, source = self._bound.recvfrom_into(self._buffer.data)
            except BlockingIOError:
                return
            except OSError:
                # The news that an earlier packet was refused: what waits comes after it.
                continue
            side.receive_from((size, source), now)
