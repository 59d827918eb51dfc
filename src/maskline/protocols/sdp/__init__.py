"""Session descriptions (RFC 8866) and offer/answer for audio (RFC 3264).

Everything sent is built from an allow-list: no text of a peer's description is ever copied to
another party.
"""

from maskline.protocols.sdp.build import build_answer, build_offer
from maskline.protocols.sdp.error import (
    NoAudio,
    NoCommonAddress,
    NoCommonCodec,
    NoCommonKeying,
    NoCommonProfile,
    SdpError,
    SdpParseError,
)
from maskline.protocols.sdp.limits import DEFAULT_SDP_LIMITS, SdpLimits
from maskline.protocols.sdp.model import (
    AudioMedia,
    Codec,
    Direction,
    MediaDescription,
    Origin,
    SessionDescription,
)
from maskline.protocols.sdp.negotiate import answer_direction, choose_codecs
from maskline.protocols.sdp.parse import parse_sdp
from maskline.protocols.sdp.security import Crypto, Fingerprint, Security

__all__ = [
    "DEFAULT_SDP_LIMITS",
    "AudioMedia",
    "Codec",
    "Crypto",
    "Direction",
    "Fingerprint",
    "MediaDescription",
    "NoAudio",
    "NoCommonAddress",
    "NoCommonCodec",
    "NoCommonKeying",
    "NoCommonProfile",
    "Origin",
    "SdpError",
    "SdpLimits",
    "SdpParseError",
    "Security",
    "SessionDescription",
    "answer_direction",
    "build_answer",
    "build_offer",
    "choose_codecs",
    "parse_sdp",
]
