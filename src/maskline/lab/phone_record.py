"""What a phone heard, by the clock: silence where nothing came, and no shifting together."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from maskline.protocols.rtp.g711 import Law, decode
from maskline.protocols.rtp.packet import CLOCK_RATE

MAX_PACKETS = 30_000
"""Packets that are remembered: 10 minutes; older ones are forgotten first."""

REACH_S = 0.4
"""How far from a packet others are asked how late it came. A busy machine reads packets late and
in bursts; the least late of its neighbours says when it was due."""

SHIFT_S = 0.06
"""How far a stream must be from where it was before it is taken for moved: less is the machine's
unrest, and to follow it would tear the sound at every turn."""

Samples = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class HeardPacket:
    """One packet of audio. `at` is when it was read, in seconds of the monotonic clock."""

    at: float
    ssrc: int
    timestamp: int
    law: Law
    payload: bytes


class TimedRecord:
    """The audio packets of a call with the times at which they came."""

    def __init__(self) -> None:
        self._packets: deque[HeardPacket] = deque(maxlen=MAX_PACKETS)

    def note(self, packet: HeardPacket) -> None:
        """Remember one more."""
        self._packets.append(packet)

    def __len__(self) -> int:
        return len(self._packets)

    @property
    def began_at(self) -> float | None:
        """When the first packet came that is remembered; None before."""
        return self._packets[0].at if self._packets else None

    def between(self, begin: float, end: float) -> tuple[Samples, NDArray[np.bool_]]:
        """What was heard from `begin` to `end`, 8 kHz, and which samples a packet brought.

        Where none did there is silence. Raises ValueError when `end` comes before `begin`.
        """
        size = round((end - begin) * CLOCK_RATE)
        if size < 0:
            raise ValueError("the end comes before the beginning")
        samples = np.zeros(size, np.int16)
        is_there = np.zeros(size, np.bool_)
        for packet, due in self._placed():
            start = round((due - begin) * CLOCK_RATE)
            first, last = max(0, start), min(size, start + len(packet.payload))
            if first < last:
                heard = np.frombuffer(decode(packet.law, packet.payload), np.int16)
                samples[first:last] = heard[first - start : last - start]
                is_there[first:last] = True
        return samples, is_there

    def _placed(self) -> Iterator[tuple[HeardPacket, float]]:
        """Each packet with the moment at which it was due."""
        by_source: dict[int, list[HeardPacket]] = {}
        for packet in self._packets:
            by_source.setdefault(packet.ssrc, []).append(packet)
        for packets in by_source.values():
            yield from zip(packets, _due(packets), strict=True)


def _due(packets: list[HeardPacket]) -> list[float]:
    """Arrival times of the packets of one stream, without the delay of each beside the others."""
    arrivals = np.array([packet.at for packet in packets])
    steps = [_step(a.timestamp, b.timestamp) for a, b in pairwise(packets)]
    stream = np.concatenate(([0], np.cumsum(steps))) / CLOCK_RATE
    offsets = arrivals - stream
    first = np.searchsorted(arrivals, arrivals - REACH_S, "left")
    last = np.searchsorted(arrivals, arrivals + REACH_S, "right")
    due: list[float] = []
    line = float("inf")
    for index in range(len(packets)):
        offset = float(offsets[first[index] : last[index]].min())
        if abs(offset - line) > SHIFT_S:
            line = offset
        due.append(float(stream[index]) + line)
    return due


def _step(before: int, after: int) -> int:
    """From one timestamp to the next, which may wrap round or be an older one."""
    return (after - before + 0x80000000) % 0x100000000 - 0x80000000
