"""Who was heard when: slices of audio judged by their tones, and compared with what should be."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from maskline.lab.hearing import find_tones
from maskline.protocols.rtp.packet import CLOCK_RATE

SLICE_S = 0.25
"""How much audio one judgement takes in: lines 7.8 Hz apart, and an edge spoils two slices."""

GUARD_S = 0.15
"""How near to an edge nothing is judged: play-out, and the turns of a busy machine."""

MATCH_HZ = 12.0
"""How far from its frequency a tone may be found."""

NOTHING = frozenset[str]()

Voices = Mapping[str, float]
"""Name -> frequency in Hz, of everything that may be heard."""


@dataclass(frozen=True, slots=True)
class Slice:
    """What one piece of audio holds: names of voices, and other tones as `1234 Hz`."""

    begin_s: float
    end_s: float
    heard: frozenset[str]

    def __str__(self) -> str:
        return f"{self.begin_s:6.2f}-{self.end_s:.2f} s  {spoken(self.heard)}"


@dataclass(frozen=True, slots=True)
class Span:
    """What should be heard from `begin_s` to `end_s`: exactly these voices, at once."""

    begin_s: float
    end_s: float
    voices: frozenset[str]


def span(begin_s: float, end_s: float, *voices: str) -> Span:
    """A span; without voices, silence."""
    return Span(begin_s, end_s, frozenset(voices))


def listen(
    samples: Sequence[int] | NDArray[np.int16],
    voices: Voices,
    *,
    begin_s: float = 0.0,
    slice_s: float = SLICE_S,
) -> list[Slice]:
    """Judge samples of 8 kHz slice by slice. `begin_s` is the time of the first sample.

    A rest that is shorter than a slice is left out.
    """
    size = round(slice_s * CLOCK_RATE)
    slices: list[Slice] = []
    for start in range(0, len(samples) - size + 1, size):
        at = begin_s + start / CLOCK_RATE
        tones = find_tones(samples[start : start + size])
        heard = frozenset(_name(tone.frequency_hz, voices) for tone in tones)
        slices.append(Slice(at, at + slice_s, heard))
    return slices


def mismatches(
    samples: Sequence[int] | NDArray[np.int16],
    spans: Iterable[Span],
    voices: Voices,
    *,
    begin_s: float = 0.0,
    guard_s: float = GUARD_S,
) -> list[str]:
    """Every slice of the spans that holds anything else; empty when all is as it should be.

    `guard_s` is left out at either end of a span. Times are seconds on the clock of `begin_s`,
    the time of the first sample; a span that the samples do not cover mismatches.
    """
    found: list[str] = []
    for want in spans:
        first = round((want.begin_s + guard_s - begin_s) * CLOCK_RATE)
        last = round((want.end_s - guard_s - begin_s) * CLOCK_RATE)
        expected = spoken(want.voices)
        if first < 0 or last > len(samples) or last - first < round(SLICE_S * CLOCK_RATE):
            length = len(samples) / CLOCK_RATE
            found.append(
                f"{want.begin_s:.2f}-{want.end_s:.2f} s: expected {expected}, but the audio is of "
                f"{begin_s:.2f}-{begin_s + length:.2f} s, or the span is too short to be judged"
            )
            continue
        found += [
            f"{one.begin_s:.2f}-{one.end_s:.2f} s: expected {expected}, heard {spoken(one.heard)}"
            for one in listen(
                samples[first:last], voices, begin_s=want.begin_s + guard_s, slice_s=SLICE_S
            )
            if one.heard != want.voices
        ]
    return found


def merged(slices: Iterable[Slice]) -> Iterator[Slice]:
    """Neighbours that hold the same as one."""
    run: Slice | None = None
    for one in slices:
        if run is not None and run.heard == one.heard:
            run = Slice(run.begin_s, one.end_s, run.heard)
            continue
        if run is not None:
            yield run
        run = one
    if run is not None:
        yield run


def draw(rows: Mapping[str, Sequence[Slice]], marks: Mapping[str, str]) -> str:
    """A line for each row and a sign for each slice: `marks` by voice, `+` several, `?` others.

    Rows that begin later begin further right.
    """
    width = max((len(name) for name in rows), default=0)
    begin = min((slices[0].begin_s for slices in rows.values() if slices), default=0.0)
    lines: list[str] = []
    for name, slices in rows.items():
        signs = "".join(_sign(one.heard, marks) for one in slices)
        late = (slices[0].begin_s - begin) / (slices[0].end_s - slices[0].begin_s) if slices else 0
        lines.append(f"{name:<{width}}  {' ' * round(late)}{signs}")
    return "\n".join(lines)


def spoken(voices: Iterable[str]) -> str:
    """Voices in words."""
    return " + ".join(sorted(voices)) or "silence"


def _sign(heard: frozenset[str], marks: Mapping[str, str]) -> str:
    if not heard:
        return "."
    if len(heard) > 1:
        return "+"
    return marks.get(next(iter(heard)), "?")


def _name(frequency_hz: float, voices: Voices) -> str:
    for name, own in voices.items():
        if abs(own - frequency_hz) <= MATCH_HZ:
            return name
    return f"{frequency_hz:.0f} Hz"
