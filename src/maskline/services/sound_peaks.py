"""How loud a sound is along its length, for drawing it: of A-law WAV files, as all of ours are."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from maskline.domain.error import CustomerError

HEAD_BYTES = 128
"""Of a file, within which its audio begins."""

WHOLE_BYTES = 16_000_000
"""Of a longer file only the beginning of each stretch is looked at."""

PIECE_BYTES = 16_000
"""How much of a stretch that is, about two seconds of one channel."""

PIECES_AT_ONCE_BYTES = 1_000_000
MAX_KEPT = 500
RATE = 8_000

Read = Callable[[int, int], Coroutine[Any, Any, bytes]]
"""(start, size) to those bytes of a WAV file."""


class SoundUnreadable(CustomerError):
    """A sound is none that can be drawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Peaks:
    """The loudest sample of each stretch of a sound, 0 to 1, one sequence a channel."""

    duration_s: float
    channels: tuple[tuple[float, ...], ...]


def _magnitude(level: int) -> float:
    """Of a sample whose A-law octet has these low seven bits once every other one is turned."""
    chord, step = level >> 4, level & 15
    linear = (step * 2 + 1) << 3 if chord == 0 else (step * 2 + 33) << (chord + 2)
    return round(linear / 32_768, 3)


# The seven bits grow with the magnitude (G.711 table 1): no sample need be expanded.
_LEVELS = bytes((octet ^ 0x55) & 0x7F for octet in range(256))
_MAGNITUDES = tuple(_magnitude(level) for level in range(128))


async def peaks_of(read: Read, size: int, points: int) -> Peaks:
    """The peaks of a WAV file of `size` bytes in up to `points` stretches.

    Raises SoundUnreadable for what is no A-law WAV file, and what `read` raises.
    """
    head = await read(0, min(size, HEAD_BYTES))
    at = head.find(b"data") + 8
    if at < 8 or head[:4] != b"RIFF" or not 1 <= head[22] <= 2:
        raise SoundUnreadable("the sound is no WAV file of one or two channels")
    channels = head[22]
    frames = (size - at) // channels
    count = max(1, min(points, frames))
    ends = [number * frames // count * channels for number in range(count + 1)]
    if size <= WHOLE_BYTES:
        audio = await _whole(read, at, frames * channels)
        stretches = [audio[first:last] for first, last in pairwise(ends)]
    else:
        stretches = [
            await read(at + first, min(last - first, PIECE_BYTES)) for first, last in pairwise(ends)
        ]
    found = await asyncio.to_thread(_loudest, stretches, channels)
    return Peaks(duration_s=round(frames / RATE, 3), channels=found)


async def _whole(read: Read, at: int, size: int) -> bytes:
    audio = bytearray()
    while len(audio) < size:
        share = min(PIECES_AT_ONCE_BYTES, size - len(audio))
        audio += await read(at + len(audio), share)
    return bytes(audio)


def _loudest(stretches: Sequence[bytes], channels: int) -> tuple[tuple[float, ...], ...]:
    """Of each stretch, by channel."""
    levels = [stretch.translate(_LEVELS) for stretch in stretches]
    return tuple(
        tuple(_MAGNITUDES[max(one[channel::channels])] if one else 0.0 for one in levels)
        for channel in range(channels)
    )


class KeptPeaks:
    """Peaks that were computed, kept while the process lives; the oldest go first."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, int], Peaks] = {}
        self._turn = asyncio.Lock()

    async def of(self, name: str, points: int, read: Read, size: int) -> Peaks:
        """The peaks of the sound under this name, which never changes. One is made at a time."""
        key = (name, points)
        async with self._turn:
            found = self._kept.get(key)
            if found is None:
                found = await peaks_of(read, size, points)
                if len(self._kept) >= MAX_KEPT:
                    del self._kept[next(iter(self._kept))]
                self._kept[key] = found
        return found


def reader_of(wav: bytes) -> Read:
    """Reads a file that is in memory."""

    async def read(start: int, size: int) -> bytes:
        return wav[start : start + size]

    return read
