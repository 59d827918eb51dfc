"""Opening a file piece by piece: the other half of `SegmentSealer`."""

import struct

from maskline.protocols.recording.cipher import make_aead, open_sealed
from maskline.protocols.recording.error import Damaged
from maskline.protocols.recording.head import Head
from maskline.protocols.recording.seal import (
    FOOTER_BYTES,
    FOOTER_MAGIC,
    Piece,
    associated_data,
    nonce_of,
)

_COUNT = struct.Struct(">I")


class PieceOpener:
    """Opens the pieces of one file. Raises as `SegmentSealer` does."""

    __slots__ = ("_aead", "_head")

    def __init__(self, head: Head, key: bytes) -> None:
        self._head = head
        self._aead = make_aead(head.cipher, key)

    def segment(self, number: int, sealed: bytes, *, is_last: bool = False) -> bytes:
        """The audio of a segment; `is_last` for the shorter one at the end. Raises `Damaged`."""
        piece = Piece.LAST_SEGMENT if is_last else Piece.SEGMENT
        return self._open(piece, number, sealed)

    def check_footer(self, footer: bytes, frames: int) -> None:
        """Check that the file ends after so many frames. Raises `Damaged`."""
        start = FOOTER_MAGIC + _COUNT.pack(frames)
        if len(footer) != FOOTER_BYTES or not footer.startswith(start):
            raise Damaged("the recording is cut")
        self._open(Piece.FOOTER, frames, footer[len(start) :])

    def _open(self, piece: Piece, number: int, sealed: bytes) -> bytes:
        head = self._head
        nonce = nonce_of(head, piece, number)
        return open_sealed(self._aead, nonce, sealed, associated_data(head, piece))
