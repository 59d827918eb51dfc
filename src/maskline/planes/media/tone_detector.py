"""Keys pressed as tones in the audio (DTMF, ITU-T Q.23, Q.24).

The audio is looked at through a window of 25 ms that moves on by 10 ms. A window shows a key when
nearly all of its energy is one tone of each group, about equally loud: speech rarely does so for
two windows in a row.
"""

from itertools import product

import numpy as np
import numpy.typing as npt

from maskline.protocols.rtp.g711 import Law, decoding_table
from maskline.protocols.rtp.packet import CLOCK_RATE
from maskline.protocols.rtp.telephone_event import KeyPress

LOW_HZ = (697, 770, 852, 941)
HIGH_HZ = (1209, 1336, 1477, 1633)
KEYS = ("123A", "456B", "789C", "*0#D")
"""The key of each low (row) and high (column) tone (Q.23 2)."""

OFFSETS = (-0.028, -0.012, 0.0, 0.012, 0.028)
"""Each tone is looked for here. It is none when it is strongest at the first or last: Q.24 wants
1.5 % off accepted, and 3.5 % refused."""

WINDOW_SAMPLES = 200
STEP_SAMPLES = 80

MIN_SHARE = 0.85
"""The share of a window's energy that the two tones must have."""

MIN_LEVEL_DBFS = -42.0
"""Quieter windows are not looked at: a tone as loud as that, each."""

MAX_HIGH_OVER_LOW_DB = 6.0
MAX_LOW_OVER_HIGH_DB = 8.0
"""How much louder one tone may be than the other (Q.24: 4 and 8 dB, and what coding adds)."""

MIN_HITS = 2
"""Windows in a row that must show the same key: 40 ms have at least two, 20 ms one."""

MAX_MISSES = 4
"""Windows in a row without it that end a key: a pause of 40 ms has five, a gap of 10 ms three."""

RELEASE_AFTER_S = 0.25
"""A key is released when no audio comes for so long."""

_TABLES = {law: np.array(decoding_table(law), dtype=np.float32) for law in Law}


def _make_probes() -> npt.NDArray[np.float32]:
    time = np.arange(WINDOW_SAMPLES) / CLOCK_RATE
    tones = [hz * (1 + off) for hz, off in product((*LOW_HZ, *HIGH_HZ), OFFSETS)]
    angles = 2 * np.pi * np.outer(tones, time)
    return np.concatenate((np.cos(angles), np.sin(angles))).astype(np.float32)


_PROBES = _make_probes()
_TONES = len(_PROBES) // 2
_HALF = _TONES // 2
_MIN_POWER = (32768 * 10 ** (MIN_LEVEL_DBFS / 20)) ** 2 / 2
_TWIST_UP = 10 ** (MAX_HIGH_OVER_LOW_DB / 10)
_TWIST_DOWN = 10 ** (MAX_LOW_OVER_HIGH_DB / 10)


def find_key(window: npt.NDArray[np.float32]) -> str | None:
    """Return the key whose tones a window of `WINDOW_SAMPLES` consists of, None without one."""
    energy = float(np.dot(window, window)) / WINDOW_SAMPLES
    if energy < 2 * _MIN_POWER:
        return None
    parts = _PROBES @ window
    powers = np.square(parts[:_TONES]) + np.square(parts[_TONES:])
    # The mean square of a sine whose correlation over the window is so large.
    found = powers * (2 / WINDOW_SAMPLES**2)
    at_low, at_high = int(found[:_HALF].argmax()), int(found[_HALF:].argmax())
    low, high = float(found[at_low]), float(found[_HALF + at_high])
    if min(low, high) < _MIN_POWER or low + high < MIN_SHARE * energy:
        return None
    if high > _TWIST_UP * low or low > _TWIST_DOWN * high:
        return None
    row, low_offset = divmod(at_low, len(OFFSETS))
    column, high_offset = divmod(at_high, len(OFFSETS))
    is_off = {low_offset, high_offset} & {0, len(OFFSETS) - 1}
    return None if is_off else KEYS[row][column]


class ToneDetector:
    """Listens to one party's audio; each key is reported once, when it is released."""

    __slots__ = ("_candidate", "_heard_at", "_hits", "_misses", "_samples", "_windows")

    def __init__(self) -> None:
        self._samples = np.zeros(0, dtype=np.float32)
        self._candidate: str | None = None
        self._hits = 0
        self._misses = 0
        self._windows = 0
        self._heard_at = 0.0

    @property
    def is_hearing(self) -> bool:
        """Whether a key sounds, as far as is known."""
        return self._candidate is not None

    def receive(self, payload: bytes, law: Law, now: float) -> list[KeyPress]:
        """Take the audio of a packet; return the keys that it shows to be released."""
        self._heard_at = now
        fresh = _TABLES[law][np.frombuffer(payload, dtype=np.uint8)]
        samples = np.concatenate((self._samples, fresh))
        presses: list[KeyPress] = []
        at = 0
        while at + WINDOW_SAMPLES <= len(samples):
            self._take(find_key(samples[at : at + WINDOW_SAMPLES]), presses)
            at += STEP_SAMPLES
        self._samples = samples[at:]
        return presses

    def expire(self, now: float) -> list[KeyPress]:
        """Return the key that is taken for released because no more audio came."""
        if self._candidate is None or now - self._heard_at < RELEASE_AFTER_S:
            return []
        presses: list[KeyPress] = []
        self._release(presses)
        self._samples = self._samples[:0]
        return presses

    def _take(self, key: str | None, presses: list[KeyPress]) -> None:
        if self._candidate is not None and key == self._candidate:
            self._hits += 1
            self._windows += 1 + self._misses
            self._misses = 0
            return
        is_held = self._hits >= MIN_HITS
        self._misses += 1
        if is_held and self._misses < MAX_MISSES:
            return
        self._release(presses)
        if key is not None:
            self._candidate = key
            self._hits = self._windows = 1

    def _release(self, presses: list[KeyPress]) -> None:
        if self._candidate is not None and self._hits >= MIN_HITS:
            # The first and the last window may show a part of the tone only.
            presses.append(KeyPress(self._candidate, (self._windows + 1) * STEP_SAMPLES))
        self._candidate = None
        self._hits = self._misses = self._windows = 0
