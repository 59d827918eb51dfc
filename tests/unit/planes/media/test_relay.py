from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maskline.planes.media.engine import AudioCodec, BadMedia, MediaPeer, Side
from maskline.planes.media.flow import Flow
from maskline.planes.media.gathering import Gathering
from maskline.planes.media.media_call import MediaCall
from maskline.planes.media.party_address import PROBATION_PACKETS, RELEARN_AFTER_S
from maskline.planes.media.port import BUFFER_BYTES, Buffer, Take
from maskline.planes.media.relay import (
    BUDGET,
    BURST,
    CallEvents,
    MediaSide,
)
from maskline.planes.media.settings import EmbeddedSettings, Learn
from maskline.protocols.rtp.g711 import Law, encode, transcoding_table
from maskline.protocols.rtp.packet import RtpPacket, build_packet, parse_packet
from maskline.protocols.rtp.rtcp import Report, build_report
from maskline.protocols.rtp.telephone_event import TelephoneEvent, encode_event
from maskline.protocols.rtp.tone import make_tone

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


def test_audio_reaches_the_other_side_unchanged_from_its_own_port():
    bench = Bench().bridged()
    (heard,) = bench.speak(Side.CALLER)
    assert heard.payload == AUDIO
    assert bench.targets(Side.CALLEE) == [B_AT]
    (answer,) = bench.speak(Side.CALLEE)
    assert answer.payload == AUDIO
    assert bench.targets(Side.CALLER) == [A_AT]


def test_nothing_of_a_partys_numbering_reaches_the_other():
    bench = Bench().bridged()
    heard = bench.speak(Side.CALLER, 3)
    assert {packet.ssrc for packet in heard} == {bench.call.callee.sequencer.ssrc}
    assert heard[0].ssrc != 77
    assert heard[0].sequence != 1000
    assert heard[0].timestamp != 160_000
    assert [p.sequence - heard[0].sequence for p in heard] == [0, 1, 2]
    assert [p.timestamp - heard[0].timestamp for p in heard] == [0, 160, 320]
    assert [p.marker for p in heard] == [True, False, False]


def test_header_extension_sources_and_padding_are_not_forwarded():
    bench = Bench().bridged()
    plain = build_packet(RtpPacket(8, 1, 1, 77, b""))
    extension = b"\xbe\xde\x00\x01secr"
    bench.arrive(
        Side.CALLER, bytes([0xB1]) + plain[1:] + b"CSRC" + extension + AUDIO + b"\0\2", A_AT
    )
    assert [packet.payload for packet, _ in bench.sent[Side.CALLEE]] == [AUDIO]


def test_nothing_flows_before_it_is_asked_for():
    bench = Bench()
    assert bench.speak(Side.CALLER) == []
    bench.call.connect(Side.CALLER, A_PEER, bench.now)
    bench.call.connect(Side.CALLEE, B_PEER, bench.now)
    assert bench.speak(Side.CALLER) + bench.speak(Side.CALLEE) == []
    assert bench.call.caller.strangers == 1


def test_early_media_flows_to_the_caller_only():
    bench = Bench().bridged()
    bench.call.set_flow(Flow.EARLY, bench.now)
    assert bench.speak(Side.CALLER) == []
    assert len(bench.speak(Side.CALLEE)) == 1


def test_what_was_held_back_is_no_loss_afterwards():
    bench = Bench().bridged()
    first = bench.speak(Side.CALLER, 2)
    bench.call.set_flow(Flow.EARLY, bench.now)
    bench.speak(Side.CALLER, 5, sequence=1002, timestamp=160_320)
    bench.call.set_flow(Flow.BOTH, bench.now)
    (after,) = bench.speak(Side.CALLER, 1, sequence=1007, timestamp=161_120)
    assert after.sequence == first[-1].sequence + 1
    assert after.timestamp - first[-1].timestamp == pytest.approx(6 * 160, abs=2)
    assert after.marker


