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
from maskline.planes.media.port import Buffer
from maskline.planes.media.tap import Lane
from maskline.protocols.rtp.packet import CLOCK_RATE, HEADER_BYTES, PLAIN
from maskline.protocols.rtp.reception import MAX_TRANSIT_STEP, Reception

MIN_PACKETS = 2
"""Where fewer could pass before a number wraps or the budget is used up, it is not worth it."""

# The header as the long way knows it, but the first two octets as one number.
_HEADER = Struct("!HHII")
_unpack = _HEADER.unpack_from
_pack = _HEADER.pack_into

Send = Callable[[Datagram], int]


class Stream(NamedTuple):
    """What a party sends: what was heard of it, and how its last packet was passed on.

    `second` is the second octet of that packet, `octets` the length of its payload.
    """

    reception: Reception
    second: int
    octets: int
    rule: PayloadRule


class FastPath:
    """A stream that goes on as it began, from one party to the other."""

    __slots__ = (
        "_data",
        "_datagram",
        "_earliest",
        "_end",
        "_first",
        "_jitter",
        "_latest",
        "_now",
        "_out_first",
        "_out_ssrc",
        "_outlet",
        "_reception",
        "_send",
        "_sequence",
        "_sequence_shift",
        "_size",
        "_ssrc",
        "_start",
        "_step",
        "_table",
        "_tape",
        "_taped",
        "_timestamp",
        "_timestamp_shift",
        "_transit",
        "_unsent",
    )

    def __init__(self, stream: Stream, outlet: Outlet, send: Send, buffer: Buffer) -> None:
        """See `enter`; what is measured there is not known yet."""
        reception, second, octets, rule = stream
        self._reception = reception
        self._outlet = outlet
        self._send = send
        self._data = buffer.data
        self._size = HEADER_BYTES + octets
        self._datagram = buffer.view[: self._size]
        self._first = PLAIN << 8 | second
        self._out_first = PLAIN << 8 | (rule.target or 0)
        self._ssrc = reception.ssrc
        self._out_ssrc = outlet.sequencer.ssrc
        self._start = self._sequence = reception.highest + 1
        self._step = octets
        self._timestamp = reception.timestamp + octets
        self._sequence_shift, self._timestamp_shift = outlet.sequencer.shifts()
        self._table = rule.table
        self._taped = rule.taped
        self._jitter = reception.jitter
        self._transit = reception.transit
        self._now = reception.last_at
        self._unsent = 0
        self._end = 0
        self._tape: bytearray | None = None
        self._earliest = self._latest = 0.0

    @classmethod
    def enter(
        cls, stream: Stream, outlet: Outlet, buffer: Buffer, lane: Lane | None, budget: int
    ) -> "FastPath | None":
        """The fast path of what follows, for at most `budget` packets.

        None where that cannot be foretold: the last packet was late, a number is about to wrap, the
        recording is at another place, or somebody encrypts.
        """
        send = outlet.steady_send
        if send is None or outlet.guard is not None or stream.rule.target is None:
            return None
        if stream.octets == 0 or not outlet.sequencer.follows(stream.reception):
            return None
        path = cls(stream, outlet, send, buffer)
        has_room = path._measure(budget)
        if not has_room or (lane is not None and not path._tape_to(lane, stream.rule)):
            return None
        return path

    def _measure(self, budget: int) -> bool:
        packets = min(
            budget,
            0x10000 - self._sequence,
            0x10000 - self._sequence - self._sequence_shift,
            (0x100000000 - self._timestamp) // self._step,
            (0x100000000 - self._timestamp - self._timestamp_shift) // self._step,
        )
        self._end = self._sequence + packets
        return packets >= MIN_PACKETS

    def _tape_to(self, lane: Lane, rule: PayloadRule) -> bool:
        if rule.law is None:
            return False
        place = lane.following(self._timestamp + self._timestamp_shift)
        if place is None:
            return False
        self._tape, earliest, latest = place
        # On the lane's clock, in our timestamps; here by the source's.
        self._earliest = earliest + self._timestamp_shift
        self._latest = latest + self._timestamp_shift
        return True

    def carry(self, size: int, now: float) -> bool:
        """Pass on the datagram of `size` bytes in the buffer; False when it is not the expected."""
        data = self._data
        first, sequence, timestamp, ssrc = _unpack(data)
        if (
            sequence != self._sequence
            or timestamp != self._timestamp
            or ssrc != self._ssrc
            or first != self._first
            or size != self._size
            or sequence == self._end
        ):
            return False
        transit = now * CLOCK_RATE - timestamp
        change = abs(transit - self._transit)
        if change >= MAX_TRANSIT_STEP:
            return False
        tape = self._tape
        if tape is not None:
            if not self._earliest <= transit <= self._latest:
                return False
            taped = self._taped
            payload = data[HEADER_BYTES:size]
            tape += payload if taped is None else payload.translate(taped)
        self._transit = transit
        self._jitter += (change - self._jitter) / 16
        self._now = now
        self._sequence = sequence + 1
        self._timestamp = timestamp + self._step
        if self._table is not None:
            data[HEADER_BYTES:size] = data[HEADER_BYTES:size].translate(self._table)
        _pack(
            data,
            0,
            self._out_first,
            sequence + self._sequence_shift,
            timestamp + self._timestamp_shift,
            self._out_ssrc,
        )
        try:
            self._send(self._datagram)
        except OSError as error:
            if not self._outlet.send_again(self._datagram, error):
                self._unsent += 1
        return True

    def settle(self) -> int:
        """Add up what passed, and return how many packets; not to be used again."""
        packets = self._sequence - self._start
        if packets:
            octets = self._step * packets
            last = self._timestamp - self._step
            self._reception.go_on(packets, octets, last, self._now, self._jitter)
            self._outlet.sequencer.go_on(packets, octets, self._now)
            self._outlet.reporter.sent_packets += packets - self._unsent
            self._outlet.reporter.sent_octets += octets - self._step * self._unsent
        return packets
