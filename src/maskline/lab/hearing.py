"""Listening by spectrum: which tones are in a piece of audio, whether they were expected or not."""

from cmath import exp, pi
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from math import cos, log10, sqrt

from maskline.protocols.rtp.packet import CLOCK_RATE

WINDOW_SAMPLES = 1024
"""Samples of one spectrum: 128 ms, and lines 7.8 Hz apart."""

MAX_WINDOWS = 40
"""Spectra that are averaged: 5 s; of a longer piece the newest part is listened to."""

FLOOR_DBFS = -45.0
"""What is quieter is no tone."""

BELOW_LOUDEST_DB = 30.0
"""What is so much quieter than the loudest tone is its distortion: G.711 alone makes -35 dB."""

_FULL_SCALE = 32768.0
_NEIGHBOURS = 3  # bins that a Hann window smears a tone over, to either side


@dataclass(frozen=True, slots=True)
class HeardTone:
    """One tone: where its peak lies and how loud a sine it is, in dB of full scale."""

    frequency_hz: float
    level_dbfs: float

    def is_at(self, frequency_hz: float, tolerance_hz: float = 10.0) -> bool:
        """Whether this is the tone of that frequency."""
        return abs(self.frequency_hz - frequency_hz) <= tolerance_hz


def find_tones(samples: Sequence[int]) -> list[HeardTone]:
    """The tones that last through `samples`, the loudest first; none in less than one window."""
    powers = mean_spectrum(samples)
    peaks = [
        _peak(powers, at)
        for at in range(_NEIGHBOURS, len(powers) - _NEIGHBOURS)
        if powers[at] == max(powers[at - _NEIGHBOURS : at + _NEIGHBOURS + 1])
    ]
    peaks.sort(key=lambda tone: -tone.level_dbfs)
    limit = max(FLOOR_DBFS, peaks[0].level_dbfs - BELOW_LOUDEST_DB) if peaks else FLOOR_DBFS
    return [tone for tone in peaks if tone.level_dbfs >= limit]


def hears_only(tones: Iterable[HeardTone], frequency_hz: float) -> bool:
    """Whether that tone and no other is among `tones`."""
    found = list(tones)
    return bool(found) and all(tone.is_at(frequency_hz) for tone in found)


def mean_spectrum(samples: Sequence[int]) -> list[float]:
    """Power by frequency line, averaged over windows; empty for less than one window."""
    newest = samples[-WINDOW_SAMPLES * MAX_WINDOWS :]
    count = len(newest) // WINDOW_SAMPLES
    if count == 0:
        return []
    window = _hann()
    sums = [0.0] * (WINDOW_SAMPLES // 2)
    for index in range(count):
        start = index * WINDOW_SAMPLES
        piece = newest[start : start + WINDOW_SAMPLES]
        bins = _transform([s * w for s, w in zip(piece, window, strict=True)])
        for at in range(WINDOW_SAMPLES // 2):
            value = bins[at]
            sums[at] += value.real * value.real + value.imag * value.imag
    return [total / count for total in sums]


def _peak(powers: Sequence[float], at: int) -> HeardTone:
    """The tone around a local maximum: its centre of power, and its level."""
    around = range(at - _NEIGHBOURS, at + _NEIGHBOURS + 1)
    total = sum(powers[i] for i in around)
    if total <= 0:
        return HeardTone(at * CLOCK_RATE / WINDOW_SAMPLES, float("-inf"))
    centre = sum(i * powers[i] for i in around) / total
    # A sine of amplitude a has the power a² N²/16 at its line under a Hann window, and half as
    # much again beside it.
    amplitude = sqrt(total * 16 / 1.5) / WINDOW_SAMPLES
    level = 20 * log10(max(amplitude, 1e-3) / _FULL_SCALE)
    return HeardTone(centre * CLOCK_RATE / WINDOW_SAMPLES, level)


@cache
def _hann() -> tuple[float, ...]:
    return tuple(0.5 - 0.5 * cos(2 * pi * n / WINDOW_SAMPLES) for n in range(WINDOW_SAMPLES))


@cache
def _twiddles(size: int) -> tuple[complex, ...]:
    return tuple(exp(-2j * pi * k / size) for k in range(size // 2))


def _transform(values: Sequence[float]) -> list[complex]:
    """The discrete Fourier transform, by halves; the length is a power of two."""
    size = len(values)
    if size == 1:
        return [complex(values[0])]
    even = _transform(values[::2])
    odd = _transform(values[1::2])
    turned = [t * o for t, o in zip(_twiddles(size), odd, strict=True)]
    low = [e + t for e, t in zip(even, turned, strict=True)]
    return low + [e - t for e, t in zip(even, turned, strict=True)]
