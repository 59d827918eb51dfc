import pytest
from hypothesis import given
from hypothesis import strategies as st

from maskline.protocols.smpp.alphabet import (
    BASIC,
    EXTENSION,
    decode_gsm,
    encode_gsm,
    pack_septets,
    unpack_septets,
)

writable = st.text([c for c in BASIC if c != "\x1b"] + list(EXTENSION.values()), max_size=200)


def test_the_alphabet_has_every_septet_once():
    assert len(BASIC) == 128
    assert len(set(BASIC)) == 128


@pytest.mark.parametrize(
    ("text", "octets"),
    [
        ("@£$", b"\x00\x01\x02"),
        ("Hello", b"Hello"),
        ("€[]{}\\^~|", bytes.fromhex("1b651b3c1b3e1b281b291b2f1b141b3d1b40")),
        ("ÄÖÑÜ§¿äöñüà", bytes.fromhex("5b5c5d5e5f607b7c7d7e7f")),
        ("ΔΦΓΛΩΠΨΣΘΞ", bytes.fromhex("1012131415161718191a")),
    ],
)
def test_characters_have_the_septets_of_the_standard(text: str, octets: bytes):
    assert encode_gsm(text) == octets
    assert decode_gsm(octets) == text


def test_a_character_outside_the_alphabet_is_named():
    with pytest.raises(UnicodeEncodeError) as raised:
        encode_gsm("ab你")
    assert raised.value.start == 2


@pytest.mark.parametrize(
    ("octets", "text"),
    [(b"\x1bA", "A"), (b"a\x1b", "a "), (b"\x1b\x1b", " "), (b"\xff", " ")],
)
def test_what_no_centre_should_send_is_shown_as_well_as_it_can_be(octets: bytes, text: str):
    assert decode_gsm(octets) == text


def test_packing_is_that_of_the_standard():
    # The example that 3GPP and every handset agree on.
    assert pack_septets(b"hellohello") == bytes.fromhex("e8329bfd4697d9ec37")
    assert unpack_septets(bytes.fromhex("e8329bfd4697d9ec37")) == b"hellohello"


@given(writable)
def test_what_is_written_is_read(text: str):
    assert decode_gsm(encode_gsm(text)) == text


@given(st.binary(max_size=160).map(lambda data: bytes(octet & 0x7F for octet in data)))
def test_packed_septets_unpack_but_for_an_at_sign_at_an_octets_edge(septets: bytes):
    unpacked = unpack_septets(pack_septets(septets))
    assert unpacked == septets or unpacked + b"\0" == septets


@given(st.binary(max_size=300))
def test_any_octets_are_some_text(data: bytes):
    assert isinstance(decode_gsm(data), str)


def test_an_escape_at_the_end_of_a_part_is_kept_for_the_next_one():
    assert decode_gsm(b"a\x1b", keeps_escape=True) == "a\x1b"
    assert decode_gsm(b"a\x1b<", keeps_escape=True) == "a["
