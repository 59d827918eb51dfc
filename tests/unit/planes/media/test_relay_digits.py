from dataclasses import replace

import pytest
from tests.unit.planes.media.relay_bench import (
    A_PEER,
    AUDIO,
    B_PEER,
    ULAW,
    Bench,
)

from maskline.planes.media.engine import Side
from maskline.planes.media.gathering import Gathering
from maskline.protocols.rtp.g711 import Law, encode, transcoding_table
from maskline.protocols.rtp.telephone_event import TelephoneEvent, encode_event
from maskline.protocols.rtp.tone import make_tone


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
