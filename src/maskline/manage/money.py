"""Endpoints of how tenants stand: balances, what is agreed, and money that came in."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import UNSET, Struct

from maskline.domain.access import Caller, Right
from maskline.domain.application import Tenant
from maskline.domain.error import InvalidParameter
from maskline.domain.ledger import MoneyAccount
from maskline.manage.endpoint import Asked, Endpoint
from maskline.manage.ledger import PostingView, view_posting
from maskline.manage.query import ListQuery
from maskline.manage.view import Items, copied
from maskline.services.billing.desk import BillingDesk, DeskStore
from maskline.services.billing.outlook import outlook_of
from maskline.services.billing.request import Adjustment, MoneyTerms, TopUp
from maskline.services.clock import Clock

ACCOUNT = "/money/accounts/{tenant_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyTold:
    """What the settings say of money, for everybody who sees an account."""

    currency: str
    is_charging: bool
    how_to_pay: str
    release_after: timedelta


class AccountQuery(ListQuery, frozen=True, kw_only=True):
    """How tenants stand, by tenant; `is_in_arrears` leaves the others out."""

    tenant_id: str | None = None
    is_in_arrears: bool | None = None


class AccountView(Struct, frozen=True, kw_only=True):
    """How a tenant stands; amounts are in the minor unit of `currency`.

    Service stops when the balance falls below `-credit`: it is in arrears since then, until the
    balance is 0 or more, and loses its numbers at `release_at`. Below `alert_below` somebody is
    told; `alerted_at` is when that was.
    """

    tenant_id: str
    name: str
    currency: str
    balance: int
    credit: int
    alert_below: int | None
    alerted_at: datetime | None
    arrears_since: datetime | None
    release_at: datetime | None
    released_at: datetime | None


class AccountOutlookView(AccountView, frozen=True, kw_only=True):
    """How a tenant stands, and for how long.

    `daily_use` is the mean of the last week with a day of this month's rent, `days_left` how many
    days of that the balance and the credit reach for: null when nothing is used.
    """

    daily_use: int
    days_left: int | None
    is_charging: bool
    how_to_pay: str


class MoneyEndpoints:
    """Reads accounts, and acts through the desk."""

    def __init__(
        self, store: DeskStore, desk: BillingDesk, clock: Clock, zone: ZoneInfo, told: MoneyTold
    ) -> None:
        self._store = store
        self._desk = desk
        self._clock = clock
        self._zone = zone
        self._told = told

    def endpoints(self) -> tuple[Endpoint, ...]:
        """All of them."""
        return (*self._accounts(), *self._bookings())

    def _accounts(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint(
                method="GET",
                path="/money/accounts",
                summary="How tenants stand",
                run=self.list_money_accounts,
                right=Right.MONEY_READ,
                query=AccountQuery,
                answer=Items[AccountView],
            ),
            Endpoint(
                method="GET",
                path=ACCOUNT,
                summary="How a tenant stands, and how long its balance lasts",
                run=self.show_money_account,
                right=Right.MONEY_READ,
                answer=AccountOutlookView,
                refusals=(404,),
            ),
            Endpoint(
                method="PATCH",
                path=ACCOUNT,
                summary="Set how much a tenant may owe, and at which balance it is told",
                run=self.change_money_account,
                right=Right.MONEY_WRITE,
                or_right=Right.MONEY_TOP_UP,
                body=MoneyTerms,
                answer=AccountOutlookView,
                refusals=(404,),
            ),
        )

    def _bookings(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint(
                method="POST",
                path="/top-ups",
                summary="Book money that came in; the same reference books it once",
                run=self.top_up,
                right=Right.MONEY_WRITE,
                body=TopUp,
                answer=PostingView,
                status=201,
                refusals=(404, 409),
            ),
            Endpoint(
                method="POST",
                path="/adjustments",
                summary="Correct a balance, with a reason; the same reference corrects it once",
                run=self.adjust_balance,
                right=Right.MONEY_WRITE,
                body=Adjustment,
                answer=PostingView,
                status=201,
                refusals=(404, 409),
            ),
        )

    async def list_money_accounts(self, asked: Asked) -> Items[AccountView]:
        """How tenants stand."""
        query: AccountQuery = asked.query
        if query.tenant_id is not None:
            tenant = await self._desk.tenant(query.tenant_id)
            rows, behind = (tenant,), None
        else:
            found = await self._store.tenants(query.page)
            rows, behind = found.rows, found.next
        accounts = [await self._store.money_account(one.tenant_id) for one in rows]
        items = tuple(
            self._view(tenant, account)
            for tenant, account in zip(rows, accounts, strict=True)
            if query.is_in_arrears in {None, account.arrears_since is not None}
        )
        return Items(items=items, next=None if behind is None else behind.text)

    async def show_money_account(self, asked: Asked) -> AccountOutlookView:
        """How a tenant stands, and how long its balance lasts."""
        return await self._outlook(asked.path["tenant_id"])

    async def change_money_account(self, asked: Asked) -> AccountOutlookView:
        """Set how much a tenant may owe, and at which balance it is told."""
        terms: MoneyTerms = asked.body
        _check_terms(terms, asked.caller)
        tenant_id = asked.path["tenant_id"]
        await self._desk.set_terms(tenant_id, terms)
        return await self._outlook(tenant_id)

    async def top_up(self, asked: Asked) -> PostingView:
        """Book money that came in."""
        return view_posting(await self._desk.top_up(asked.body, asked.caller))

    async def adjust_balance(self, asked: Asked) -> PostingView:
        """Correct a balance."""
        return view_posting(await self._desk.adjust(asked.body, asked.caller))

    async def _outlook(self, tenant_id: str) -> AccountOutlookView:
        tenant = await self._desk.tenant(tenant_id)
        account = await self._store.money_account(tenant_id)
        now = self._clock.now()
        outlook = await outlook_of(self._store, tenant, account, now, self._zone)
        shown = self._view(tenant, account)
        return AccountOutlookView(
            **{name: getattr(shown, name) for name in shown.__struct_fields__},
            daily_use=outlook.daily_use,
            days_left=outlook.days_left,
            is_charging=self._told.is_charging,
            how_to_pay=self._told.how_to_pay,
        )

    def _view(self, tenant: Tenant, account: MoneyAccount) -> AccountView:
        since = account.arrears_since
        is_waiting = since is not None and account.released_at is None
        return copied(
            AccountView,
            account,
            name=tenant.name,
            currency=self._told.currency,
            release_at=since + self._told.release_after if since and is_waiting else None,
        )


def _check_terms(terms: MoneyTerms, caller: Caller) -> None:
    if terms.credit is not UNSET and not caller.may(Right.MONEY_WRITE):
        raise InvalidParameter("credit", "is agreed with who runs the platform, who sets it")
