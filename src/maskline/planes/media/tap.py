"""The recording of a call at the relay: what each party is sent, on a time line of its own.

A line counts samples of 8 kHz from the moment recording began; what nobody said is silence.
"""

from typing import Protocol

from maskline.protocols.rtp.g711 import Law
from maskline.protocols.rtp.packet import CLOCK_RATE

HOLD_BACK_S = 0.2
"""Sound so young is not written yet: packets that come late still find their place."""

FLUSH_S = 0.3
"""How often what is finished goes to the recorder. With what is held back, and a segment that is
not whole yet, it makes 0.9 s: so much of a recording is lost at most when its recorder dies."""

MAX_WRITE_SAMPLES = 8000
"""The most that is written in one piece, as after a stall."""

DRIFT_SAMPLES = 480
"""A packet within 60 ms of its time of arrival keeps its place."""

MAX_STRAYS = 25
"""Packets in a row further off than that, half a second's, after which time is set anew: the
party's clock, or the way to us, has moved for good."""

_HOLD_BACK = int(HOLD_BACK_S * CLOCK_RATE)
_SILENCE = bytes((Law.A.silence,))


class RecorderFeed(Protocol):
    """Where finished sound goes; it neither blocks nor fails."""

    def write(self, number: int, first: bytes, second: bytes) -> bool:
        """Add A-law samples, as many of each side; False when the recording is broken."""
        ...

    def finish(self, number: int) -> None:
        """Say that nothing more comes."""
        ...


class Lane:
    """The time line of what one party hears. `is_mixed`: it ends up in one channel with the other.

    Positions come from the timestamps of our own stream to that party, which go on with the clock
    whoever is heard.
    """

    __slots__ = ("_began", "_buffer", "_shift", "_strays", "_written", "is_mixed")

    def __init__(self, began: float, *, is_mixed: bool) -> None:
        self.is_mixed = is_mixed
        self._began = began
        self._buffer = bytearray()
        self._written = 0
        self._shift: int | None = None
        self._strays = 0

    def put(self, alaw: bytes | bytearray | memoryview, timestamp: int, now: float) -> None:
        """Add what was sent at `now`; what comes too late to be written is left out."""
        elapsed = int((now - self._began) * CLOCK_RATE)
        shift = self._shift
        if shift is None:
            self._shift = shift = elapsed - timestamp
        at = timestamp + shift
        if not -DRIFT_SAMPLES <= elapsed - at <= DRIFT_SAMPLES:
            at = self._place_stray(at, elapsed)
        else:
            self._strays = 0
        buffer = self._buffer
        offset = at - self._written
        if offset == len(buffer):
            buffer += alaw
        elif offset > len(buffer):
            buffer += _SILENCE * (offset - len(buffer))
            buffer += alaw
        elif offset >= 0:
            buffer[offset : offset + len(alaw)] = alaw

    def following(self, timestamp: int) -> tuple[bytearray, float, float] | None:
        """Where sound with this timestamp only has to be added, and when it would keep its place.

        That is the difference of the clock and our timestamp, in samples: the least and the most
        for which `put` would do just that. None: the line does not end there.
        """
        shift = self._shift
        if shift is None or self._strays or timestamp + shift != self._written + len(self._buffer):
            return None
        begins = self._began * CLOCK_RATE + shift
        # Within what `put` rounds: at the edge it decides itself.
        return self._buffer, begins - DRIFT_SAMPLES + 1, begins + DRIFT_SAMPLES - 1

    def take(self, samples: int) -> bytes:
        """Remove and return the next `samples`, silence where nothing was put."""
        taken = bytes(self._buffer[:samples])
        del self._buffer[:samples]
        self._written += samples
        return taken if len(taken) == samples else taken.ljust(samples, _SILENCE)

    def _place_stray(self, at: int, elapsed: int) -> int:
        """Return where a packet far from its time belongs; after many, move the line to them."""
        # Timestamps have 32 bits and begin anywhere.
        turn = round((elapsed - at) / 0x100000000) << 32
        at += turn
        self._shift = (self._shift or 0) + turn
        if turn and abs(elapsed - at) <= DRIFT_SAMPLES:
            return at
        self._strays += 1
        if self._strays <= MAX_STRAYS and self._written <= at <= elapsed + _HOLD_BACK:
            return at
        self._strays = 0
        self._shift += elapsed - at
        return elapsed


class Tap:
    """One recording: a lane for what each party says. `next_at` is when to flush it."""

    __slots__ = (
        "_began",
        "_feed",
        "_limit",
        "_written",
        "first",
        "is_over",
        "next_at",
        "number",
        "second",
    )

    def __init__(
        self, number: int, feed: RecorderFeed, now: float, limit_s: float, *, is_mixed: bool
    ) -> None:
        """Record from `now` on, for at most `limit_s`."""
        self.number = number
        self.first = Lane(now, is_mixed=is_mixed)
        self.second = Lane(now, is_mixed=is_mixed)
        self.next_at = now + FLUSH_S
        self.is_over = False
        self._feed = feed
        self._began = now
        self._limit = int(limit_s * CLOCK_RATE)
        self._written = 0

    @property
    def samples(self) -> int:
        """How many samples were written; once it is over, the length of the recording."""
        return self._written

    def flush(self, now: float) -> None:
        """Write what is finished, and end at the limit."""
        if self.is_over:
            return
        self.next_at = now + FLUSH_S
        finished = int((now - self._began) * CLOCK_RATE) - _HOLD_BACK
        if finished >= self._limit:
            self.finish(now)
        else:
            self._write(finished)

    def finish(self, now: float) -> None:
        """Write all up to `now`, or to the limit. May be repeated."""
        if self.is_over:
            return
        self._write(min(self._limit, round((now - self._began) * CLOCK_RATE)))
        self._end()

    def _end(self) -> None:
        if not self.is_over:
            self.is_over = True
            self._feed.finish(self.number)

    def _write(self, until: int) -> None:
        while self._written < until:
            samples = min(MAX_WRITE_SAMPLES, until - self._written)
            self._written += samples
            first, second = self.first.take(samples), self.second.take(samples)
            if not self._feed.write(self.number, first, second):
                # Its recorder says so to the engine.
                self._end()
                return
