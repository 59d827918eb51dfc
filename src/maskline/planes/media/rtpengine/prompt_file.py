"""Voice files as rtpengine is given them: rtpengine itself would play much more than ours."""

import struct
from functools import lru_cache
from pathlib import Path

from maskline.planes.media.engine import CannotPlay

MAX_PROMPT_FILE_BYTES = 4_000_000
"""Largest voice file."""

_ALAW_FORMAT = 6
SAMPLES_PER_S = 8000
"""Of one octet each."""


@lru_cache(maxsize=512)
def duration_of(path: str) -> float:
    """Return the seconds of an A-law WAV of 8 kHz, mono. Raises `CannotPlay`.

    Remembered by path: a prompt's path names its content.
    """
    return len(read_prompt(path)) / SAMPLES_PER_S


def read_prompt(path: str) -> bytes:
    """Return the A-law samples of a voice file. Raises `CannotPlay`."""
    try:
        with Path(path).open("rb") as file:
            data = file.read(MAX_PROMPT_FILE_BYTES + 1)
    except (OSError, ValueError) as error:
        raise CannotPlay("the voice file cannot be read") from error
    audio = _audio(data) if len(data) <= MAX_PROMPT_FILE_BYTES else b""
    if not audio:
        raise CannotPlay("no A-law WAV of 8 kHz, mono")
    return audio


def build_prompt(audio: bytes) -> bytes:
    """The WAV file of A-law samples."""
    form = struct.pack("<HHIIHHH", _ALAW_FORMAT, 1, SAMPLES_PER_S, SAMPLES_PER_S, 1, 8, 0)
    fact = struct.pack("<4sII", b"fact", 4, len(audio))
    chunks = struct.pack("<4sI", b"fmt ", len(form)) + form + fact
    chunks += struct.pack("<4sI", b"data", len(audio)) + audio
    return struct.pack("<4sI4s", b"RIFF", 4 + len(chunks), b"WAVE") + chunks


def _audio(data: bytes) -> bytes:
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        return b""
    at, is_alaw = 12, False
    while at + 8 <= len(data):
        name, size = struct.unpack_from("<4sI", data, at)
        if name == b"fmt " and at + 24 <= len(data):
            is_alaw = struct.unpack_from("<HHI", data, at + 8) == (_ALAW_FORMAT, 1, SAMPLES_PER_S)
        if name == b"data":
            return data[at + 8 : at + 8 + size] if is_alaw else b""
        at += 8 + size + size % 2
    return b""
