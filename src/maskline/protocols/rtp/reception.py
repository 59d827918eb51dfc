"""What a receiver knows of a stream: loss, lateness, jitter (RFC 3550 6.4.1, A.1, A.3, A.8)."""

from maskline.protocols.rtp.packet import CLOCK_RATE

MAX_DROPOUT = 3000
"""A step ahead of at most this many numbers is loss; a larger one is a restart (RFC 3550 A.1)."""

MAX_MISORDER = 100
"""A step back of at most this many numbers is lateness; a larger one is a restart."""

MAX_TRANSIT_STEP = 2 * CLOCK_RATE
"""Larger steps of the transit time come from a new timestamp base, not from the network."""


class Reception:
    """Counts of the packets that one party sent. Sums go on when the party's source changes.

    `timestamp` and `transit`, in timestamp units, are those of the last packet in order.
    """

    __slots__ = (
        "_expected_before",
        "_interval_expected",
        "_interval_received",
        "_since_base",
        "cycles",
        "first_at",
        "highest",
        "jitter",
        "last_at",
        "late",
        "octets",
        "packets",
        "ssrc",
        "timestamp",
        "transit",
    )

    def __init__(self) -> None:
        self.ssrc: int | None = None
        self.packets = 0
        self.octets = 0
        self.late = 0
        self.jitter = 0.0
        self.highest = 0
        self.cycles = 0
        self.first_at: float | None = None
        self.last_at = 0.0
        self._since_base = 0
        self._expected_before = 0
        self.timestamp = 0
        self.transit = 0.0
        self._interval_expected = 0
        self._interval_received = 0

    def receive(self, ssrc: int, sequence: int, timestamp: int, octets: int, now: float) -> None:
        """Count one packet that arrived at `now` with `octets` of payload."""
        self.packets += 1
        self.octets += octets
        self.last_at = now
        if ssrc != self.ssrc:
            self._restart(ssrc, sequence, timestamp, now)
            return
        step = (sequence - self.highest) & 0xFFFF
        if 0 < step < MAX_DROPOUT:
            if sequence < self.highest:
                self.cycles += 1
            self.highest = sequence
            self._since_base += step
        elif step == 0 or step >= 0x10000 - MAX_MISORDER:
            self.late += 1
            return
        else:
            self._restart(ssrc, sequence, timestamp, now)
            return
        # Packets of one frame or one telephone event share a timestamp and say nothing of jitter.
        if timestamp != self.timestamp:
            self.timestamp = timestamp
            transit = now * CLOCK_RATE - timestamp
            change = abs(transit - self.transit)
            self.transit = transit
            if change < MAX_TRANSIT_STEP:
                self.jitter += (change - self.jitter) / 16

    def go_on(self, packets: int, octets: int, timestamp: int, now: float, jitter: float) -> None:
        """Count so many packets in order, without loss, the last of them with these values.

        Its timestamp is not that of the one before, its number has not wrapped.
        """
        self.packets += packets
        self.octets += octets
        self.highest += packets
        self._since_base += packets
        self.timestamp = timestamp
        self.transit = now * CLOCK_RATE - timestamp
        self.last_at = now
        self.jitter = jitter

    @property
    def expected(self) -> int:
        """How many packets the party sent, as far as its sequence numbers tell."""
        return self._expected_before + self._since_base

    @property
    def lost(self) -> int:
        """Packets that were expected and never came, not below 0."""
        return max(0, self.expected - self.packets)

    @property
    def jitter_ms(self) -> float:
        """The interarrival jitter in milliseconds."""
        return self.jitter * 1000 / CLOCK_RATE

    def take_fraction_lost(self) -> int:
        """Return the share lost since the last call, in 1/256 (RFC 3550 A.3)."""
        expected = self.expected - self._interval_expected
        received = self.packets - self._interval_received
        self._interval_expected += expected
        self._interval_received += received
        lost = expected - received
        return min(255, (lost << 8) // expected) if expected > 0 and lost > 0 else 0

    def _restart(self, ssrc: int, sequence: int, timestamp: int, now: float) -> None:
        if self.first_at is None:
            self.first_at = now
        self.ssrc = ssrc
        self.highest = sequence
        self.cycles = 0
        self._expected_before += self._since_base
        self._since_base = 1
        self.timestamp = timestamp
        self.transit = now * CLOCK_RATE - timestamp