def test_a_blocked_side_is_not_heard_but_its_digits_are_reported():
    bench = Bench().bridged()
    bench.call.block(Side.CALLER, is_blocked=True)
    event = encode_event(TelephoneEvent(5, is_end=True, duration=800))
    assert bench.speak(Side.CALLER) == []
    assert bench.speak(Side.CALLER, payload_type=101, payload=event, sequence=1001) == []
    assert bench.events == [("pressed", Side.CALLER, "5", 100)]
    assert len(bench.speak(Side.CALLEE)) == 1
    bench.call.block(Side.CALLER, is_blocked=False)
    assert len(bench.speak(Side.CALLER, sequence=1002)) == 1


def test_laws_that_differ_are_transcoded_under_the_others_payload_type():
    bench = Bench().bridged(b=replace(B_PEER, codec=ULAW))
    (heard,) = bench.speak(Side.CALLER)
    assert (heard.payload_type, heard.payload) == (
        0,
        AUDIO.translate(transcoding_table(Law.A, Law.MU)),
    )
    (answer,) = bench.speak(Side.CALLEE, payload_type=0)
    assert (answer.payload_type, answer.payload) == (
        8,
        AUDIO.translate(transcoding_table(Law.MU, Law.A)),
    )


def test_a_dynamic_payload_type_is_mapped():
    bench = Bench().bridged(a=replace(A_PEER, codec=AudioCodec("PCMA", 110)))
    assert bench.speak(Side.CALLER, payload_type=110)[0].payload_type == 8
    assert bench.speak(Side.CALLEE)[0].payload_type == 110
    assert bench.speak(Side.CALLER, payload_type=8) == []
    assert bench.call.caller.invalid == 1


def test_digits_pass_under_the_others_payload_type_and_are_reported_once():
    bench = Bench().bridged()
    for n, duration in enumerate((160, 320, 480, 480, 480)):
        event = encode_event(TelephoneEvent(11, is_end=n >= 2, duration=duration))
        bench.arrive(
            Side.CALLER, build_packet(RtpPacket(101, n, 5000, 77, event, marker=n == 0)), A_AT
        )
    heard = [packet for packet, _ in bench.sent[Side.CALLEE]]
    assert [packet.payload_type for packet in heard] == [96] * 5
    assert len({packet.timestamp for packet in heard}) == 1
    assert [packet.marker for packet in heard] == [True] + [False] * 4
    assert bench.events == [("pressed", Side.CALLER, "#", 60)]


def test_a_digit_without_end_is_reported_after_a_while():
    bench = Bench().bridged()
    event = encode_event(TelephoneEvent(1, is_end=False, duration=480))
    bench.speak(Side.CALLER, payload_type=101, payload=event)
    bench.wait(0.5)
    assert bench.events == [("pressed", Side.CALLER, "1", 60)]


def test_digits_are_reported_but_not_sent_to_a_party_without_telephone_events():
    bench = Bench().bridged(b=replace(B_PEER, telephone_event=None))
    event = encode_event(TelephoneEvent(1, is_end=True, duration=480))
    assert bench.speak(Side.CALLER, payload_type=101, payload=event) == []
    assert len(bench.events) == 1


@pytest.mark.parametrize(
    ("a", "b", "passes"), [(True, True, 1), (True, False, 0), (False, True, 0), (False, False, 0)]
)
def test_comfort_noise_passes_only_where_both_negotiated_it(a: bool, b: bool, passes: int):  # noqa: FBT001 - the cases
    bench = Bench().bridged(replace(A_PEER, comfort_noise=a), replace(B_PEER, comfort_noise=b))
    assert len(bench.speak(Side.CALLER, payload_type=13, payload=b"\x40")) == passes


def test_a_party_on_hold_is_sent_nothing_and_one_that_does_not_send_is_not_heard():
    bench = Bench().bridged()
    bench.call.connect(Side.CALLEE, replace(B_PEER, receives=False), bench.now)
    assert bench.speak(Side.CALLER) == []
    assert len(bench.speak(Side.CALLEE)) == 1
    bench.call.connect(Side.CALLEE, replace(B_PEER, sends=False), bench.now)
    assert len(bench.speak(Side.CALLER, sequence=1001)) == 1
    assert bench.speak(Side.CALLEE, sequence=1001) == []


