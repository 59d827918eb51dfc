"""Time lines of recordings on a stepped clock."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.planes.media.relay_bench import B_PEER, ULAW
from tests.unit.planes.media.test_player import Stage, audio

from maskline.planes.media.engine import MediaPeer, Side, Unable
from maskline.planes.media.tap import FLUSH_S, Lane, Tap
from maskline.protocols.rtp.g711 import Law, transcoding_table

SILENCE = b"\xd5"
FRAME = b"\x11" * 160


class Feed:
    def __init__(self) -> None:
        self.first = bytearray()
        self.second = bytearray()
        self.finished: list[int] = []
        self.is_broken = False

    def write(self, number: int, first: bytes, second: bytes) -> bool:
        assert len(first) == len(second)
        if self.is_broken:
            return False
        self.first += first
        self.second += second
        return True

    def finish(self, number: int) -> None:
        self.finished.append(number)


def make_tap(feed: Feed, now: float, limit_s: float = 60.0, *, is_mixed: bool = False) -> Tap:
    return Tap(7, feed, now, limit_s, is_mixed=is_mixed)


def fill(lane: Lane, frames: int, *, start: float = 100.0, timestamp: int = 5000) -> None:
    for n in range(frames):
        lane.put(FRAME, (timestamp + 160 * n) & 0xFFFFFFFF, start + 0.02 * n)


class TestLane:
    def test_frames_follow_each_other_from_where_the_first_came(self):
        lane = Lane(99.5, is_mixed=False)
        fill(lane, 10)
        assert lane.take(4000) == SILENCE * 4000
        assert lane.take(1600) == FRAME * 10
        assert lane.take(100) == SILENCE * 100

    def test_a_pause_is_silence_of_its_length(self):
        lane = Lane(100.0, is_mixed=False)
        lane.put(FRAME, 0, 100.0)
        lane.put(FRAME, 8000, 101.0)
        assert lane.take(8160) == FRAME + SILENCE * 7840 + FRAME

    def test_packets_out_of_order_twice_and_late_find_their_place(self):
        lane = Lane(100.0, is_mixed=False)
        for n in (0, 2, 1, 1, 4, 3):
            lane.put(bytes([n]) * 160, 160 * n, 100.0)
        assert lane.take(800) == b"".join(bytes([n]) * 160 for n in range(5))

    def test_what_comes_when_its_time_was_written_is_left_out(self):
        lane = Lane(100.0, is_mixed=False)
        lane.put(FRAME, 0, 100.0)
        assert lane.take(400) == FRAME + SILENCE * 240
        lane.put(b"\x22" * 160, 160, 100.05)
        lane.put(b"\x33" * 160, 480, 100.06)
        assert lane.take(240) == SILENCE * 80 + b"\x33" * 160

    def test_a_burst_after_a_stall_of_the_network_is_put_where_it_belongs(self):
        lane = Lane(100.0, is_mixed=False)
        fill(lane, 10)
        for n in range(10, 20):
            lane.put(bytes([n]) * 160, 5000 + 160 * n, 100.4)
        taken = lane.take(3200)
        assert taken[1600:] == b"".join(bytes([n]) * 160 for n in range(10, 20))

    def test_a_clock_that_runs_off_is_followed(self):
        lane = Lane(100.0, is_mixed=False)
        # A sender whose 20 ms last 20.2.
        for n in range(2000):
            lane.put(FRAME, 160 * n, 100.0 + 0.0202 * n)
            if n % 20 == 19:
                written = int(0.0202 * n * 8000) - 1600
                lane.take(max(0, written - lane._written))
        expected = 0.0202 * 2000 * 8000
        assert lane._written + len(lane._buffer) == pytest.approx(expected, abs=1000)

    def test_timestamps_may_turn_over(self):
        lane = Lane(100.0, is_mixed=False)
        fill(lane, 20, timestamp=0xFFFFFFFF - 800)
        assert lane.take(3200) == FRAME * 20

    @given(
        st.lists(
            st.tuples(
                st.integers(0, 0xFFFFFFFF), st.floats(0, 3), st.integers(0, 1488), st.booleans()
            ),
            max_size=30,
        )
    )
    def test_whatever_comes_memory_and_length_stay_in_bounds(self, packets):
        lane, now, taken = Lane(100.0, is_mixed=False), 100.0, 0
        for timestamp, wait, size, has_flush in packets:
            now += wait
            lane.put(b"x" * size, timestamp, now)
            assert lane._written + len(lane._buffer) <= int((now - 100) * 8000) + 1600 + 1488
            if has_flush:
                until = max(taken, int((now - 100.0) * 8000) - 1600)
                assert len(lane.take(until - taken)) == until - taken
                taken = until


class TestTap:
    def test_it_is_as_long_as_it_ran_and_both_lanes_alike(self):
        feed = Feed()
        tap = make_tap(feed, 100.0)
        fill(tap.first, 50)
        for n in range(1, 4):
            tap.flush(100 + FLUSH_S * n)
        assert len(feed.first) == pytest.approx(8000 * (3 * FLUSH_S - 0.2), abs=1)
        tap.finish(101.2345)
        assert tap.samples == len(feed.first) == len(feed.second) == 9876
        assert feed.finished == [7]
        assert feed.first.startswith(FRAME * 50)
        assert feed.second == SILENCE * 9876

    def test_it_ends_at_its_limit_once(self):
        feed = Feed()
        tap = make_tap(feed, 100.0, limit_s=1.0)
        for n in range(1, 6):
            tap.flush(100 + FLUSH_S * n)
        assert tap.is_over
        tap.finish(110.0)
        assert (tap.samples, len(feed.first), feed.finished) == (8000, 8000, [7])

    def test_a_stall_is_written_in_pieces(self):
        feed = Feed()
        tap = make_tap(feed, 100.0)
        tap.finish(110.0)
        assert len(feed.second) == 80_000

    def test_nothing_more_is_written_once_it_is_broken(self):
        feed = Feed()
        tap = make_tap(feed, 100.0)
        feed.is_broken = True
        tap.flush(101.0)
        assert tap.is_over
        tap.finish(102.0)
        assert feed.finished == [7]


class TestCall:
    def recorded(self, stage: Stage, *, is_mixed: bool = False) -> Feed:
        feed = Feed()
        stage.call.check_tap()
        stage.call.set_tap(make_tap(feed, stage.now, is_mixed=is_mixed))
        return feed

    def test_the_first_lane_is_what_the_caller_said(self):
        stage = Stage().bridged()
        feed = self.recorded(stage)
        stage.speak(Side.CALLER, 5, payload=b"\x01" * 160)
        stage.now -= 0.1
        stage.speak(Side.CALLEE, 5, payload=b"\x02" * 160)
        stage.call.tap.finish(stage.now)
        assert feed.first == b"\x01" * 800
        assert feed.second == b"\x02" * 800

    def test_it_is_alaw_whatever_the_parties_speak(self):
        stage = Stage().bridged(b=MediaPeer("198.51.100.2", 5000, ULAW, 96))
        feed = self.recorded(stage)
        stage.speak(Side.CALLEE, 5, payload=b"\x02" * 160, payload_type=0)
        stage.call.tap.finish(stage.now)
        assert feed.second == (b"\x02" * 800).translate(transcoding_table(Law.MU, Law.A))

    def test_keys_and_what_the_other_does_not_hear_are_not_in_it(self):
        stage = Stage().bridged()
        feed = self.recorded(stage)
        stage.speak(Side.CALLER, 2, payload_type=101, payload=b"\x05\x0a\x00\xa0")
        stage.call.block(Side.CALLER, is_blocked=True)
        stage.speak(Side.CALLER, 5)
        stage.call.tap.finish(stage.now)
        assert set(feed.first) == set(SILENCE)

    @pytest.mark.parametrize("is_mixed", [True, False])
    def test_a_prompt_for_both_is_in_a_mix_once_and_else_in_both_lanes(self, is_mixed):
        stage = Stage().bridged()
        feed = self.recorded(stage, is_mixed=is_mixed)
        octets = audio(0.2)
        stage.play(octets, Side.CALLER, Side.CALLEE)
        stage.step(0.3)
        stage.call.tap.finish(stage.now)
        assert (octets in feed.first) + (octets in feed.second) == (1 if is_mixed else 2)

    def test_nothing_is_kept_after_the_limit(self):
        stage = Stage().bridged()
        feed = Feed()
        tap = make_tap(feed, stage.now, limit_s=1.0)
        stage.call.set_tap(tap)
        for _ in range(10):
            stage.speak(Side.CALLER, 20)
            stage.call.flush_tap(tap, stage.now)
        assert tap.samples == 8000
        assert len(tap.first._buffer) < 8000
        assert stage.call.callee.lane is None

    def test_a_codec_that_cannot_be_heard_cannot_be_recorded(self):
        stage = Stage()
        stage.call.connect(
            Side.CALLER, MediaPeer("192.0.2.1", 4000, type(B_PEER.codec)("G722", 9), 101), 0.0
        )
        with pytest.raises(Unable):
            stage.call.check_tap()
