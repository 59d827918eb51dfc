"""Sound files for phones: whatever they are, 8 kHz inside, and one or two channels."""

import sys
import wave
from array import array
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from maskline.protocols.rtp.packet import CLOCK_RATE

MAX_WAV_S = 600
"""Longest file that is read."""

Channel = NDArray[np.int16]


class BadWav(Exception):
    """The file is no sound, or a longer one than is played."""


def read_channels(file: BinaryIO) -> list[Channel]:
    """The channels of WAV, FLAC, OGG or MP3 at 8 kHz. Raises BadWav."""
    try:
        with soundfile.SoundFile(file) as sound:
            if sound.frames > MAX_WAV_S * sound.samplerate:
                raise BadWav(f"longer than {MAX_WAV_S} s")
            samples: Channel = sound.read(dtype="int16", always_2d=True).astype(np.int16)
            rate = sound.samplerate
    except soundfile.LibsndfileError as error:
        raise BadWav(str(error)) from error
    if rate != CLOCK_RATE:
        samples = soxr.resample(samples, rate, CLOCK_RATE).astype(np.int16)
    return [np.ascontiguousarray(samples[:, index]) for index in range(samples.shape[1])]


def read_wav(path: Path) -> "array[int]":
    """The samples of a sound file at 8 kHz, its channels mixed. Raises BadWav, OSError."""
    with path.open("rb") as file:
        try:
            channels = read_channels(file)
        except BadWav as error:
            raise BadWav(f"{path}: {error}") from error
    mixed = channels[0] if len(channels) == 1 else np.mean(channels, axis=0).astype(np.int16)
    return array("h", mixed.tobytes())


def write_wav(path: Path, samples: "array[int] | Channel") -> None:
    """Write samples as a WAV file of 8 kHz, 16 bits, mono. Raises OSError."""
    path.write_bytes(wav_bytes(samples))


def wav_bytes(samples: "array[int] | Channel") -> bytes:
    """Samples as the content of a WAV file of 8 kHz, 16 bits, mono."""
    little = array("h", samples.tobytes())
    if sys.byteorder == "big":
        little.byteswap()
    written = BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(CLOCK_RATE)
        file.writeframes(little.tobytes())
    return written.getvalue()
