import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maskline.protocols.rtp.packet import (
    MAX_PACKET_BYTES,
    RtpPacket,
    build_packet,
    locate_payload,
    parse_packet,
)

PACKETS = st.builds(
    RtpPacket,
    payload_type=st.integers(0, 127),
    sequence=st.integers(0, 0xFFFF),
    timestamp=st.integers(0, 0xFFFFFFFF),
    ssrc=st.integers(0, 0xFFFFFFFF),
    payload=st.binary(max_size=400),
    marker=st.booleans(),
)


def raw(first: int, tail: bytes) -> bytes:
    return struct.pack("!BBHII", first, 8, 1, 2, 3) + tail


@given(PACKETS)
def test_a_packet_survives_building_and_parsing(packet: RtpPacket):
    assert parse_packet(build_packet(packet)) == packet


@given(st.binary(max_size=100))
def test_any_bytes_parse_or_are_refused_and_never_raise(data: bytes):
    parse_packet(data)


@given(st.integers(0x80, 0xBF), st.binary(max_size=80))
def test_located_payload_lies_inside_the_packet(first: int, tail: bytes):
    data = raw(first, tail)
    bounds = locate_payload(data, len(data))
    if bounds is not None:
        start, end = bounds
        assert 12 <= start <= end <= len(data)


def test_contributing_sources_extension_and_padding_are_left_out():
    extension = struct.pack("!HH", 0xBEDE, 1) + b"EEEE"
    data = raw(0x80 | 0x20 | 0x10 | 2, b"C" * 8 + extension + b"audio" + b"\0\0\3")
    packet = parse_packet(data)
    assert packet is not None
    assert packet.payload == b"audio"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(raw(0x80, b"")[:11], id="shorter than a header"),
        pytest.param(raw(0x40, b"x"), id="version 1"),
        pytest.param(raw(0x8F, b"x" * 59), id="contributing sources cut off"),
        pytest.param(raw(0x90, b"\xbe\xde"), id="extension head cut off"),
        pytest.param(raw(0x90, b"\xbe\xde\0\2xxxx"), id="extension cut off"),
        pytest.param(raw(0xA0, b"xx\0"), id="padding of zero"),
        pytest.param(raw(0xA0, b"xx\4"), id="more padding than payload"),
        pytest.param(raw(0x80, b"x" * MAX_PACKET_BYTES), id="too long"),
    ],
)
def test_what_is_no_rtp_is_refused(data: bytes):
    assert parse_packet(data) is None


@pytest.mark.parametrize(
    "packet",
    [
        RtpPacket(128, 0, 0, 0, b""),
        RtpPacket(0, 0x10000, 0, 0, b""),
        RtpPacket(0, 0, -1, 0, b""),
        RtpPacket(0, 0, 0, 1 << 32, b""),
        RtpPacket(0, 0, 0, 0, bytes(MAX_PACKET_BYTES)),
    ],
)
def test_fields_out_of_range_are_not_built(packet: RtpPacket):
    with pytest.raises(ValueError, match=r"has|have|longer"):
        build_packet(packet)
