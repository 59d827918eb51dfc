"""Finishing a file whose writer died."""

from os import SEEK_END
from typing import BinaryIO

from maskline.protocols.recording.cipher import TAG_BYTES
from maskline.protocols.recording.error import Damaged
from maskline.protocols.recording.head import MAX_HEAD_BYTES, Head, read_head
from maskline.protocols.recording.opening import PieceOpener
from maskline.protocols.recording.seal import FOOTER_BYTES, make_footer
from maskline.protocols.recording.view import audio_bytes


def repair(file: BinaryIO, key: bytes) -> int:
    """Make the file end as a finished one does; how many frames it holds.

    What is whole stays, at most the last segment goes. A finished file is not written to, and a
    damaged segment in the middle is left for the reader to notice. `file` is open for reading and
    writing; making it durable is up to the caller.
    Raises `BadHead`, `CipherMissing`, `OSError`; `ValueError` for a key of the wrong size.
    """
    size = file.seek(0, SEEK_END)
    file.seek(0)
    head = read_head(file.read(MAX_HEAD_BYTES))
    opener = PieceOpener(head, key)
    finished = _finished(file, head, opener, size)
    if finished is not None:
        return finished
    segments = _whole_segments(file, head, opener, size)
    end = _end_of(head, segments)
    rest = _rest(file, head, opener, segments, size - end)
    if rest:
        end += rest + TAG_BYTES
    frames = segments * head.segment_frames + rest // head.channels
    file.seek(end)
    file.write(make_footer(head, key, frames))
    file.truncate()
    file.flush()
    return frames


def _finished(file: BinaryIO, head: Head, opener: PieceOpener, size: int) -> int | None:
    """The length of a file that its footer proves; None when it does not."""
    try:
        frames = audio_bytes(head, size) // head.channels
        opener.check_footer(_read(file, size - FOOTER_BYTES, FOOTER_BYTES), frames)
    except Damaged:
        return None
    return frames


def _whole_segments(file: BinaryIO, head: Head, opener: PieceOpener, size: int) -> int:
    """How many whole segments to keep: up to the last that is one.

    A machine that lost power may leave a file that is long enough and has no data at its end.
    """
    one = head.sealed_segment_bytes
    for number in range((size - len(head.raw)) // one - 1, -1, -1):
        try:
            opener.segment(number, _read(file, _end_of(head, number), one))
        except Damaged:
            continue
        return number + 1
    return 0


def _rest(file: BinaryIO, head: Head, opener: PieceOpener, segments: int, left: int) -> int:
    """Audio in the shorter segment that the last piece of the file is, before a torn footer."""
    found = _read(file, _end_of(head, segments), min(left, head.sealed_segment_bytes))
    for size in range(len(found), max(TAG_BYTES, left - FOOTER_BYTES), -1):
        try:
            return len(opener.segment(segments, found[:size], is_last=True))
        except Damaged:
            continue
    return 0


def _end_of(head: Head, segments: int) -> int:
    return len(head.raw) + segments * head.sealed_segment_bytes


def _read(file: BinaryIO, start: int, size: int) -> bytes:
    file.seek(start)
    return file.read(size)
