"""Keys as their sound (ITU-T Q.23): for phones that know no telephone events."""

from array import array
from math import pi

import numpy as np
from numpy.typing import NDArray

from maskline.protocols.rtp.packet import CLOCK_RATE

LOW_HZ = (697, 770, 852, 941)
HIGH_HZ = (1209, 1336, 1477, 1633)
ROWS = ("123A", "456B", "789C", "*0#D")

LEVEL_DBFS = -12.0
"""Of each of the two tones."""

PAUSE_MS = 80
"""Silence after each key; Q.24 asks for 40 ms at least."""


def key_frequencies(key: str) -> tuple[int, int]:
    """The two tones of a key. Raises ValueError for what is no key."""
    for low, row in zip(LOW_HZ, ROWS, strict=True):
        if len(key) == 1 and key in row:
            return low, HIGH_HZ[row.index(key)]
    raise ValueError(f"{key!r} is no key")


def make_key_tones(keys: str, duration_ms: int = 100, pause_ms: int = PAUSE_MS) -> "array[int]":
    """The keys one after the other, 8 kHz, each with its pause. Raises ValueError."""
    times = np.arange(CLOCK_RATE * duration_ms // 1000) / CLOCK_RATE
    amplitude = 32767 * 10 ** (LEVEL_DBFS / 20)
    pause = np.zeros(CLOCK_RATE * pause_ms // 1000)
    parts: list[NDArray[np.float64]] = []
    for key in keys:
        low, high = (2 * pi * hertz * times for hertz in key_frequencies(key))
        parts += [amplitude * (np.sin(low) + np.sin(high)), pause]
    samples = np.concatenate(parts) if parts else pause
    return array("h", samples.astype(np.int16).tobytes())
