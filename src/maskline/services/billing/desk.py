"""The verbs about money: prices, packages, what comes in, what a tenant may owe."""

from dataclasses import replace
from typing import Protocol

from msgspec import UNSET

from maskline.domain.access import Caller
from maskline.domain.application import Tenant
from maskline.domain.error import DuplicateRecord, InvalidParameter, TenantFull, UnknownRecord
from maskline.domain.ledger import MoneyAccount, Posting, PostingKind, lines_of
from maskline.domain.package import MAX_PURCHASES, PackageOffer, PackagePurchase, bought
from maskline.domain.tariff import Prices, Tariff
from maskline.services.billing.arrears import Arrears
from maskline.services.billing.request import (
    Adjustment,
    MoneyTerms,
    NewPackage,
    NewPurchase,
    NewTariff,
    PackageChange,
    TopUp,
)
from maskline.services.billing.store import BillingStore, Entry
from maskline.services.clock import Clock
from maskline.services.given import given_fields
from maskline.services.ids import Ids
from maskline.services.store import DirectoryStore

MAX_TARIFFS = 2_000
MAX_PACKAGES = 500


class DeskStore(BillingStore, DirectoryStore, Protocol):
    """What the desk reads and writes."""


class BillingDesk:
    """Verbs of the platform's people, and of tenants about their own money.

    All raise StoreBusy, StoreFailed; those that name a tenant UnknownRecord when there is none.
    """

    def __init__(self, store: DeskStore, arrears: Arrears, clock: Clock, ids: Ids) -> None:
        self._store = store
        self._arrears = arrears
        self._clock = clock
        self._ids = ids

    async def add_tariff(self, form: NewTariff, caller: Caller) -> Tariff:
        """Set prices from a moment on. Raises InvalidParameter: that has passed; TenantFull."""
        now = self._clock.now()
        valid_from = form.valid_from or now
        if valid_from < now:
            raise InvalidParameter("valid_from", "has passed: what was charged stays as it was")
        if form.tenant_id is not None:
            await self.tenant(form.tenant_id)
        if len(await self._store.tariffs()) >= MAX_TARIFFS:
            raise TenantFull(f"there are {MAX_TARIFFS} tariffs, as many as there may be")
        prices = Prices(**{name: getattr(form, name) for name in Prices.__slots__})
        tariff = Tariff(
            tariff_id=self._ids.uuid(),
            tenant_id=form.tenant_id,
            valid_from=valid_from,
            prices=prices,
            note=form.note,
            created_by=caller.name,
            created_at=now,
        )
        await self._store.add_tariff(tariff)
        return tariff

    async def add_package(self, form: NewPackage) -> PackageOffer:
        """Sell a package. Raises InvalidParameter: it is empty; TenantFull."""
        if not form.minutes and not form.messages:
            raise InvalidParameter("minutes", "a package has minutes, messages or both")
        if len(await self._store.package_offers()) >= MAX_PACKAGES:
            raise TenantFull(f"there are {MAX_PACKAGES} packages, as many as there may be")
        offer = PackageOffer(
            offer_id=self._ids.uuid(),
            name=form.name,
            price=form.price,
            minutes=form.minutes,
            messages=form.messages,
            created_at=self._clock.now(),
        )
        await self._store.save_package_offer(offer)
        return offer

    async def package(self, offer_id: str) -> PackageOffer:
        """One package, sold or not. Raises UnknownRecord."""
        for offer in await self._store.package_offers():
            if offer.offer_id == offer_id:
                return offer
        raise UnknownRecord(f"there is no package {offer_id}")

    async def change_package(self, offer_id: str, change: PackageChange) -> PackageOffer:
        """Rename a package, sell it no more, or again. Raises UnknownRecord."""
        offer = replace(await self.package(offer_id), **given_fields(change))
        await self._store.save_package_offer(offer)
        return offer

    async def buy(self, form: NewPurchase, tenant_id: str, caller: Caller) -> PackagePurchase:
        """Buy a package out of the balance; it counts from the next full hour on.

        Raises InvalidParameter: it is not sold, the tenant has no number (`spec/console.md` 5), or
        not the money; TenantFull.
        """
        await self.tenant(tenant_id)
        now = self._clock.now()
        offer = await self.package(form.package_id)
        account = await self._store.money_account(tenant_id)
        if not offer.is_sold:
            raise InvalidParameter("package_id", f"{offer.name} is not sold any more")
        if not await self._store.count_numbers(tenant_id):
            raise InvalidParameter("package_id", "packages need a virtual number; order one first")
        if account.arrears_since is not None or account.balance + account.credit < offer.price:
            raise InvalidParameter("package_id", "the balance does not reach; top it up first")
        if len(await self._store.purchases(tenant_id, now)) >= MAX_PURCHASES:
            raise TenantFull(f"a tenant has at most {MAX_PURCHASES} packages that are not over")
        purchase = bought(offer, tenant_id, self._ids.uuid(), now)
        posting = self._posting(
            PostingKind.PACKAGE,
            f"package:{purchase.purchase_id}",
            (tenant_id, -offer.price),
            offer.name,
            caller,
        )
        await self._store.post([Entry(posting=posting, purchase=purchase)])
        await self._arrears.settle(tenant_id)
        return purchase

    async def top_up(self, form: TopUp, caller: Caller) -> Posting:
        """Add what came in; who was in arrears is back at once when that makes up for it.

        The same payment once more changes nothing. Raises DuplicateRecord: the reference is of
        another one.
        """
        return await self._book(PostingKind.TOP_UP, form, caller)

    async def adjust(self, form: Adjustment, caller: Caller) -> Posting:
        """Correct a balance. Raises InvalidParameter: by nothing; DuplicateRecord as `top_up`."""
        if not form.amount:
            raise InvalidParameter("amount", "is not 0: nothing would change")
        return await self._book(PostingKind.ADJUSTMENT, form, caller)

    async def tenant(self, tenant_id: str) -> Tenant:
        """Whose money it is."""
        tenant = await self._store.tenant(tenant_id)
        if tenant is None:
            raise UnknownRecord(f"there is no tenant {tenant_id}")
        return tenant

    async def account(self, tenant_id: str) -> MoneyAccount:
        """How a tenant stands."""
        await self.tenant(tenant_id)
        return await self._store.money_account(tenant_id)

    async def set_terms(self, tenant_id: str, terms: MoneyTerms) -> MoneyAccount:
        """Set how much a tenant may owe, and at which balance somebody is told."""
        account = await self.account(tenant_id)
        credit = account.credit if terms.credit is UNSET else terms.credit
        alert = account.alert_below if terms.alert_below is UNSET else terms.alert_below
        await self._store.save_money_terms(tenant_id, credit, alert)
        await self._arrears.settle(tenant_id)
        return await self._store.money_account(tenant_id)

    async def _book(self, kind: PostingKind, form: TopUp | Adjustment, caller: Caller) -> Posting:
        await self.tenant(form.tenant_id)
        source = f"{kind.value}:{form.reference}"
        posting = self._posting(kind, source, (form.tenant_id, form.amount), form.note, caller)
        [is_new] = await self._store.post([Entry(posting=posting)])
        if not is_new:
            known = await self._store.posting_of(source)
            if known is None or (known.tenant_id, known.amount) != (form.tenant_id, form.amount):
                raise DuplicateRecord(f"a booking with reference {form.reference}")
            posting = known
        # Also of what was booked before: whoever booked it may have been cut off here.
        await self._arrears.settle(form.tenant_id)
        return posting

    def _posting(
        self, kind: PostingKind, source: str, owed: tuple[str, int], note: str, caller: Caller
    ) -> Posting:
        now = self._clock.now()
        return Posting(
            posting_id=self._ids.uuid(),
            tenant_id=owed[0],
            kind=kind,
            source=source,
            at=now,
            used_at=now,
            lines=lines_of(kind, owed[1]),
            note=note,
            created_by=caller.name,
        )
