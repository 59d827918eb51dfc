"""What an export holds: the lists it reads, page by page, and the columns of their rows."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, TypeAlias, get_args

from maskline.domain.binding import AxbBinding, YbBinding
from maskline.domain.ledger import Account
from maskline.domain.tally import SUMS
from maskline.services.billing.store import BillingStore, PostingFilter, StatementSpan
from maskline.services.count_figure import figures_of
from maskline.services.count_question import Counted, Kind, Question
from maskline.services.ended_binding_store import EndedBindingStore, EndedFilter
from maskline.services.list_filter import BindingFilter, NumberFilter
from maskline.services.message_store import MessageFilter, MessageStore
from maskline.services.page import Listing, Page
from maskline.services.push_store import PushFilter, PushStore
from maskline.services.store import (
    BindingStore,
    CallStore,
    DirectoryStore,
    RecordFilter,
)
from maskline.services.tally_store import TallyStore

PAGE = 500


class ExportKind(StrEnum):
    """Which list is exported."""

    RECORDS = "records"
    MESSAGES = "messages"
    BINDINGS = "bindings"
    ENDED_BINDINGS = "ended_bindings"
    NUMBERS = "numbers"
    STATISTICS = "statistics"
    PUSHES = "pushes"
    LEDGER = "ledger"
    STATEMENT = "statement"


@dataclass(frozen=True, slots=True, kw_only=True)
class CountSpan:
    """Which counts: of one application or all, within a time; None does not restrict."""

    app_key: str | None = None
    app_keys: tuple[str, ...] | None = None
    since: datetime | None = None
    until: datetime | None = None


ListFilter: TypeAlias = (
    RecordFilter
    | MessageFilter
    | BindingFilter
    | EndedFilter
    | NumberFilter
    | PushFilter
    | PostingFilter
)
Wanted: TypeAlias = ListFilter | CountSpan | StatementSpan

FILTERS: Mapping[ExportKind, type[Wanted]] = {
    ExportKind.RECORDS: RecordFilter,
    ExportKind.MESSAGES: MessageFilter,
    ExportKind.BINDINGS: BindingFilter,
    ExportKind.ENDED_BINDINGS: EndedFilter,
    ExportKind.NUMBERS: NumberFilter,
    ExportKind.STATISTICS: CountSpan,
    ExportKind.PUSHES: PushFilter,
    ExportKind.LEDGER: PostingFilter,
    ExportKind.STATEMENT: StatementSpan,
}
"""What says which rows of a kind are meant: what the list of that kind is asked for by."""


class ExportStore(
    DirectoryStore,
    BindingStore,
    EndedBindingStore,
    CallStore,
    MessageStore,
    PushStore,
    TallyStore,
    BillingStore,
    Protocol,
):
    """What exports read."""


@dataclass(frozen=True, slots=True)
class RealNumber:
    """A value that is shown in full only where that was asked for."""

    number: str | None


Cell: TypeAlias = str | int | float | bool | datetime | RealNumber | None
Column: TypeAlias = Callable[[Any], Cell]

RECORD_COLUMNS: Mapping[str, Column] = {
    "session_id": lambda row: row.call.session_id,
    "app_key": lambda row: row.call.app_key,
    "mode": lambda row: row.call.mode,
    "x": lambda row: row.call.x,
    "caller": lambda row: RealNumber(row.call.caller),
    "callee": lambda row: RealNumber(row.call.callee),
    "caller_role": lambda row: row.call.role,
    "arrived_at": lambda row: row.call.arrived_at,
    "alerted_at": lambda row: row.call.alerted_at,
    "answered_at": lambda row: row.call.answered_at,
    "ended_at": lambda row: row.end.at,
    "talk_time_s": lambda row: row.talk_time_s,
    "release_code": lambda row: row.end.release.value,
    "release_text": lambda row: row.end.release.text,
    "sip_status": lambda row: row.end.sip_status,
    "hung_up_by": lambda row: row.end.hung_up_by.name.lower() if row.end.hung_up_by else None,
    "recorded_s": lambda row: row.end.recorded_s,
    "binding_id": lambda row: row.call.binding_id,
}
MESSAGE_COLUMNS: Mapping[str, Column] = {
    "message_id": lambda row: row.message_id,
    "app_key": lambda row: row.app_key,
    "mode": lambda row: row.mode,
    "x": lambda row: row.x,
    "sender": lambda row: RealNumber(row.sender),
    "receiver": lambda row: RealNumber(row.receiver),
    "state": lambda row: row.state,
    "result": lambda row: None if row.result is None else int(row.result),
    "parts": lambda row: row.total,
    "came_at": lambda row: row.came_at,
    "done_at": lambda row: row.done_at,
    "binding_id": lambda row: row.binding_id,
}
BINDING_COLUMNS: Mapping[str, Column] = {
    "binding_id": lambda row: row.binding_id,
    "app_key": lambda row: row.app_key,
    "x": lambda row: row.x,
    "a": lambda row: RealNumber(row.a),
    "b": lambda row: RealNumber(row.b) if isinstance(row, AxbBinding | YbBinding) else None,
    "created_at": lambda row: row.created_at,
    "expires_at": lambda row: row.expires_at,
}


def _of_binding(column: Column) -> Column:
    return lambda row: column(row.binding)


ENDED_COLUMNS: Mapping[str, Column] = {
    **{name: _of_binding(column) for name, column in BINDING_COLUMNS.items()},
    "ended_at": lambda row: row.ended_at,
    "cause": lambda row: row.cause,
}
NUMBER_COLUMNS: Mapping[str, Column] = {
    "number": lambda row: row.number,
    "app_key": lambda row: row.app_key,
    "area_code": lambda row: row.area_code,
    "state": lambda row: row.state,
    "kind": lambda row: row.kind,
    "may_message": lambda row: row.may_message,
    "bindings": lambda row: row.pairs,
    "note": lambda row: row.note,
    "tags": lambda row: " ".join(row.tags),
    "created_at": lambda row: row.created_at,
}


def _named(name: str) -> Column:
    return lambda row: row.get(name)


COUNT_NAMES: Mapping[Kind, tuple[str, ...]] = {
    kind: ("key", *figures_of(kind, Counted("", (1,) * SUMS))) for kind in get_args(Kind)
}
COUNT_COLUMNS: Mapping[str, Column] = {
    name: _named(name) for names in COUNT_NAMES.values() for name in names
}


def _of_accepted(column: Column) -> Column:
    return lambda row: None if row.accepted is None else column(row.accepted)


PUSH_COLUMNS: Mapping[str, Column] = {
    "push_id": lambda row: row.push_id,
    "notice_id": lambda row: row.notice.notice_id,
    "app_key": lambda row: row.notice.app_key,
    "purpose": lambda row: row.notice.purpose,
    "about": lambda row: row.notice.stream,
    "state": lambda row: row.state,
    "attempts": lambda row: row.attempts,
    "created_at": lambda row: row.notice.created_at,
    "delivered_at": lambda row: row.delivered_at,
    "due_at": lambda row: row.due_at,
    "error": lambda row: row.error,
    "url": _of_accepted(lambda accepted: accepted.url),
    "status": _of_accepted(lambda accepted: accepted.status),
    "took_ms": _of_accepted(lambda accepted: round(accepted.took_s * 1_000, 1)),
}

POSTING_COLUMNS: Mapping[str, Column] = {
    "posting_id": lambda row: row.posting_id,
    "tenant_id": lambda row: row.tenant_id,
    "at": lambda row: row.at,
    "used_at": lambda row: row.used_at,
    "kind": lambda row: row.kind,
    "source": lambda row: row.source,
    "app_key": lambda row: row.app_key,
    "x": lambda row: row.x,
    "units": lambda row: row.units,
    "covered": lambda row: row.covered,
    "price": lambda row: row.price,
    "amount": lambda row: row.amount,
    "other_account": lambda row: next(
        (line.account for line in row.lines if line.account is not Account.PREPAID), None
    ),
    "note": lambda row: row.note,
    "created_by": lambda row: row.created_by,
}
STATEMENT_COLUMNS: Mapping[str, Column] = {
    "app_key": lambda row: row.app_key,
    "x": lambda row: row.x,
    "kind": lambda row: row.kind,
    "postings": lambda row: row.postings,
    "units": lambda row: row.units,
    "covered": lambda row: row.covered,
    "amount": lambda row: row.amount,
}

COLUMNS: Mapping[ExportKind, Mapping[str, Column]] = {
    ExportKind.RECORDS: RECORD_COLUMNS,
    ExportKind.MESSAGES: MESSAGE_COLUMNS,
    ExportKind.BINDINGS: BINDING_COLUMNS,
    ExportKind.ENDED_BINDINGS: ENDED_COLUMNS,
    ExportKind.NUMBERS: NUMBER_COLUMNS,
    ExportKind.STATISTICS: COUNT_COLUMNS,
    ExportKind.PUSHES: PUSH_COLUMNS,
    ExportKind.LEDGER: POSTING_COLUMNS,
    ExportKind.STATEMENT: STATEMENT_COLUMNS,
}
"""The columns of each kind, in the order in which they stand.

