"""G.711: A-law and µ-law by tables. Linear samples are signed 16-bit numbers."""

from array import array
from collections.abc import Iterable
from enum import Enum
from functools import cache


class Law(Enum):
    """The two companding laws, by their names in SDP (RFC 3551 6)."""

    A = "PCMA"
    MU = "PCMU"

    @property
    def silence(self) -> int:
        """The octet of a sample of zero."""
        return 0xD5 if self is Law.A else 0xFF

    @property
    def static_payload_type(self) -> int:
        """The payload type that needs no rtpmap (RFC 3551 table 4)."""
        return 8 if self is Law.A else 0


def decode(law: Law, payload: bytes) -> "array[int]":
    """Expand octets to linear samples."""
    table = decoding_table(law)
    return array("h", [table[octet] for octet in payload])


def encode(law: Law, samples: Iterable[int]) -> bytes:
    """Compress linear samples, each from -32768 to 32767, to octets."""
    table = encoding_table(law)
    return bytes([table[sample] for sample in samples])


@cache
def decoding_table(law: Law) -> tuple[int, ...]:
    """Return the linear sample of each of the 256 octets (G.711 tables 1 and 2)."""
    expand = _expand_a if law is Law.A else _expand_mu
    return tuple(expand(octet) for octet in range(256))


@cache
def encoding_table(law: Law) -> bytes:
    """Return the octet of each linear sample, indexed from 0 to 32767 and -32768 to -1."""
    if law is Law.A:
        levels = b"".join(bytes((_compress_a(level),)) * 16 for level in range(-2048, 2048))
    else:
        levels = b"".join(bytes((_compress_mu(level),)) * 4 for level in range(-8192, 8192))
    return levels[0x8000:] + levels[:0x8000]


@cache
def transcoding_table(source: Law, target: Law) -> bytes | None:
    """Return a table for `bytes.translate` from one law to the other, None for the same law.

    Each octet becomes the one nearest to it in the other law, so going back and forth once more
    changes nothing further.
    """
    if source is target:
        return None
    return encode(target, decoding_table(source))


def _expand_a(octet: int) -> int:
    octet ^= 0x55
    segment = (octet >> 4) & 0x07
    magnitude = ((octet & 0x0F) << 4) + 8
    if segment:
        magnitude = (magnitude + 0x100) << (segment - 1)
    return magnitude if octet & 0x80 else -magnitude


def _compress_a(level: int) -> int:
    """Compress a level of 12 bits and sign (steps of 16)."""
    mask = 0xD5 if level >= 0 else 0x55
    magnitude = level if level >= 0 else -level - 1
    segment = max(0, magnitude.bit_length() - 4)
    mantissa = (magnitude >> max(0, segment - 1)) & 0x0F
    return (segment << 4 | mantissa) ^ mask


def _expand_mu(octet: int) -> int:
    octet ^= 0xFF
    magnitude = ((((octet & 0x0F) << 3) + 0x84) << ((octet >> 4) & 0x07)) - 0x84
    return -magnitude if octet & 0x80 else magnitude


def _compress_mu(level: int) -> int:
    """Compress a level of 13 bits and sign (steps of 4)."""
    mask = 0xFF if level >= 0 else 0x7F
    magnitude = min((level if level >= 0 else -level) + 33, 8191)
    segment = magnitude.bit_length() - 6
    return (segment << 4 | (magnitude >> (segment + 1)) & 0x0F) ^ mask
