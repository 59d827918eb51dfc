"""Tones and listening to them: enough to hear whether audio came through, and whose."""

from array import array
from collections.abc import Iterable, Sequence
from math import cos, log10, pi, sin, sqrt

from maskline.protocols.rtp.packet import CLOCK_RATE

FULL_SCALE = 32767
"""The largest sample."""

SILENCE_DBFS = -96.0
"""The level of nothing at all."""


def make_tone(
    frequency: float, duration_s: float, *, level_dbfs: float = -12.0, start: int = 0
) -> "array[int]":
    """Make a sine at 8 kHz. `start` is the number of samples that came before, for its phase."""
    amplitude = FULL_SCALE * 10 ** (level_dbfs / 20)
    step = 2 * pi * frequency / CLOCK_RATE
    count = round(duration_s * CLOCK_RATE)
    return array("h", [round(amplitude * sin(step * n)) for n in range(start, start + count)])


def measure_level(samples: Sequence[int]) -> float:
    """Return the level of a sine as loud as `samples`, in dB of full scale."""
    if not samples:
        return SILENCE_DBFS
    return _decibels(sqrt(2 * sum(x * x for x in samples) / len(samples)))


def measure_tone(samples: Sequence[int], frequency: float) -> float:
    """Return the level of one frequency in `samples`, in dB of full scale (Goertzel).

    It is as sharp as the samples are long: 0.1 s tells frequencies 10 Hz apart.
    """
    if not samples:
        return SILENCE_DBFS
    turn = 2 * pi * frequency / CLOCK_RATE
    factor = 2 * cos(turn)
    last = before = 0.0
    for sample in samples:
        last, before = sample + factor * last - before, last
    power = last * last + before * before - factor * last * before
    return _decibels(2 * sqrt(max(0.0, power)) / len(samples))


def strongest_tone(samples: Sequence[int], frequencies: Iterable[float]) -> float:
    """Return which of `frequencies` is loudest. Raises `ValueError` without any."""
    return max(frequencies, key=lambda frequency: measure_tone(samples, frequency))


def hears_tone(samples: Sequence[int], frequency: float, *, margin_db: float = 6.0) -> bool:
    """Say whether `samples` are, in the main, that one tone: not quiet, and little besides."""
    level = measure_level(samples)
    return level > -50 and measure_tone(samples, frequency) > level - margin_db


def _decibels(amplitude: float) -> float:
    if amplitude < 1:
        return SILENCE_DBFS
    return 20 * log10(amplitude / FULL_SCALE)
