from dataclasses import replace

from tests.unit.planes.media.relay_bench import (
    A_AT,
    A_PEER,
    AUDIO,
    ULAW,
    Bench,
)

from maskline.planes.media.engine import Side
from maskline.planes.media.party_address import PROBATION_PACKETS, RELEARN_AFTER_S
from maskline.planes.media.relay import (
    BURST,
)
from maskline.planes.media.settings import Learn
from maskline.protocols.rtp.packet import RtpPacket, build_packet


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
