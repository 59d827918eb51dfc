from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from maskline.protocols.sdp.error import NoAudio, NoCommonAddress, NoCommonProfile

RTP_AVP = "RTP/AVP"


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
        )


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


class AudioMedia(NamedTuple):
    """The audio stream that takes part in offer and answer.

    `codecs` in the sender's order, without telephone-event; `telephone_event` is its payload type
    at 8000 Hz; `ptime` in ms.
    """

    address: str
    port: int
    codecs: tuple[Codec, ...]
    telephone_event: int | None = None
    direction: Direction = Direction.SENDRECV
    ptime: int | None = None
    protocol: str = RTP_AVP
    rtcp_port: int | None = None

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
    def audio_index(self) -> int | None:
        """Which m= line is `audio`, counted from 0."""
        for index, media in enumerate(self.media):
            if _is_live_audio(media) and _is_plain_rtp(media) and media.address is not None:
                return index
        return None

    @property
    def audio(self) -> AudioMedia | None:
        """The first audio stream that is not refused, over RTP/AVP, at an IP address."""
        index = self.audio_index
        if index is None:
            return None
        media = self.media[index]
        return AudioMedia(
            media.address or "",
            media.port,
            media.codecs,
            media.telephone_event,
            media.direction,
            media.ptime,
            RTP_AVP,
            media.rtcp_port,
        )

    def require_audio(self) -> AudioMedia:
        """As `audio`, but raises NoAudio, NoCommonProfile or NoCommonAddress for none."""
        audio = self.audio
        if audio is not None:
            return audio
        live = [media for media in self.media if _is_live_audio(media)]
        if not live:
            raise NoAudio
        if not any(_is_plain_rtp(media) for media in live):
            raise NoCommonProfile
        raise NoCommonAddress


def _is_live_audio(media: MediaDescription) -> bool:
    return media.kind == "audio" and media.port != 0


def _is_plain_rtp(media: MediaDescription) -> bool:
    return media.protocol.upper() == RTP_AVP
