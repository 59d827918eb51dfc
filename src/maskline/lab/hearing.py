"""Listening by spectrum: which tones are in a piece of audio, whether they were expected or not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log10, sqrt

import numpy as np
from numpy.typing import NDArray

from maskline.protocols.rtp.packet import CLOCK_RATE

WINDOW_SAMPLES = 1024
"""Samples of one spectrum: 128 ms, and lines 7.8 Hz apart."""

MAX_WINDOWS = 40
"""Spectra that are averaged: about 5 s; of a longer piece the newest part is listened to."""

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


def find_tones(samples: Sequence[int] | NDArray[np.int16]) -> list[HeardTone]:
    """The tones that last through `samples`, the loudest first; none in less than one window."""
    powers = mean_spectrum(samples).tolist()
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


def mean_spectrum(samples: Sequence[int] | NDArray[np.int16]) -> NDArray[np.float64]:
    """Power by frequency line, averaged over windows; empty for less than one window.

    Windows overlap by half, so that all of the samples count.
    """
    newest = np.asarray(samples[-WINDOW_SAMPLES * MAX_WINDOWS :], np.float64)
    if len(newest) < WINDOW_SAMPLES:
        return np.empty(0)
    pieces = np.lib.stride_tricks.sliding_window_view(newest, WINDOW_SAMPLES)[
        :: WINDOW_SAMPLES // 2
    ]
    bins = np.fft.rfft(pieces * np.hanning(WINDOW_SAMPLES + 1)[:-1], axis=1)[:, :-1]
    return np.mean(np.square(bins.real) + np.square(bins.imag), axis=0)


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
