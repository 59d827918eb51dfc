"""Cursors of lists that are no `Listing`: their rows have a number, or a time with a key."""

from datetime import UTC, datetime
from typing import Annotated, Generic, TypeVar

from msgspec import Meta, Struct

from maskline.domain.error import InvalidParameter
from maskline.services.page import ListOrder, Page
from maskline.services.page import read_cursor as read_any

Shown = TypeVar("Shown")
PageLimit = Annotated[int, Meta(ge=1, le=200)]

_NUMBERED = ListOrder("numbered", (int,), is_falling=True)
_TIMED = ListOrder("timed", (str, str))


class Rows(Struct, Generic[Shown], frozen=True, kw_only=True):
    """A page. `next` goes on behind it (`after`); null when no more rows were there."""

    items: tuple[Shown, ...]
    next: str | None


def cursor_of(number: int) -> str:
    """The place behind a row."""
    return _NUMBERED.cursor((number,)).text


def read_cursor(text: str | None) -> int | None:
    """The number of the row. Raises InvalidParameter ("after")."""
    if text is None:
        return None
    key = _NUMBERED.place(Page(after=read_any(text)))
    return None if key is None else int(key[0])


def write_place(at: datetime, key: str) -> str:
    """The place behind an entry of this time and key."""
    return _TIMED.cursor((at.astimezone(UTC).isoformat(), key)).text


def read_place(text: str | None) -> tuple[datetime, str] | None:
    """The time and key of `write_place`. Raises InvalidParameter ("after")."""
    if text is None:
        return None
    found = _TIMED.place(Page(after=read_any(text)))
    if found is None:
        return None
    at, key = found
    try:
        return datetime.fromisoformat(str(at)).astimezone(UTC), str(key)
    except (ValueError, OverflowError):
        raise InvalidParameter("after", "is no `next` of this list: begin again") from None
