"""How a stream is encrypted: SRTP keyed in the description itself, or by DTLS."""

import base64
import binascii
import re
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType


class Security(Enum):
    """Plain RTP, SRTP with its keys in a=crypto (RFC 4568), SRTP keyed by DTLS (RFC 5763)."""

    NONE = "none"
    SDES = "sdes"
    DTLS = "dtls"


RTP_AVP = "RTP/AVP"

PROFILES = MappingProxyType(
    {
        RTP_AVP: Security.NONE,
        "RTP/SAVP": Security.SDES,
        "RTP/SAVPF": Security.SDES,
        "UDP/TLS/RTP/SAVP": Security.DTLS,
        "UDP/TLS/RTP/SAVPF": Security.DTLS,
    }
)
"""The profiles of an m= line that can be accepted; feedback (RFC 4585) is never sent."""

PROFILE_OF = MappingProxyType(
    {Security.NONE: RTP_AVP, Security.SDES: "RTP/SAVP", Security.DTLS: "UDP/TLS/RTP/SAVP"}
)
"""What an offer of ours says."""

KEY_BYTES = MappingProxyType(
    {
        "AES_CM_128_HMAC_SHA1_80": 30,
        "AES_CM_128_HMAC_SHA1_32": 30,
        "AEAD_AES_128_GCM": 28,
        "AEAD_AES_256_GCM": 44,
    }
)
"""Bytes of master key and salt of each suite that is understood (RFC 4568 6.2, RFC 7714 12)."""

_DIGEST_BYTES = {"sha-1": 20, "sha-224": 28, "sha-256": 32, "sha-384": 48, "sha-512": 64}
"""Hashes of a certificate that are believed (RFC 8122 5); MD5 and MD2 are not."""

_SETUPS = ("actpass", "active", "passive")
DEFAULT_SETUP = "active"
"""What a description without a=setup means (RFC 4145 4)."""

_CRYPTO = re.compile(r"(\d{1,9})\s++(\w{1,64})\s++inline:(\S{1,512})((?:\s++\S++)*)\s*", re.ASCII)
_LIFETIME = re.compile(r"2\^\d{1,2}|\d{1,15}", re.ASCII)
_FINGERPRINT = re.compile(r"([\w-]{1,16})\s++([0-9A-Fa-f:]{1,200})\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Crypto:
    """An a=crypto line that can be used: `key` is the master key and salt of who says it."""

    tag: int
    suite: str
    key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The certificate of who says it (RFC 8122 5), and who begins the handshake (RFC 5763 5)."""

    algorithm: str
    value: str
    setup: str = DEFAULT_SETUP


def read_crypto(value: str) -> Crypto | None:
    """The value of a=crypto; None for one that must be passed over (RFC 4568 5.1.2, 7.1).

    That is: an unknown suite, a key of another length, several keys or one with an index (MKI),
    and a session parameter that would change the packets. A key's lifetime is the sender's care.
    """
    match = _CRYPTO.fullmatch(value)
    if match is None or not all(map(_is_ignorable, match.group(4).split())):
        return None
    tag, suite = int(match.group(1)), match.group(2)
    inline, *others = match.group(3).split("|")
    if len(others) > 1 or (others and not _LIFETIME.fullmatch(others[0])):
        return None
    try:
        key = base64.b64decode(inline + "=" * (-len(inline) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
    return Crypto(tag, suite, key) if len(key) == KEY_BYTES.get(suite) else None


def _is_ignorable(parameter: str) -> bool:
    """A hint of the replay window (RFC 4568 6.3.7), or one marked as optional (9.2)."""
    return parameter.startswith(("WSH=", "-"))


def read_fingerprint(value: str) -> tuple[str, str] | None:
    """Hash and value of a=fingerprint; None for a hash that is not believed."""
    match = _FINGERPRINT.fullmatch(value)
    if match is None:
        return None
    algorithm, digest = match.group(1).lower(), match.group(2).upper()
    parts = digest.split(":")
    is_whole = len(parts) == _DIGEST_BYTES.get(algorithm) and all(len(p) == 2 for p in parts)
    return (algorithm, digest) if is_whole else None


def read_setup(value: str) -> str | None:
    """The value of a=setup, None for one that offers no connection (RFC 4145 4)."""
    value = value.strip().lower()
    return value if value in _SETUPS else None


def security_lines(security: Crypto | Fingerprint | None) -> list[str]:
    """The attributes that say it; none for plain RTP."""
    match security:
        case Crypto(tag=tag, suite=suite, key=key):
            return [f"a=crypto:{tag} {suite} inline:{base64.b64encode(key).decode()}"]
        case Fingerprint(algorithm=algorithm, value=value, setup=setup):
            return [f"a=fingerprint:{algorithm} {value}", f"a=setup:{setup}"]
        case None:
            return []