def test_the_old_way_to_hold_keeps_the_partys_address():
    bench = Bench().bridged()
    held = replace(B_PEER, address="0.0.0.0", receives=False)
    bench.call.connect(Side.CALLEE, held, bench.now)
    assert bench.speak(Side.CALLER) == []
    bench.call.connect(Side.CALLEE, B_PEER, bench.now)
    bench.speak(Side.CALLER, sequence=1001)
    assert bench.targets(Side.CALLEE) == [B_AT]


def test_a_new_far_end_is_sent_to_at_once_and_heard_in_the_same_stream():
    bench = Bench().bridged()
    first = bench.speak(Side.CALLEE, 2)
    moved = ("198.51.100.9", 7000)
    bench.call.connect(Side.CALLEE, replace(B_PEER, address=moved[0], port=moved[1]), bench.now)
    bench.speak(Side.CALLER)
    assert bench.targets(Side.CALLEE) == [moved]
    assert bench.speak(Side.CALLEE) == []
    (after,) = bench.speak(Side.CALLEE, source=moved, ssrc=4242, sequence=9, timestamp=1)
    assert after.sequence == first[-1].sequence + 1
    assert after.ssrc == first[-1].ssrc


def test_a_new_far_end_with_the_same_numbers_is_no_late_packet():
    bench = Bench().bridged()
    first = bench.speak(Side.CALLEE, 5)
    bench.call.connect(Side.CALLEE, replace(B_PEER, port=7000), bench.now)
    (after,) = bench.speak(Side.CALLEE, source=(B_AT[0], 7000))
    assert after.sequence == first[-1].sequence + 1


