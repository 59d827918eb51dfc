"""Endpoints of packages: what is sold, and what tenants have bought."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from maskline.domain.access import Right
from maskline.domain.error import InvalidParameter
from maskline.domain.package import PackageOffer, PackagePurchase
from maskline.manage.endpoint import Asked, Endpoint
from maskline.manage.query import ListQuery
from maskline.manage.tariff import moment_key
from maskline.manage.view import Items, copied, view_items
from maskline.services.billing.desk import BillingDesk
from maskline.services.billing.request import NewPackage, NewPurchase, PackageChange
from maskline.services.billing.store import BillingStore
from maskline.services.clock import Clock
from maskline.services.list_order import PACKAGES, PURCHASES
from maskline.services.page import page_of


class PackageQuery(ListQuery, frozen=True, kw_only=True):
    """Packages, newest first; tenants see those that are sold."""

    is_sold: bool | None = None


class PackageView(Struct, frozen=True, kw_only=True):
    """Minutes and messages for a year, in advance. `price` is in the minor unit of the currency."""

    package_id: str
    name: str
    price: int
    minutes: int
    messages: int
    is_sold: bool
    created_at: datetime


class PurchaseQuery(ListQuery, frozen=True, kw_only=True):
    """Packages that a tenant has bought and that are not over, the latest first.

    Who runs the platform names the tenant.
    """

    tenant_id: str | None = None


class PurchaseView(Struct, frozen=True, kw_only=True):
    """A package that was bought. It counts from the next full hour, `valid_from`, for a year.

    `state` is `coming`, `current`, `used` when nothing is left, or `over`.
    """

    purchase_id: str
    tenant_id: str
    package_id: str
    name: str
    price: int
    bought_at: datetime
    valid_from: datetime
    valid_until: datetime
    state: Literal["coming", "current", "used", "over"]
    minutes: int
    minutes_left: int
    messages: int
    messages_left: int


class PackageEndpoints:
    """Reads packages, and acts through the desk."""

    def __init__(self, store: BillingStore, desk: BillingDesk, clock: Clock) -> None:
        self._store = store
        self._desk = desk
        self._clock = clock

    def endpoints(self) -> tuple[Endpoint, ...]:
        """All of them."""
        return (*self._offers(), *self._purchases())

    def _offers(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint(
                method="GET",
                path="/packages",
                summary="Packages that can be bought, newest first",
                run=self.list_packages,
                right=Right.MONEY_READ,
                query=PackageQuery,
                answer=Items[PackageView],
            ),
            Endpoint(
                method="POST",
                path="/packages",
                summary="Sell a package",
                run=self.add_package,
                right=Right.MONEY_WRITE,
                body=NewPackage,
                answer=PackageView,
                status=201,
                refusals=(409,),
            ),
            Endpoint(
                method="GET",
                path="/packages/{package_id}",
                summary="One package",
                run=self.show_package,
                right=Right.MONEY_WRITE,
                answer=PackageView,
                refusals=(404,),
            ),
            Endpoint(
                method="PATCH",
                path="/packages/{package_id}",
                summary="Rename a package, or sell it no more; what was bought stays as it is",
                run=self.change_package,
                right=Right.MONEY_WRITE,
                body=PackageChange,
                answer=PackageView,
                refusals=(404,),
            ),
        )

    def _purchases(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint(
                method="GET",
                path="/package-purchases",
                summary="Packages that a tenant has bought, with what is left of them",
                run=self.list_package_purchases,
                right=Right.MONEY_READ,
                query=PurchaseQuery,
                answer=Items[PurchaseView],
            ),
            Endpoint(
                method="POST",
                path="/package-purchases",
                summary="Buy a package out of the balance",
                run=self.buy_package,
                right=Right.MONEY_TOP_UP,
                body=NewPurchase,
                answer=PurchaseView,
                status=201,
                refusals=(404, 409),
            ),
        )

    async def list_packages(self, asked: Asked) -> Items[PackageView]:
        """Packages that can be bought."""
        query: PackageQuery = asked.query
        is_sold = query.is_sold if asked.caller.tenant_id is None else True
        found = await self._store.package_offers()
        shown = [one for one in found if is_sold in {None, one.is_sold}]
        page = page_of(
            shown, PACKAGES, lambda one: (moment_key(one.created_at), one.offer_id), query.page
        )
        return view_items(page, view_package)

    async def add_package(self, asked: Asked) -> PackageView:
        """Sell a package."""
        return view_package(await self._desk.add_package(asked.body))

    async def show_package(self, asked: Asked) -> PackageView:
        """One package."""
        return view_package(await self._desk.package(asked.path["package_id"]))

    async def change_package(self, asked: Asked) -> PackageView:
        """Rename a package, or sell it no more."""
        return view_package(await self._desk.change_package(asked.path["package_id"], asked.body))

    async def list_package_purchases(self, asked: Asked) -> Items[PurchaseView]:
        """Packages that a tenant has bought."""
        query: PurchaseQuery = asked.query
        now = self._clock.now()
        found = await self._store.purchases(_named(query.tenant_id), now)
        page = page_of(
            found, PURCHASES, lambda one: (moment_key(one.bought_at), one.purchase_id), query.page
        )
        return view_items(page, lambda one: view_purchase(one, now))

    async def buy_package(self, asked: Asked) -> PurchaseView:
        """Buy a package out of the balance."""
        form: NewPurchase = asked.body
        purchase = await self._desk.buy(form, _named(form.tenant_id), asked.caller)
        return view_purchase(purchase, self._clock.now())


def view_package(offer: PackageOffer) -> PackageView:
    """A package as it is shown."""
    return copied(PackageView, offer, package_id=offer.offer_id)


def view_purchase(purchase: PackagePurchase, now: datetime) -> PurchaseView:
    """What was bought as it is shown."""
    state: Literal["coming", "current", "used", "over"] = "current"
    if now < purchase.valid_from:
        state = "coming"
    elif now >= purchase.valid_until:
        state = "over"
    elif not purchase.minutes_left and not purchase.messages_left:
        state = "used"
    return copied(PurchaseView, purchase, package_id=purchase.offer_id, state=state)


def _named(tenant_id: str | None) -> str:
    if tenant_id is None:
        raise InvalidParameter("tenant_id", "says whose packages are meant")
    return tenant_id
