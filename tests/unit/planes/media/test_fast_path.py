from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.planes.media.relay_bench import A_AT, A_PEER, ALAW, B_AT, B_PEER, ULAW, Bench

from maskline.planes.media.engine import Side
from maskline.planes.media.flow import Flow
from maskline.planes.media.gathering import Gathering
from maskline.planes.media.relay import MediaSide
from maskline.planes.media.tap import Tap
from maskline.protocols.rtp.packet import RtpPacket, build_packet
from maskline.protocols.rtp.telephone_event import TelephoneEvent, encode_event

FRAME_S = 0.02
KEY = encode_event(TelephoneEvent(5, True, 160))


class Tape:
    """A feed that keeps all that is written."""

    def __init__(self) -> None:
        self.written: list[tuple[bytes, bytes]] = []

    def write(self, number: int, first: bytes, second: bytes) -> bool:
        self.written.append((first, second))
        return True

    def finish(self, number: int) -> None:
        pass


class Line:
    """One party's stream: what it sends next."""

    def __init__(self, bench: Bench, side: Side) -> None:
        self.bench = bench
        self.side = side
        self.at = A_AT if side is Side.CALLER else B_AT
        self.event = 101 if side is Side.CALLER else 96
        self.codec = 8
        self.ssrc = 7 + side.value
        self.sequence = 65_500
        self.timestamp = 2**32 - 8_000
        self.octets = 160

    def send(self, *, marker: bool = False, payload: bytes | None = None, kind: int | None = None):
        sound = bytes(self.sequence + n & 0xFF for n in range(self.octets))
        self.put(
            RtpPacket(
                self.codec if kind is None else kind,
                self.sequence & 0xFFFF,
                self.timestamp & 0xFFFFFFFF,
                self.ssrc,
                sound if payload is None else payload,
                marker,
            )
        )
        self.sequence += 1
        self.timestamp += self.octets

    def put(self, packet: RtpPacket) -> None:
        self.bench.arrive(self.side, build_packet(packet), self.at)


class Recorded:
    """A bridged call that is recorded, with both parties' lines."""

    def __init__(self, b_codec: int = 8) -> None:
        self.bench = Bench()
        codec = ALAW if b_codec == 8 else ULAW
        self.bench.bridged(A_PEER, replace(B_PEER, codec=codec))
        self.call = self.bench.call
        self.tape = Tape()
        self.tap = Tap(1, self.tape, self.bench.now, 3600, is_mixed=True)
        self.call.set_tap(self.tap)
        self.lines = {side: Line(self.bench, side) for side in Side}
        self.lines[Side.CALLEE].codec = b_codec
        self.reports: list[bytes] = []

    def frames(self, count: int) -> None:
        for _ in range(count):
            self.bench.now += FRAME_S
            for line in self.lines.values():
                line.send()

    def do(self, step: str, side: Side, number: int) -> None:
        line, call, now = self.lines[side], self.call, self.bench.now
        match step:
            case "frames":
                self.frames(number)
            case "sweep":
                call.sweep(now)
            case "flush":
                call.flush_tap(self.tap, now)
            case "loss":
                line.sequence += number
                line.timestamp += number * line.octets
            case "late":
                self.late(line, number)
            case "jump":
                line.timestamp += 100_000 * number
            case "silence":
                self.bench.now += number * FRAME_S
            case "burst":
                for _ in range(number):
                    line.send()
            case "length":
                line.octets = 80 * (1 + number % 3)
            case _:
                self.disturb(step, side, number)

    def disturb(self, step: str, side: Side, number: int) -> None:
        line = self.lines[side]
        match step:
            case "restart":
                line.ssrc += 1
                line.sequence = number * 5000
            case "garbage":
                self.bench.arrive(side, bytes(number), line.at)
            case "marker":
                line.send(marker=True)
            case "key":
                line.send(kind=line.event, payload=KEY)
            case _:
                self.change(step, side, number)

    def late(self, line: Line, number: int) -> None:
        line.put(
            RtpPacket(
                line.codec,
                line.sequence - number & 0xFFFF,
                line.timestamp - number * line.octets & 0xFFFFFFFF,
                line.ssrc,
                b"late",
            )
        )

    def change(self, step: str, side: Side, number: int) -> None:
        call, now, port = self.call, self.bench.now, self.bench.ports[side]
        match step:
            case "report":
                self.reports.append(call.at(side).build_report(now, 1e9 + now))
            case "block":
                call.block(side, is_blocked=number % 2 == 0)
            case "hold":
                peer = A_PEER if side is Side.CALLER else B_PEER
                codec = call.at(side).peer.codec
                call.connect(side, replace(peer, codec=codec, receives=number % 2 == 0), now)
            case "flow":
                call.set_flow(Flow.BOTH if number % 2 else Flow.EARLY, now)
            case "gather":
                call.gather(side, Gathering.PRIVATE if number % 2 else Gathering.NO, now)
            case "refusal":
                port.refusals = number % 3
            case "full":
                self.bench.is_full = number % 2 == 0
            case "untape":
                call.set_tap(None if number % 2 else self.tap)
            case _:
                raise AssertionError(step)

    def heard(self) -> tuple:
        self.tap.finish(self.bench.now)
        stats = [self.call.at(side).stats() for side in Side]
        budgets = [self.call.at(side).budget for side in Side]
        return self.bench.sent, self.bench.events, stats, budgets, self.tape.written, self.reports


