"""Cursors of lists whose rows have a number: what follows a page."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Annotated, Generic, TypeVar

from msgspec import Meta, Struct

from maskline.domain.error import InvalidParameter

Shown = TypeVar("Shown")
PageLimit = Annotated[int, Meta(ge=1, le=200)]


class Rows(Struct, Generic[Shown], frozen=True, kw_only=True):
    """A page. `next` goes on behind it (`after`); null when no more rows were there."""

    items: tuple[Shown, ...]
    next: str | None


def cursor_of(number: int) -> str:
    """The place behind a row."""
    return urlsafe_b64encode(b"n%d" % number).decode().rstrip("=")


def read_cursor(text: str | None) -> int | None:
    """The number of the row. Raises InvalidParameter."""
    if text is None:
        return None
    try:
        packed = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
        return min(int(packed.removeprefix("n")), 2**63 - 1)
    except ValueError:
        raise InvalidParameter(
            "after", "is no `next` of this list: begin again without it"
        ) from None
