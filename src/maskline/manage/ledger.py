"""Endpoints of the ledger: its lines, what stands on each account, and statements of a month."""

from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from msgspec import Meta, Struct

from maskline.domain.access import Right
from maskline.domain.error import InvalidParameter
from maskline.domain.ledger import Account, Posting, PostingKind
from maskline.manage.endpoint import Asked, Endpoint
from maskline.manage.query import ListQuery, read_moment, read_party
from maskline.manage.view import Items, copied, view_items
from maskline.services.billing.period import month_end, month_of, month_start
from maskline.services.billing.store import BillingStore, PostingFilter, StatementLine
from maskline.services.clock import Clock

MAX_LINES = 100_000
"""Of a statement that are summed up."""

MAX_SHOWN = 2_000
"""Of them that are shown; an export has all."""

Month = Annotated[str, Meta(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")]


class PostingQuery(ListQuery, frozen=True, kw_only=True):
    """Lines of the ledger, newest first; `since` and `until` bound when they were posted.

    `x` is the virtual number that was used.
    """

    tenant_id: str | None = None
    kind: PostingKind | None = None
    app_key: str | None = None
    x: str | None = None
    since: datetime | None = None
    until: datetime | None = None


class LineView(Struct, frozen=True, kw_only=True):
    """So much is added to an account. `prepaid` is what we owe the tenant: its balance."""

    account: Account
    amount: int


class PostingView(Struct, frozen=True, kw_only=True):
    """What was charged or paid. `amount` is what it adds to the balance, in the minor unit.

    `lines` are both sides, which add up to 0; there are none where packages covered everything, or
    it was free. `source` says what it is for, such as `call:SESSION`, and is there once. `units`
    are minutes, parts of messages, months or GB, of which packages covered `covered`; `price` is
    that of a unit.
    """

    posting_id: str
    tenant_id: str
    kind: PostingKind
    source: str
    at: datetime
    used_at: datetime
    app_key: str
    x: str
    units: int
    covered: int
    price: int
    amount: int
    lines: tuple[LineView, ...]
    note: str
    created_by: str


class SumQuery(Struct, frozen=True, kw_only=True):
    """Of one tenant, or of all for who runs the platform."""

    tenant_id: str | None = None


class SumsView(Struct, frozen=True, kw_only=True):
    """What stands on each account of the ledger; all together they are 0."""

    items: tuple[LineView, ...]
    total: int


class StatementQuery(Struct, frozen=True, kw_only=True):
    """A month of the zone of the platform, the present one unless it is given."""

    tenant_id: str | None = None
    month: Month | None = None


class StatementLineView(Struct, frozen=True, kw_only=True):
    """What one number of an application cost, of one kind; "" where there is neither."""

    app_key: str
    x: str
    kind: PostingKind
    postings: int
    units: int
    covered: int
    amount: int


class KindSumView(Struct, frozen=True, kw_only=True):
    """The sum of a kind."""

    kind: PostingKind
    postings: int
    units: int
    covered: int
    amount: int


class StatementView(Struct, frozen=True, kw_only=True):
    """What was used in a month, whenever it was charged, from `since` up to before `until`.

    `charged` is what it cost, `paid` what came in and was corrected. `lines` are the first 2,000,
    by application and number; with `is_cut` there are more, and an export has them. `sums` are of
    all.
    """

    tenant_id: str
    month: str
    since: datetime
    until: datetime
    charged: int
    paid: int
    sums: tuple[KindSumView, ...]
    lines: tuple[StatementLineView, ...]
    is_cut: bool


PAID = frozenset({PostingKind.TOP_UP, PostingKind.ADJUSTMENT})


class LedgerEndpoints:
    """Only reads: what is posted stays as it is."""

    def __init__(self, store: BillingStore, clock: Clock, zone: ZoneInfo) -> None:
        self._store = store
        self._clock = clock
        self._zone = zone

    def endpoints(self) -> tuple[Endpoint, ...]:
        """All of them."""
        return (
            Endpoint(
                method="GET",
                path="/postings",
                summary="Lines of the ledger, newest first",
                run=self.list_postings,
                right=Right.MONEY_READ,
                query=PostingQuery,
                answer=Items[PostingView],
            ),
            Endpoint(
                method="GET",
                path="/ledger-sums",
                summary="What stands on each account of the ledger",
                run=self.show_ledger_sums,
                right=Right.MONEY_READ,
                query=SumQuery,
                answer=SumsView,
            ),
            Endpoint(
                method="GET",
                path="/statements",
                summary="What a month cost, by application, number and kind",
                run=self.show_statement,
                right=Right.MONEY_READ,
                query=StatementQuery,
                answer=StatementView,
            ),
        )

    async def list_postings(self, asked: Asked) -> Items[PostingView]:
        """Lines of the ledger, newest first."""
        query: PostingQuery = asked.query
        return view_items(
            await self._store.postings(wanted_postings(asked), query.page), view_posting
        )

    async def show_ledger_sums(self, asked: Asked) -> SumsView:
        """What stands on each account of the ledger."""
        sums = await self._store.ledger_sums(asked.query.tenant_id)
        items = tuple(LineView(account=one, amount=sums[one]) for one in Account if one in sums)
        return SumsView(items=items, total=sum(sums.values()))

    async def show_statement(self, asked: Asked) -> StatementView:
        """What a month cost."""
        query: StatementQuery = asked.query
        if query.tenant_id is None:
            raise InvalidParameter("tenant_id", "says whose statement is meant")
        month = query.month or month_of(self._clock.now(), self._zone)
        since, until = month_start(month, self._zone), month_end(month, self._zone)
        lines = await self._store.statement(query.tenant_id, since, until, MAX_LINES)
        sums = sums_by_kind(lines)
        return StatementView(
            tenant_id=query.tenant_id,
            month=month,
            since=since,
            until=until,
            charged=-sum(one.amount for one in sums if one.kind not in PAID),
            paid=sum(one.amount for one in sums if one.kind in PAID),
            sums=sums,
            lines=tuple(copied(StatementLineView, line) for line in lines[:MAX_SHOWN]),
            is_cut=len(lines) > MAX_SHOWN,
        )


def sums_by_kind(lines: tuple[StatementLine, ...]) -> tuple[KindSumView, ...]:
    """Lines of a statement added up, by kind."""
    return tuple(
        KindSumView(
            kind=kind,
            postings=sum(line.postings for line in of_kind),
            units=sum(line.units for line in of_kind),
            covered=sum(line.covered for line in of_kind),
            amount=sum(line.amount for line in of_kind),
        )
        for kind in PostingKind
        if (of_kind := [line for line in lines if line.kind is kind])
    )


def wanted_postings(asked: Asked) -> PostingFilter:
    """The postings that a query asks for. Raises InvalidParameter."""
    query: PostingQuery = asked.query
    return PostingFilter(
        tenant_id=query.tenant_id,
        kind=query.kind,
        app_key=query.app_key,
        x=read_party("x", query.x),
        since=read_moment("since", query.since),
        until=read_moment("until", query.until),
    )


def view_posting(posting: Posting) -> PostingView:
    """A posting as it is shown."""
    lines = tuple(LineView(account=line.account, amount=line.amount) for line in posting.lines)
    return copied(PostingView, posting, lines=lines)