class TestSources:
    def test_a_stranger_is_dropped_and_counted(self):
        bench = Bench().bridged()
        assert bench.speak(Side.CALLER, 2, source=("203.0.113.66", 4000)) == []
        assert bench.call.caller.stats().strangers == 2
        assert bench.call.caller.stats().received_packets == 0

    def test_another_port_of_the_party_is_learned_and_answered(self):
        bench = Bench().bridged()
        assert len(bench.speak(Side.CALLER, source=("192.0.2.1", 4002))) == 1
        bench.speak(Side.CALLEE)
        assert bench.targets(Side.CALLER) == [("192.0.2.1", 4002)]

    def test_a_learned_port_is_kept_while_it_is_alive(self):
        bench = Bench().bridged()
        bench.speak(Side.CALLER, source=("192.0.2.1", 4002))
        assert bench.speak(Side.CALLER, source=("192.0.2.1", 4004)) == []
        bench.now += RELEARN_AFTER_S
        assert len(bench.speak(Side.CALLER, source=("192.0.2.1", 4004))) == 1

    def test_the_negotiated_port_wins_at_any_time(self):
        bench = Bench().bridged()
        bench.speak(Side.CALLER, source=("192.0.2.1", 4002))
        assert len(bench.speak(Side.CALLER, source=A_AT, sequence=1001)) == 1

    def test_nothing_is_learned_from_what_was_not_negotiated(self):
        bench = Bench().bridged()
        assert bench.speak(Side.CALLER, source=("192.0.2.1", 4002), payload_type=97) == []
        bench.speak(Side.CALLEE)
        assert bench.targets(Side.CALLER) == [A_AT]

    def test_learning_nowhere_takes_the_negotiated_source_only(self):
        bench = Bench(learn=Learn.NOWHERE).bridged()
        assert bench.speak(Side.CALLER, source=("192.0.2.1", 4002)) == []
        assert len(bench.speak(Side.CALLER)) == 1

    def test_learning_anywhere_wants_packets_in_sequence(self):
        bench = Bench(learn=Learn.ANYWHERE).bridged()
        nat = ("203.0.113.7", 61000)
        assert len(bench.speak(Side.CALLER, PROBATION_PACKETS + 1, source=nat)) == 2
        bench.speak(Side.CALLEE)
        assert bench.targets(Side.CALLER) == [nat]

    def test_learning_anywhere_is_not_moved_by_single_packets_of_many(self):
        bench = Bench(learn=Learn.ANYWHERE).bridged()
        for n in range(6):
            at = ("203.0.113.7", 61000 + n % 2)
            assert bench.speak(Side.CALLER, source=at, sequence=1000 + n) == []

    def test_learning_anywhere_ends_with_its_window_and_with_what_it_learned(self):
        bench = Bench(learn=Learn.ANYWHERE, learn_window_s=1.0).bridged()
        bench.now += 1.0
        assert bench.speak(Side.CALLER, 5, source=("203.0.113.7", 61000)) == []
        bench = Bench(learn=Learn.ANYWHERE).bridged()
        bench.speak(Side.CALLER, 5, source=("203.0.113.7", 61000))
        assert bench.speak(Side.CALLER, 5, source=("203.0.113.66", 61000)) == []

    def test_the_negotiated_address_wins_over_one_learned_elsewhere(self):
        bench = Bench(learn=Learn.ANYWHERE).bridged()
        bench.speak(Side.CALLER, 5, source=("203.0.113.7", 61000))
        assert len(bench.speak(Side.CALLER, source=("192.0.2.1", 4002), sequence=1005)) == 1

    def test_a_new_port_of_the_learned_address_is_taken_after_a_silence(self):
        bench = Bench(learn=Learn.ANYWHERE).bridged()
        bench.speak(Side.CALLER, 5, source=("203.0.113.7", 61000))
        bench.now += RELEARN_AFTER_S
        assert len(bench.speak(Side.CALLER, source=("203.0.113.7", 61999), sequence=1005)) == 1

    def test_renegotiation_of_the_same_address_keeps_what_was_learned(self):
        bench = Bench().bridged()
        bench.speak(Side.CALLER, source=("192.0.2.1", 4002))
        bench.call.connect(Side.CALLER, replace(A_PEER, codec=ULAW), bench.now)
        bench.speak(Side.CALLEE)
        assert bench.targets(Side.CALLER) == [("192.0.2.1", 4002)]

    def test_an_ipv6_party_is_known_however_its_address_is_written(self):
        peer = replace(A_PEER, address="2001:DB8:0::1")
        bench = Bench(bind_address="::1").bridged(a=peer, b=replace(peer, port=5000))
        assert len(bench.speak(Side.CALLER, source=("2001:db8::1", 4000, 0, 0))) == 1


