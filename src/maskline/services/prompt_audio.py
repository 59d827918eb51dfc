"""Sounds as calls play them: whatever was uploaded becomes A-law, 8 kHz, mono, in a WAV file.

Run as a program, it converts its standard input: what decodes strangers' files is a process of
its own, with little memory, little time and nothing to lose (`prompt_converter.py`).
"""

import io
import resource
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import cast

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from maskline.domain.error import InvalidParameter
from maskline.domain.prompt import MAX_PROMPT_BYTES, PromptAudio

SAMPLE_RATE = 8000
HEADER_SIZE = 58
MAX_SAMPLES = MAX_PROMPT_BYTES - HEADER_SIZE - 1  # one octet each; an odd number is padded
MIN_SAMPLES = 160  # one packet
MAX_CHANNELS = 8
SOURCE_RATES = range(4_000, 192_001)
BLOCK_SAMPLES = 65_536  # of all channels, decoded at once
MAX_PEAK = 32_256 / 32_768  # the loudest value of A-law: nothing beyond it could be told apart

MEMORY_BYTES = 1 << 30  # address space of the process
CPU_S = 20

EXIT_REFUSED = 3

Samples = NDArray[np.float32]

_A_LAW = 6  # RFC 2361 A.6
_HEADER = struct.Struct("<4sI4s 4sIHHIIHHH 4sII 4sI")
_FORMATS = frozenset({"WAV", "WAVEX", "RF64", "FLAC", "OGG", "MP3", "MPEG"})
_UNREADABLE = "is no sound that can be read; send WAV, MP3, FLAC or OGG"
_LONGEST = f"a prompt has at most {MAX_SAMPLES // SAMPLE_RATE} s; shorten it"


@dataclass(frozen=True, slots=True)
class PromptSound:
    """A converted sound: the WAV file, and what a prompt says of it."""

    wav: bytes

    @property
    def audio(self) -> PromptAudio:
        """Its digest, size and length."""
        (samples,) = struct.unpack_from("<I", self.wav, HEADER_SIZE - 4)
        return PromptAudio(
            digest=sha256(self.wav).hexdigest(),
            size=len(self.wav),
            duration_ms=samples * 1000 // SAMPLE_RATE,
        )


def convert_sound(source: bytes) -> PromptSound:
    """A WAV, MP3, FLAC or OGG file (Vorbis, Opus) as a prompt.

    Octets of a file that is in this form already stay as they are. Blocks for up to some seconds.
    Raises InvalidParameter (`sound`): not audio, without sound, too long.
    """
    if not source:
        raise _refused("the file is empty; send WAV, MP3, FLAC or OGG")
    if not _looks_like_sound(source):
        raise _refused(_UNREADABLE)
    try:
        with soundfile.SoundFile(io.BytesIO(source)) as file:
            if file.format not in _FORMATS:
                raise _refused(_UNREADABLE)
            samples = _read(file)
    except (soundfile.SoundFileError, RuntimeError, ValueError, OSError) as error:
        raise _refused(_UNREADABLE) from error
    if len(samples) < MIN_SAMPLES:
        raise _refused("holds no sound; record it again")
    return PromptSound(_wav(_a_law(samples)))


def _refused(detail: str) -> InvalidParameter:
    return InvalidParameter("sound", detail)


def _looks_like_sound(source: bytes) -> bool:
    """The first bytes of the forms we take: libsndfile knows many others, each a parser more."""
    if source[:4] in {b"RIFF", b"RF64"}:
        return source[8:12] == b"WAVE"
    if source[:4] in {b"fLaC", b"OggS"}:
        return True
    is_frame = len(source) > 1 and source[0] == 0xFF and source[1] & 0xE0 == 0xE0
    return is_frame or source[:3] == b"ID3"


def _read(file: soundfile.SoundFile) -> Samples:
    """All of it at 8 kHz, mono; no more than a prompt may have is ever held."""
    if not 1 <= file.channels <= MAX_CHANNELS:
        raise _refused(f"has {file.channels} channels; send one or two")
    if file.samplerate not in SOURCE_RATES:
        raise _refused(f"has {file.samplerate} samples a second; send 8000 to 48000")
    parts: list[Samples] = []
    held = 0
    for part in _resampled(file):
        held += len(part)
        if held > MAX_SAMPLES:
            raise _refused(f"is too long: {_LONGEST}")
        parts.append(part)
    return np.concatenate(parts) if parts else np.zeros(0, np.float32)


def _resampled(file: soundfile.SoundFile) -> Iterator[Samples]:
    if file.samplerate == SAMPLE_RATE:
        yield from _mixed(file)
        return
    resampler = soxr.ResampleStream(file.samplerate, SAMPLE_RATE, 1, dtype="float32")
    for block in _mixed(file):
        yield cast("Samples", resampler.resample_chunk(block))
    yield cast("Samples", resampler.resample_chunk(np.zeros(0, np.float32), last=True))


def _mixed(file: soundfile.SoundFile) -> Iterator[Samples]:
    frames = BLOCK_SAMPLES // file.channels
    while len(block := file.read(frames, dtype="float32", always_2d=True)):
        mixed = block[:, 0] if file.channels == 1 else block.mean(axis=1, dtype=np.float32)
        # Files of floats may hold anything, also what is no number.
        yield np.clip(np.nan_to_num(mixed), -8.0, 8.0).astype(np.float32)


def _a_law(samples: Samples) -> bytes:
    peak = float(np.max(np.abs(samples)))
    if peak > MAX_PEAK:
        samples = samples * np.float32(MAX_PEAK / peak)
    linear = np.rint(samples * 32_768).astype(np.int16)
    octets = io.BytesIO()
    soundfile.write(octets, linear, SAMPLE_RATE, format="RAW", subtype="ALAW")
    return octets.getvalue()


def _wav(octets: bytes) -> bytes:
    size, padding = len(octets), bytes(len(octets) % 2)
    form = (b"fmt ", 18, _A_LAW, 1, SAMPLE_RATE, SAMPLE_RATE, 1, 8, 0)
    riff = (b"RIFF", HEADER_SIZE - 8 + size + len(padding), b"WAVE")
    return _HEADER.pack(*riff, *form, b"fact", 4, size, b"data", size) + octets + padding


def main() -> int:
    """Standard input to standard output; a refusal is a sentence there, with its own exit code."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        answer, code = convert_sound(sys.stdin.buffer.read()).wav, 0
    except InvalidParameter as refusal:
        answer, code = refusal.detail.encode(), EXIT_REFUSED
    sys.stdout.buffer.write(answer)
    return code


if __name__ == "__main__":
    sys.exit(main())
