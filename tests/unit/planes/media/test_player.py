"""Prompts on a stepped clock: every frame at its time, and nothing lost or doubled around them."""

from itertools import pairwise
from random import Random

import pytest
from tests.unit.planes.media.relay_bench import A_PEER, B_PEER, ULAW, Bench

from maskline.planes.media.engine import MediaPeer, PlayEnd, Side
from maskline.planes.media.player import MAX_CATCH_UP_TICKS, TICK_S, Play, PlayClock
from maskline.planes.media.sound import Sound
from maskline.protocols.rtp.g711 import Law, transcoding_table
from maskline.protocols.rtp.packet import RtpPacket

FRAME_S = 0.02


class Stage(Bench):
    """A call, and the clock that plays to it."""

    def __init__(self, **changes: object) -> None:
        super().__init__(**changes)
        self.clock = PlayClock()

    def play(self, octets: bytes, *sides: Side, times: int | None = 1, name: str = "p") -> Play:
        ears = self.call.check_ears(frozenset(sides or (Side.CALLER,)))
        play = Play(name, Sound(octets), times, ears, self.call.end_play)
        self.call.play(play, ears)
        self.clock.begin(play, self.now)
        return play

    def step(self, seconds: float, tick: float = 0.001) -> None:
        until = self.now + seconds
        while self.now < until - 1e-9:
            self.now += tick
            if self.clock.next_at is not None and self.now >= self.clock.next_at:
                self.clock.run(self.now)

    def heard(self, side: Side = Side.CALLER) -> list[RtpPacket]:
        return [packet for packet, _ in self.sent[side]]


def audio(seconds: float) -> bytes:
    return Random(3).randbytes(round(8000 * seconds))


def test_every_frame_is_sent_once_and_in_order_then_the_prompt_ends():
    stage = Stage().bridged()
    octets = audio(0.5)
    stage.play(octets)
    stage.step(0.49)
    assert stage.events == []
    stage.step(0.1)
    assert b"".join(packet.payload for packet in stage.heard()) == octets
    assert stage.events == [("ended", "p", PlayEnd.FINISHED)]
    assert stage.clock.next_at is None


def test_it_ends_when_the_last_frames_time_is_over():
    stage = Stage().bridged()
    stage.play(audio(0.02))
    stage.step(0.015)
    assert len(stage.heard()) == 1
    assert stage.events == []
    stage.step(0.015)
    assert len(stage.events) == 1


def test_the_end_is_filled_with_silence():
    stage = Stage().bridged(a=MediaPeer("192.0.2.1", 4000, ULAW, None))
    stage.play(audio(0.03), times=2)
    stage.step(0.2)
    whole = b"".join(packet.payload for packet in stage.heard())
    assert whole == (audio(0.03) * 2).translate(transcoding_table(Law.A, Law.MU))
    stage.play(audio(0.01))
    stage.step(0.2)
    silence = b"\xd5".translate(transcoding_table(Law.A, Law.MU))
    assert stage.heard()[-1].payload[80:] == silence * 80


