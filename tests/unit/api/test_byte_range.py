from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maskline.api.byte_range import ByteRange, RangeOutside, read_range

TAG = '"a.wav"'


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes=0-0", ByteRange(0, 1)),
        ("bytes=0-99", ByteRange(0, 100)),
        ("bytes=10-", ByteRange(10, 90)),
        ("bytes=10-1000", ByteRange(10, 90)),
        ("bytes=-10", ByteRange(90, 10)),
        ("bytes=-1000", ByteRange(0, 100)),
        ("bytes=10-9223372036854775807", ByteRange(10, 90)),
        ("Bytes = 5 - 6", ByteRange(5, 2)),
    ],
)
def test_a_single_range_is_read(header, expected):
    assert read_range(header, None, 100, TAG) == expected


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "bytes=",
        "bytes=-",
        "bytes=5-4",
        "bytes=a-b",
        "bytes=0-1,5-6",
        "seconds=0-1",
        "bytes=--1",
        "bytes=" + "9" * 400 + "-",
        "bytes=\u0661-\u0662",
    ],
)
def test_what_is_no_single_range_is_ignored(header):
    assert read_range(header, None, 100, TAG) is None


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=100-200", "bytes=-0"])
def test_a_range_without_bytes_is_outside(header):
    with pytest.raises(RangeOutside):
        read_range(header, None, 100, TAG)


def test_every_range_of_an_empty_file_is_outside():
    for header in ("bytes=0-", "bytes=-5"):
        with pytest.raises(RangeOutside):
            read_range(header, None, 0, TAG)


@pytest.mark.parametrize(
    ("if_range", "is_range"),
    [
        (TAG, True),
        ('"b.wav"', False),
        ('W/"a.wav"', False),
        ("Fri, 20 Nov 2026 08:00:00 GMT", False),
    ],
)
def test_a_range_of_another_file_gives_the_whole_one(if_range, is_range):
    assert (read_range("bytes=0-1", if_range, 100, TAG) is not None) is is_range


def test_a_range_is_described():
    assert ByteRange(90, 10).described(100) == "bytes 90-99/100"


@given(
    st.one_of(st.text(max_size=40), st.from_regex(r"bytes=[0-9]{0,4}-[0-9]{0,4}", fullmatch=True)),
    st.integers(0, 5000),
)
def test_no_header_leads_out_of_the_file(header: str, whole: int):
    with suppress(RangeOutside):
        part = read_range(header, None, whole, TAG)
        assert part is None or (part.size > 0 and 0 <= part.start <= whole - part.size)
