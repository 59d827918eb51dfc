"""A call of the relay on a bench: its ports and its clock are in the hands of the test."""

from dataclasses import replace
from random import Random

from maskline.planes.media.engine import AudioCodec, MediaPeer, Side
from maskline.planes.media.flow import Flow
from maskline.planes.media.media_call import MediaCall
from maskline.planes.media.port import BUFFER_BYTES, Buffer, Take
from maskline.planes.media.relay import (
    CallEvents,
    MediaSide,
)
from maskline.planes.media.settings import EmbeddedSettings
from maskline.protocols.rtp.packet import RtpPacket, build_packet, parse_packet

ALAW = AudioCodec("PCMA", 8)
ULAW = AudioCodec("PCMU", 0)
A_PEER = MediaPeer("192.0.2.1", 4000, ALAW, telephone_event=101)
B_PEER = MediaPeer("198.51.100.2", 5000, ALAW, telephone_event=96)
A_AT = ("192.0.2.1", 4000)
B_AT = ("198.51.100.2", 5000)
AUDIO = bytes(range(160))


class FakePort:
    """A port whose packets land in a list, and which hears one source while it is connected."""

    def __init__(self, bench: "Bench", side: Side) -> None:
        self.bench = bench
        self.at = side
        self.party: tuple | None = None
        self.dropped = 0
        self.refusals = 0
        self.queued: list[tuple[bytes, tuple]] = []

    @property
    def may_connect(self) -> bool:
        return self.bench.can_connect and self.party is None

    def connect(self, party: tuple, now: float) -> bool:
        assert self.may_connect
        self.party = party
        self.take = self.bench.call.at(self.at).receive
        while self.queued:
            data, source = self.queued.pop(0)
            self.bench.buffer.data[: len(data)] = data
            self.bench.call.at(self.at).receive_from((len(data), source), now)
        return True

    def receive_by(self, take: Take) -> None:
        assert self.party is not None
        self.take = take

    def disconnect(self) -> None:
        assert self.party is not None
        self.party = None

    def close(self) -> None:
        self.party = None

    def send(self, view: memoryview | bytes) -> int:
        assert self.party is not None
        if self.refusals:
            self.refusals -= 1
            raise ConnectionRefusedError
        return self.put(view, self.party)

    def sendto(self, view: memoryview | bytes, address: tuple) -> int:
        assert self.party is None
        return self.put(view, address)

    def put(self, view: memoryview | bytes, address: tuple) -> int:
        if self.bench.is_full:
            raise BlockingIOError
        packet = parse_packet(bytes(view))
        assert packet is not None
        self.bench.sent[self.at].append((packet, address))
        return len(view)

    def arrive(self, data: bytes, source: tuple) -> None:
        self.bench.buffer.data[: len(data)] = data
        side = self.bench.call.at(self.at)
        if self.party is None:
            side.receive_from((len(data), source), self.bench.now)
        elif self.party == source:
            self.take(len(data), self.bench.now)
        else:
            self.dropped += 1


class Bench:
    """A call with a stepped clock whose packets land in lists."""

    def __init__(self, **changes: object) -> None:
        self.settings = EmbeddedSettings(**changes)
        self.buffer = Buffer()
        self.events: list[tuple] = []
        self.sent: dict[Side, list[tuple[RtpPacket, tuple]]] = {Side.CALLER: [], Side.CALLEE: []}
        self.ports: dict[Side, FakePort] = {}
        self.is_full = False
        self.can_connect = True
        self.now = 100.0
        self.call_events = CallEvents(
            pressed=lambda at, digit, ms, _: self.events.append(("pressed", at, digit, ms)),
            lost=lambda at: self.events.append(("lost", at)),
            resumed=lambda at: self.events.append(("resumed", at)),
            ended=lambda play_id, why: self.events.append(("ended", play_id, why)),
        )
        self.call = MediaCall(
            self.make_side(Side.CALLER),
            self.make_side(Side.CALLEE),
            self.settings,
            self.call_events,
        )

    def make_side(self, side: Side) -> MediaSide:
        self.ports[side] = FakePort(self, side)
        return MediaSide(
            side,
            self.ports[side],
            buffer=self.buffer,
            settings=self.settings,
            events=self.call_events,
            random=Random(side.value),
        )

    def bridged(self, a: MediaPeer = A_PEER, b: MediaPeer = B_PEER) -> "Bench":
        self.call.connect(Side.CALLER, a, self.now)
        self.call.connect(Side.CALLEE, b, self.now)
        self.call.set_flow(Flow.BOTH, self.now)
        return self

    def arrive(self, side: Side, data: bytes, source: tuple) -> None:
        self.ports[side].arrive(data[:BUFFER_BYTES], source)

    def speak(self, side: Side, count: int = 1, *, source: tuple | None = None, **fields: object):
        """Send packets 20 ms apart; return what came out on the other side."""
        before = len(self.sent[side.other])
        base = RtpPacket(8, 1000, 160_000, 77 + side.value, AUDIO)
        base = replace(base, **fields)
        at = source or (A_AT if side is Side.CALLER else B_AT)
        for n in range(count):
            packet = replace(
                base,
                sequence=(base.sequence + n) & 0xFFFF,
                timestamp=(base.timestamp + 160 * n) & 0xFFFFFFFF,
            )
            self.arrive(side, build_packet(packet), at)
            self.now += 0.02
        return [packet for packet, _ in self.sent[side.other][before:]]

    def wait(self, seconds: float) -> None:
        for _ in range(round(seconds / 0.25)):
            self.now += 0.25
            self.call.sweep(self.now)

    def targets(self, side: Side) -> list[tuple]:
        return [address for _, address in self.sent[side]]
