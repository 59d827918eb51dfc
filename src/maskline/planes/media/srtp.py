"""The encryption of one side's packets (RFC 3711), with keys that signalling agreed.

The packets themselves are libsrtp's work; here are its keys, its bounds, and what is refused.
"""

import struct
from collections.abc import Callable
from types import MappingProxyType

import pylibsrtp
from pylibsrtp import Policy, Session

from maskline.planes.media.engine import BadMedia, SdesKey
from maskline.planes.media.peer import is_usable
from maskline.protocols.sdp.security import KEY_BYTES

PROFILES = MappingProxyType(
    {
        "AES_CM_128_HMAC_SHA1_80": "SRTP_PROFILE_AES128_CM_SHA1_80",
        "AES_CM_128_HMAC_SHA1_32": "SRTP_PROFILE_AES128_CM_SHA1_32",
        "AEAD_AES_128_GCM": "SRTP_PROFILE_AEAD_AES_128_GCM",
        "AEAD_AES_256_GCM": "SRTP_PROFILE_AEAD_AES_256_GCM",
    }
)
"""The suites (RFC 4568 6.2, RFC 7714 12), and libsrtp's constants for them by name."""

OFFERED_SUITE = "AES_CM_128_HMAC_SHA1_80"
"""What our own offers name: every implementation has it (RFC 4568 6.2.1)."""

OFFERED_TAG = 1
"""The one line of our own offers (RFC 4568 4.1)."""

MAX_SOURCES = 8
"""SSRCs of a party that libsrtp keeps state for; the oldest is forgotten for the next."""

REPLAY_WINDOW = 128
"""How many packets one may come late and still be believed (RFC 3711 3.3.2)."""

INWARD, OUTWARD = "SSRC_ANY_INBOUND", "SSRC_ANY_OUTBOUND"
"""libsrtp's constants for whose packets a session is of."""

_SSRC = struct.Struct("!I")
_REPORT_SSRC_AT = 4
_PACKET_SSRC_AT = 8


def offered_key(draw: Callable[[int], bytes]) -> SdesKey:
    """A key for an offer of ours. `draw` returns that many random bytes."""
    return SdesKey(OFFERED_TAG, OFFERED_SUITE, draw(KEY_BYTES[OFFERED_SUITE]))


def answering_key(theirs: SdesKey, mine: SdesKey | None, draw: Callable[[int], bytes]) -> SdesKey:
    """Our key towards a party that sends under `theirs`, with its tag and suite.

    The one we have stays as long as the suite does, so that what we send goes on unbroken. Raises
    `BadMedia` for a key of theirs that cannot be used.
    """
    if not is_usable(theirs):
        raise BadMedia("the party's key is of no suite that can be used")
    if mine is not None and mine.suite == theirs.suite:
        return SdesKey(theirs.tag, theirs.suite, mine.key)
    return SdesKey(theirs.tag, theirs.suite, draw(KEY_BYTES[theirs.suite]))


class Guard:
    """Encrypts what goes to a party with our key, decrypts what comes with the party's.

    Raises `BadMedia` for keys that cannot be used.
    """

    __slots__ = ("_inward", "_outward", "_sources", "ours", "theirs")

    def __init__(self, theirs: SdesKey, ours: SdesKey) -> None:
        self.theirs = theirs
        self.ours = ours
        self._inward = _session(theirs, INWARD)
        self._outward = _session(ours, OUTWARD)
        self._sources: list[int] = []

    @property
    def sources(self) -> int:
        """How many SSRCs of the party are known."""
        return len(self._sources)

    def agree(self, theirs: SdesKey, ours: SdesKey) -> None:
        """Go on with these keys; a direction whose key has not changed goes on as it was."""
        has_new_party = (theirs.suite, theirs.key) != (self.theirs.suite, self.theirs.key)
        has_new_key = (ours.suite, ours.key) != (self.ours.suite, self.ours.key)
        inward = _session(theirs, INWARD) if has_new_party else self._inward
        self._outward = _session(ours, OUTWARD) if has_new_key else self._outward
        self._inward = inward
        if has_new_party:
            self._sources.clear()
        self.theirs, self.ours = theirs, ours

    def seal(self, packet: bytes) -> bytes | None:
        """A packet as it is sent; None for one that is too long."""
        try:
            return self._outward.protect(packet)
        except (pylibsrtp.Error, ValueError):
            return None

    def unseal(self, packet: bytes) -> bytes | None:
        """A packet as the party meant it; None when it is not the party's, or comes again."""
        try:
            plain = self._inward.unprotect(packet)
        except (pylibsrtp.Error, ValueError):
            return None
        self._note_source(packet, _PACKET_SSRC_AT)
        return plain

    def seal_report(self, packet: bytes) -> bytes | None:
        """An RTCP packet as it is sent; None for one that is too long, or none at all."""
        try:
            return self._outward.protect_rtcp(packet)
        except (pylibsrtp.Error, ValueError):
            return None

    def unseal_report(self, packet: bytes) -> bytes | None:
        """An RTCP packet as the party meant it; None when it is not the party's."""
        try:
            plain = self._inward.unprotect_rtcp(packet)
        except (pylibsrtp.Error, ValueError):
            return None
        self._note_source(packet, _REPORT_SSRC_AT)
        return plain

    def _note_source(self, packet: bytes, at: int) -> None:
        """Bound the streams that libsrtp keeps: a party may name a new SSRC in every packet."""
        ssrc: int = _SSRC.unpack_from(packet, at)[0]
        if ssrc in self._sources:
            return
        self._sources.append(ssrc)
        if len(self._sources) > MAX_SOURCES:
            self._inward.remove_stream(self._sources.pop(0))


def _session(key: SdesKey, direction: str) -> Session:
    if not is_usable(key):
        raise BadMedia("a key is of no suite that can be used")
    try:
        policy = Policy(
            key=key.key,
            ssrc_type=getattr(Policy, direction),
            srtp_profile=getattr(Policy, PROFILES[key.suite]),
        )
        policy.window_size = REPLAY_WINDOW
        return Session(policy)
    except pylibsrtp.Error as error:
        raise BadMedia("the media engine cannot use a key of this suite") from error
