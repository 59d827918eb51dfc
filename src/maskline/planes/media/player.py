"""Prompts being played: frames of 20 ms on one clock for all calls.

The clock ticks every `TICK_S`, so plays that began at different times share wake-ups; each has
its frame on every fourth tick. No time is read here and nothing waits.
"""

from collections.abc import Callable, Iterable
from typing import Protocol

from maskline.planes.media.engine import PlayEnd, Side
from maskline.planes.media.sound import Sound
from maskline.protocols.rtp.g711 import Law, transcoding_table
from maskline.protocols.rtp.sequencer import FRAME_UNITS

TICK_S = 0.005
"""The grid of the clock."""

TICKS_A_FRAME = 4
"""Ticks between two frames of one play."""

MAX_CATCH_UP_TICKS = 5 * TICKS_A_FRAME
"""After a stall at most so many ticks are made good: 5 frames; those before are left out."""

_SILENCE = bytes((Law.A.silence,))
_TO_MU = transcoding_table(Law.A, Law.MU)


class Ear(Protocol):
    """One side that listens to a prompt."""

    @property
    def side(self) -> Side:
        """Whose it is."""
        ...

    @property
    def law(self) -> Law | None:
        """The law of what it is sent; None for a codec that no prompt can be put into."""
        ...

    def hear(self, frame: bytes, number: int, now: float) -> int | None:
        """Send frame `number` of the prompt in the ear's law; its timestamp, None when on hold."""
        ...

    def tape(self, alaw: bytes, timestamp: int, now: float) -> bool:
        """Put what it heard on its recording; True when that mixes both sides into one."""
        ...


class Play:
    """One prompt and who listens to it. `ears` is empty once it is over."""

    __slots__ = ("_frames", "_on_finished", "_samples", "_sound", "ears", "first_tick", "play_id")

    def __init__(
        self,
        play_id: str,
        sound: Sound,
        times: int | None,
        ears: Iterable[Ear],
        on_finished: Callable[["Play", PlayEnd], None],
    ) -> None:
        """`on_finished` is called when the last frame was heard to its end, or could not be."""
        self.play_id = play_id
        self.ears = list(ears)
        self.first_tick = 0
        self._sound = sound
        self._samples = None if times is None else times * sound.samples
        self._frames = None if self._samples is None else -(-self._samples // FRAME_UNITS)
        self._on_finished = on_finished

    def advance(self, number: int, now: float) -> None:
        """Send the frame of this number, or end after the last one's time is over."""
        if self._frames is not None and number >= self._frames:
            self._on_finished(self, PlayEnd.FINISHED)
            return
        alaw = self._cut(number)
        is_taped = False
        for ear in self.ears:
            law = ear.law
            if law is None:
                continue
            frame = alaw if law is Law.A else alaw.translate(_TO_MU)
            timestamp = ear.hear(frame, number, now)
            # In a mix of both sides, what both heard at once is there once.
            if timestamp is not None and not is_taped:
                is_taped = ear.tape(alaw, timestamp, now)

    def _cut(self, number: int) -> bytes:
        position = number * FRAME_UNITS
        frame = self._sound.frame(position)
        if self._samples is not None and position + FRAME_UNITS > self._samples:
            return frame[: self._samples - position].ljust(FRAME_UNITS, _SILENCE)
        return frame


class PlayClock:
    """All plays of a process. `next_at` None: nothing is played."""

    __slots__ = ("_lanes", "_tick", "next_at")

    def __init__(self) -> None:
        self.next_at: float | None = None
        self._lanes: tuple[list[Play], ...] = tuple([] for _ in range(TICKS_A_FRAME))
        self._tick = 0

    def begin(self, play: Play, now: float) -> None:
        """Let a play have its first frame at the next tick."""
        tick = int(now / TICK_S) + 1
        if self.next_at is None:
            self._tick = tick - 1
            self.next_at = tick * TICK_S
        # A tick may have been made a little before its time: see `run`.
        tick = max(tick, self._tick + 1)
        play.first_tick = tick
        self._lanes[tick % TICKS_A_FRAME].append(play)

    def run(self, now: float) -> None:
        """Make all ticks that are due."""
        if self.next_at is None:
            return
        until = int(now / TICK_S)
        # The first one is due even where dividing fell short of it.
        until = max(until, self._tick + 1)
        for tick in range(max(self._tick + 1, until - MAX_CATCH_UP_TICKS + 1), until + 1):
            lane = self._lanes[tick % TICKS_A_FRAME]
            if lane:
                self._run_lane(lane, tick, now)
        self._tick = until
        has_plays = any(self._lanes)
        self.next_at = (until + 1) * TICK_S if has_plays else None

    def _run_lane(self, lane: list[Play], tick: int, now: float) -> None:
        has_ended = False
        for play in lane:
            if play.ears:
                play.advance((tick - play.first_tick) // TICKS_A_FRAME, now)
            has_ended = has_ended or not play.ears
        if has_ended:
            lane[:] = [play for play in lane if play.ears]
