import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maskline.protocols.rtp.rtcp import (
    MAX_COMPOUND_BYTES,
    MAX_PACKETS,
    Goodbye,
    Report,
    ReportBlock,
    SenderInfo,
    build_description,
    build_goodbye,
    build_report,
    ntp_middle,
    ntp_time,
    parse_compound,
)

WORD = st.integers(0, 0xFFFFFFFF)
BLOCKS = st.builds(
    ReportBlock,
    ssrc=WORD,
    fraction_lost=st.integers(0, 255),
    lost=st.integers(-0x800000, 0x7FFFFF),
    highest=WORD,
    jitter=WORD,
    last_report=WORD,
    delay=WORD,
)
REPORTS = st.builds(
    Report,
    ssrc=WORD,
    sender=st.none()
    | st.builds(
        SenderInfo, ntp=st.integers(0, (1 << 64) - 1), timestamp=WORD, packets=WORD, octets=WORD
    ),
    blocks=st.lists(BLOCKS, max_size=4).map(tuple),
)
EMPTY = build_report(Report(7, None, ()))


@given(REPORTS)
def test_a_report_survives_building_and_parsing(report: Report):
    assert parse_compound(build_report(report)) == [report]


@given(REPORTS, st.binary(max_size=40))
def test_a_compound_gives_its_reports_and_goodbyes(report: Report, cname: bytes):
    compound = build_report(report) + build_description(7, cname) + build_goodbye(7)
    assert len(compound) % 4 == 0
    assert parse_compound(compound) == [report, Goodbye((7,))]


@given(st.binary(max_size=200))
def test_any_bytes_parse_or_are_refused_and_never_raise(data: bytes):
    parse_compound(data)


@given(st.integers(0, 31), st.sampled_from([200, 201, 202, 203, 204]), st.binary(max_size=120))
def test_any_body_after_a_report_is_survived(count: int, kind: int, body: bytes):
    body += bytes(-len(body) % 4)
    head = struct.pack("!BBH", 0x80 | count, kind, len(body) // 4)
    parse_compound(EMPTY + head + body)
    parse_compound(head + body)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(build_goodbye(1), id="does not begin with a report"),
        pytest.param(b"\x41" + EMPTY[1:], id="version 1"),
        pytest.param(EMPTY[:-1], id="cut off"),
        pytest.param(EMPTY + b"\x80", id="head cut off"),
        pytest.param(b"\xa0" + EMPTY[1:] + EMPTY, id="padding before the last packet"),
        pytest.param(b"\x81" + EMPTY[1:], id="fewer blocks than it says"),
        pytest.param(b"\x80\xc8" + EMPTY[2:], id="sender report without sender"),
        pytest.param(EMPTY + b"\x82" + build_goodbye(1)[1:], id="fewer sources than it says"),
        pytest.param(EMPTY * (MAX_PACKETS + 1), id="too many packets"),
        pytest.param(EMPTY * (MAX_COMPOUND_BYTES // 8 + 1), id="too long"),
    ],
)
def test_what_is_no_compound_packet_is_refused(data: bytes):
    assert parse_compound(data) is None


def test_sums_beyond_24_bits_of_loss_are_clamped():
    block = ReportBlock(1, 0, 1 << 30, 0, 0, 0, 0)
    parsed = parse_compound(build_report(Report(1, None, (block,))))
    assert isinstance(parsed[0], Report)
    assert parsed[0].blocks[0].lost == 0x7FFFFF


def test_limits_of_the_builders():
    with pytest.raises(ValueError, match="31"):
        build_report(Report(1, None, (ReportBlock(1, 0, 0, 0, 0, 0, 0),) * 32))
    with pytest.raises(ValueError, match="CNAME"):
        build_description(1, bytes(256))


def test_ntp_time_counts_from_1900():
    assert ntp_time(0.5) == (2_208_988_800 << 32) + (1 << 31)
    assert ntp_middle(ntp_time(0.5)) == (2_208_988_800 & 0xFFFF) << 16 | 0x8000
