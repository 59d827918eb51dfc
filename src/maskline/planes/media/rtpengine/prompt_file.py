"""How long a voice file is heard, and whether it is one: rtpengine itself would play much more."""

import struct
from functools import lru_cache
from pathlib import Path

from maskline.planes.media.engine import CannotPlay

_HEAD_BYTES = 4096
_ALAW_FORMAT = 6
_BYTES_PER_S = 8000


@lru_cache(maxsize=512)
def duration_of(path: str) -> float:
    """Return the seconds of an A-law WAV of 8 kHz, mono. Raises `CannotPlay`.

    Remembered by path: a prompt's path names its content.
    """
    try:
        with Path(path).open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError as error:
        raise CannotPlay("the voice file cannot be read") from error
    size = _audio_bytes(head)
    if size == 0:
        raise CannotPlay("no A-law WAV of 8 kHz, mono")
    return size / _BYTES_PER_S


def _audio_bytes(head: bytes) -> int:
    if head[:4] != b"RIFF" or head[8:12] != b"WAVE":
        return 0
    at, is_alaw = 12, False
    while at + 8 <= len(head):
        name, size = struct.unpack_from("<4sI", head, at)
        if name == b"fmt " and at + 24 <= len(head):
            is_alaw = struct.unpack_from("<HHI", head, at + 8) == (_ALAW_FORMAT, 1, _BYTES_PER_S)
        if name == b"data":
            return int(size) if is_alaw else 0
        at += 8 + size + size % 2
    return 0
