"""One continuous stream of our own made from whatever sources feed it.

A receiver sees one SSRC, one run of sequence numbers and one timestamp line for the whole call,
whoever is heard (RFC 3550 5.1); nothing of a source's own numbering shows.
"""

from maskline.protocols.rtp.packet import CLOCK_RATE
from maskline.protocols.rtp.reception import MAX_DROPOUT, MAX_MISORDER, Reception

FRAME_UNITS = 160
"""Timestamp units of a frame of 20 ms: the least by which a new source moves time on."""

MAX_PLAIN_STEP = CLOCK_RATE
"""A timestamp that moves on by more is checked against the clock."""

MAX_STEP_BACK = 0xFFFF
"""How far back the timestamp of a packet in order may lie: the longest telephone event."""

CLOCK_TOLERANCE = 2 * CLOCK_RATE
"""By how much a timestamp's step and the clock may differ before the step is not believed."""


class Sequencer:
    """Gives each packet of a source its place in our stream. Loss and order stay visible."""

    __slots__ = (
        "_in_at",
        "_in_sequence",
        "_in_timestamp",
        "_least_step",
        "_sequence_shift",
        "_source",
        "_span",
        "_timestamp_shift",
        "sequence",
        "ssrc",
        "timestamp",
    )

    def __init__(self, ssrc: int, sequence: int, timestamp: int) -> None:
        """Begin with random 32, 16 and 32 bits (RFC 3550 5.1, 8.1)."""
        self.ssrc = ssrc
        self.sequence = sequence
        self.timestamp = timestamp
        self._source: int | None = None
        self._span = 0
        self._in_sequence = 0
        self._in_timestamp = 0
        self._in_at: float | None = None
        self._least_step = FRAME_UNITS
        self._sequence_shift = 0
        self._timestamp_shift = 0

    def rewrite(
        self, source: int, sequence: int, timestamp: int, now: float
    ) -> tuple[int, int, bool] | None:
        """Return our sequence number, our timestamp, and whether a new run begins here.

        `source` is the SSRC that the packet came with. None: the packet is older than the run
        and its number is taken, so it must not be sent.
        """
        if source != self._source:
            return self._begin(source, sequence, timestamp, now)
        step = (sequence - self._in_sequence) & 0xFFFF
        if not 0 < step < MAX_DROPOUT:
            if step and step < 0x10000 - MAX_MISORDER:
                return self._begin(source, sequence, timestamp, now)
            if (-step & 0xFFFF) >= self._span:
                return None
            return (
                (sequence + self._sequence_shift) & 0xFFFF,
                (timestamp + self._timestamp_shift) & 0xFFFFFFFF,
                False,
            )
        advance = (timestamp - self._in_timestamp) & 0xFFFFFFFF
        if advance > MAX_PLAIN_STEP:
            advance = self._check_step(advance, timestamp, now)
        # The packets of a telephone event share the time of its beginning.
        if advance > 0:
            self._in_timestamp = timestamp
            self._in_at = now
            self.timestamp = (timestamp + self._timestamp_shift) & 0xFFFFFFFF
        self._in_sequence = sequence
        self._span += step
        self.sequence = (sequence + self._sequence_shift) & 0xFFFF
        return self.sequence, (timestamp + self._timestamp_shift) & 0xFFFFFFFF, False

    def follows(self, reception: Reception) -> bool:
        """Whether the last packet in order that was heard is the last one that has its place."""
        return (
            self._source is not None
            and self._source == reception.ssrc
            and self._in_sequence == reception.highest
            and self._in_timestamp == reception.timestamp
        )

    def shifts(self) -> tuple[int, int]:
        """What to add to the number and the timestamp of the next packets, while none wraps."""
        return self.sequence - self._in_sequence, self.timestamp - self._in_timestamp

    def go_on(self, packets: int, step: int, now: float) -> None:
        """Give so many packets in order their places; time moves on by `step` with them.

        No number and no timestamp has wrapped; the last one came at `now`.
        """
        self._in_sequence += packets
        self.sequence += packets
        self._span += packets
        self._in_timestamp += step
        self.timestamp += step
        self._in_at = now

    def interrupt(self, least_step: int = FRAME_UNITS) -> None:
        """Begin a new run with the next packet: what was held back in between is no loss.

        `least_step` is what the last packet held, in timestamp units: the new run begins after it.
        """
        self._source = None
        self._least_step = max(FRAME_UNITS, least_step)

    def timestamp_at(self, now: float) -> int:
        """Return the timestamp of our stream at `now` (RFC 3550 6.4.1, for a sender report)."""
        if self._in_at is None:
            return self.timestamp
        return (self.timestamp + int((now - self._in_at) * CLOCK_RATE)) & 0xFFFFFFFF

    def _begin(
        self, source: int, sequence: int, timestamp: int, now: float
    ) -> tuple[int, int, bool]:
        if self._in_at is not None:
            self.sequence = (self.sequence + 1) & 0xFFFF
            step = max(self._least_step, self._elapsed(now))
            self.timestamp = (self.timestamp + step) & 0xFFFFFFFF
            self._least_step = FRAME_UNITS
        self._source = source
        self._span = 1
        self._in_sequence = sequence
        self._in_timestamp = timestamp
        self._in_at = now
        self._sequence_shift = self.sequence - sequence
        self._timestamp_shift = self.timestamp - timestamp
        return self.sequence, self.timestamp, True

    def _check_step(self, advance: int, timestamp: int, now: float) -> int:
        """Return a signed step to believe, after moving the base if `advance` is not believed."""
        back = 0x100000000 - advance
        if back <= MAX_STEP_BACK:
            return -back
        elapsed = self._elapsed(now)
        if abs(advance - elapsed) <= CLOCK_TOLERANCE:
            return advance
        self._timestamp_shift = self.timestamp + elapsed - timestamp
        return elapsed

    def _elapsed(self, now: float) -> int:
        since = self._in_at if self._in_at is not None else now
        return max(FRAME_UNITS, int((now - since) * CLOCK_RATE))
