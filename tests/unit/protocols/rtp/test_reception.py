from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maskline.protocols.rtp.reception import MAX_DROPOUT, Reception


def feed(reception: Reception, sequences: list[int], ssrc: int = 7) -> None:
    for sequence in sequences:
        reception.receive(ssrc, sequence & 0xFFFF, sequence * 160 & 0xFFFFFFFF, 160, sequence / 50)


def test_counts_packets_octets_and_when_they_came():
    reception = Reception()
    feed(reception, [50, 51, 52])
    assert (reception.packets, reception.octets, reception.lost) == (3, 480, 0)
    assert (reception.first_at, reception.last_at) == (1.0, 1.04)


def test_missing_numbers_are_lost_until_they_come_late():
    reception = Reception()
    feed(reception, [10, 11, 14])
    assert reception.lost == 2
    feed(reception, [12])
    assert (reception.lost, reception.late) == (1, 1)


def test_a_duplicate_is_late_and_never_makes_loss_negative():
    reception = Reception()
    feed(reception, [10, 10, 10])
    assert (reception.late, reception.lost, reception.expected) == (2, 0, 1)


def test_numbers_wrap_without_loss():
    reception = Reception()
    feed(reception, list(range(65530, 65545)))
    assert (reception.lost, reception.cycles, reception.highest) == (0, 1, 8)


def test_a_large_jump_is_a_restart_not_a_loss():
    reception = Reception()
    feed(reception, [1, 2, 3, MAX_DROPOUT + 10, MAX_DROPOUT + 11])
    assert reception.lost == 0


def test_sums_go_on_when_the_source_changes():
    reception = Reception()
    feed(reception, [1, 3])
    feed(reception, [60000, 60001], ssrc=8)
    assert (reception.packets, reception.expected, reception.lost) == (4, 5, 1)


def test_fraction_lost_is_of_the_interval():
    reception = Reception()
    feed(reception, [0, 1, 2, 4])
    assert reception.take_fraction_lost() == 256 // 5
    feed(reception, [5, 6])
    assert reception.take_fraction_lost() == 0
    assert reception.take_fraction_lost() == 0


def test_a_steady_stream_has_no_jitter():
    reception = Reception()
    feed(reception, list(range(100)))
    assert reception.jitter_ms == pytest.approx(0, abs=0.01)


def test_jitter_approaches_the_mean_deviation():
    reception = Reception()
    for n in range(400):
        reception.receive(7, n, n * 160, 160, n / 50 + (0.004 if n % 2 else 0))
    assert reception.jitter_ms == pytest.approx(4, abs=0.1)


def test_packets_of_one_timestamp_and_timestamp_jumps_leave_jitter_alone():
    reception = Reception()
    reception.receive(7, 1, 160, 160, 0.02)
    for n in range(2, 12):
        reception.receive(7, n, 160, 4, n / 50)
    reception.receive(7, 12, 900_000_000, 160, 0.24)
    assert reception.jitter_ms == pytest.approx(0, abs=0.01)


@given(st.lists(st.integers(0, 0xFFFF), min_size=1, max_size=200))
def test_any_numbers_keep_the_sums_sane(sequences: list[int]):
    reception = Reception()
    expected = []
    for sequence in sequences:
        reception.receive(1, sequence, 0, 1, 0.0)
        expected.append(reception.expected)
        assert 0 <= reception.lost <= reception.expected
        assert 0 <= reception.take_fraction_lost() <= 255
    assert all(before <= after for before, after in pairwise(expected))
