"""What a side of a call has of a socket, and the memory that all of them share."""

from collections.abc import Callable
from typing import Protocol

from maskline.planes.media.peer import Address
from maskline.protocols.rtp.packet import MAX_PACKET_BYTES

BUFFER_BYTES = MAX_PACKET_BYTES + 1
"""Size of the receive buffer: a datagram too long to be valid fills it."""


class Buffer:
    """The memory that every datagram is received into and sent from."""

    __slots__ = ("data", "view")

    def __init__(self) -> None:
        self.data = bytearray(BUFFER_BYTES)
        self.view = memoryview(self.data)


Take = Callable[[int, float], None]
"""Takes the datagram of this size in the buffer, which came at this time."""


class Port(Protocol):
    """The socket of a side, which may be connected to the side's party."""

    @property
    def may_connect(self) -> bool:
        """Whether it can be connected, and is not."""
        ...

    def connect(self, party: Address, now: float) -> bool:
        """Hear and send to `party` only, and let `receive` take what it sends; False if it fails.

        What came before has been given to `receive_from` then.
        """
        ...

    def receive_by(self, take: Take) -> None:
        """Give what comes to `take` instead of `receive`, until it is disconnected."""
        ...

    def disconnect(self) -> None:
        """Hear everybody again, by `receive_from`."""
        ...

    def close(self) -> None:
        """Give nothing to the side any more."""
        ...

    def send(self, datagram: memoryview | bytes, /) -> int:
        """Send to the party that it is connected to. Raises `OSError`."""
        ...

    def sendto(self, datagram: memoryview | bytes, target: Address, /) -> int:
        """Send while it is not connected. Raises `OSError`."""
        ...
