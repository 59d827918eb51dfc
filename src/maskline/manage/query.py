"""The query parameters of lists."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from maskline.domain.application import Mode
from maskline.domain.error import InvalidParameter
from maskline.domain.live_state import LiveState
from maskline.domain.number import read_number
from maskline.domain.outcome_class import OutcomeClass
from maskline.domain.virtual_number import NumberState
from maskline.services.page import MAX_CURSOR, Page, read_cursor

MAX_PAGE = 500

MIN_PREFIX = 4
"""Characters of a prefix: the + and three digits."""

MAX_TALK_S = 86_400

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
    """Virtual numbers by number. `prefix` is how they begin, in global form.

    With `is_free` those on which no binding counts.
    """

    app_key: str | None = None
    state: NumberState | None = None
    area_code: str | None = None
    prefix: Annotated[str, Meta(min_length=MIN_PREFIX, max_length=24)] | None = None
    may_message: bool | None = None
    is_free: bool = False


class RevealQuery(Struct, frozen=True, kw_only=True):
    """`reveal=true` shows real numbers in full."""

    reveal: bool = False


class BindingQuery(ListQuery, frozen=True, kw_only=True):
    """Live bindings; `party`, or the `who` of a look-up, is a real number in either role.

    `expires_before` leaves those that never expire.
    """

    app_key: str | None = None
    x: str | None = None
    party: str | None = None
    who: str | None = None
    mode: BindingMode | None = None
    expires_before: datetime | None = None
    order: Literal["oldest", "newest"] = "oldest"
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
    """Live calls; `host` is the worker that has them.

    `party`, or the `who` of a look-up, is a real number that calls or is called.
    """

    app_key: str | None = None
    host: str | None = None
    state: LiveState | None = None
    party: str | None = None
    who: str | None = None
    reveal: bool = False


class RecordQuery(ListQuery, frozen=True, kw_only=True):
    """Call records, newest first. `since` and `until` bound the end of the call.

    `party`, or the `who` of a look-up, is a real number that called or was called, `release` a
    release code, `caller_role` the role of who called. From `mode` on they do not find records
    that were written before they were there.
    """

    app_key: str | None = None
    x: str | None = None
    session_id: str | None = None
    party: str | None = None
    who: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    mode: Mode | None = None
    outcome: OutcomeClass | None = None
    release: int | None = None
    caller_role: Literal["A", "B"] | None = None
    has_recording: bool | None = None
    min_talk_s: Annotated[int, Meta(ge=0, le=MAX_TALK_S)] | None = None
    reveal: bool = False


SHORTEST_OF_CHINA = len("+86") + 7
"""Shorter numbers, such as +86110, are written in global form."""


def read_party(field: str, number: str | None) -> str | None:
    """A number in a query, in any usual form; a + that was sent unescaped arrives as a blank.

    Raises InvalidParameter, also for the beginning of a number: it would find nothing.
    """
    if number is None:
        return None
    text = f"+{number[1:]}" if number.startswith(" ") else number
    read = read_number(text)
    if read is None or (len(read) < SHORTEST_OF_CHINA and not text.startswith("+")):
        raise InvalidParameter(field, "must be a whole number, such as +8613900001001")
    return read


def read_prefix(field: str, prefix: str | None) -> str | None:
    """How a number begins, in global form. Raises InvalidParameter."""
    if prefix is None:
        return None
    text = f"+{prefix[1:]}" if prefix.startswith(" ") else prefix
    if not (text.startswith("+") and text[1:].isascii() and text[1:].isdigit()):
        raise InvalidParameter(field, "must be how numbers in global form begin, such as +86170")
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
