"""Bodies of `multipart/form-data` (RFC 7578), whole in memory and within bounds.

Only the frame is ours; header fields and their parameters are the standard library's to read.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from email.parser import HeaderParser
from email.utils import collapse_rfc2231_value

MAX_PART_HEAD = 2_048  # bytes of the header fields of one part
MAX_BOUNDARY = 70  # characters (RFC 2046 5.1.1)
MAX_CONTENT_TYPE = 512  # characters of the header that names the boundary


@dataclass(frozen=True, slots=True)
class Part:
    """A field of a form; `filename` is None for one that is no file."""

    name: str
    filename: str | None = field(repr=False)
    content: bytes = field(repr=False)


def read_form(content_type: str, body: bytes, max_parts: int) -> tuple[Part, ...]:
    """The fields of a form in their order.

    Raises ValueError: no form, more parts than may be, or not ended by its boundary.
    """
    delimiter = b"\r\n--" + _boundary(content_type)
    # What stands before the first boundary is a preamble, which may be empty.
    pieces = (b"\r\n" + body).split(delimiter, max_parts + 1)[1:]
    if not pieces or not pieces[-1].startswith(b"--"):
        raise ValueError("the form is not whole, or has too many parts")
    return tuple(_parts(pieces[:-1]))


def _boundary(content_type: str) -> bytes:
    if len(content_type) > MAX_CONTENT_TYPE:
        raise ValueError("too long a content type")
    header = Message()
    header["content-type"] = content_type
    boundary = header.get_boundary()
    if header.get_content_type() != "multipart/form-data" or not boundary:
        raise ValueError("no form")
    if len(boundary) > MAX_BOUNDARY:
        raise ValueError("too long a boundary")
    return boundary.encode("latin-1")


def _parts(pieces: list[bytes]) -> Iterator[Part]:
    for piece in pieces:
        rest_of_line, newline, part = piece.partition(b"\r\n")
        head, blank_line, content = part.partition(b"\r\n\r\n")
        if rest_of_line.strip(b" \t") or not newline or not blank_line:
            raise ValueError("a part without its frame")
        if len(head) > MAX_PART_HEAD:
            raise ValueError("too long a head of a part")
        name, filename = _named(head)
        yield Part(name, filename, content)


def _named(head: bytes) -> tuple[str, str | None]:
    """The name of a part and that of its file.

    Clients that fear for other letters send `filename*` (RFC 5987) besides, and it is the true one.
    """
    header = HeaderParser().parsestr(head.decode(), headersonly=True)
    (disposition, _), *parameters = header.get_params([("", "")], "content-disposition")
    plain: dict[str, str] = {}
    extended: dict[str, str] = {}
    for name, value in parameters:
        if isinstance(value, tuple):
            extended[name.lower()] = collapse_rfc2231_value(value)
        else:
            plain[name.lower()] = value
    found = plain | extended
    if disposition.lower() != "form-data" or "name" not in found:
        raise ValueError("a part without a name")
    return found["name"], found.get("filename")
