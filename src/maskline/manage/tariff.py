"""Endpoints of what things cost."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal

from msgspec import Struct

from maskline.domain.access import Right
from maskline.domain.tariff import Tariff
from maskline.manage.endpoint import Asked, Endpoint
from maskline.manage.query import ListQuery
from maskline.manage.view import Items, copied, view_items
from maskline.services.billing.desk import BillingDesk
from maskline.services.billing.request import NewTariff
from maskline.services.billing.store import BillingStore
from maskline.services.clock import Clock
from maskline.services.list_order import TARIFFS
from maskline.services.page import Key, page_of

TariffState = Literal["coming", "current", "over"]


class TariffQuery(ListQuery, frozen=True, kw_only=True):
    """Tariffs, the latest `valid_from` first; with `tenant_id` those that can count for it."""

    tenant_id: str | None = None


class TariffView(Struct, frozen=True, kw_only=True):
    """Prices from `valid_from` on, in the minor unit of the currency; 0 is free.

    `tenant_id` null is everybody who has no tariff of his own. Rents are for a number and a month,
    `call_minute` for each started minute, messages for each part, `storage` for a month and each
    started GB of recordings. `state` is `current` until another begins for the same tenants.
    """

    tariff_id: str
    tenant_id: str | None
    valid_from: datetime
    state: TariffState
    carrier_rent: int
    virtual_operator_rent: int
    call_minute: int
    carrier_message: int
    virtual_operator_message: int
    storage: int
    note: str
    created_by: str
    created_at: datetime


class TariffEndpoints:
    """Reads tariffs, and adds them through the desk; nobody changes one."""

    def __init__(self, store: BillingStore, desk: BillingDesk, clock: Clock) -> None:
        self._store = store
        self._desk = desk
        self._clock = clock

    def endpoints(self) -> tuple[Endpoint, ...]:
        """All of them."""
        return (
            Endpoint(
                method="GET",
                path="/tariffs",
                summary="What things cost and from when, the latest first",
                run=self.list_tariffs,
                right=Right.MONEY_READ,
                query=TariffQuery,
                answer=Items[TariffView],
            ),
            Endpoint(
                method="POST",
                path="/tariffs",
                summary="Set prices from a moment on, of one tenant or everybody",
                run=self.add_tariff,
                right=Right.MONEY_WRITE,
                body=NewTariff,
                answer=TariffView,
                status=201,
                refusals=(404, 409),
            ),
        )

    async def list_tariffs(self, asked: Asked) -> Items[TariffView]:
        """What things cost and from when."""
        query: TariffQuery = asked.query
        found = await self._store.tariffs()
        tenant_id = query.tenant_id
        shown = [one for one in found if tenant_id is None or one.tenant_id in {None, tenant_id}]
        now = self._clock.now()
        listing = page_of(shown, TARIFFS, _place, query.page)
        return view_items(listing, lambda one: view_tariff(one, found, now))

    async def add_tariff(self, asked: Asked) -> TariffView:
        """Set prices from a moment on."""
        tariff = await self._desk.add_tariff(asked.body, asked.caller)
        return view_tariff(tariff, await self._store.tariffs(), self._clock.now())


def view_tariff(tariff: Tariff, others: Sequence[Tariff], now: datetime) -> TariffView:
    """A tariff as it is shown, among all there are."""
    prices = tariff.prices
    return copied(
        TariffView,
        tariff,
        state=_state(tariff, others, now),
        **{name: getattr(prices, name) for name in prices.__slots__},
    )


def _state(tariff: Tariff, others: Sequence[Tariff], now: datetime) -> TariffState:
    if tariff.valid_from > now:
        return "coming"
    later = [
        one
        for one in others
        if one.tenant_id == tariff.tenant_id
        and one.valid_from <= now
        and _order(one) > _order(tariff)
    ]
    return "over" if later else "current"


def _order(tariff: Tariff) -> tuple[datetime, datetime, str]:
    return tariff.valid_from, tariff.created_at, tariff.tariff_id


def _place(tariff: Tariff) -> Key:
    return moment_key(tariff.valid_from), f"{moment_key(tariff.created_at)} {tariff.tariff_id}"


def moment_key(moment: datetime) -> str:
    """A moment as lists are ordered by it."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
