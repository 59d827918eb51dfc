"""Pages of lists, as every store gives them: a page goes on behind the last row of the one before.

Nothing is skipped and nothing counted, so a page far down costs what the first one costs. What is
added or removed meanwhile shifts nothing.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from json import dumps, loads
from typing import Any, Generic, TypeAlias, TypeVar, cast

from maskline.domain.error import InvalidParameter

Row = TypeVar("Row")
Key: TypeAlias = tuple[int | str, ...]
"""What orders the rows of a list; no two rows have the same."""

MAX_CURSOR = 600
"""Characters; the longest key is an application with the name of a prompt."""

MAX_COUNTED = 10_000
"""Where counting stops."""

_NO_CURSOR = "is no `next` of this list: begin again without it"
_MAX_INTEGER = 2**63


@dataclass(frozen=True, slots=True)
class Cursor:
    """The place in a list behind the row with this key. `of` names the list and its order."""

    of: str
    key: Key

    @property
    def text(self) -> str:
        """The cursor as it goes through URLs; see `read_cursor`."""
        packed = dumps([self.of, *self.key], ensure_ascii=False, separators=(",", ":")).encode()
        return urlsafe_b64encode(packed).decode().rstrip("=")


def read_cursor(text: str) -> Cursor:
    """The cursor of `Cursor.text`. Raises InvalidParameter ("after")."""
    if len(text) > MAX_CURSOR:
        raise InvalidParameter("after", _NO_CURSOR)
    try:
        padded = (text + "=" * (-len(text) % 4)).encode("ascii")
        content: Any = loads(urlsafe_b64decode(padded))
    except (ValueError, RecursionError):
        raise InvalidParameter("after", _NO_CURSOR) from None
    if not isinstance(content, list) or not content:
        raise InvalidParameter("after", _NO_CURSOR)
    of, *key = cast("list[Any]", content)
    if not isinstance(of, str) or not all(type(one) in {int, str} for one in key):
        raise InvalidParameter("after", _NO_CURSOR)
    return Cursor(of, tuple(key))


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A slice of a list: `limit` rows behind `after`, from the beginning when that is None."""

    limit: int = 50
    after: Cursor | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing(Generic[Row]):
    """One page of rows. `next` goes on behind it; None when no more rows were there.

    A page may have fewer rows than its limit, even none, and yet a `next`: a filter that no index
    serves looks through a bounded number of rows a page.
    """

    rows: tuple[Row, ...]
    next: Cursor | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows a list has; `is_bounded` when counting stopped early: there may be more."""

    count: int
    is_bounded: bool = False


@dataclass(frozen=True, slots=True)
class ListOrder:
    """The one order of a list: of what types its keys are, and whether the greatest comes first."""

    of: str
    types: tuple[type[int] | type[str], ...]
    is_falling: bool = False

    def place(self, page: Page) -> Key | None:
        """The key to go on behind. Raises InvalidParameter for the cursor of another list."""
        if page.after is None:
            return None
        key = page.after.key
        if page.after.of != self.of or tuple(map(type, key)) != self.types:
            raise InvalidParameter("after", _NO_CURSOR)
        if not all(map(_can_be_kept, key)):
            raise InvalidParameter("after", _NO_CURSOR)
        return key

    def cursor(self, key: Key) -> Cursor:
        """The place behind a row."""
        return Cursor(self.of, key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """A numbered slice, for interfaces that have page numbers: `limit` rows behind `offset`."""

    offset: int = 0
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbered(Generic[Row]):
    """The rows of a `Slice` and how many there are in all."""

    rows: tuple[Row, ...]
    total: int


def page_of(
    rows: Iterable[Row], order: ListOrder, key: Callable[[Row], Key], page: Page
) -> Listing[Row]:
    """The page of rows that are all at hand. Raises InvalidParameter as `ListOrder.place` does."""
    place = order.place(page)
    keyed = [(key(row), row) for row in rows]
    if place is not None:
        keyed = [one for one in keyed if (one[0] < place if order.is_falling else one[0] > place)]
    keyed.sort(key=lambda one: one[0], reverse=order.is_falling)
    shown = keyed[: page.limit]
    follows = len(keyed) > page.limit
    return Listing(
        rows=tuple(row for _, row in shown),
        next=order.cursor(shown[-1][0]) if follows else None,
    )


def count_of(amount: int) -> Count:
    """So many rows, as far as is counted."""
    return Count(min(amount, MAX_COUNTED), amount > MAX_COUNTED)


def _can_be_kept(part: int | str) -> bool:
    """Whether a database takes it as a value: forged cursors hold anything."""
    if isinstance(part, int):
        return -_MAX_INTEGER <= part < _MAX_INTEGER
    try:
        return b"\0" not in part.encode()
    except UnicodeEncodeError:
        return False
