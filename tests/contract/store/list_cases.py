"""Lists that the console shows, with the rows that a page of ten may read out of 20,000."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from maskline.domain.binding import Role
from maskline.domain.notice import NoticeState
from maskline.domain.outcome_class import OutcomeClass
from maskline.domain.virtual_number import NumberState
from maskline.services.list_filter import BindingFilter, NumberFilter, RecordFilter
from maskline.services.notice_store import NoticeFilter
from maskline.services.page import Cursor, Page
from maskline.stores import list_filter as ask
from maskline.stores.keys import FixedKeys
from maskline.stores.list_sql import MAX_SCANNED, Statement
from maskline.stores.lists import Lists
from maskline.stores.sealing import Sealer

ROWS = 20_000
SERVED = 60
"""Rows that a page of ten may read where an index has the order and the filter."""
SCANNED = 2 * MAX_SCANNED + SERVED
"""Where none has: the rows that are looked through, and once more to see where that ended."""

_EARLY = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=ROWS // 2)

SEALER = Sealer(FixedKeys(), lambda _: None, lambda _: None)


class Case(NamedTuple):
    """A page far into a list."""

    name: str
    statements: list[Statement]
    most: int


def cases(lists: Lists, *, in_buckets: bool) -> Iterator[Case]:
    """The middle page of lists out of 100 applications, of which `app-0` has the even rows."""
    middle = Page(limit=10, after=Cursor("records", (ROWS // 2, ROWS // 2)))
    for name, record, most in (
        ("all", RecordFilter(), SERVED),
        ("application", RecordFilter(app_key="app-0"), SERVED),
        ("small application", RecordFilter(app_key="app-3"), SERVED),
        ("tenant", RecordFilter(app_keys=("app-1", "app-3", "app-5")), 3 * SERVED),
        ("number", RecordFilter(x="x-7"), SERVED),
        ("number of a tenant", RecordFilter(x="x-7", app_keys=("app-1",)), SCANNED),
        ("party", RecordFilter(party="+8613900000001"), SERVED),
        ("range", RecordFilter(since=_EARLY - timedelta(microseconds=99), until=_EARLY), SERVED),
        ("failed", RecordFilter(outcome=OutcomeClass.FAILED), 2 * SERVED),
        ("failed of a tenant", RecordFilter(outcome=OutcomeClass.FAILED, app_keys=("app-3",)), 120),
        ("rare", RecordFilter(caller_role=Role.B), SCANNED),
        (
            "rare of a tenant",
            RecordFilter(caller_role=Role.B, app_keys=("app-0", "app-1")),
            SCANNED,
        ),
    ):
        wanted = ask.wanted_records(record, SEALER)
        yield Case(f"records {name}", lists.records.page_statements(wanted, middle), most)
    for name, binding, most in (
        ("all", BindingFilter(newest_first=True), SERVED),
        ("application", BindingFilter(app_key="app-3", newest_first=True), SERVED),
        ("tenant", BindingFilter(app_keys=("app-1", "app-3"), newest_first=True), 3 * SERVED),
        ("mode", BindingFilter(mode="ax", newest_first=True), SCANNED),
    ):
        page = Page(limit=10, after=Cursor("newest_bindings", (ROWS // 2,)))
        wanted = ask.wanted_bindings(binding, 0, SEALER)
        statements = lists.newest_bindings.page_statements(wanted, page)
        yield Case(f"bindings {name}", statements, most)
    for name, number, most in (
        ("all", NumberFilter(), SERVED),
        ("application", NumberFilter(app_key="app-3"), SERVED),
        ("prefix", NumberFilter(prefix="+86170001", app_key="app-0"), SERVED),
        ("paused", NumberFilter(state=NumberState.PAUSED), SCANNED),
    ):
        wanted = ask.wanted_numbers(number)
        page = Page(limit=10, after=Cursor("numbers", ("+8617000100",)))
        yield Case(f"numbers {name}", lists.numbers.page_statements(wanted, page), most)
    dead = NoticeFilter(state=NoticeState.DEAD)
    of_tenant = NoticeFilter(state=NoticeState.DEAD, app_keys=("app-1", "app-3"))
    for name, notice, most in (("dead", dead, SERVED), ("dead of a tenant", of_tenant, 3 * SERVED)):
        wanted = ask.wanted_notices(notice, in_buckets=in_buckets)
        page = Page(limit=10, after=Cursor("notices", (ROWS // 2,)))
        yield Case(f"notices {name}", lists.notices.page_statements(wanted, page), most)
