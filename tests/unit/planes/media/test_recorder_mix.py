import random

import numpy as np
import pytest

from maskline.planes.media.recorder_mix import Mixer, join_lanes, mixing_table
from maskline.protocols.rtp.g711 import Law, decode, encode

SILENT = b"\xd5"


def test_who_talks_alone_is_recorded_octet_by_octet():
    every = bytes(octet for octet in range(256) if octet != 0x55)
    assert join_lanes(every, SILENT * 255, 1) == every
    assert join_lanes(SILENT * 255, every, 1) == every


def test_two_who_talk_are_added_as_sound():
    table = mixing_table()
    for one, other in random.Random(1).choices(
        [(a, b) for a in range(256) for b in range(256)], k=2000
    ):
        linear = decode(Law.A, bytes((one, other)))
        wanted = max(-32768, min(32767, sum(0 if abs(value) == 8 else value for value in linear)))
        assert bytes((table[one + 256 * other],)) == encode(Law.A, [wanted])


def test_what_is_too_loud_is_cut_off_and_does_not_turn_round():
    loudest = encode(Law.A, [32767])
    assert decode(Law.A, join_lanes(loudest, loudest, 1))[0] > 30_000


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("piece", [1, 160, 3200, 8000, 16_000])
def test_pieces_of_any_size_give_the_same_segments(channels: int, piece: int):
    chance = random.Random(2)
    first, second = chance.randbytes(20_001), chance.randbytes(20_001)
    mixer = Mixer(8000, mixing_table() if channels == 1 else None)
    segments: list[bytes] = []
    step = max(piece, 40)
    for at in range(0, len(first), step):
        mixer.add(first[at : at + step], memoryview(second)[at : at + step], segments.append)
    assert [len(segment) for segment in segments] == [8000 * channels] * 2
    assert b"".join([*segments, mixer.take()]) == join_lanes(first, second, channels)
    assert mixer.take() == b""


def test_two_channels_hold_one_lane_each():
    joined = np.frombuffer(join_lanes(b"\x01\x02\x03", b"\x04", 2), np.uint8)
    assert bytes(joined[::2]) == b"\x01\x02\x03"
    assert bytes(joined[1::2]) == b"\x04\xd5\xd5"


def test_nothing_joins_to_nothing():
    assert join_lanes(b"", b"", 1) == b""
