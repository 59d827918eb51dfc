"""A sealed file as the WAV file that is served from it, range by range."""

from maskline.protocols.recording.cipher import TAG_BYTES
from maskline.protocols.recording.error import Damaged
from maskline.protocols.recording.head import Head
from maskline.protocols.recording.opening import PieceOpener
from maskline.protocols.recording.seal import FOOTER_BYTES
from maskline.protocols.recording.wave import WAV_HEAD_BYTES, wav_head


def audio_bytes(head: Head, sealed_size: int) -> int:
    """How much audio a finished file of that size holds. Raises `Damaged` for no such size."""
    body = sealed_size - len(head.raw) - FOOTER_BYTES
    whole, rest = divmod(body, head.sealed_segment_bytes)
    if body < 0 or 0 < rest <= TAG_BYTES or (rest and (rest - TAG_BYTES) % head.channels):
        raise Damaged("the recording is cut")
    return whole * head.segment_bytes + max(0, rest - TAG_BYTES)


def wav_size(head: Head, sealed_size: int) -> int:
    """Bytes of the WAV file that a sealed file of that size is served as. Raises `Damaged`."""
    audio = audio_bytes(head, sealed_size)
    return WAV_HEAD_BYTES + audio + audio % 2


class SealedView:
    """A finished file of `sealed_size` bytes, opened with its key.

    The size alone says how long the file should be; the footer proves it. Ranges that reach the
    last sample look at it, and those within the WAV head: who reads the whole file, or its head
    alone, notices that it was cut.
    Raises `Damaged`, `CipherMissing`; `ValueError` for a key of the wrong size.
    """

    __slots__ = ("_audio", "_head", "_opener", "_sealed_size")

    def __init__(self, head: Head, key: bytes, sealed_size: int) -> None:
        self._head = head
        self._opener = PieceOpener(head, key)
        self._sealed_size = sealed_size
        self._audio = audio_bytes(head, sealed_size)

    @property
    def frames(self) -> int:
        """Length in samples of each channel."""
        return self._audio // self._head.channels

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.frames / self._head.rate

    @property
    def size(self) -> int:
        """Bytes of the WAV file."""
        return WAV_HEAD_BYTES + self._audio + self._audio % 2

    def sealed_range(self, start: int, size: int) -> tuple[int, int]:
        """Where in the sealed file a range of the WAV file is: start and size.

        Raises `ValueError` for a range that is not within the WAV file.
        """
        first, last = self._segments(start, size)
        begin = self._offset(first)
        end = self._sealed_size if last == self._count else self._offset(last)
        return begin, end - begin

    def open(self, start: int, size: int, sealed: bytes) -> bytes:
        """Return the bytes of the WAV file from those at `sealed_range(start, size)`.

        Raises `Damaged`; `ValueError` for a range that is not within the WAV file.
        """
        first, last = self._segments(start, size)
        if len(sealed) != self.sealed_range(start, size)[1]:
            raise Damaged("the recording is cut")
        if last == self._count:
            self._opener.check_footer(sealed[-FOOTER_BYTES:], self.frames)
        head = wav_head(self.frames, self._head.channels, self._head.rate)
        parts = [head[start:], *self._opened(first, last, sealed), bytes(self._audio % 2)]
        # What the first part begins with: the head, a segment, or the byte that pads the file.
        origin = WAV_HEAD_BYTES + min(first * self._head.segment_bytes, self._audio)
        skip = max(0, start - origin)
        return b"".join(parts)[skip : skip + size]

    def _opened(self, first: int, last: int, sealed: bytes) -> list[bytes]:
        """The audio of the segments `first` up to but not `last`."""
        origin = self._offset(first)
        opened: list[bytes] = []
        for number in range(first, last):
            piece = sealed[self._offset(number) - origin : self._offset(number + 1) - origin]
            is_last = (number + 1) * self._head.segment_bytes > self._audio
            opened.append(self._opener.segment(number, piece, is_last=is_last))
        return opened

    @property
    def _count(self) -> int:
        """How many segments there are."""
        return -(-self._audio // self._head.segment_bytes)

    def _segments(self, start: int, size: int) -> tuple[int, int]:
        """The segments that a range touches: number of the first, and of the one after the last.

        None at all, at the end, for a range without audio.
        """
        if start < 0 or size < 0 or start + size > self.size:
            raise ValueError("not a range of the file")
        begin = max(0, start - WAV_HEAD_BYTES)
        end = min(start + size - WAV_HEAD_BYTES, self._audio)
        if begin >= end:
            return self._count, self._count
        return begin // self._head.segment_bytes, -(-end // self._head.segment_bytes)

    def _offset(self, number: int) -> int:
        """Where a segment begins in the sealed file; the footer begins after the last."""
        begin = len(self._head.raw) + number * self._head.sealed_segment_bytes
        return min(begin, self._sealed_size - FOOTER_BYTES)
