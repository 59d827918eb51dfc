"""The short way of a packet whose header is the expected one.

A stream mostly goes on as it began: the next number, the next time, the same source, type and
length. Such a packet is passed after one comparison, without the questions of
`MediaSide.receive`; what it counts for is added up when somebody asks. Any other packet goes the
long way, and whoever changes anything about a call ends its fast paths first.
"""

from collections.abc import Callable
from struct import Struct
from typing import NamedTuple

from maskline.planes.media.outlet import Datagram, Outlet
from maskline.planes.media.payload_rule import PayloadRule
from maskline.planes.media.port import Buffer, Take
from maskline.planes.media.tap import Lane
from maskline.protocols.rtp.packet import CLOCK_RATE, HEADER_BYTES, PLAIN
from maskline.protocols.rtp.reception import MAX_TRANSIT_STEP, Reception

MIN_PACKETS = 2
"""Where fewer could pass before a number wraps or the budget is used up, it is not worth it."""

# A header as two numbers: the first grows by the same step from packet to packet, the second is
# the source.
_HEADER = Struct("!QI")
_unpack = _HEADER.unpack_from
_pack = _HEADER.pack_into

_SEQUENCE_AT = 32
_FIRST_AT = 48
_TIMESTAMP_BITS = 0xFFFFFFFF

_NEVER = (float("inf"), float("-inf"))

Send = Callable[[Datagram], int]


class Stream(NamedTuple):
    """What a party sends: what was heard of it, and how its last packet was passed on.

    `second` is the second octet of that packet, `octets` the length of its payload. `detour` takes
    what does not go on like this.
    """

    reception: Reception
    second: int
    octets: int
    rule: PayloadRule
    detour: Take


