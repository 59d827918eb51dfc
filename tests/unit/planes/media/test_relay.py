from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.planes.media.relay_bench import (
    A_AT,
    A_PEER,
    AUDIO,
    B_AT,
    B_PEER,
    ULAW,
    Bench,
)

from maskline.planes.media.engine import AudioCodec, BadMedia, Side
from maskline.planes.media.flow import Flow
from maskline.planes.media.port import BUFFER_BYTES
from maskline.planes.media.relay import (
    BUDGET,
    BURST,
)
from maskline.protocols.rtp.g711 import Law, transcoding_table
from maskline.protocols.rtp.packet import RtpPacket, build_packet
from maskline.protocols.rtp.rtcp import Report, build_report
from maskline.protocols.rtp.telephone_event import TelephoneEvent, encode_event


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