Texts of messages and bodies of pushes are in none. `url`, `status`, `took_ms` are those of the try
that delivered a push. Amounts are in the minor unit of the currency.
"""


def usual_columns(kind: ExportKind, counted: Kind) -> tuple[str, ...]:
    """The columns where none were chosen; of counts those of what is counted."""
    return COUNT_NAMES[counted] if kind is ExportKind.STATISTICS else tuple(COLUMNS[kind])


def count_rows(question: Question, counts: Iterable[Counted]) -> tuple[Mapping[str, Cell], ...]:
    """Rows of counts; moments are such."""
    is_time = question.by == "time"
    return tuple(
        {
            "key": datetime.fromisoformat(one.key) if is_time else one.key,
            **figures_of(question.kind, one),
        }
        for one in counts
    )


async def read_pages(
    store: ExportStore, wanted: ListFilter, now: datetime
) -> AsyncGenerator[tuple[Any, ...]]:
    """The rows of a list, a page at a time. Raises StoreBusy, StoreFailed."""
    if isinstance(wanted, PushFilter):
        async for pushes in _read_pushes(store, wanted, now):
            yield pushes
        return
    fetch = _fetcher(store, wanted, now)
    page = Page(limit=PAGE)
    while True:
        found = await fetch(page)
        if found.rows:
            yield found.rows
        if found.next is None:
            return
        page = Page(limit=PAGE, after=found.next)


async def _read_pushes(
    store: ExportStore, wanted: PushFilter, now: datetime
) -> AsyncGenerator[tuple[Any, ...]]:
    found = replace(wanted, until=wanted.until or now)
    while rows := await store.pushes(found, PAGE):
        yield rows
        found = replace(found, below=rows[-1].sequence)


def _fetcher(
    store: ExportStore,
    wanted: RecordFilter
    | MessageFilter
    | BindingFilter
    | EndedFilter
    | NumberFilter
    | PostingFilter,
    now: datetime,
) -> Callable[[Page], Awaitable[Listing[Any]]]:
    # What happens while the export runs must not push rows from one page to the next.
    match wanted:
        case RecordFilter():
            records = replace(wanted, until=wanted.until or now)
            return lambda page: store.call_records(records, page)
        case MessageFilter():
            messages = replace(wanted, until=wanted.until or now)
            return lambda page: store.messages(messages, page)
        case EndedFilter():
            ended = replace(wanted, until=wanted.until or now)
            return lambda page: store.ended_bindings(ended, page)
        case PostingFilter():
            postings = replace(wanted, until=wanted.until or now)
            return lambda page: store.postings(postings, page)
        case BindingFilter():
            return lambda page: store.bindings(wanted, now, page)
        case NumberFilter():
            return lambda page: store.numbers(wanted, page)
