"""The sums of a call, out of what rtpengine answers to `delete`."""

from collections.abc import Mapping

from maskline.planes.media.engine import ClosedMedia, MediaStats, Side
from maskline.planes.media.rtpengine.negotiation import TAGS
from maskline.protocols.ng.bencode import Value

_RTP_HEADER_BYTES = 12


def read_sums(body: Mapping[bytes, Value]) -> ClosedMedia:
    """Return what each side sent; rtpengine does not say what it sent itself."""
    return ClosedMedia(_side(body, Side.CALLER), _side(body, Side.CALLEE))


def received_packets(body: Mapping[bytes, Value], side: Side) -> tuple[int, int]:
    """Packets and octets that came from a side, as `query` and `delete` tell them."""
    tags = body.get(b"tags")
    entry = tags.get(TAGS[side].encode()) if isinstance(tags, dict) else None
    medias = entry.get(b"medias") if isinstance(entry, dict) else None
    media = medias[0] if isinstance(medias, list) and medias else None
    streams = media.get(b"streams") if isinstance(media, dict) else None
    stream = streams[0] if isinstance(streams, list) and streams else None
    stats = stream.get(b"stats") if isinstance(stream, dict) else None
    if not isinstance(stats, dict):
        return 0, 0
    packets, octets = stats.get(b"packets"), stats.get(b"bytes")
    if not isinstance(packets, int) or not isinstance(octets, int):
        return 0, 0
    return packets, octets


def _side(body: Mapping[bytes, Value], side: Side) -> MediaStats:
    packets, octets = received_packets(body, side)
    return MediaStats(
        received_packets=packets,
        received_octets=max(0, octets - packets * _RTP_HEADER_BYTES),
    )
