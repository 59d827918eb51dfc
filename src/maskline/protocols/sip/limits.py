from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MessageLimits:
    """Bounds of one SIP message, asked before any work is spent on it.

    Sizes are bytes on the wire (for the lines: characters once decoded). Over `start_line_bytes`
    the answer is 414, over `body_bytes` 413, over `message_bytes` 513, over the others 400.
    `stream_bytes` bounds what one connection may hold that was not taken from its parser yet: one
    read (asyncio reads up to 256 KiB) and an unfinished message have to fit.
    """

    message_bytes: int = 65_535
    head_bytes: int = 32_768
    start_line_bytes: int = 4_096
    header_count: int = 128
    header_bytes: int = 8_192
    via_count: int = 70
    body_bytes: int = 32_768
    stream_bytes: int = 524_288


DEFAULT_LIMITS = MessageLimits()
