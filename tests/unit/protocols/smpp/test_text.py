import pytest
from hypothesis import given
from hypothesis import strategies as st

from maskline.protocols.smpp.text import (
    Coded,
    Coding,
    Dialect,
    choose_coding,
    coding_of,
    decode_text,
    encode_text,
)

GSM = Dialect()


@pytest.mark.parametrize(
    ("text", "dialect", "coded"),
    [
        ("Hello €", GSM, Coded(Coding.GSM, 0)),
        ("你好", GSM, Coded(Coding.UCS2, 8)),
        ("ça", GSM, Coded(Coding.UCS2, 8)),
        ("ça", Dialect(sends_latin1=True), Coded(Coding.LATIN1, 3)),
        ("ça", Dialect(default=Coding.LATIN1), Coded(Coding.LATIN1, 0)),
        ("[x]", Dialect(default=Coding.ASCII), Coded(Coding.ASCII, 0)),
        ("😀", Dialect(ucs2_code=25), Coded(Coding.UCS2, 25)),
    ],
)
def test_a_text_gets_the_coding_that_needs_least(text: str, dialect: Dialect, coded: Coded):
    assert choose_coding(text, dialect) == coded


@pytest.mark.parametrize(
    ("data_coding", "coding"),
    [
        (0, Coding.GSM),
        (1, Coding.ASCII),
        (3, Coding.LATIN1),
        (8, Coding.UCS2),
        (2, None),
        (4, None),
        (6, None),
        (0xF0, Coding.GSM),
        (0xF1, Coding.GSM),
        (0xF4, None),
        (0x10, Coding.GSM),
        (0x18, Coding.UCS2),
        (0x14, None),
        (0xC0, None),
    ],
)
def test_a_data_coding_says_how_a_text_is_written(data_coding: int, coding: Coding | None):
    assert coding_of(data_coding, GSM) is coding


@given(st.text(), st.integers(min_value=0))
def test_halves_of_characters_are_completed_by_the_next_part(text: str, at: int):
    octets = encode_text(text, Coding.UCS2)
    cut = at % (len(octets) + 1) // 2 * 2
    one, two = (
        decode_text(piece, Coding.UCS2, keeps_halves=True) for piece in (octets[:cut], octets[cut:])
    )
    joined = (one + two).encode("utf-16-be", "surrogatepass")
    assert joined.decode("utf-16-be") == text


@given(st.binary())
def test_keeping_halves_never_fails(octets: bytes):
    decode_text(octets, Coding.UCS2, keeps_halves=True)


def test_emoji_and_chinese_pass():
    text = "验证码 8844 😀👍🏽"
    assert decode_text(encode_text(text, Coding.UCS2), Coding.UCS2) == text


@given(st.sampled_from(list(Coding)), st.binary(max_size=160), st.integers(0, 6))
def test_any_octets_are_some_text(coding: Coding, data: bytes, fill_bits: int):
    assert isinstance(decode_text(data, coding, fill_bits=fill_bits), str)
