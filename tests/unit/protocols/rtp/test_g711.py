from itertools import pairwise
from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maskline.protocols.rtp.g711 import (
    Law,
    decode,
    decoding_table,
    encode,
    encoding_table,
    transcoding_table,
)

SAMPLES = st.lists(st.integers(-32768, 32767), max_size=50)
LAWS = pytest.mark.parametrize("law", list(Law))


@LAWS
def test_every_octet_keeps_its_value_through_linear(law: Law):
    octets = bytes(range(256))
    levels = decode(law, octets)
    assert decode(law, encode(law, levels)) == levels


def test_known_values_of_the_standard():
    # G.711 tables 1a and 2a: the largest and smallest decoder outputs, scaled to 16 bits.
    assert decode(Law.A, b"\xaa\xd5\x55\x2a").tolist() == [32256, 8, -8, -32256]
    assert decode(Law.MU, b"\x80\xff\x7f\x00").tolist() == [32124, 0, 0, -32124]
    assert encode(Law.A, [0, -1, 32767, -32768]) == b"\xd5\x55\xaa\x2a"
    assert encode(Law.MU, [0, -4, 32767, -32768]) == b"\xff\x7e\x80\x00"


@LAWS
def test_silence_is_the_octet_of_zero(law: Law):
    assert encode(law, [0]) == bytes([law.silence])
    assert abs(decode(law, bytes([law.silence]))[0]) <= 8


@LAWS
def test_louder_samples_never_decode_quieter(law: Law):
    levels = decode(law, encode(law, range(-32768, 32768)))
    assert all(a <= b for a, b in pairwise(levels))


@given(SAMPLES)
def test_companding_keeps_samples_within_their_segment(samples: list[int]):
    for law in Law:
        for before, after in zip(samples, decode(law, encode(law, samples)), strict=True):
            segment = max(0.0, log2(max(1, abs(before) + 132)) - 8)
            assert abs(before - after) <= 2 ** (segment + 4) + 8


def test_transcoding_within_a_law_needs_no_table():
    assert transcoding_table(Law.A, Law.A) is None
    assert transcoding_table(Law.MU, Law.MU) is None


def test_transcoding_changes_a_level_by_little_and_nothing_the_second_time():
    for source, target in ((Law.A, Law.MU), (Law.MU, Law.A)):
        there = transcoding_table(source, target)
        back = transcoding_table(target, source)
        assert there is not None
        assert back is not None
        for octet in range(256):
            before = decoding_table(source)[octet]
            after = decoding_table(target)[there[octet]]
            assert abs(before - after) <= max(16, abs(before) * 0.04)
        assert bytes(range(256)).translate(there).translate(back).translate(there) == there


def test_tables_are_complete():
    for law in Law:
        assert len(encoding_table(law)) == 65536
        assert len(decoding_table(law)) == 256
    assert (Law.A.static_payload_type, Law.MU.static_payload_type) == (8, 0)
