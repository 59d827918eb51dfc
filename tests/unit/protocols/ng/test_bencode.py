import pytest

from maskline.protocols.ng.bencode import MAX_DEPTH, BencodeError, decode, encode


def test_each_kind_has_its_form():
    assert (
        encode({"a": 1, "b": ["x", b"\x00\xff"], "c": -5}) == b"d1:ai1e1:bl1:x2:\x00\xffe1:ci-5ee"
    )
    assert decode(b"d1:ai1e1:bl1:x2:\x00\xffee") == {b"a": 1, b"b": [b"x", b"\x00\xff"]}


def test_keys_may_come_in_any_order():
    assert decode(b"d1:zi1e1:ai2ee") == {b"z": 1, b"a": 2}


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"i", b"ie", b"i1", b"i--1e", b"i1.5e", b"l", b"li1e", b"d", b"d1:a", b"di1ei1ee"),
        *(
            b"3:ab",
            b"-1:a",
            b"1",
            b":",
            b"x",
            b"i1ei2e",
            b"99999999999999999999:a",
            b"i" + b"9" * 99,
        ),
    ],
)
def test_what_is_no_value_is_refused(data):
    with pytest.raises(BencodeError):
        decode(data)


def test_depth_has_a_bound():
    assert decode(b"l" * MAX_DEPTH + b"e" * MAX_DEPTH) is not None
    with pytest.raises(BencodeError):
        decode(b"l" * (MAX_DEPTH + 1) + b"e" * (MAX_DEPTH + 1))
