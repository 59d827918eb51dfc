"""The session descriptions that rtpengine is given and gives back.

Never a party's own: every line is built from a `MediaPeer`, so that nothing else of one party's
description can reach the other.
"""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass

from maskline.planes.media.engine import (
    AudioCodec,
    BadMedia,
    DtlsIdentity,
    EngineGone,
    Keying,
    LocalMedia,
    Protection,
    SdesKey,
)
from maskline.protocols.sdp.security import KEY_BYTES

DISCARD_PORT = 9
"""Where a party sends that is not known yet: nowhere (RFC 863)."""

NOWHERE = "127.0.0.1"
"""Its address."""

PROFILES = {
    Protection.NONE: "RTP/AVP",
    Protection.SDES: "RTP/SAVP",
    Protection.DTLS: "UDP/TLS/RTP/SAVP",
}
"""The transports of an m-line, and of rtpengine's `transport-protocol`."""

MAX_DESCRIPTION_BYTES = 16_384
"""Longest description of rtpengine's that is read."""


@dataclass(frozen=True, slots=True)
class Description:
    """What one audio stream is described by. `events` are the payload types of RFC 4733.

    `protection` is that of the keying, or stands for a keying that is not shown.
    """

    codecs: Sequence[AudioCodec]
    events: Sequence[int]
    address: str = NOWHERE
    port: int = DISCARD_PORT
    rtcp_port: int | None = None
    keying: Keying | None = None
    protection: Protection | None = None

    def build(self) -> bytes:
        """Return its text; every party is shown as sending and receiving."""
        family = "IP6" if ":" in self.address else "IP4"
        network = f"IN {family} {self.address}"
        formats = [codec.payload_type for codec in self.codecs] + list(self.events)
        profile = PROFILES[self.protection or protection_of(self.keying)]
        lines = ["v=0", f"o=- 1 1 {network}", "s=-", f"c={network}", "t=0 0"]
        lines.append(f"m=audio {self.port} {profile} {' '.join(map(str, formats))}")
        for codec in self.codecs:
            channels = "" if codec.channels == 1 else f"/{codec.channels}"
            rate = f"{codec.clock_rate}{channels}"
            lines.append(f"a=rtpmap:{codec.payload_type} {codec.name}/{rate}")
            if codec.parameters:
                lines.append(f"a=fmtp:{codec.payload_type} {codec.parameters}")
        for event in self.events:
            lines += [f"a=rtpmap:{event} telephone-event/8000", f"a=fmtp:{event} 0-15"]
        if self.rtcp_port is not None:
            lines.append(f"a=rtcp:{self.rtcp_port} {network}")
        lines += [*_keying_lines(self.keying), "a=ptime:20", "a=sendrecv", ""]
        return "\r\n".join(lines).encode()


def protection_of(keying: Keying | None) -> Protection:
    """How a party with this keying encrypts."""
    if keying is None:
        return Protection.NONE
    return Protection.SDES if isinstance(keying, SdesKey) else Protection.DTLS


def check_keying(keying: Keying | None) -> None:
    """Raise `BadMedia` for a key that does not fit its suite, or a suite that is not known."""
    if isinstance(keying, SdesKey) and len(keying.key) != KEY_BYTES.get(keying.suite):
        raise BadMedia("a key that its suite cannot use")


def read_local(text: bytes, tag: int | None = None) -> LocalMedia:
    """Read what rtpengine wants announced. `tag` chooses one of several keys (RFC 4568 4.1).

    Raises `EngineGone` for a description without address or port.
    """
    address, port = "", 0
    keys: list[SdesKey] = []
    fingerprint, setup = "", ""
    for line in text[:MAX_DESCRIPTION_BYTES].decode("utf-8", "replace").splitlines():
        kind, _, value = line.partition("=")
        name, _, rest = value.partition(":")
        if kind == "c":
            address = value.split(" ")[-1]
        elif kind == "m":
            words = value.split(" ")
            port = int(words[1]) if len(words) > 1 and words[1].isdigit() else 0
        elif kind == "a" and name == "crypto":
            keys += _read_key(rest)
        elif kind == "a" and name == "fingerprint":
            fingerprint = rest
        elif kind == "a" and name == "setup":
            setup = rest
    if not address or not port:
        raise EngineGone("rtpengine announced no address or port")
    return LocalMedia(address, port, _choose_keying(keys, tag, fingerprint, setup))


def _choose_keying(
    keys: list[SdesKey], tag: int | None, fingerprint: str, setup: str
) -> Keying | None:
    chosen = [key for key in keys if tag is None or key.tag == tag]
    if chosen:
        return chosen[0]
    algorithm, _, value = fingerprint.partition(" ")
    return DtlsIdentity(algorithm.lower(), value.strip(), setup) if value else None


def _read_key(text: str) -> list[SdesKey]:
    words = text.split(" ")
    if len(words) < 3 or not words[0].isdigit() or not words[2].startswith("inline:"):
        return []
    encoded = words[2].removeprefix("inline:").partition("|")[0]
    try:
        key = base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
    except binascii.Error:
        return []
    return [SdesKey(int(words[0]), words[1], key)]


def _keying_lines(keying: Keying | None) -> list[str]:
    match keying:
        case None:
            return []
        case SdesKey():
            key = base64.b64encode(keying.key).decode()
            return [f"a=crypto:{keying.tag} {keying.suite} inline:{key}"]
        case DtlsIdentity():
            shown = [f"a=fingerprint:{keying.algorithm} {keying.fingerprint}"]
            return [*(shown if keying.fingerprint else []), f"a=setup:{keying.setup}"]