class TestConnecting:
    def test_only_a_party_that_sends_from_where_it_was_negotiated_is_connected_to(self):
        bench = Bench().bridged()
        bench.speak(Side.CALLER, source=("192.0.2.1", 4002))
        assert bench.ports[Side.CALLER].party is None
        bench.speak(Side.CALLER, sequence=1001)
        assert bench.ports[Side.CALLER].party == A_AT
        assert bench.ports[Side.CALLEE].party is None

    def test_strangers_are_the_kernels_then(self):
        bench = Bench().bridged()
        bench.speak(Side.CALLER)
        assert bench.speak(Side.CALLER, BURST + 9, source=("203.0.113.66", 4000)) == []
        assert bench.call.caller.stats().strangers == 0
        assert len(bench.speak(Side.CALLER, 5, sequence=1001)) == 5

    def test_a_port_that_cannot_be_connected_relays_all_the_same(self):
        bench = Bench().bridged()
        bench.can_connect = False
        assert len(bench.speak(Side.CALLER, 3)) == 3
        assert bench.speak(Side.CALLER, source=("203.0.113.66", 4000)) == []
        assert bench.call.caller.stats().strangers == 1

    def test_what_strangers_sent_before_is_judged_by_its_source(self):
        bench = Bench().bridged()
        trick = build_packet(RtpPacket(8, 1001, 160_160, 77, b"trick"))
        after = build_packet(RtpPacket(8, 1001, 160_160, 77, AUDIO))
        port = bench.ports[Side.CALLER]
        port.queued = [(trick, ("203.0.113.66", 4000)), (after, A_AT)]
        assert [packet.payload for packet in bench.speak(Side.CALLER)] == [AUDIO, AUDIO]
        assert bench.call.caller.stats().strangers == 1
        assert port.party == A_AT

    def test_another_port_of_the_party_is_taken_after_the_same_silence(self):
        bench = Bench().bridged()
        bench.speak(Side.CALLER)
        bench.now -= 0.02
        other = ("192.0.2.1", 4004)
        bench.wait(0.25)
        assert bench.speak(Side.CALLER, source=other, sequence=1001) == []
        bench.now += RELEARN_AFTER_S - 0.25
        assert len(bench.speak(Side.CALLER, source=other, sequence=1001)) == 1
        bench.speak(Side.CALLEE)
        assert bench.targets(Side.CALLER) == [other]

    def test_a_party_that_pauses_is_connected_to_again(self):
        bench = Bench().bridged()
        bench.speak(Side.CALLER)
        bench.wait(0.5)
        assert bench.ports[Side.CALLER].party is None
        assert len(bench.speak(Side.CALLER, 2, sequence=1001)) == 2
        assert bench.ports[Side.CALLER].party == A_AT

    def test_without_learning_a_silence_changes_nothing(self):
        bench = Bench(learn=Learn.NOWHERE).bridged()
        bench.speak(Side.CALLER)
        bench.wait(5)
        assert bench.ports[Side.CALLER].party == A_AT

    def test_a_new_far_end_is_heard_and_the_old_one_no_more(self):
        bench = Bench().bridged()
        bench.speak(Side.CALLER)
        bench.call.connect(Side.CALLER, replace(A_PEER, port=4444), bench.now)
        assert bench.ports[Side.CALLER].party is None
        moved = ("192.0.2.1", 4444)
        assert len(bench.speak(Side.CALLER, source=moved, sequence=1001)) == 1
        assert bench.ports[Side.CALLER].party == moved
        assert bench.speak(Side.CALLER, sequence=1002) == []

    def test_a_change_that_leaves_the_address_leaves_it_connected(self):
        bench = Bench().bridged()
        bench.speak(Side.CALLER)
        bench.call.connect(Side.CALLER, replace(A_PEER, receives=False), bench.now)
        assert bench.ports[Side.CALLER].party == A_AT

    def test_the_refusal_of_an_earlier_packet_loses_none(self):
        bench = Bench().bridged()
        bench.speak(Side.CALLEE)
        bench.ports[Side.CALLEE].refusals = 1
        assert len(bench.speak(Side.CALLER)) == 1
        bench.ports[Side.CALLEE].refusals = 2
        assert bench.speak(Side.CALLER, sequence=1001) == []
        assert bench.call.callee.stats().sent_packets == 1


class TestBounds:
    def test_what_is_no_rtp_is_counted(self):
        bench = Bench().bridged()
        for data in (b"", b"\x80", bytes(200), b"\x80" * (BUFFER_BYTES + 9)):
            bench.arrive(Side.CALLER, data, A_AT)
        assert bench.call.caller.stats().invalid == 4
        assert bench.sent[Side.CALLEE] == []

    def test_a_flood_is_cut_to_what_a_side_may_send_in_the_long_run(self):
        bench = Bench().bridged()
        assert len(bench.speak(Side.CALLER, BURST + 30)) == BURST
        bench.call.sweep(bench.now)
        assert len(bench.speak(Side.CALLER, BUDGET + 30, sequence=1500)) == BUDGET

    def test_a_full_socket_loses_the_packet_and_nothing_else(self):
        bench = Bench().bridged()
        bench.is_full = True
        bench.speak(Side.CALLER)
        bench.is_full = False
        assert len(bench.speak(Side.CALLER, sequence=1001)) == 1
        assert bench.call.callee.stats().sent_packets == 1

    @pytest.mark.parametrize(
        "changes",
        [
            {"address": "b.example"},
            {"address": "0.0.0.0"},
            {"address": "224.0.0.1"},
            {"address": "2001:db8::1"},
            {"port": 0},
            {"port": 65536},
            {"rtcp_port": 70000},
            {"telephone_event": 8},
            {"telephone_event": 128},
            {"codec": AudioCodec("PCMA", -1)},
        ],
    )
    def test_a_far_end_that_cannot_be_is_refused_and_changes_nothing(self, changes: dict):
        bench = Bench().bridged()
        with pytest.raises(BadMedia):
            bench.call.connect(Side.CALLEE, replace(B_PEER, **changes), bench.now)
        bench.speak(Side.CALLER)
        assert bench.targets(Side.CALLEE) == [B_AT]

    @settings(max_examples=200)
    @given(st.lists(st.binary(max_size=60), max_size=10), st.integers(0x80, 0xBF))
    def test_any_datagram_is_survived(self, datagrams: list[bytes], first: int):
        bench = Bench().bridged()
        for data in datagrams:
            bench.arrive(Side.CALLER, data, A_AT)
            bench.arrive(Side.CALLER, bytes([first, 8]) + data, A_AT)
            bench.arrive(Side.CALLER, bytes([first, 101]) + data, A_AT)


