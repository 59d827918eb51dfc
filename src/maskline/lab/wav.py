"""WAV files of 8 kHz, 16 bits, one channel: what phones play and record."""

import sys
import wave
from array import array
from pathlib import Path

from maskline.protocols.rtp.packet import CLOCK_RATE

MAX_WAV_S = 600
"""Longest file that is read."""


class BadWav(Exception):
    """The file is no WAV that a phone can play; the text says what it should be."""


def read_wav(path: Path) -> "array[int]":
    """The samples of a file. Raises BadWav, and OSError when it cannot be opened."""
    try:
        with wave.open(str(path), "rb") as file:
            shape = (file.getframerate(), file.getsampwidth(), file.getnchannels())
            if shape != (CLOCK_RATE, 2, 1):
                raise BadWav(f"{path}: expected 8000 Hz, 16 bits, mono")
            if file.getnframes() > MAX_WAV_S * CLOCK_RATE:
                raise BadWav(f"{path}: longer than {MAX_WAV_S} s")
            data = file.readframes(file.getnframes())
    except (wave.Error, EOFError) as error:
        raise BadWav(f"{path}: {error}") from error
    samples = array("h", data)
    if sys.byteorder == "big":
        samples.byteswap()
    return samples


def write_wav(path: Path, samples: "array[int]") -> None:
    """Write samples. Raises OSError."""
    little = array("h", samples)
    if sys.byteorder == "big":
        little.byteswap()
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(CLOCK_RATE)
        file.writeframes(little.tobytes())
