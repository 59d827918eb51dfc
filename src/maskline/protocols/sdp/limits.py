from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SdpLimits:
    """Bounds of one session description; over them it is refused as malformed."""

    message_bytes: int = 16_384
    line_count: int = 512
    line_bytes: int = 4_096
    media_count: int = 16
    format_count: int = 64
    crypto_count: int = 16


DEFAULT_SDP_LIMITS = SdpLimits()
