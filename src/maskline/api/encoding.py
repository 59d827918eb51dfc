"""JSON as it leaves the compatible interface: compact and pure ASCII."""

import re

import msgspec

_NON_ASCII = re.compile(r"[^\x00-\x7f]")
_encoder = msgspec.json.Encoder()


def encode(value: object) -> bytes:
    """`value` as compact JSON; characters outside ASCII are written as JSON escapes.

    Receivers exist that guess the charset from their platform; ASCII is right under every guess.
    """
    data = _encoder.encode(value)
    if data.isascii():
        return data
    return _NON_ASCII.sub(_escape, data.decode()).encode("ascii")


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x10000:
        return f"\\u{code:04x}"
    code -= 0x10000
    return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"
