"""The lists that are exported: a filter of an export is what the query of its list takes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec
from msgspec import Struct

from maskline.domain.access import Caller, Right
from maskline.domain.error import InvalidParameter
from maskline.manage.directory import wanted_numbers
from maskline.manage.endpoint import Asked, invalid_field
from maskline.manage.ledger import PostingQuery, StatementQuery, wanted_postings
from maskline.manage.message import MessageQuery, wanted_messages
from maskline.manage.push import PushQuery, wanted_pushes
from maskline.manage.query import (
    BindingQuery,
    EndedBindingQuery,
    NumberQuery,
    RecordQuery,
    read_moment,
)
from maskline.manage.traffic import wanted_bindings, wanted_ended, wanted_records
from maskline.services.billing.store import StatementSpan
from maskline.services.export_source import CountSpan, ExportKind, Wanted

NO_FILTERS = frozenset({"after", "limit", "reveal"})
"""What the query of a list takes besides: a file has no pages, and `masking` says who is shown."""

FilterValue = str | int | bool | None


class CountSpanQuery(Struct, frozen=True, kw_only=True):
    """Counts within a time; what else `GET /statistics` takes stands in `counts` and `zone`."""

    app_key: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ExportedList:
    """The right that a list needs, what it takes, and what that means."""

    right: Right
    query: type[Struct]
    wanted: Callable[[Asked], Wanted]

    @property
    def filters(self) -> tuple[str, ...]:
        """The names of its filters."""
        return tuple(name for name in self.query.__struct_fields__ if name not in NO_FILTERS)


def _wanted_counts(asked: Asked) -> CountSpan:
    query: CountSpanQuery = asked.query
    return CountSpan(
        app_key=query.app_key,
        since=read_moment("since", query.since),
        until=read_moment("until", query.until),
    )


def _wanted_statement(asked: Asked) -> StatementSpan:
    query: StatementQuery = asked.query
    tenant_id = asked.caller.tenant_id or query.tenant_id
    if tenant_id is None:
        raise InvalidParameter("tenant_id", "says whose statement is meant")
    return StatementSpan(tenant_id=tenant_id, month=query.month)


LISTS: Mapping[ExportKind, ExportedList] = {
    ExportKind.RECORDS: ExportedList(Right.CALL_READ, RecordQuery, wanted_records),
    ExportKind.MESSAGES: ExportedList(Right.MESSAGE_READ, MessageQuery, wanted_messages),
    ExportKind.BINDINGS: ExportedList(Right.BINDING_READ, BindingQuery, wanted_bindings),
    ExportKind.ENDED_BINDINGS: ExportedList(Right.BINDING_READ, EndedBindingQuery, wanted_ended),
    ExportKind.NUMBERS: ExportedList(Right.NUMBER_READ, NumberQuery, wanted_numbers),
    ExportKind.STATISTICS: ExportedList(Right.STATISTICS_READ, CountSpanQuery, _wanted_counts),
    ExportKind.PUSHES: ExportedList(Right.PUSH_READ, PushQuery, wanted_pushes),
    ExportKind.LEDGER: ExportedList(Right.MONEY_READ, PostingQuery, wanted_postings),
    ExportKind.STATEMENT: ExportedList(Right.MONEY_READ, StatementQuery, _wanted_statement),
}

Open = Callable[[Struct, Caller], Struct]
"""A query with the number itself in place of its `who`."""


def read_filter(
    kind: ExportKind, given: Mapping[str, FilterValue], asked: Asked, open_who: Open
) -> Wanted:
    """Which rows a filter means. Raises Problem, InvalidParameter; fields begin with `filter.`.

    The `kind` is refused to who may not see the list.
    """
    known = LISTS[kind]
    if not asked.caller.may(known.right):
        raise InvalidParameter("kind", f"{kind} need the right {known.right}")
    for name in given:
        if name not in known.filters:
            listed = ", ".join(known.filters)
            raise InvalidParameter(f"filter.{name}", f"is not known here; known are {listed}")
    given = {name: value for name, value in given.items() if value is not None}
    try:
        query = msgspec.convert(given, known.query, strict=False)
    except msgspec.ValidationError as error:
        raise invalid_field(error, "filter") from error
    app_key: str | None = getattr(query, "app_key", None)
    if asked.app_keys is not None and app_key is not None and app_key not in asked.app_keys:
        raise InvalidParameter("filter.app_key", f"there is no application {app_key}")
    tenant_id: str | None = getattr(query, "tenant_id", None)
    if asked.caller.tenant_id is not None and tenant_id not in {None, asked.caller.tenant_id}:
        raise InvalidParameter("filter.tenant_id", f"there is no tenant {tenant_id}")
    try:
        query = open_who(query, asked.caller)
        return known.wanted(replace(asked, query=query, app_keys=None))
    except InvalidParameter as error:
        raise InvalidParameter(f"filter.{error.parameter}", error.detail) from error
