from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from maskline.protocols.sdp.error import (
    NoAudio,
    NoCommonAddress,
    NoCommonKeying,
    NoCommonProfile,
)
from maskline.protocols.sdp.security import PROFILES, RTP_AVP, Crypto, Fingerprint, Security

PLAIN = frozenset({Security.NONE})

_SHARED_PARAMETERS = ("octet-align", "crc", "robust-sorting", "interleaving", "mode-change-period")
"""Format parameters of AMR and AMR-WB that both ends must have alike (RFC 4867 8.3.1)."""


class Direction(Enum):
    """Which way media flows, seen by whoever says it (RFC 8866 6.7)."""

    SENDRECV = "sendrecv"
    SENDONLY = "sendonly"
    RECVONLY = "recvonly"
    INACTIVE = "inactive"

    def __init__(self, name: str) -> None:
        self.sends = name in ("sendrecv", "sendonly")
        """Whether the speaker sends."""
        self.receives = name in ("sendrecv", "recvonly")
        """Whether the speaker receives."""


class Codec(NamedTuple):
    """One RTP payload format: a line of a=rtpmap, with its a=fmtp when it has one."""

    payload_type: int
    name: str
    clock_rate: int = 8000
    channels: int = 1
    fmtp: str | None = None

    def is_same(self, other: "Codec") -> bool:
        """Whether both name one format, whatever their payload types (RFC 8866 6.6)."""
        return (
            self.name.upper() == other.name.upper()
            and self.clock_rate == other.clock_rate
            and self.channels == other.channels
            and (not self.has_shared_parameters or _shared(self) == _shared(other))
        )

    @property
    def has_shared_parameters(self) -> bool:
        """Whether the format parameters tell apart formats of this name."""
        return self.name.upper() in ("AMR", "AMR-WB")

    def parameter(self, name: str) -> str | None:
        """The value of one format parameter."""
        for part in (self.fmtp or "").split(";"):
            key, _, value = part.partition("=")
            if key.strip().lower() == name:
                return value.strip()
        return None


def _shared(codec: Codec) -> list[str]:
    return [codec.parameter(name) or "0" for name in _SHARED_PARAMETERS]


class Origin(NamedTuple):
    """The ids of an o= line; a repeated pair means an unchanged description (RFC 3264 8)."""

    session_id: str
    version: str


class MediaDescription(NamedTuple):
    """One m= line, accepted or refused; `formats` as on the line, `address` None when unusable."""

    kind: str
    port: int
    protocol: str
    formats: tuple[str, ...]
    address: str | None = None
    codecs: tuple[Codec, ...] = ()
    telephone_event: int | None = None
    direction: Direction = Direction.SENDRECV
    ptime: int | None = None
    rtcp_port: int | None = None
    cryptos: tuple[Crypto, ...] = ()
    fingerprint: Fingerprint | None = None

    @property
    def security(self) -> Security | None:
        """How its profile encrypts; None for a profile that cannot be accepted."""
        return PROFILES.get(self.protocol.upper())

    @property
    def has_keying(self) -> bool:
        """Whether it says all that its profile needs for encryption."""
        match self.security:
            case Security.SDES:
                return bool(self.cryptos)
            case Security.DTLS:
                return self.fingerprint is not None
            case _:
                return True


class AudioMedia(NamedTuple):
    """The audio stream that takes part in offer and answer.

    `codecs` in the sender's order, without telephone-event; `telephone_event` is its payload type
    at 8000 Hz; `ptime` in ms. `position` says which m= line it is, counted from 0. `cryptos` in the
    sender's order, those only that can be used.
    """

    address: str
    port: int
    codecs: tuple[Codec, ...]
    telephone_event: int | None = None
    direction: Direction = Direction.SENDRECV
    ptime: int | None = None
    protocol: str = RTP_AVP
    rtcp_port: int | None = None
    position: int = 0
    cryptos: tuple[Crypto, ...] = ()
    fingerprint: Fingerprint | None = None

    @property
    def security(self) -> Security:
        """How the stream is encrypted."""
        return PROFILES[self.protocol]

    @property
    def is_hold(self) -> bool:
        """Whether the sender wants no media from us: by direction, or by the old zero address."""
        return not self.direction.receives or self.has_zero_address

    @property
    def has_zero_address(self) -> bool:
        """Whether the address is one nothing can be sent to (RFC 3264 8.4)."""
        return self.address in ("0.0.0.0", "::")  # noqa: S104 # compared, not bound


@dataclass(frozen=True, slots=True)
class SessionDescription:
    """A parsed session description: what we use of it, and nothing that names its sender."""

    media: tuple[MediaDescription, ...]
    origin: Origin | None = None

    @property
    def audio(self) -> AudioMedia | None:
        """The first audio stream that is not refused, over RTP/AVP, at an IP address."""
        return self._find(PLAIN)

    def require_audio(self, accepted: frozenset[Security] = PLAIN) -> AudioMedia:
        """The first audio stream that is not refused, encrypted as `accepted`, at an IP address.

        Raises NoAudio, NoCommonProfile, NoCommonKeying or NoCommonAddress for none.
        """
        audio = self._find(accepted)
        if audio is not None:
            return audio
        live = [media for media in self.media if _is_live_audio(media)]
        if not live:
            raise NoAudio
        live = [media for media in live if media.security in accepted]
        if not live:
            raise NoCommonProfile
        if not any(media.has_keying for media in live):
            raise NoCommonKeying
        raise NoCommonAddress

    def _find(self, accepted: frozenset[Security]) -> AudioMedia | None:
        for index, media in enumerate(self.media):
            if (
                _is_live_audio(media)
                and media.security in accepted
                and media.has_keying
                and media.address is not None
            ):
                return _audio(media, index, media.address)
        return None


def _is_live_audio(media: MediaDescription) -> bool:
    return media.kind == "audio" and media.port != 0


def _audio(media: MediaDescription, index: int, address: str) -> AudioMedia:
    return AudioMedia(
        address,
        media.port,
        media.codecs,
        media.telephone_event,
        media.direction,
        media.ptime,
        media.protocol.upper(),
        media.rtcp_port,
        index,
        media.cryptos,
        media.fingerprint,
    )
