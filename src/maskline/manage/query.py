"""The query parameters of lists."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from maskline.domain.error import InvalidParameter
from maskline.domain.number import is_global
from maskline.services.page import MAX_CURSOR, Page, read_cursor

MAX_PAGE = 500

BindingMode = Literal["axb", "ax", "axe", "axyb", "yb"]
"""What a binding's `mode` is shown as; `yb` is the part of AXYB that has a B."""

Limit = Annotated[int, Meta(ge=1, le=MAX_PAGE)]
After = Annotated[str, Meta(max_length=MAX_CURSOR)]


class ListQuery(Struct, frozen=True, kw_only=True):
    """A page: `limit` entries; `after` is the `next` of the page before, none for the first one."""

    after: After | None = None
    limit: Limit = 50

    @property
    def page(self) -> Page:
        """The page as the store takes it. Raises InvalidParameter ("after")."""
        after = None if self.after is None else read_cursor(self.after)
        return Page(limit=self.limit, after=after)


class ApplicationQuery(ListQuery, frozen=True, kw_only=True):
    """Applications, of one tenant or all."""

    tenant_id: str | None = None


class NumberQuery(ListQuery, frozen=True, kw_only=True):
    """Virtual numbers, of one application or all."""

    app_key: str | None = None


class RevealQuery(Struct, frozen=True, kw_only=True):
    """`reveal=true` shows real numbers in full."""

    reveal: bool = False


class BindingQuery(ListQuery, frozen=True, kw_only=True):
    """Live bindings; `party`, or the `who` of a look-up, is a real number in either role."""

    app_key: str | None = None
    x: str | None = None
    party: str | None = None
    who: str | None = None
    reveal: bool = False


class EndedBindingQuery(ListQuery, frozen=True, kw_only=True):
    """Ended bindings, the latest end first. `since` and `until` bound the end.

    `x` was X, `y` the Y of AXYB, `party`, or the `who` of a look-up, a number that was A or B.
    """

    app_key: str | None = None
    binding_id: str | None = None
    mode: BindingMode | None = None
    x: str | None = None
    y: str | None = None
    party: str | None = None
    who: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    reveal: bool = False


class CallQuery(ListQuery, frozen=True, kw_only=True):
    """Live calls, of one worker or all."""

    host: str | None = None
    reveal: bool = False


class RecordQuery(ListQuery, frozen=True, kw_only=True):
    """Call records, newest first. `since` and `until` bound the end of the call.

    `party`, or the `who` of a look-up, is a real number that called or was called.
    """

    app_key: str | None = None
    x: str | None = None
    session_id: str | None = None
    party: str | None = None
    who: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    reveal: bool = False


def read_party(field: str, number: str | None) -> str | None:
    """A number in a query; a + that was sent unescaped arrives as a blank.

    Raises InvalidParameter.
    """
    if number is None:
        return None
    text = f"+{number[1:]}" if number.startswith(" ") else number
    if not is_global(text):
        raise InvalidParameter(field, "must be in global form, such as +8613900001001")
    return text


def read_moment(field: str, moment: datetime | None) -> datetime | None:
    """A time in a query, in UTC. Raises InvalidParameter when it has no offset."""
    if moment is None:
        return None
    if moment.tzinfo is None:
        raise InvalidParameter(field, "needs an offset, such as 2026-01-31T08:00:00Z")
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise InvalidParameter(field, "is outside the years 1 to 9999") from None