class FastPath:
    """A stream that goes on as it began, from one party to the other."""

    __slots__ = (
        "_added_up",
        "_data",
        "_datagram",
        "_detour",
        "_earliest",
        "_end",
        "_head",
        "_jitter",
        "_lane",
        "_latest",
        "_now",
        "_octets",
        "_out_ssrc",
        "_outlet",
        "_payload",
        "_reception",
        "_send",
        "_shift",
        "_size",
        "_ssrc",
        "_step",
        "_table",
        "_tape",
        "_tape_earliest",
        "_tape_latest",
        "_taped",
        "_timestamp_shift",
        "_transit",
        "_unsent",
        "_wraps_at",
    )

    def __init__(self, stream: Stream, outlet: Outlet, send: Send, buffer: Buffer) -> None:
        """See `enter`; what is measured there is not known yet."""
        reception, second, octets, rule, detour = stream
        sequence_shift, timestamp_shift = outlet.sequencer.shifts()
        self._reception = reception
        self._outlet = outlet
        self._send = send
        self._detour = detour
        self._data = buffer.data
        self._octets = octets
        self._size = HEADER_BYTES + octets
        self._datagram = buffer.view[: self._size]
        self._payload = buffer.view[HEADER_BYTES : self._size]
        # The next header, how it grows, and what to add to make ours of it.
        self._head = (
            (PLAIN << 8 | second) << _FIRST_AT
            | (reception.highest + 1) << _SEQUENCE_AT
            | (reception.timestamp + octets)
        )
        self._step = 1 << _SEQUENCE_AT | octets
        self._shift = (
            (((rule.target or 0) - second) << _FIRST_AT)
            + (sequence_shift << _SEQUENCE_AT)
            + timestamp_shift
        )
        self._timestamp_shift = timestamp_shift
        self._ssrc = reception.ssrc
        self._out_ssrc = outlet.sequencer.ssrc
        self._table = rule.table
        self._taped = rule.taped
        self._jitter = reception.jitter
        self._transit = reception.transit
        # Within these every step of the transit time is less than `MAX_TRANSIT_STEP`.
        self._earliest = reception.transit - MAX_TRANSIT_STEP / 2 + 1
        self._latest = reception.transit + MAX_TRANSIT_STEP / 2 - 1
        self._now = reception.last_at
        # Where the recording only has to be added to, and for which transit times.
        self._lane: Lane | None = None
        self._tape = bytearray()
        self._tape_earliest, self._tape_latest = _NEVER
        self._added_up = self._wraps_at = self._end = self._head
        self._unsent = 0

    @classmethod
    def enter(
        cls, stream: Stream, outlet: Outlet, buffer: Buffer, lane: Lane | None, budget: int
    ) -> "FastPath | None":
        """The fast path of what follows, for at most `budget` packets.

        None where that cannot be foretold: the last packet was late, a number is about to wrap, or
        somebody encrypts.
        """
        send = outlet.steady_send
        if send is None or outlet.guard is not None or stream.rule.target is None:
            return None
        if stream.octets == 0 or not outlet.sequencer.follows(stream.reception):
            return None
        packets = _packets_before_wrap(stream, outlet)
        if min(packets, budget) < MIN_PACKETS:
            return None
        path = cls(stream, outlet, send, buffer)
        path._wraps_at += packets * path._step
        path.allow(budget)
        if lane is not None and stream.rule.law is not None:
            path._lane = lane
            path.find_place()
        return path

    def find_place(self) -> None:
        """Look where the recording goes on: it may have been written beyond that."""
        if self._lane is not None:
            self._follow(self._lane, self._next_timestamp)

    def _follow(self, lane: Lane, timestamp: int) -> None:
        place = lane.following(timestamp)
        if place is None:
            # The lane itself puts what comes next, until it is again.
            self._tape_earliest, self._tape_latest = _NEVER
            return
        self._tape, earliest, latest = place
        # On the lane's clock, in our timestamps; here by the source's.
        self._tape_earliest = earliest + self._timestamp_shift
        self._tape_latest = latest + self._timestamp_shift

    @property
    def _next_timestamp(self) -> int:
        """Ours of the next packet."""
        return (self._head & _TIMESTAMP_BITS) + self._timestamp_shift

    def carry(self, size: int, now: float) -> None:
        """Pass on the datagram of `size` bytes in the buffer, or let one take the long way."""
        data = self._data
        head, ssrc = _unpack(data)
        if head != self._head or ssrc != self._ssrc or size != self._size or head == self._end:
            self._detour(size, now)
            return
        transit = now * CLOCK_RATE - (head & _TIMESTAMP_BITS)
        if not self._earliest <= transit <= self._latest:
            self._detour(size, now)
            return
        lane = self._lane
        if lane is not None:
            taped = self._taped
            heard = self._payload if taped is None else data[HEADER_BYTES:size].translate(taped)
            if self._tape_earliest <= transit <= self._tape_latest:
                self._tape += heard
            else:
                place = self._next_timestamp
                lane.put(heard, place, now)
                self._follow(lane, place + self._octets)
        self._jitter += (abs(transit - self._transit) - self._jitter) / 16
        self._transit = transit
        self._now = now
        self._head = head + self._step
        if self._table is not None:
            data[HEADER_BYTES:size] = data[HEADER_BYTES:size].translate(self._table)
        _pack(data, 0, head + self._shift, self._out_ssrc)
        try:
            self._send(self._datagram)
        except OSError as error:
            if not self._outlet.send_again(self._datagram, error):
                self._unsent += 1

    def allow(self, budget: int) -> None:
        """Let at most `budget` packets pass from now on."""
        self._end = min(self._wraps_at, self._head + budget * self._step)

    def add_up(self) -> int:
        """Add what passed since the last time to all sums, and return how many packets."""
        packets = (self._head - self._added_up) >> _SEQUENCE_AT
        if packets:
            octets = self._octets * packets
            last = (self._head - self._step) & _TIMESTAMP_BITS
            self._reception.go_on(packets, octets, last, self._now, self._jitter)
            self._outlet.sequencer.go_on(packets, octets, self._now)
            self._outlet.reporter.sent_packets += packets - self._unsent
            self._outlet.reporter.sent_octets += octets - self._octets * self._unsent
            self._added_up = self._head
            self._unsent = 0
        return packets


def _packets_before_wrap(stream: Stream, outlet: Outlet) -> int:
    """How many packets follow before a number or a timestamp wraps, the party's or ours."""
    sequence = stream.reception.highest + 1
    timestamp = stream.reception.timestamp + stream.octets
    sequence_shift, timestamp_shift = outlet.sequencer.shifts()
    return min(
        0x10000 - sequence,
        0x10000 - sequence - sequence_shift,
        (0x100000000 - timestamp) // stream.octets,
        (0x100000000 - timestamp - timestamp_shift) // stream.octets,
    )
