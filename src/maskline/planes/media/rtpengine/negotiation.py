"""What rtpengine is told of the two parties of a call: an offer in the name of one, an answer.

Both are given again with every change, whatever the party itself offered or answered. Ports stay
(`port latching`), and a party that is not known yet is described as sending nowhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

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
class Step:
    """A command, and the side that is told what it returns. Of two returns the later counts."""

    command: Literal["offer", "answer"]
    fields: Mapping[str, Encodable]
    told: Side


def negotiate(
    call_id: str,
    peers: Mapping[Side, MediaPeer],
    protections: Mapping[Side, Protection],
    offerer: Side = Side.CALLER,
) -> list[Step]:
    """Describe both parties, the `offerer` first. Raises `BadMedia` for codecs that do not fit."""
    check_codecs(peers)
    talk = _Talk(call_id, peers, protections, offerer)
    if set(protections.values()) == {Protection.SDES}:
        return talk.with_keys_apart()
    steps = [talk.offer(), talk.answer(offerer.other)]
    kinds = (protections[offerer], protections[offerer.other])
    if kinds == (Protection.NONE, Protection.SDES) and offerer.other in peers:
        # It may have chosen, or offered, what we did not: the other "answers" for our key to it.
        steps.append(talk.answer(offerer))
    return steps


class _Talk:
    """Makes the commands about two parties."""

    def __init__(
        self,
        call_id: str,
        peers: Mapping[Side, MediaPeer],
        protections: Mapping[Side, Protection],
        offerer: Side,
    ) -> None:
        self._peers = peers
        self._protections = protections
        self._offerer = offerer
        first, second = _events(peers, offerer)
        self._events = {offerer: first, offerer.other: second}
        must_renumber = len(first) > 1 or _has_other_types(peers)
        self._common: dict[str, Encodable] = {
            "call-id": call_id,
            "replace": ["origin", "session connection"],
            "ICE": "remove",
            "rtcp-mux": ["demux"],
            "flags": [*_FLAGS, "always transcode"] if must_renumber else [*_FLAGS],
        }

    def with_keys_apart(self) -> list[Step]:
        """Describe two parties with keys so that neither's is made ours towards the other.

        rtpengine makes the key of an offer ours towards who answers, and that of an answer ours
        towards who offered, where both name one suite: it would not have to decrypt then. So a
        description that it draws a key for is read while the other's is not known, by leaving
        that out; a key that fits it keeps.
        """
        offerer, answerer = self._offerer, self._offerer.other
        return [
            self.offer(shows_key=False),
            *([self.answer(answerer)] if answerer in self._peers else []),
            self.answer(offerer, shows_key=False),
            self.answer(offerer),
            self.answer(answerer, shows_key=False),
            self.answer(answerer),
        ]

    def offer(self, *, shows_key: bool = True) -> Step:
        """What the offering party offers the other."""
        offerer, answerer = self._offerer, self._offerer.other
        fields = self._fields(offerer, shows_key=shows_key) | {
            "from-tag": TAGS[offerer],
            "to-tag": TAGS[answerer],
            "transport-protocol": PROFILES[self._protections[answerer]],
            **_KEYING[self._protections[answerer]],
        }
        if all(peer.codec.name in G711 for peer in self._peers.values()):
            fields["codec"] = {"transcode": list(G711)}
        return Step("offer", fields, answerer)

    def answer(self, side: Side, *, shows_key: bool = True) -> Step:
        """What a party answers the other."""
        tags: dict[str, Encodable] = {"from-tag": TAGS[side.other], "to-tag": TAGS[side]}
        return Step("answer", self._fields(side, shows_key=shows_key) | tags, side.other)

    def _fields(self, side: Side, *, shows_key: bool) -> dict[str, Encodable]:
        protection = self._protections[side]
        offered = Protection.NONE if side is self._offerer else protection
        described = _describe(self._peers, side, self._events[side], offered)
        if protection is Protection.SDES:
            keying = described.keying if shows_key else None
            described = replace(described, keying=keying, protection=protection)
        return self._common | {"sdp": described.build()}


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
