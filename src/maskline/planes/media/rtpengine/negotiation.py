"""What rtpengine is told of the two parties of a call: an offer in the name of one, an answer.

Both are given again with every change, whatever the party itself offered or answered. Ports stay
(`port latching`), and a party that is not known yet is described as sending nowhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from maskline.planes.media.engine import (
    AudioCodec,
    BadMedia,
    DtlsIdentity,
    MediaPeer,
    Protection,
    Side,
)
from maskline.planes.media.peer import is_held_without_address
from maskline.planes.media.rtpengine.description import PROFILES, Description
from maskline.protocols.ng.bencode import Encodable

G711 = ("PCMA", "PCMU")
"""The codecs that are translated into each other, played and recorded."""

TAGS = {Side.CALLER: "A", Side.CALLEE: "B"}
"""How the sides are called on the control protocol: never by tags of SIP, so that all answers of
one side belong together."""

SIDES = {tag: side for side, tag in TAGS.items()}

_EXPECTED = DtlsIdentity("", "", "active")
"""What is imagined of a party that is offered DTLS: that it will begin the handshake."""

_SYNTHETIC = (AudioCodec("PCMA", 8), AudioCodec("PCMU", 0))
_SYNTHETIC_EVENT = 101
_FLAGS: tuple[str, ...] = ("port latching", "generate RTCP", "trust address")


OFFERED_SUITE = "AES_CM_128_HMAC_SHA1_80"
"""The one that every implementation has (RFC 4568 6.2)."""

_OTHER_SUITES = (
    *("AEAD_AES_256_GCM", "AEAD_AES_128_GCM", "AES_CM_128_HMAC_SHA1_32"),
    *("AES_256_CM_HMAC_SHA1_80", "AES_256_CM_HMAC_SHA1_32"),
    *("AES_192_CM_HMAC_SHA1_80", "AES_192_CM_HMAC_SHA1_32"),
    *("F8_128_HMAC_SHA1_80", "F8_128_HMAC_SHA1_32", "NULL_HMAC_SHA1_80", "NULL_HMAC_SHA1_32"),
)

_KEYING: Mapping[Protection, Mapping[str, Encodable]] = {
    Protection.NONE: {},
    Protection.SDES: {"SDES": [f"no-{suite}" for suite in _OTHER_SUITES], "DTLS": "off"},
    Protection.DTLS: {"SDES": ["off"]},
}
"""What keeps rtpengine from offering more than one way to encrypt."""


@dataclass(frozen=True, slots=True)
class Negotiation:
    """The two commands, in order; each returns what to announce to the other side."""

    offer: Mapping[str, Encodable]
    answer: Mapping[str, Encodable]


def negotiate(
    call_id: str,
    peers: Mapping[Side, MediaPeer],
    protections: Mapping[Side, Protection],
    offerer: Side = Side.CALLER,
) -> Negotiation:
    """Describe both parties, the `offerer` first. Raises `BadMedia` for codecs that do not fit."""
    answerer = offerer.other
    check_codecs(peers)
    events = _events(peers, offerer)
    must_renumber = len(events[0]) > 1 or _has_other_types(peers)
    flags = [*_FLAGS, "always transcode"] if must_renumber else [*_FLAGS]
    common: dict[str, Encodable] = {
        "call-id": call_id,
        "from-tag": TAGS[offerer],
        "to-tag": TAGS[answerer],
        "replace": ["origin", "session connection"],
        "ICE": "remove",
        "rtcp-mux": ["demux"],
        "flags": flags,
    }
    offer = common | {
        "sdp": _describe(peers, offerer, events[0]).build(),
        "transport-protocol": PROFILES[protections[answerer]],
        **_KEYING[protections[answerer]],
    }
    if all(peer.codec.name in G711 for peer in peers.values()):
        offer["codec"] = {"transcode": list(G711)}
    return Negotiation(
        offer,
        common | {"sdp": _describe(peers, answerer, events[1], protections[answerer]).build()},
    )


def check_codecs(peers: Mapping[Side, MediaPeer]) -> None:
    """Raise `BadMedia` when what the parties speak cannot be translated."""
    names = {peer.codec.name for peer in peers.values()}
    if len(names) > 1 and not names <= set(G711):
        raise BadMedia("the parties speak codecs that are not translated into each other")


def is_open_role(keying: DtlsIdentity) -> bool:
    """Whether its owner leaves to the other who begins the handshake (RFC 5763 5)."""
    return keying.setup == "actpass"


def _has_other_types(peers: Mapping[Side, MediaPeer]) -> bool:
    return len({peer.codec.payload_type for peer in peers.values()}) > 1 and (
        len({peer.codec.name for peer in peers.values()}) == 1
    )


def _describe(
    peers: Mapping[Side, MediaPeer],
    side: Side,
    events: Sequence[int],
    offered: Protection = Protection.NONE,
) -> Description:
    peer = peers.get(side)
    if peer is None:
        keying = _EXPECTED if offered is Protection.DTLS else None
        return Description(_imagined_codecs(peers.get(side.other)), events, keying=keying)
    codecs = (peer.codec, *peer.other_codecs)
    keying = peer.keying
    if offered is Protection.DTLS and isinstance(keying, DtlsIdentity) and is_open_role(keying):
        # The party has offered, but answers in rtpengine's eyes: an answer must decide.
        keying = DtlsIdentity(keying.algorithm, keying.fingerprint, "active")
    if is_held_without_address(peer):
        return Description(codecs, events, keying=keying)
    return Description(codecs, events, peer.address, peer.port, peer.rtcp_port, keying)


def _imagined_codecs(other: MediaPeer | None) -> Sequence[AudioCodec]:
    """All that a party who is not known yet may come to speak: fewer would narrow the choice."""
    if other is None or other.codec.name in G711:
        return _SYNTHETIC
    return (other.codec,)


def _events(peers: Mapping[Side, MediaPeer], offerer: Side) -> tuple[Sequence[int], Sequence[int]]:
    """Return the payload types of digits that the offer and the answer list.

    Of two types that differ, the offer lists both and the answer its own: that is what makes
    rtpengine renumber them.
    """
    if not peers:
        return (_SYNTHETIC_EVENT,), (_SYNTHETIC_EVENT,)
    # Who is not known yet will be like the other.
    first, second = (
        (peers.get(side) or peers[side.other]).telephone_event for side in (offerer, offerer.other)
    )
    own = () if second is None else (second,)
    if first is None:
        return (), own
    return ((first,) if first == second or second is None else (first, second)), own
