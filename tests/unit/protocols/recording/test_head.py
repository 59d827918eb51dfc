import pytest
from tests.unit.protocols.recording.sealed_file import new_head

from maskline.protocols.recording import (
    MAX_HEAD_BYTES,
    NONCE_BYTES,
    BadHead,
    Cipher,
    make_head,
    read_head,
)


def build(**changes) -> bytes:
    values = {
        "cipher": Cipher.SM4_GCM,
        "channels": 2,
        "object_name": "a.wav",
        "wrapped_key": b"key",
        "nonce": b"1234567",
    }
    return make_head(**(values | changes))


def test_says_what_was_written():
    head = read_head(build() + b"whatever follows")
    assert (head.cipher, head.channels, head.rate, head.segment_frames) == (
        *(Cipher.SM4_GCM, 2),
        *(8000, 3200),
    )
    assert (head.object_name, head.wrapped_key, head.nonce) == ("a.wav", b"key", b"1234567")
    assert head.raw == build()
    assert head.segment_bytes == 6400
    assert head.sealed_segment_bytes == 6416


def test_the_longest_head_is_read_from_the_bytes_that_are_always_enough():
    longest = build(object_name="n" * 128, wrapped_key=b"k" * 512)
    assert len(longest) == MAX_HEAD_BYTES
    assert read_head(longest).object_name == "n" * 128


@pytest.mark.parametrize(
    "changes",
    [
        {"channels": 0},
        {"channels": 3},
        {"channels": 257},
        {"object_name": ""},
        {"object_name": "../x"},
        {"object_name": "录音"},
        {"object_name": "n" * 129},
        {"wrapped_key": b""},
        {"wrapped_key": b"k" * 513},
        {"nonce": b"1" * (NONCE_BYTES - 1)},
        {"nonce": b"1" * (NONCE_BYTES + 1)},
    ],
)
def test_what_a_head_cannot_hold_is_refused(changes):
    with pytest.raises(BadHead):
        build(**changes)


def test_a_head_that_is_cut_is_refused():
    head = new_head()
    for size in range(len(head)):
        with pytest.raises(BadHead):
            read_head(head[:size])


@pytest.mark.parametrize(
    ("at", "octet", "why"),
    [
        (0, 0x52, "not a sealed recording"),
        (8, 2, "version"),
        (9, 3, "version"),
        (11, 1, "format"),
        (12, 1, "format"),
        (16, 1, "range"),
    ],
)
def test_a_head_of_another_kind_is_refused_and_says_why(at: int, octet: int, why: str):
    head = bytearray(new_head())
    head[at] = octet
    with pytest.raises(BadHead, match=why):
        read_head(bytes(head))


def test_shows_neither_key_nor_bytes_when_printed():
    assert "wrapped" not in repr(read_head(new_head()))
