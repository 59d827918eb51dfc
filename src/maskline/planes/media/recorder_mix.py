"""Two lanes of A-law made into the audio of a recording."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from maskline.protocols.rtp.g711 import Law, decoding_table, encoding_table

Buffer = bytes | bytearray | memoryview
Octets = NDArray[np.uint8]

_SILENT = (0x55, 0xD5)


def mixing_table() -> Octets:
    """The A-law octet of the sum of two, indexed by one octet plus 256 times the other.

    What is too loud is cut off. A-law has no zero: its two smallest steps count as none here, so
    that a party who talks while the other is silent is recorded octet by octet.
    """
    linear = np.array(decoding_table(Law.A), np.int32)
    linear[list(_SILENT)] = 0
    sums = np.clip(linear[:, None] + linear[None, :], -32768, 32767)
    octets = np.frombuffer(encoding_table(Law.A), np.uint8)
    return octets[sums & 0xFFFF].ravel()


class Mixer:
    """Gathers the lanes of one recording into segments.

    `table` is that of `mixing_table` for one channel; without it there are two, interleaved.
    """

    __slots__ = ("_at", "_frames", "_pair", "_table")

    def __init__(self, frames: int, table: Octets | None) -> None:
        self._frames = frames
        self._table = table
        # Both lanes side by side: two channels as they are, or the index into the table.
        self._pair = np.empty((frames, 2), np.uint8)
        self._at: int = 0

    def add(self, first: Buffer, second: Buffer, seal: Callable[[bytes], None]) -> None:
        """Append lanes of equal length; `seal` is given each whole segment."""
        ours, theirs = np.frombuffer(first, np.uint8), np.frombuffer(second, np.uint8)
        pair, frames = self._pair, self._frames
        taken, left = 0, len(first)
        while left:
            at = self._at
            size = min(left, frames - at)
            end = at + size
            pair[at:end, 0] = ours[taken : taken + size]
            pair[at:end, 1] = theirs[taken : taken + size]
            taken += size
            left -= size
            self._at = end
            if end == frames:
                seal(self.take())

    def take(self) -> bytes:
        """Remove and return what was gathered."""
        pair = self._pair[: self._at]
        self._at = 0
        if self._table is None:
            return pair.tobytes()
        return self._table.take(pair.view(np.uint16).ravel()).tobytes()


def join_lanes(first: Buffer, second: Buffer, channels: int) -> bytes:
    """The audio of a recording of two whole lanes; the shorter is filled up with silence."""
    frames = max(len(first), len(second))
    if not frames:
        return b""
    silence = bytes((Law.A.silence,))
    mixer = Mixer(frames, mixing_table() if channels == 1 else None)
    joined: list[bytes] = []
    mixer.add(
        bytes(first).ljust(frames, silence), bytes(second).ljust(frames, silence), joined.append
    )
    return joined[0]
