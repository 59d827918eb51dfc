"""The codecs of a call: how each is described, and which two can be joined."""

from collections.abc import Iterable
from dataclasses import dataclass

from maskline.planes.media.engine import Abilities
from maskline.protocols.sdp.model import Codec

G711 = ("PCMA", "PCMU")
"""Offered to everybody: every network has them (RFC 3551 4.5.14)."""

CATALOGUE = (
    Codec(8, "PCMA"),
    Codec(0, "PCMU"),
    Codec(9, "G722"),
    Codec(18, "G729", fmtp="annexb=no"),
    Codec(96, "opus", 48000, 2, "useinbandfec=1"),
    Codec(97, "AMR", fmtp="octet-align=1"),
    Codec(98, "AMR"),
    Codec(99, "AMR-WB", 16000, fmtp="octet-align=1"),
    Codec(100, "AMR-WB", 16000),
)
"""Every format we can describe, under the payload type of our own offers."""


@dataclass(frozen=True, slots=True)
class Repertoire:
    """What one call may use: formats, best first, and names between which the engine translates."""

    codecs: tuple[Codec, ...]
    translated: frozenset[str]

    @classmethod
    def of(cls, abilities: Abilities, *, is_voiced: bool) -> "Repertoire":
        """What an engine lets a call use; `is_voiced` calls are spoken to, listened to or kept.

        Those need codecs that the engine understands itself.
        """
        translated = frozenset(name.upper() for name in abilities.transcoded)
        names = [name.upper() for name in abilities.codecs]
        codecs = [codec for name in names for codec in CATALOGUE if codec.name.upper() == name]
        if is_voiced:
            codecs = [codec for codec in codecs if codec.name.upper() in translated]
        return cls(tuple(codecs), translated)

    def joins(self, one: Codec, other: Codec) -> bool:
        """Whether a party with `one` and a party with `other` can hear each other."""
        return one.is_same(other) or (self._translates(one) and self._translates(other))

    def to_offer(self, heard: Iterable[Codec]) -> tuple[Codec, ...]:
        """What to offer the partner of a party that can do `heard`, in that party's order.

        Then G.711 wherever that could be translated: nobody else is offered a codec that his
        partner lacks.
        """
        wanted: list[Codec] = []
        for theirs in heard:
            wanted += [c for c in self.codecs if c.is_same(theirs) and c not in wanted]
        if any(map(self._translates, wanted)):
            wanted += [c for c in self.basic if self._translates(c) and c not in wanted]
        return tuple(wanted)

    @property
    def basic(self) -> tuple[Codec, ...]:
        """What to offer where it is not known what the partner can do."""
        return tuple([codec for codec in self.codecs if codec.name in G711])

    def _translates(self, codec: Codec) -> bool:
        return codec.name.upper() in self.translated
