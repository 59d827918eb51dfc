"""Sealing a file piece by piece.

The key seals one file, and a nonce says which piece of it: the file's random bytes, the kind of
the piece, its number. A whole segment and the last, shorter one are of different kinds, and a
footer is numbered by the length that it proves. So repairing a file, which seals only footers,
never seals different things under one nonce.
"""

import struct
from enum import IntEnum

from maskline.protocols.recording.cipher import TAG_BYTES, Aead, make_aead
from maskline.protocols.recording.head import Head

FOOTER_MAGIC = b"MEND"
FOOTER_BYTES = len(FOOTER_MAGIC) + 4 + TAG_BYTES
MAX_FRAMES = 0xFFFF_FFFF

_NUMBER = struct.Struct(">BI")
_COUNT = struct.Struct(">I")


class Piece(IntEnum):
    """What is sealed."""

    SEGMENT = 0
    LAST_SEGMENT = 1
    FOOTER = 2


def nonce_of(head: Head, piece: Piece, number: int) -> bytes:
    """The nonce of a piece: 7 bytes of the file, the kind, the number."""
    return head.nonce + _NUMBER.pack(piece, number)


def associated_data(head: Head, piece: Piece) -> bytes:
    """What a piece vouches for besides its audio."""
    return head.raw + bytes((piece,))


class SegmentSealer:
    """Seals the audio of one file, in order and once: `seal` for each whole segment, `finish`.

    Raises `CipherMissing`; `ValueError` for a key of the wrong size.
    """

    __slots__ = ("_aead", "_associated", "_head", "_is_finished", "_segments", "frames")

    def __init__(self, head: Head, key: bytes) -> None:
        self.frames = 0
        self._head = head
        self._aead = make_aead(head.cipher, key)
        self._associated = associated_data(head, Piece.SEGMENT)
        self._segments = 0
        self._is_finished = False

    def seal(self, audio: bytes) -> bytes:
        """Seal the next whole segment: what to append to the file.

        Raises `ValueError` for audio of any other size, or once the file is finished or as long
        as a file may be.
        """
        head = self._head
        if len(audio) != head.segment_bytes or self._is_finished:
            raise ValueError("not a whole segment, or after the end")
        if self.frames + 2 * head.segment_frames > MAX_FRAMES:
            raise ValueError("a recording cannot be longer")
        sealed = self._aead.encrypt(
            nonce_of(head, Piece.SEGMENT, self._segments), audio, self._associated
        )
        self._segments += 1
        self.frames += head.segment_frames
        return sealed

    def finish(self, rest: bytes = b"") -> bytes:
        """Seal what is left, less than a segment, and the length: the end of the file.

        Raises `ValueError` for more than that, for half a frame, and when it is called again.
        """
        head = self._head
        if len(rest) >= head.segment_bytes or len(rest) % head.channels or self._is_finished:
            raise ValueError("not the rest of a recording, or after the end")
        self._is_finished = True
        sealed = b""
        if rest:
            nonce = nonce_of(head, Piece.LAST_SEGMENT, self._segments)
            sealed = self._aead.encrypt(nonce, rest, associated_data(head, Piece.LAST_SEGMENT))
            self.frames += len(rest) // head.channels
        return sealed + self._footer()

    def _footer(self) -> bytes:
        return _footer(self._head, self._aead, self.frames)


def make_footer(head: Head, key: bytes, frames: int) -> bytes:
    """The end of a file of so many frames. Raises as `SegmentSealer` does."""
    return _footer(head, make_aead(head.cipher, key), frames)


def _footer(head: Head, aead: Aead, frames: int) -> bytes:
    nonce = nonce_of(head, Piece.FOOTER, frames)
    tag = aead.encrypt(nonce, b"", associated_data(head, Piece.FOOTER))
    return FOOTER_MAGIC + _COUNT.pack(frames) + tag
