from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maskline.protocols.rtp.sequencer import Sequencer


def make() -> Sequencer:
    return Sequencer(ssrc=0xCAFE, sequence=1000, timestamp=50_000)


def test_the_first_packet_takes_our_first_numbers_and_begins_a_run():
    assert make().rewrite(1, 7, 99, 0.0) == (1000, 50_000, True)


def test_steps_of_a_source_are_kept():
    sequencer = make()
    sequencer.rewrite(1, 7, 99, 0.0)
    assert sequencer.rewrite(1, 8, 259, 0.02) == (1001, 50_160, False)
    assert sequencer.rewrite(1, 10, 579, 0.06) == (1003, 50_480, False)


def test_a_late_packet_keeps_its_place():
    sequencer = make()
    for sequence in (7, 8, 10):
        sequencer.rewrite(1, sequence, sequence * 160, sequence / 50)
    assert sequencer.rewrite(1, 9, 9 * 160, 0.3) == (1002, 50_000 + 320, False)
    assert sequencer.rewrite(1, 11, 11 * 160, 0.32) == (1004, 50_000 + 640, False)


def test_a_packet_from_before_the_run_is_not_sent():
    sequencer = make()
    sequencer.rewrite(1, 7, 7 * 160, 0.0)
    assert sequencer.rewrite(1, 6, 6 * 160, 0.01) is None


def test_another_source_goes_on_where_the_last_one_was():
    sequencer = make()
    sequencer.rewrite(1, 7, 99, 0.0)
    sequencer.rewrite(1, 8, 259, 0.02)
    assert sequencer.rewrite(2, 60000, 4_000_000_000, 0.04) == (1002, 50_320, True)
    assert sequencer.rewrite(2, 60001, 4_000_000_160, 0.06) == (1003, 50_480, False)


def test_time_that_passed_between_sources_shows_in_the_timestamp_only():
    sequencer = make()
    sequencer.rewrite(1, 7, 99, 0.0)
    assert sequencer.rewrite(2, 1, 1, 3.0) == (1001, 50_000 + 24_000, True)


def test_what_comes_after_a_telephone_event_does_not_overtake_its_end():
    sequencer = make()
    sequencer.rewrite(1, 6, 0, 0.0)
    for n in range(26):
        sequencer.rewrite(1, 7 + n, 160, 0.02 + n * 0.02)
    sequencer.interrupt()
    # A prompt, 0.54 s after the first packet.
    _, timestamp, is_new_run = sequencer.rewrite(2, 0, 0, 0.54)
    assert is_new_run
    assert timestamp == pytest.approx(50_000 + 0.54 * 8000, abs=1)
    assert sequencer.timestamp_at(1.54) == pytest.approx(timestamp + 8000, abs=1)


def test_what_was_held_back_in_between_is_no_loss():
    sequencer = make()
    sequencer.rewrite(1, 7, 99, 0.0)
    sequencer.interrupt()
    assert sequencer.rewrite(1, 107, 16_099, 2.0) == (1001, 66_000, True)


def test_a_restart_of_the_numbers_begins_a_new_run():
    sequencer = make()
    sequencer.rewrite(1, 7, 99, 0.0)
    assert sequencer.rewrite(1, 30_000, 99, 0.02) == (1001, 50_160, True)


def test_a_pause_of_the_speaker_is_kept():
    sequencer = make()
    sequencer.rewrite(1, 7, 99, 0.0)
    assert sequencer.rewrite(1, 8, 99 + 40_000, 5.1) == (1001, 90_000, False)


def test_a_timestamp_that_the_clock_does_not_confirm_is_replaced():
    sequencer = make()
    sequencer.rewrite(1, 7, 99, 0.0)
    assert sequencer.rewrite(1, 8, 3_000_000_000, 0.02) == (1001, 50_160, False)
    assert sequencer.rewrite(1, 9, 3_000_000_160, 0.04) == (1002, 50_320, False)


def test_a_telephone_event_beside_audio_keeps_its_earlier_timestamp():
    sequencer = make()
    sequencer.rewrite(1, 7, 1000, 0.0)
    sequencer.rewrite(1, 8, 1160, 0.02)
    assert sequencer.rewrite(1, 9, 1000, 0.03) == (1002, 50_000, False)
    assert sequencer.rewrite(1, 10, 1320, 0.04) == (1003, 50_320, False)


def test_numbers_and_timestamps_wrap():
    sequencer = Sequencer(ssrc=1, sequence=0xFFFF, timestamp=0xFFFFFFFF)
    sequencer.rewrite(1, 0xFFFF, 0xFFFFFFF0, 0.0)
    assert sequencer.rewrite(1, 0, 0xF0, 0.02) == (0, 255, False)


def test_the_timestamp_of_a_report_moves_with_the_clock():
    sequencer = make()
    assert sequencer.timestamp_at(9.0) == 50_000
    sequencer.rewrite(1, 7, 99, 10.0)
    assert sequencer.timestamp_at(10.5) == 54_000


@given(
    st.lists(
        st.tuples(st.integers(1, 2), st.integers(0, 0xFFFF), st.integers(0, 0xFFFFFFFF)),
        max_size=60,
    )
)
def test_any_source_yields_numbers_in_range(packets: list[tuple[int, int, int]]):
    sequencer = make()
    for at, (source, sequence, timestamp) in enumerate(packets):
        place = sequencer.rewrite(source, sequence, timestamp, at / 50)
        if place is not None:
            assert 0 <= place[0] <= 0xFFFF
            assert 0 <= place[1] <= 0xFFFFFFFF


@given(st.lists(st.integers(1, 60), min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_sources_that_follow_each_other_make_one_unbroken_stream(
    lengths: list[int], random: Random
):
    sequencer = make()
    now, places = 0.0, []
    for source, length in enumerate(lengths):
        sequence, timestamp = random.getrandbits(16), random.getrandbits(32)
        for step in range(length):
            place = sequencer.rewrite(
                source, (sequence + step) & 0xFFFF, (timestamp + 160 * step) & 0xFFFFFFFF, now
            )
            assert place is not None
            places.append(place)
            now += 0.02
    for before, after in pairwise(places):
        assert (after[0] - before[0]) & 0xFFFF == 1
        assert (after[1] - before[1]) & 0xFFFFFFFF == pytest.approx(160, abs=1)
