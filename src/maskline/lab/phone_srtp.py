"""Encrypted speech of a phone (RFC 3711) with keys from SDP (RFC 4568)."""

import secrets

import pylibsrtp

from maskline.protocols.sdp.error import NoCommonKeying
from maskline.protocols.sdp.model import AudioMedia
from maskline.protocols.sdp.security import KEY_BYTES, Crypto, Security

SUITE = "AES_CM_128_HMAC_SHA1_80"
"""The one suite of lab phones: everybody has it (RFC 4568 6.2.1)."""

_PROFILE = "SRTP_PROFILE_AES128_CM_SHA1_80"


class PhoneCipher:
    """Encrypts what goes out with our key, decrypts what comes in with theirs."""

    def __init__(self, ours: Crypto, theirs: Crypto) -> None:
        self.ours = ours
        self.theirs = theirs
        self._outward = _session(ours, "SSRC_ANY_OUTBOUND")
        self._inward = _session(theirs, "SSRC_ANY_INBOUND")

    def seal(self, packet: bytes) -> bytes:
        """A packet as it is sent."""
        return self._outward.protect(packet)

    def unseal(self, packet: bytes) -> bytes | None:
        """A packet as it was meant; None for one that is not theirs, or comes again."""
        try:
            return self._inward.unprotect(packet)
        except pylibsrtp.Error:
            return None


class PhoneKeys:
    """What a phone says of encryption in one call: SRTP always, or never."""

    def __init__(self, *, is_secure: bool) -> None:
        self.accepted = frozenset({Security.SDES if is_secure else Security.NONE})
        self._ours = Crypto(1, SUITE, secrets.token_bytes(KEY_BYTES[SUITE])) if is_secure else None
        self._cipher: PhoneCipher | None = None

    @property
    def offered(self) -> Crypto | None:
        """What an offer says; None for plain RTP."""
        return self._ours

    def agree(self, far: AudioMedia) -> Crypto | None:
        """Take the other side's key; what an answer says. Raises NoCommonKeying."""
        if self._ours is None:
            return None
        theirs = next((crypto for crypto in far.cryptos if crypto.suite == SUITE), None)
        if theirs is None:
            raise NoCommonKeying
        answer = Crypto(theirs.tag, SUITE, self._ours.key)
        if self._cipher is None or self._cipher.theirs.key != theirs.key:
            self._cipher = PhoneCipher(answer, theirs)
        return answer

    @property
    def cipher(self) -> PhoneCipher | None:
        """What encrypts the packets once both keys are known."""
        return self._cipher


def _session(crypto: Crypto, direction: str) -> pylibsrtp.Session:
    # By name, as the library's constants have no types.
    policy = pylibsrtp.Policy(
        key=crypto.key,
        ssrc_type=getattr(pylibsrtp.Policy, direction),
        srtp_profile=getattr(pylibsrtp.Policy, _PROFILE),
    )
    return pylibsrtp.Session(policy)