@pytest.mark.parametrize("length", [1, 100, 160, 200, 777])
def test_rounds_follow_each_other_without_a_gap(length: int):
    stage = Stage().bridged()
    octets = audio(1)[:length]
    play = stage.play(octets, times=None)
    stage.step(1.0)
    whole = b"".join(packet.payload for packet in stage.heard())
    assert whole == (octets * (len(whole) // length + 1))[: len(whole)]
    assert len(whole) == pytest.approx(8000, abs=320)
    stage.call.end_play(play, PlayEnd.STOPPED)
    stage.step(0.1)
    assert len(stage.heard()) * 160 == len(whole)
    assert stage.clock.next_at is None


def test_frames_keep_to_an_absolute_schedule():
    stage = Stage().bridged()
    stage.play(audio(1), times=None)
    for _ in range(500):
        stage.step(0.0197, tick=0.0197)
    assert len(stage.heard()) == pytest.approx(500 * 0.0197 / FRAME_S, abs=2)


def test_a_prompt_that_begins_on_a_tick_whose_time_rounds_down_keeps_its_first_frame():
    stage = Stage().bridged()
    tick = next(n for n in range(20_000, 30_000) if int(n * TICK_S / TICK_S) < n)
    stage.now = (tick - 1) * TICK_S - 0.001
    stage.play(audio(0.1), Side.CALLEE)
    stage.now = tick * TICK_S
    stage.clock.run((tick - 1) * TICK_S)
    stage.clock.run(stage.now)
    octets = audio(0.2)
    stage.play(octets)
    stage.step(0.3)
    assert b"".join(packet.payload for packet in stage.heard()) == octets


def test_after_a_stall_a_few_frames_are_made_good_and_time_goes_on():
    stage = Stage().bridged()
    octets = audio(4)
    stage.play(octets)
    stage.step(0.1)
    before = len(stage.heard())
    stage.now += 2.0
    stage.clock.run(stage.now)
    caught_up = stage.heard()[before:]
    assert len(caught_up) == MAX_CATCH_UP_TICKS // 4
    assert caught_up[0].marker
    assert sum(packet.marker for packet in caught_up) == 1
    steps = caught_up[0].timestamp - stage.heard()[before - 1].timestamp
    assert steps == pytest.approx(2.0 * 8000, abs=1000)
    stage.step(0.02)
    last = stage.heard()[-1]
    at = octets.index(last.payload)
    assert at == pytest.approx((stage.now - 100) * 8000, abs=320)


def test_the_stream_of_the_listener_is_one_through_speech_prompt_and_speech():
    stage = Stage().bridged()
    stage.speak(Side.CALLEE, 5)
    stage.play(audio(0.1))
    stage.step(0.15)
    stage.speak(Side.CALLEE, 5, sequence=1013, timestamp=162_080)
    packets = stage.heard()
    assert len({packet.ssrc for packet in packets}) == 1
    numbers = [(packet.sequence - packets[0].sequence) & 0xFFFF for packet in packets]
    assert numbers == list(range(15))
    times = [(packet.timestamp - packets[0].timestamp) & 0xFFFFFFFF for packet in packets]
    assert all(after - before >= 160 for before, after in pairwise(times))
    assert times[-1] == pytest.approx(0.33 * 8000, abs=320)
    assert [n for n, packet in enumerate(packets) if packet.marker] == [0, 5, 10]


def test_a_prompt_begins_after_all_of_a_long_packet():
    stage = Stage().bridged()
    stage.speak(Side.CALLEE, 1, payload=bytes(480))
    stage.now -= 0.015
    stage.play(audio(0.04))
    stage.step(0.05)
    first, second, *_ = stage.heard()
    assert (second.timestamp - first.timestamp) & 0xFFFFFFFF == 480


def test_the_other_is_not_heard_by_whom_a_prompt_is_played_to_and_its_keys_neither():
    stage = Stage().bridged()
    stage.play(audio(1), Side.CALLER)
    assert stage.speak(Side.CALLEE, 3) == []
    assert stage.speak(Side.CALLEE, 1, payload_type=96, payload=b"\x05\x8a\x03\x20") == []
    assert ("pressed", Side.CALLEE, "5", 100) in stage.events
    assert len(stage.speak(Side.CALLER, 3)) == 3


def test_two_listeners_get_the_same_frames_each_in_its_own_stream():
    stage = Stage().bridged()
    stage.play(audio(0.2), Side.CALLER, Side.CALLEE)
    stage.step(0.3)
    caller, callee = stage.heard(Side.CALLER), stage.heard(Side.CALLEE)
    assert [packet.payload for packet in caller] == [packet.payload for packet in callee]
    assert caller[0].ssrc != callee[0].ssrc
    assert stage.events == [("ended", "p", PlayEnd.FINISHED)]


def test_a_later_prompt_ends_an_earlier_when_nobody_hears_that_any_more():
    stage = Stage().bridged()
    stage.play(audio(1), Side.CALLER, Side.CALLEE, name="first")
    stage.play(audio(1), Side.CALLER, name="second")
    assert stage.events == []
    stage.play(audio(1), Side.CALLEE, name="third")
    assert stage.events == [("ended", "first", PlayEnd.STOPPED)]
    assert stage.call.find_play("first") is None
    stage.step(1.1)
    assert {event[1] for event in stage.events} == {"first", "second", "third"}


def test_time_passes_while_the_listener_is_on_hold():
    stage = Stage().bridged()
    octets = audio(1)
    stage.play(octets)
    stage.step(0.2)
    held = MediaPeer("192.0.2.1", 4000, A_PEER.codec, 101, receives=False)
    stage.call.connect(Side.CALLER, held, stage.now)
    before = len(stage.heard())
    stage.step(0.3)
    assert len(stage.heard()) == before
    stage.call.connect(Side.CALLER, A_PEER, stage.now)
    stage.step(0.1)
    again = stage.heard()[before]
    assert again.marker
    assert octets.index(again.payload) == pytest.approx(0.5 * 8000, abs=320)
    stage.step(0.5)
    assert stage.events == [("ended", "p", PlayEnd.FINISHED)]


def test_a_listener_that_changes_to_a_codec_that_cannot_be_spoken_ends_the_prompt():
    stage = Stage()
    stage.call.connect(Side.CALLER, A_PEER, stage.now)
    stage.play(audio(1))
    g722 = MediaPeer("192.0.2.1", 4000, type(B_PEER.codec)("G722", 9), 101)
    stage.call.connect(Side.CALLER, g722, stage.now)
    assert stage.events == [("ended", "p", PlayEnd.FAILED)]
    stage.step(0.1)
    assert stage.heard() == []


def test_plays_that_begin_at_any_time_share_the_ticks():
    stage = Stage().bridged()
    stage.now += 0.0031
    stage.play(audio(1))
    assert stage.clock.next_at is not None
    assert (stage.clock.next_at / TICK_S) % 1 == pytest.approx(0, abs=1e-6)
    assert 0 < stage.clock.next_at - stage.now <= TICK_S
