"""RTCP of one side: our own reports to the party, and what the party reports of our stream.

Every name and number in them is ours; what a party reports goes no further.
"""

from dataclasses import dataclass
from random import Random

from maskline.protocols.rtp.packet import CLOCK_RATE
from maskline.protocols.rtp.reception import Reception
from maskline.protocols.rtp.rtcp import (
    Goodbye,
    Report,
    ReportBlock,
    SenderInfo,
    build_description,
    build_goodbye,
    build_report,
    ntp_middle,
    ntp_time,
    parse_compound,
)
from maskline.protocols.rtp.sequencer import Sequencer

CNAME_BYTES = 12
"""Random bytes of a CNAME; it is new for each side of each call (RFC 7022 4.2)."""

MAX_ROUND_TRIP_S = 30.0
"""A longer round trip is taken for nonsense."""


@dataclass(slots=True)
class RemoteView:
    """What the party last said of our stream; None before."""

    lost: int | None = None
    jitter_ms: float | None = None
    round_trip_ms: float | None = None


class Reporter:
    """Makes and reads the reports of one side."""

    __slots__ = (
        "_cname",
        "_heard_at",
        "_heard_ntp",
        "_interval_s",
        "_packets_reported",
        "_random",
        "reception",
        "remote",
        "sent_octets",
        "sent_packets",
        "sequencer",
    )

    def __init__(
        self, sequencer: Sequencer, reception: Reception, interval_s: float, random: Random
    ) -> None:
        self.sequencer = sequencer
        self.reception = reception
        self.sent_packets = 0
        self.sent_octets = 0
        self.remote = RemoteView()
        self._random = random
        self._interval_s = interval_s
        self._cname = random.randbytes(CNAME_BYTES).hex().encode()
        self._packets_reported = 0
        self._heard_ntp = 0
        self._heard_at: float | None = None

    def next_delay(self) -> float:
        """Return how long to wait for the next report: 0.5 to 1.5 intervals (RFC 3550 6.2)."""
        return self._interval_s * (0.5 + self._random.random())

    def build(self, now: float, unix_time: float, *, is_last: bool = False) -> bytes:
        """Build a compound report: SR when we sent since the last one, else RR; SDES; BYE."""
        sender = None
        ssrc = self.sequencer.ssrc
        if self.sent_packets != self._packets_reported:
            self._packets_reported = self.sent_packets
            sender = SenderInfo(
                ntp_time(unix_time),
                self.sequencer.timestamp_at(now),
                self.sent_packets,
                self.sent_octets,
            )
        blocks = () if self.reception.ssrc is None else (self._block(self.reception.ssrc, now),)
        compound = build_report(Report(ssrc, sender, blocks)) + build_description(ssrc, self._cname)
        return compound + build_goodbye(ssrc) if is_last else compound

    def receive(self, data: bytes, now: float, unix_time: float) -> bool:
        """Read a party's compound packet; False when it is not valid."""
        packets = parse_compound(data)
        if packets is None:
            return False
        for packet in packets:
            if isinstance(packet, Goodbye):
                continue
            if packet.sender is not None:
                self._heard_ntp = ntp_middle(packet.sender.ntp)
                self._heard_at = now
            for block in packet.blocks:
                if block.ssrc == self.sequencer.ssrc:
                    self._read_block(block, unix_time)
        return True

    def _block(self, ssrc: int, now: float) -> ReportBlock:
        heard = self.reception
        delay = 0 if self._heard_at is None else int((now - self._heard_at) * 65536) & 0xFFFFFFFF
        return ReportBlock(
            ssrc=ssrc,
            fraction_lost=heard.take_fraction_lost(),
            lost=heard.expected - heard.packets,
            highest=(heard.cycles << 16 | heard.highest) & 0xFFFFFFFF,
            jitter=int(heard.jitter),
            last_report=self._heard_ntp,
            delay=delay,
        )

    def _read_block(self, block: ReportBlock, unix_time: float) -> None:
        self.remote.lost = block.lost
        self.remote.jitter_ms = block.jitter * 1000 / CLOCK_RATE
        if block.last_report:
            trip = (ntp_middle(ntp_time(unix_time)) - block.last_report - block.delay) & 0xFFFFFFFF
            if trip / 65536 < MAX_ROUND_TRIP_S:
                self.remote.round_trip_ms = trip * 1000 / 65536