STEPS = (
    *("frames", "sweep", "flush", "loss", "late", "jump", "restart", "silence", "burst"),
    *("length", "marker", "key", "garbage", "report", "block", "hold", "flow", "gather"),
    *("refusal", "full", "untape"),
)
scripts = st.lists(
    st.tuples(
        st.one_of(st.sampled_from(("frames", "sweep", "flush")), st.sampled_from(STEPS)),
        st.sampled_from(list(Side)),
        st.integers(1, 9),
    ),
    max_size=40,
)


@given(script=scripts, b_codec=st.sampled_from([8, 0]))
@settings(deadline=None, max_examples=150)
def test_nobody_can_tell_which_way_a_packet_went(script: list[tuple[str, Side, int]], b_codec: int):
    heard = []
    for may_speed_up in (True, False):
        with pytest.MonkeyPatch.context() as patch:
            if not may_speed_up:
                patch.setattr(MediaSide, "speed_up", lambda _: None)
            recorded = Recorded(b_codec)
            recorded.frames(3)
            recorded.call.sweep(recorded.bench.now)
            for step in script:
                recorded.do(*step)
            heard.append(recorded.heard())
    assert heard[0] == heard[1]


@pytest.fixture
def long_ways(monkeypatch) -> list[int]:
    """The sizes of the packets that took the long way."""
    sizes: list[int] = []
    take = MediaSide._take
    monkeypatch.setattr(
        MediaSide, "_take", lambda side, size, now: sizes.append(size) or take(side, size, now)
    )
    return sizes


@pytest.mark.parametrize("b_codec", [8, 0])
def test_a_stream_that_goes_on_as_it_began_takes_the_fast_path(b_codec, long_ways):
    recorded = Recorded(b_codec)
    recorded.frames(3)
    recorded.call.sweep(recorded.bench.now)
    long_ways.clear()
    for _ in range(10):
        recorded.frames(8)
        recorded.call.flush_tap(recorded.tap, recorded.bench.now)
        recorded.frames(4)
        recorded.call.sweep(recorded.bench.now)
    # Numbers and timestamps of both parties wrap on the way, ours may: each takes two packets.
    assert len(long_ways) <= 2 * 2 * 4
    assert len(recorded.bench.sent[Side.CALLEE]) == 123


def test_a_call_takes_the_fast_path_from_its_third_packet_on(long_ways):
    Recorded().frames(10)
    assert len(long_ways) <= 2 * 2


def test_a_loss_one_way_leaves_the_other_way_its_fast_path(long_ways):
    recorded = Recorded()
    recorded.frames(3)
    long_ways.clear()
    recorded.do("loss", Side.CALLER, 1)
    recorded.frames(5)
    assert len(long_ways) == 1


def test_packets_that_come_too_late_for_their_place_keep_the_fast_path(long_ways):
    recorded = Recorded()
    recorded.frames(3)
    long_ways.clear()
    recorded.do("silence", Side.CALLER, 5)
    recorded.frames(30)
    assert not long_ways
