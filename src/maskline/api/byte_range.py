"""`Range` and `If-Range` of a request for a file (RFC 9110 13.1.5, 14)."""

import re
from dataclasses import dataclass

MAX_HEADER_CHARS = 256
_ONE_RANGE = re.compile(r"bytes\s*=\s*(\d{0,20})\s*-\s*(\d{0,20})", re.ASCII | re.IGNORECASE)


class RangeOutside(Exception):
    """No byte of the range that was asked for exists: 416 (RFC 9110 15.5.17)."""


@dataclass(frozen=True, slots=True)
class ByteRange:
    """`size` bytes from `start`."""

    start: int
    size: int

    def described(self, whole: int) -> str:
        """`Content-Range` of an answer with this range of `whole` bytes."""
        return f"bytes {self.start}-{self.start + self.size - 1}/{whole}"


def read_range(
    header: str | None, if_range: str | None, whole: int, entity_tag: str
) -> ByteRange | None:
    """The range to answer with 206; None for the whole file.

    A header that is no single range of bytes is ignored (14.2), and so is one whose `If-Range` is
    not our tag (13.1.5). Raises RangeOutside.
    """
    if header is None or len(header) > MAX_HEADER_CHARS:
        return None
    if if_range is not None and if_range.strip() != entity_tag:
        return None
    match = _ONE_RANGE.fullmatch(header.strip())
    if match is None or match[1] == match[2] == "":
        return None
    if not match[1]:
        size = min(int(match[2]), whole)
        if size == 0:
            raise RangeOutside
        return ByteRange(whole - size, size)
    start = int(match[1])
    last = min(int(match[2]), whole - 1) if match[2] else whole - 1
    if match[2] and int(match[2]) < start:
        return None
    if start >= whole:
        raise RangeOutside
    return ByteRange(start, last - start + 1)