class TestLoss:
    def test_media_that_stops_is_reported_once_and_so_is_its_return(self):
        bench = Bench(loss_after_s=5).bridged()
        bench.speak(Side.CALLER, 3)
        bench.wait(20)
        assert bench.events == [("lost", Side.CALLER)]
        bench.speak(Side.CALLER, sequence=1003)
        bench.wait(1)
        assert bench.events == [("lost", Side.CALLER), ("resumed", Side.CALLER)]

    def test_media_that_flows_or_never_flowed_is_not_lost(self):
        bench = Bench(loss_after_s=1).bridged()
        for n in range(10):
            bench.speak(Side.CALLER, 1, sequence=n)
            bench.wait(0.5)
        assert bench.events == []

    def test_zero_turns_it_off(self):
        bench = Bench(loss_after_s=0, start_after_s=0).bridged()
        bench.speak(Side.CALLER)
        bench.wait(60)
        assert bench.events == []

    def test_the_time_begins_when_both_ways_are_open(self):
        bench = Bench(loss_after_s=5).bridged()
        bench.call.set_flow(Flow.EARLY, bench.now)
        bench.speak(Side.CALLEE)
        bench.wait(30)
        bench.call.set_flow(Flow.BOTH, bench.now)
        bench.wait(4)
        assert bench.events == []
        bench.wait(2)
        assert bench.events == [("lost", Side.CALLEE)]

    def test_a_party_that_does_not_send_is_not_missed_until_it_should(self):
        bench = Bench(loss_after_s=5).bridged()
        bench.speak(Side.CALLER)
        bench.call.connect(Side.CALLER, replace(A_PEER, sends=False), bench.now)
        bench.wait(30)
        assert bench.events == []
        bench.call.connect(Side.CALLER, A_PEER, bench.now)
        bench.wait(4)
        assert bench.events == []
        bench.wait(2)
        assert bench.events == [("lost", Side.CALLER)]

    def test_a_hold_ends_the_loss(self):
        bench = Bench(loss_after_s=5).bridged()
        bench.speak(Side.CALLER)
        bench.wait(6)
        bench.call.connect(Side.CALLER, replace(A_PEER, sends=False), bench.now)
        bench.wait(1)
        assert bench.events == [("lost", Side.CALLER), ("resumed", Side.CALLER)]


