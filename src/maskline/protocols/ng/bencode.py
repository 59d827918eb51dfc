"""Bencode, the encoding of rtpengine's control messages (BEP 3, "bencoding")."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

MAX_DEPTH = 16
"""Lists and dictionaries inside each other; rtpengine's own replies go to about eight."""

MAX_DIGITS = 19
"""Digits of an integer or a length: all of 64 bits."""

Value: TypeAlias = "int | bytes | list[Value] | dict[bytes, Value]"
"""What a decoded message consists of."""

Encodable: TypeAlias = "int | str | bytes | Sequence[Encodable] | Mapping[str, Encodable]"
"""What a message may be made of; text is sent as UTF-8."""


class BencodeError(ValueError):
    """The bytes are no bencoded value, or one of more than `MAX_DEPTH` levels."""


def encode(value: Encodable) -> bytes:
    """Encode a value. The keys of dictionaries keep their order: rtpengine takes any."""
    parts: list[bytes] = []
    _append(parts, value)
    return b"".join(parts)


def decode(data: bytes) -> Value:
    """Decode exactly one value. Raises `BencodeError`."""
    value, end = _value(data, 0, 0)
    if end != len(data):
        raise BencodeError("bytes after the value")
    return value


def _append(parts: list[bytes], value: Encodable) -> None:
    match value:
        case str():
            _append_bytes(parts, value.encode())
        case bytes():
            _append_bytes(parts, value)
        case int():
            parts.append(b"i%de" % value)
        case Mapping():
            parts.append(b"d")
            for key, item in value.items():
                _append_bytes(parts, key.encode())
                _append(parts, item)
            parts.append(b"e")
        case _:
            parts.append(b"l")
            for item in value:
                _append(parts, item)
            parts.append(b"e")


def _append_bytes(parts: list[bytes], value: bytes) -> None:
    parts.append(b"%d:" % len(value))
    parts.append(value)


def _value(data: bytes, at: int, depth: int) -> tuple[Value, int]:
    kind = data[at : at + 1]
    if kind == b"i":
        end = data.find(b"e", at)
        return _number(data, at + 1, end, may_be_negative=True), end + 1
    if kind in {b"l", b"d"} and depth >= MAX_DEPTH:
        raise BencodeError("too deep")
    if kind == b"l":
        return _list(data, at + 1, depth)
    if kind == b"d":
        return _dictionary(data, at + 1, depth)
    return _bytes(data, at)


def _list(data: bytes, at: int, depth: int) -> tuple[list[Value], int]:
    items: list[Value] = []
    while data[at : at + 1] != b"e":
        item, at = _value(data, at, depth + 1)
        items.append(item)
    return items, at + 1


def _dictionary(data: bytes, at: int, depth: int) -> tuple[dict[bytes, Value], int]:
    items: dict[bytes, Value] = {}
    while data[at : at + 1] != b"e":
        key, at = _bytes(data, at)
        items[key], at = _value(data, at, depth + 1)
    return items, at + 1


def _bytes(data: bytes, at: int) -> tuple[bytes, int]:
    colon = data.find(b":", at, at + MAX_DIGITS + 1)
    begin = colon + 1
    end = begin + _number(data, at, colon, may_be_negative=False)
    if end > len(data):
        raise BencodeError("cut off")
    return data[begin:end], end


def _number(data: bytes, begin: int, end: int, *, may_be_negative: bool) -> int:
    digits = data[begin:end] if end > begin else b""
    unsigned = digits[1:] if may_be_negative and digits[:1] == b"-" else digits
    if not unsigned.isdigit() or len(unsigned) > MAX_DIGITS:
        raise BencodeError("no number where one should be")
    return int(digits)
