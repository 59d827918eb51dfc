"""The RTP packets of a capture file as rtpengine writes it (`--recording-format=eth`)."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

MAX_PACKET_BYTES = 65_535
"""A longer record is damage; what follows it is not read."""

_GLOBAL = struct.Struct("<IHHiIII")
_RECORD = struct.Struct("<IIII")
_MICROSECONDS, _NANOSECONDS = 0xA1B2C3D4, 0xA1B23C4D
_ETHERNET = 1
_IPV4, _IPV6, _UDP = 0x0800, 0x86DD, 17
_IPV6_PORTS_AT = 14 + 40


class NoCapture(ValueError):
    """The file does not begin as a capture of Ethernet frames does."""


@dataclass(frozen=True, slots=True)
class Captured:
    """A datagram. `at` is the time of arrival in seconds since 1970, `port` where it arrived."""

    at: float
    port: int
    data: bytes


def read_datagrams(file: BinaryIO) -> Iterator[Captured]:
    """Yield the UDP datagrams of a capture up to its end, or to where it was cut.

    Raises `NoCapture`.
    """
    head = file.read(_GLOBAL.size)
    if len(head) < _GLOBAL.size:
        raise NoCapture("too short")
    magic, *_, link = _GLOBAL.unpack(head)
    if magic not in {_MICROSECONDS, _NANOSECONDS} or link != _ETHERNET:
        raise NoCapture("no capture of Ethernet frames")
    unit = 1e-6 if magic == _MICROSECONDS else 1e-9
    while len(record := file.read(_RECORD.size)) == _RECORD.size:
        seconds, fraction, size, _ = _RECORD.unpack(record)
        frame = file.read(size) if size <= MAX_PACKET_BYTES else b""
        if not frame or len(frame) < size:
            return
        found = _udp(frame)
        if found is not None:
            yield Captured(seconds + fraction * unit, *found)


def _udp(frame: bytes) -> tuple[int, bytes] | None:
    if len(frame) < 14 + 20 + 8:
        return None
    kind = frame[12] << 8 | frame[13]
    if kind == _IPV4 and frame[23] == _UDP:
        at = 14 + 4 * (frame[14] & 0x0F)
    elif kind == _IPV6 and frame[20] == _UDP:
        at = _IPV6_PORTS_AT
    else:
        return None
    if len(frame) < at + 8:
        return None
    return frame[at + 2] << 8 | frame[at + 3], frame[at + 8 :]