class TestReports:
    REPORT = build_report(Report(77, None, ()))

    def test_reports_go_to_the_next_port_until_another_is_heard_from(self):
        bench = Bench().bridged()
        side = bench.call.caller
        assert side.rtcp_target == ("192.0.2.1", 4001)
        side.receive_report(self.REPORT, ("192.0.2.1", 4999), bench.now, 0.0)
        assert side.rtcp_target == ("192.0.2.1", 4999)

    def test_a_negotiated_report_port_is_used(self):
        bench = Bench().bridged(a=replace(A_PEER, rtcp_port=4500))
        assert bench.call.caller.rtcp_target == ("192.0.2.1", 4500)
        bench.call.connect(Side.CALLER, replace(A_PEER, rtcp_port=4600), bench.now)
        assert bench.call.caller.rtcp_target == ("192.0.2.1", 4600)

    def test_reports_of_strangers_and_nonsense_are_counted(self):
        bench = Bench().bridged()
        side = bench.call.caller
        side.receive_report(self.REPORT, ("203.0.113.66", 4001), bench.now, 0.0)
        side.receive_report(b"nonsense", ("192.0.2.1", 4001), bench.now, 0.0)
        assert (side.strangers, side.invalid) == (1, 1)
        assert side.rtcp_target == ("192.0.2.1", 4001)

    def test_sums_of_both_ways(self):
        bench = Bench().bridged()
        bench.speak(Side.CALLER, 3)
        bench.speak(Side.CALLER, 1, sequence=1004)
        caller, callee = bench.call.caller.stats(), bench.call.callee.stats()
        assert (caller.received_packets, caller.received_octets, caller.lost) == (4, 640, 1)
        assert (callee.sent_packets, callee.sent_octets) == (4, 640)
        assert caller.first_packet_at == pytest.approx(100.0)
        assert caller.last_packet_at == pytest.approx(100.06)
        assert callee.last_packet_at is None


def test_a_party_that_answered_with_both_laws_may_send_either():
    bench = Bench().bridged(b=replace(B_PEER, other_codecs=(ULAW,)))
    (heard,) = bench.speak(Side.CALLEE, payload_type=0)
    assert heard.payload_type == 8
    assert heard.payload == AUDIO.translate(transcoding_table(Law.MU, Law.A))
    assert bench.speak(Side.CALLEE, sequence=1001)[0].payload == AUDIO


@pytest.mark.parametrize("payload_type", [96, 101])
def test_digits_are_heard_under_the_type_of_the_answer_and_of_our_offer(payload_type):
    bench = Bench().bridged(b=replace(B_PEER, offered_event=101))
    event = encode_event(TelephoneEvent(5, is_end=True, duration=800))
    (passed,) = bench.speak(Side.CALLEE, payload_type=payload_type, payload=event)
    assert passed.payload_type == 101
    assert bench.events == [("pressed", Side.CALLEE, "5", 100)]


