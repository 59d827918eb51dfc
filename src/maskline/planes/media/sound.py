"""The sound of prompts: A-law WAV files, read once and kept."""

import os
from collections import OrderedDict
from pathlib import Path
from struct import Struct

from maskline.planes.media.engine import CannotPlay
from maskline.protocols.rtp.packet import CLOCK_RATE
from maskline.protocols.rtp.sequencer import FRAME_UNITS

MAX_SOUND_BYTES = 4_000_000
"""Largest prompt file that is read: twice what an upload may be."""

MAX_KEPT_BYTES = 64_000_000
"""Memory for sounds that may be played again; the one used least recently goes first."""

WAVE_FORMAT_ALAW = 6
"""The format tag of G.711 A-law (RFC 2361 A.5)."""

_RIFF = Struct("<4sI4s")
_CHUNK = Struct("<4sI")
_FORMAT = Struct("<HHIIHH")


class Sound:
    """The samples of a prompt, to be cut into frames of any repetition."""

    __slots__ = ("_octets", "samples")

    def __init__(self, alaw: bytes) -> None:
        """Take the A-law octets of a prompt, at least one."""
        self.samples = len(alaw)
        # A frame that begins near the end goes on with the beginning.
        repeated = alaw[:FRAME_UNITS] * (FRAME_UNITS // len(alaw) + 1)
        self._octets = alaw + repeated[:FRAME_UNITS]

    @property
    def octets(self) -> int:
        """How much memory it takes."""
        return len(self._octets)

    def frame(self, position: int) -> bytes:
        """The A-law frame that begins at a sample, counted through all rounds."""
        start = position % self.samples
        return self._octets[start : start + FRAME_UNITS]


class SoundShelf:
    """The sounds of the files played last."""

    __slots__ = ("_kept", "_max_bytes", "octets")

    def __init__(self, max_bytes: int = MAX_KEPT_BYTES) -> None:
        self.octets = 0
        self._kept: OrderedDict[str, tuple[tuple[int, int], Sound, int]] = OrderedDict()
        self._max_bytes = max_bytes

    def load(self, path: str) -> Sound:
        """Return the sound of a file, read again when the file changed. Raises `CannotPlay`."""
        try:
            status = os.stat(path)  # noqa: PTH116 - a Path costs more than the call
        except (OSError, ValueError) as error:
            raise CannotPlay("the prompt's file is missing") from error
        stamp = (status.st_mtime_ns, status.st_size)
        kept = self._kept.get(path)
        if kept is not None and kept[0] == stamp:
            self._kept.move_to_end(path)
            return kept[1]
        sound = read_sound(path)
        self._keep(path, stamp, sound)
        return sound

    def _keep(self, path: str, stamp: tuple[int, int], sound: Sound) -> None:
        octets = sound.octets
        former = self._kept.pop(path, None)
        self.octets += octets - (former[2] if former is not None else 0)
        self._kept[path] = (stamp, sound, octets)
        while self.octets > self._max_bytes and self._kept:
            _, (_, _, freed) = self._kept.popitem(last=False)
            self.octets -= freed


def read_sound(path: str) -> Sound:
    """Read a prompt's file. Raises `CannotPlay`."""
    try:
        with Path(path).open("rb") as file:
            data = file.read(MAX_SOUND_BYTES + 1)
    except (OSError, ValueError) as error:
        raise CannotPlay("the prompt's file cannot be read") from error
    if len(data) > MAX_SOUND_BYTES:
        raise CannotPlay("the prompt's file is too large")
    return Sound(parse_wav(data))


def parse_wav(data: bytes) -> bytes:
    """Return the A-law octets of a WAV file. Raises `CannotPlay` for any other format."""
    if len(data) < _RIFF.size:
        raise CannotPlay("the prompt is no WAV file")
    riff, _, wave = _RIFF.unpack_from(data)
    if riff != b"RIFF" or wave != b"WAVE":
        raise CannotPlay("the prompt is no WAV file")
    is_alaw = False
    at = _RIFF.size
    while at + _CHUNK.size <= len(data):
        name, size = _CHUNK.unpack_from(data, at)
        at += _CHUNK.size
        if name == b"fmt ":
            _check_format(data[at : at + size])
            is_alaw = True
        elif name == b"data":
            octets = data[at : at + size]
            if not is_alaw or not octets:
                break
            return octets
        at += size + size % 2
    raise CannotPlay("the prompt holds no sound")


def _check_format(chunk: bytes) -> None:
    if len(chunk) < _FORMAT.size:
        raise CannotPlay("the prompt's format is cut off")
    tag, channels, rate, _, _, bits = _FORMAT.unpack_from(chunk)
    if (tag, channels, rate, bits) != (WAVE_FORMAT_ALAW, 1, CLOCK_RATE, 8):
        raise CannotPlay("the prompt is not A-law, mono, 8 kHz")
