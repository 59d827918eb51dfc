"""RTP packets (RFC 3550 5.1): finding the parts of one and building one."""

from dataclasses import dataclass
from struct import Struct

HEADER_BYTES = 12
"""Size of the fixed header."""

MAX_PACKET_BYTES = 1500
"""Largest datagram taken for RTP: an Ethernet frame's worth, seven times 200 ms of G.711."""

CLOCK_RATE = 8000
"""Timestamp units a second of every payload that we handle (RFC 3551 table 4)."""

PLAIN = 0x80
"""First octet of a packet of version 2 without padding, extension and contributing sources."""

MARKER = 0x80
"""The marker bit in the second octet."""

HEADER = Struct("!BBHII")
"""First octet, marker and payload type, sequence number, timestamp, SSRC."""

_EXTENSION = Struct("!HH")
_WORD = 4
_PADDING_BIT = 0x20
_EXTENSION_BIT = 0x10
_CSRC_COUNT = 0x0F


@dataclass(frozen=True, slots=True)
class RtpPacket:
    """A packet without what we never use: contributing sources, extension and padding.

    `sequence` has 16 bits, `timestamp` and `ssrc` have 32.
    """

    payload_type: int
    sequence: int
    timestamp: int
    ssrc: int
    payload: bytes
    marker: bool = False


def locate_payload(data: bytes | bytearray | memoryview, size: int) -> tuple[int, int] | None:
    """Return where the payload of the packet in `data[:size]` begins and ends.

    None when it is no valid RTP packet: short, of another version, or with a list, extension or
    padding that does not fit (RFC 3550 5.1, 5.3.1, A.1). An empty payload is valid.
    """
    if not HEADER_BYTES <= size <= MAX_PACKET_BYTES:
        return None
    first = data[0]
    if first == PLAIN:
        return HEADER_BYTES, size
    if first >> 6 != 2:
        return None
    start = HEADER_BYTES + _WORD * (first & _CSRC_COUNT)
    if first & _EXTENSION_BIT:
        if start + _WORD > size:
            return None
        start += _WORD + _WORD * _EXTENSION.unpack_from(data, start)[1]
    end = size
    if first & _PADDING_BIT:
        padding = data[size - 1]
        if padding == 0:
            return None
        end -= padding
    return (start, end) if start <= end else None


def parse_packet(data: bytes) -> RtpPacket | None:
    """Parse a datagram; None when it is no valid RTP packet (see `locate_payload`)."""
    bounds = locate_payload(data, len(data))
    if bounds is None:
        return None
    _, second, sequence, timestamp, ssrc = HEADER.unpack_from(data)
    start, end = bounds
    return RtpPacket(
        payload_type=second & 0x7F,
        sequence=sequence,
        timestamp=timestamp,
        ssrc=ssrc,
        payload=data[start:end],
        marker=bool(second & MARKER),
    )


def build_packet(packet: RtpPacket) -> bytes:
    """Build the datagram of a packet. Raises `ValueError` for a field out of its range."""
    if not 0 <= packet.payload_type <= 0x7F:
        raise ValueError("payload type has 7 bits")
    if not 0 <= packet.sequence <= 0xFFFF:
        raise ValueError("sequence number has 16 bits")
    if not (0 <= packet.timestamp <= 0xFFFFFFFF and 0 <= packet.ssrc <= 0xFFFFFFFF):
        raise ValueError("timestamp and SSRC have 32 bits")
    if len(packet.payload) > MAX_PACKET_BYTES - HEADER_BYTES:
        raise ValueError("payload is longer than a packet may be")
    second = packet.payload_type | (MARKER if packet.marker else 0)
    header = HEADER.pack(PLAIN, second, packet.sequence, packet.timestamp, packet.ssrc)
    return header + packet.payload
