"""What becomes of a party's packets at the other side, by their payload type."""

from maskline.planes.media.engine import AudioCodec, BadMedia, DtlsIdentity, MediaPeer, Unable
from maskline.protocols.rtp.g711 import Law, transcoding_table

RELAYED_CODECS = ("PCMA", "PCMU", "G722")
"""The codecs that pass, best first; all have a timestamp clock of 8 kHz (RFC 3551 4.5.2)."""

LAWS = {law.value: law for law in Law}
"""The codecs that we can hear and speak."""

COMFORT_NOISE = 13
"""The static payload type of comfort noise (RFC 3389 4)."""


class PayloadRule:
    """What becomes of packets of one payload type. `target` None: heard, but not sent on.

    `table` makes the other side's law of it, `law` is what we hear it in. `taped` makes A-law of
    it for a recording, None where it is A-law.
    """

    __slots__ = ("is_event", "law", "table", "taped", "target")

    def __init__(
        self,
        target: int | None,
        table: bytes | None = None,
        *,
        law: Law | None = None,
        is_event: bool = False,
    ) -> None:
        self.target = target
        self.table = table
        self.law = law
        self.taped = None if law is None else transcoding_table(law, Law.A)
        self.is_event = is_event


def law_of(codec: AudioCodec) -> Law | None:
    """The law of a codec, None for one that only passes through."""
    return LAWS.get(codec.name.upper())


def check_codec(peer: MediaPeer, other: MediaPeer | None) -> None:
    """Raise `Unable` for what we do not relay, `BadMedia` for what the other side cannot hear."""
    if isinstance(peer.keying, DtlsIdentity):
        raise Unable("the embedded engine has no DTLS")
    for codec in (peer.codec, *peer.other_codecs):
        if codec.name.upper() not in RELAYED_CODECS or codec.channels != 1:
            raise Unable(f"the embedded engine does not relay {codec.name}")
    if other is not None and not _passes(peer.codec, other.codec):
        raise BadMedia(f"{peer.codec.name} cannot be made {other.codec.name}")


def build_rules(peer: MediaPeer | None, target: MediaPeer | None) -> dict[int, PayloadRule]:
    """Return the rule of each payload type that `peer` may send, towards `target`."""
    rules: dict[int, PayloadRule] = {}
    if peer is None:
        return rules
    if peer.telephone_event is not None:
        event = None if target is None else target.telephone_event
        rule = PayloadRule(event, is_event=True)
        if peer.offered_event is not None:
            rules[peer.offered_event] = rule
        rules[peer.telephone_event] = rule
    if peer.comfort_noise:
        passes = target is not None and target.comfort_noise
        rules[COMFORT_NOISE] = PayloadRule(COMFORT_NOISE if passes else None)
    for codec in (*peer.other_codecs, peer.codec):
        rules[codec.payload_type] = _build_audio_rule(codec, target)
    return rules


def _build_audio_rule(codec: AudioCodec, target: MediaPeer | None) -> PayloadRule:
    law = law_of(codec)
    # Noise is worse than nothing: a party that sends what the other cannot hear is not heard.
    if target is None or not _passes(codec, target.codec):
        return PayloadRule(None, law=law)
    target_law = law_of(target.codec)
    table = None if law is None or target_law is None else transcoding_table(law, target_law)
    return PayloadRule(target.codec.payload_type, table, law=law)


def _passes(codec: AudioCodec, target: AudioCodec) -> bool:
    is_spoken = law_of(codec) is not None
    return is_spoken is (law_of(target) is not None) and (
        is_spoken or codec.name.upper() == target.name.upper()
    )
