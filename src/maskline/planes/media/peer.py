"""What makes a negotiated far end usable, and its address in the form of the socket module."""

from ipaddress import IPv4Address, IPv6Address, ip_address
from socket import AF_INET, AF_INET6, inet_ntop

from maskline.planes.media.engine import BadMedia, MediaPeer, SdesKey
from maskline.protocols.sdp.security import KEY_BYTES

Address = tuple[str, int] | tuple[str, int, int, int]
"""A socket address as the socket module gives it (IPv4 or IPv6)."""


def check_peer(peer: MediaPeer) -> None:
    """Raise `BadMedia` when an engine could not send to, or tell apart what comes from, `peer`."""
    if not is_held_without_address(peer):
        to_address(peer.address, peer.port)
        _check_port(rtcp_port_of(peer))
    if peer.telephone_event == peer.codec.payload_type:
        raise BadMedia("audio and telephone events share a payload type")
    others = [codec.payload_type for codec in peer.other_codecs]
    for payload_type in (
        *(peer.codec.payload_type, peer.telephone_event or 0, peer.offered_event or 0),
        *others,
    ):
        if not 0 <= payload_type <= 0x7F:
            raise BadMedia("a payload type has 7 bits")
    if isinstance(peer.keying, SdesKey) and not is_usable(peer.keying):
        raise BadMedia("the key is of no suite that can be used")


def is_usable(key: SdesKey) -> bool:
    """Whether a key is as long as its suite asks, and that suite is known."""
    return len(key.key) == KEY_BYTES.get(key.suite)


def is_held_without_address(peer: MediaPeer) -> bool:
    """Whether the far end is put on hold by an unspecified address (RFC 3264 8.4)."""
    return not peer.receives and _parse_address(peer.address).is_unspecified


def rtcp_port_of(peer: MediaPeer) -> int:
    """The port for reports to the far end (RFC 3550 11)."""
    return peer.rtcp_port or min(peer.port + 1, 65535)


def to_address(address: str, port: int) -> Address:
    """Return a socket address in the form in which a socket reports it. Raises `BadMedia`."""
    parsed = _parse_address(address)
    if parsed.is_unspecified or parsed.is_multicast:
        raise BadMedia("the far end's address is no single host's")
    _check_port(port)
    family = AF_INET if parsed.version == 4 else AF_INET6
    host = inet_ntop(family, parsed.packed)
    return (host, port) if family is AF_INET else (host, port, 0, 0)


def _check_port(port: int) -> None:
    if not 1 <= port <= 65535:
        raise BadMedia("the far end's port is out of range")


def _parse_address(address: str) -> IPv4Address | IPv6Address:
    try:
        return ip_address(address)
    except ValueError as error:
        raise BadMedia("the far end's address is not numeric") from error
