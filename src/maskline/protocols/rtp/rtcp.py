"""RTCP packets (RFC 3550 6): reports, source descriptions and goodbyes."""

from dataclasses import dataclass
from struct import Struct

MAX_COMPOUND_BYTES = 1500
"""Largest compound packet that is read."""

MAX_PACKETS = 16
"""Packets read from one compound packet; more make it invalid."""

MAX_CNAME_BYTES = 255
"""Longest item of a source description."""

SENDER_REPORT = 200
RECEIVER_REPORT = 201
SOURCE_DESCRIPTION = 202
GOODBYE = 203

NTP_EPOCH_OFFSET_S = 2_208_988_800
"""Seconds from 1900 (NTP) to 1970 (RFC 3550 4)."""

_HEAD = Struct("!BBH")
_WORD = Struct("!I")
_SENDER = Struct("!IIIIII")
_BLOCK = Struct("!IIIIII")
_VERSION = 0x80
_PADDING_BIT = 0x20
_COUNT = 0x1F
_CNAME_ITEM = 1
_MAX_LOST = 0x7FFFFF


@dataclass(frozen=True, slots=True)
class ReportBlock:
    """What a receiver says of one source (RFC 3550 6.4.1).

    `fraction_lost` is in 1/256, `lost` is signed with 24 bits, `highest` is the extended
    sequence number, `jitter` is in timestamp units; `last_report` is the middle 32 bits of the
    NTP time of the last sender report and `delay` the time since it in 1/65536 s.
    """

    ssrc: int
    fraction_lost: int
    lost: int
    highest: int
    jitter: int
    last_report: int
    delay: int


@dataclass(frozen=True, slots=True)
class SenderInfo:
    """What a sender says of its stream: `ntp` is 64-bit NTP time, sums since it began."""

    ntp: int
    timestamp: int
    packets: int
    octets: int


@dataclass(frozen=True, slots=True)
class Report:
    """A sender report, or a receiver report when `sender` is None."""

    ssrc: int
    sender: SenderInfo | None
    blocks: tuple[ReportBlock, ...]


@dataclass(frozen=True, slots=True)
class Goodbye:
    """Sources that leave."""

    sources: tuple[int, ...]


def ntp_time(unix_time: float) -> int:
    """Return seconds since 1970 as 64-bit NTP time (RFC 3550 4)."""
    return int((unix_time + NTP_EPOCH_OFFSET_S) * (1 << 32)) & 0xFFFFFFFFFFFFFFFF


def ntp_middle(ntp: int) -> int:
    """Return the middle 32 bits of an NTP time, in 1/65536 s."""
    return (ntp >> 16) & 0xFFFFFFFF


def build_report(report: Report) -> bytes:
    """Build a sender or receiver report. Raises `ValueError` for more than 31 blocks."""
    if len(report.blocks) > _COUNT:
        raise ValueError("a report has at most 31 blocks")
    kind = RECEIVER_REPORT
    body = _WORD.pack(report.ssrc)
    if report.sender is not None:
        kind = SENDER_REPORT
        info = report.sender
        body = _SENDER.pack(
            report.ssrc,
            info.ntp >> 32,
            info.ntp & 0xFFFFFFFF,
            info.timestamp,
            info.packets & 0xFFFFFFFF,
            info.octets & 0xFFFFFFFF,
        )
    body += b"".join(_build_block(block) for block in report.blocks)
    return _with_head(kind, len(report.blocks), body)


def build_description(ssrc: int, cname: bytes) -> bytes:
    """Build a source description that holds a CNAME and nothing else (RFC 3550 6.5).

    Raises `ValueError` when the name is longer than `MAX_CNAME_BYTES`.
    """
    if len(cname) > MAX_CNAME_BYTES:
        raise ValueError("CNAME is too long")
    items = bytes((_CNAME_ITEM, len(cname))) + cname
    padding = bytes(4 - len(items) % 4)
    return _with_head(SOURCE_DESCRIPTION, 1, _WORD.pack(ssrc) + items + padding)


def build_goodbye(ssrc: int) -> bytes:
    """Build the goodbye of one source, without a reason (RFC 3550 6.6)."""
    return _with_head(GOODBYE, 1, _WORD.pack(ssrc))


def parse_compound(data: bytes) -> list[Report | Goodbye] | None:
    """Parse a compound packet; other packet types in it are passed over.

    None when it is not valid (RFC 3550 A.2): it must begin with a report, be made of whole
    packets of version 2, with padding at most on the last.
    """
    if not 8 <= len(data) <= MAX_COMPOUND_BYTES or data[1] not in {SENDER_REPORT, RECEIVER_REPORT}:
        return None
    packets: list[Report | Goodbye] = []
    at = 0
    for _ in range(MAX_PACKETS):
        if at + 4 > len(data):
            return None
        first, kind, words = _HEAD.unpack_from(data, at)
        end = at + 4 + 4 * words
        if first >> 6 != 2 or end > len(data) or (first & _PADDING_BIT and end != len(data)):
            return None
        if not _read_packet(kind, first & _COUNT, data[at + 4 : end], packets):
            return None
        if end == len(data):
            return packets
        at = end
    return None


def _read_packet(kind: int, count: int, body: bytes, into: list[Report | Goodbye]) -> bool:
    """Read one packet without its head; False when it is shorter than it claims."""
    if kind == GOODBYE:
        if len(body) < 4 * count:
            return False
        into.append(Goodbye(tuple(_WORD.unpack_from(body, 4 * i)[0] for i in range(count))))
    elif kind in {SENDER_REPORT, RECEIVER_REPORT}:
        report = _read_report(body, count, has_sender=kind == SENDER_REPORT)
        if report is None:
            return False
        into.append(report)
    return True


def _read_report(body: bytes, count: int, *, has_sender: bool) -> Report | None:
    start = _SENDER.size if has_sender else _WORD.size
    if len(body) < start + count * _BLOCK.size:
        return None
    sender = None
    if has_sender:
        ssrc, high, low, timestamp, packets, octets = _SENDER.unpack_from(body)
        sender = SenderInfo(high << 32 | low, timestamp, packets, octets)
    else:
        (ssrc,) = _WORD.unpack_from(body)
    blocks = tuple(_read_block(body, start + i * _BLOCK.size) for i in range(count))
    return Report(ssrc, sender, blocks)


def _read_block(body: bytes, at: int) -> ReportBlock:
    ssrc, loss, highest, jitter, last_report, delay = _BLOCK.unpack_from(body, at)
    lost = loss & 0xFFFFFF
    if lost > _MAX_LOST:
        lost -= 1 << 24
    return ReportBlock(ssrc, loss >> 24, lost, highest, jitter, last_report, delay)


def _build_block(block: ReportBlock) -> bytes:
    lost = max(-_MAX_LOST - 1, min(_MAX_LOST, block.lost)) & 0xFFFFFF
    return _BLOCK.pack(
        block.ssrc,
        block.fraction_lost << 24 | lost,
        block.highest,
        block.jitter,
        block.last_report,
        block.delay,
    )


def _with_head(kind: int, count: int, body: bytes) -> bytes:
    return _HEAD.pack(_VERSION | count, kind, len(body) // 4) + body
