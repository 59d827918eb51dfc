"""The head of the WAV file that is served: A-law, with the fact chunk that A-law needs."""

import struct

ALAW_FORMAT = 6
"""`WAVE_FORMAT_ALAW` (RFC 2361 appendix A)."""

_HEAD = struct.Struct("<4sI4s 4sIHHIIHHH 4sII 4sI")
WAV_HEAD_BYTES = _HEAD.size


def wav_head(frames: int, channels: int, rate: int) -> bytes:
    """Return what stands before `frames` frames of A-law audio, one byte a channel each."""
    data = frames * channels
    return _HEAD.pack(
        *(b"RIFF", WAV_HEAD_BYTES - 8 + data + data % 2, b"WAVE"),
        *(b"fmt ", 18, ALAW_FORMAT, channels, rate, rate * channels, channels, 8, 0),
        *(b"fact", 4, frames),
        *(b"data", data),
    )
