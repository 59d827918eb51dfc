"""Where a party's media comes from and goes to: what was negotiated, and what is learned.

Phones behind a NAT send from an address they do not know themselves (symmetric RTP, RFC 4961).
Whatever is learned, one source at a time is heard; packets of all others are a stranger's.
"""

from maskline.planes.media.engine import BadMedia
from maskline.planes.media.peer import Address
from maskline.planes.media.settings import EmbeddedSettings, Learn

RELEARN_AFTER_S = 0.5
"""A source silent for so long gives way to another port of the same party."""

PROBATION_PACKETS = 3
"""Packets in sequence that an address nobody negotiated must send to be learned (RFC 3550 A.1)."""


class PartyAddress:
    """The address of one party. `source` None: nothing was accepted yet."""

    __slots__ = (
        "_candidate",
        "_learn",
        "_parts",
        "_window_ends",
        "_window_s",
        "negotiated",
        "source",
        "target",
    )

    def __init__(self, settings: EmbeddedSettings) -> None:
        self.negotiated: Address | None = None
        self.source: Address | None = None
        self.target: Address | None = None
        self._learn = settings.learn
        self._window_s = settings.learn_window_s
        self._window_ends = 0.0
        self._candidate: tuple[Address, int, int, int] | None = None
        self._parts = 4 if ":" in settings.bind_address else 2

    @property
    def may_learn(self) -> bool:
        """Whether any source but the negotiated one may be the party's."""
        return self._learn is not Learn.NOWHERE

    def negotiate(self, address: Address, now: float) -> bool:
        """Set the negotiated address; True when it is new, and all that was learned forgotten.

        Raises `BadMedia` for an address of another family than our sockets'.
        """
        if len(address) != self._parts:
            raise BadMedia("the far end is of another address family than our sockets")
        if address == self.negotiated:
            return False
        self.negotiated = self.target = address
        self.source = None
        self._candidate = None
        self._window_ends = now + self._window_s
        return True

    def learn(self, source: Address, ssrc: int, sequence: int, now: float, last_at: float) -> bool:
        """Decide whether a packet from elsewhere than `source` is the party's.

        If so, it is the party's source from now on, and media goes there too. `last_at` is when
        the last packet was accepted.
        """
        negotiated, known = self.negotiated, self.source
        if negotiated is None:
            return False
        is_silent = known is None or now - last_at >= RELEARN_AFTER_S
        if source == negotiated:
            is_party = True
        elif self._learn is Learn.NOWHERE:
            is_party = False
        elif source[0] == negotiated[0]:
            is_party = is_silent or (known is not None and known[0] != negotiated[0])
        elif known is not None:
            is_party = is_silent and source[0] == known[0]
        else:
            is_party = (
                self._learn is Learn.ANYWHERE
                and now < self._window_ends
                and self._passes_probation(source, ssrc, sequence)
            )
        if is_party:
            self.source = self.target = source
            self._candidate = None
        return is_party

    def _passes_probation(self, source: Address, ssrc: int, sequence: int) -> bool:
        count = 1
        if self._candidate is not None:
            address, candidate_ssrc, following, seen = self._candidate
            if (source, ssrc, sequence) == (address, candidate_ssrc, following):
                count = seen + 1
        self._candidate = (source, ssrc, (sequence + 1) & 0xFFFF, count)
        return count >= PROBATION_PACKETS