class TestGathering:
    def key(self, bench: Bench, timestamp: int, sequence: int, *, is_end: bool = True) -> list:
        event = encode_event(TelephoneEvent(5, is_end=is_end, duration=800))
        return bench.speak(
            Side.CALLER, payload_type=101, payload=event, timestamp=timestamp, sequence=sequence
        )

    def test_private_keys_stay_here_with_the_repeats_that_come_after_collecting(self):
        bench = Bench().bridged()
        bench.call.gather(Side.CALLER, Gathering.PRIVATE, bench.now)
        assert self.key(bench, 160_000, 1000) == []
        bench.call.gather(Side.CALLER, Gathering.NO, bench.now)
        assert self.key(bench, 160_000, 1001) == []
        assert self.key(bench, 160_000, 1002) == []
        bench.wait(0.25)
        assert self.key(bench, 160_000, 1003) == []
        (passed,) = self.key(bench, 164_000, 1004)
        assert passed.payload_type == 96
        assert bench.events == [("pressed", Side.CALLER, "5", 100)] * 2

    def test_a_private_key_that_signalling_told_of_before_its_event_came_stays_here(self):
        bench = Bench().bridged()
        bench.call.gather(Side.CALLER, Gathering.PRIVATE, bench.now)
        bench.call.gather(Side.CALLER, Gathering.NO, bench.now)
        for n in range(20):
            is_end = n > 16
            assert self.key(bench, 160_000, 1000 + n, is_end=is_end) == []
        assert len(self.key(bench, 168_000, 1020)) == 1

    def test_what_was_kept_private_is_no_loss_to_the_other(self):
        bench = Bench().bridged()
        (before,) = bench.speak(Side.CALLER)
        bench.call.gather(Side.CALLER, Gathering.PRIVATE, bench.now)
        for n in range(3):
            self.key(bench, 160_160, 1001 + n)
        (after,) = bench.speak(Side.CALLER, sequence=1004, timestamp=160_960)
        assert after.sequence == before.sequence + 1
        assert after.marker

    def test_open_keys_pass(self):
        bench = Bench().bridged()
        bench.call.gather(Side.CALLER, Gathering.OPEN, bench.now)
        assert len(self.key(bench, 160_000, 1000)) == 1

    def test_audio_is_held_back_only_where_digits_may_be_in_it(self):
        bench = Bench().bridged()
        bench.call.gather(Side.CALLER, Gathering.PRIVATE, bench.now)
        assert len(bench.speak(Side.CALLER)) == 1
        bench = Bench().bridged(a=replace(A_PEER, telephone_event=None))
        bench.call.gather(Side.CALLER, Gathering.PRIVATE, bench.now)
        assert bench.speak(Side.CALLER) == []
        bench.call.gather(Side.CALLER, Gathering.OPEN, bench.now)
        assert len(bench.speak(Side.CALLER)) == 1
        bench.call.gather(Side.CALLER, Gathering.NO, bench.now)
        assert bench.call.caller.detector is None

    def test_a_private_tone_that_sounds_when_collecting_ends_is_not_heard_to_its_end(self):
        bench = Bench().bridged(a=replace(A_PEER, telephone_event=None))
        bench.call.gather(Side.CALLER, Gathering.PRIVATE, bench.now)
        low, high = (make_tone(hz, 0.6, level_dbfs=-12) for hz in (770, 1336))
        octets = encode(Law.A, [a + b for a, b in zip(low, high, strict=True)])
        frames = [octets[at : at + 160] for at in range(0, len(octets), 160)]
        for n, frame in enumerate(frames):
            if n == 5:
                bench.call.gather(Side.CALLER, Gathering.NO, bench.now)
            place = {"sequence": 1000 + n, "timestamp": 160_000 + 160 * n}
            assert bench.speak(Side.CALLER, payload=frame, **place) == []
            bench.call.sweep(bench.now)
        for n in range(30, 45):
            place = {"sequence": 1000 + n, "timestamp": 160_000 + 160 * n}
            bench.speak(Side.CALLER, payload=b"\xd5" * 160, **place)
            bench.call.sweep(bench.now)
        assert bench.events == [("pressed", Side.CALLER, "5", pytest.approx(600, abs=40))]
        heard = bench.sent[Side.CALLEE]
        assert heard
        assert {packet.payload for packet, _ in heard} == {b"\xd5" * 160}


class TestMediaThatNeverStarts:
    def test_a_party_that_never_sends_is_lost_after_a_time_of_its_own(self):
        bench = Bench(loss_after_s=5, start_after_s=30).bridged()
        bench.speak(Side.CALLER)
        bench.wait(4)
        assert bench.events == []
        bench.wait(25)
        assert bench.events == [("lost", Side.CALLER)]
        bench.wait(2)
        assert bench.events == [("lost", Side.CALLER), ("lost", Side.CALLEE)]
        bench.speak(Side.CALLEE)
        bench.wait(0.25)
        assert bench.events[2:] == [("resumed", Side.CALLEE)]

    def test_it_is_not_expected_of_a_party_on_hold_or_before_both_ways_are_open(self):
        bench = Bench(loss_after_s=5, start_after_s=10)
        bench.call.connect(Side.CALLER, replace(A_PEER, sends=False), bench.now)
        bench.call.connect(Side.CALLEE, B_PEER, bench.now)
        bench.call.set_flow(Flow.EARLY, bench.now)
        bench.wait(20)
        assert bench.events == []
        bench.call.set_flow(Flow.BOTH, bench.now)
        bench.wait(20)
        assert bench.events == [("lost", Side.CALLEE)]

    def test_zero_turns_it_off(self):
        bench = Bench(loss_after_s=5, start_after_s=0).bridged()
        bench.wait(100)
        assert bench.events == []
