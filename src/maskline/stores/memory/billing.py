from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from maskline.domain.call import CallRecord
from maskline.domain.charge_run import ChargeRun, RunKind, RunState
from maskline.domain.error import DuplicateRecord, QuotaMoved, RunTaken
from maskline.domain.ledger import Account, MoneyAccount, Posting, PostingKind, sums_of
from maskline.domain.message import Message, SendResult
from maskline.domain.outcome_class import OutcomeClass, class_of
from maskline.domain.package import PackageOffer, PackagePurchase
from maskline.domain.tariff import Tariff
from maskline.domain.virtual_number import VirtualNumber
from maskline.services.billing.store import (
    Behind,
    Entry,
    HeldNumber,
    PostingFilter,
    RunStep,
    StatementLine,
)
from maskline.services.list_order import POSTINGS
from maskline.services.page import Listing, Page, page_of
from maskline.stores.memory.table import Tables
from maskline.stores.moment import to_us

Row = TypeVar("Row")
_SENT = {SendResult.SUCCESS, SendResult.PARTLY_SENT}


class MemoryBilling:
    """`maskline.services.billing.store.BillingStore` on dicts."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def add_tariff(self, tariff: Tariff) -> None:
        """See the seam."""
        if tariff.tariff_id in self._tables.tariffs:
            raise DuplicateRecord(tariff.tariff_id)
        self._tables.tariffs[tariff.tariff_id] = tariff

    async def tariffs(self) -> tuple[Tariff, ...]:
        """See the seam."""
        return tuple(
            sorted(
                self._tables.tariffs.values(),
                key=lambda one: (one.valid_from, one.created_at, one.tariff_id),
            )
        )

    async def save_package_offer(self, offer: PackageOffer) -> None:
        """See the seam."""
        known = self._tables.package_offers.get(offer.offer_id, offer)
        self._tables.package_offers[offer.offer_id] = replace(offer, created_at=known.created_at)

    async def package_offers(self) -> tuple[PackageOffer, ...]:
        """See the seam."""
        offers = self._tables.package_offers.values()
        return tuple(sorted(offers, key=lambda one: (one.created_at, one.offer_id)))

    async def purchases(self, tenant_id: str, ends_after: datetime) -> tuple[PackagePurchase, ...]:
        """See the seam."""
        own = [
            one
            for one in self._tables.purchases.values()
            if one.tenant_id == tenant_id and one.valid_until > ends_after
        ]
        return tuple(sorted(own, key=lambda one: (one.bought_at, one.purchase_id)))

    async def post(self, entries: Sequence[Entry], step: RunStep | None = None) -> tuple[bool, ...]:
        """See the seam."""
        tables = self._tables
        postings, purchases = dict(tables.postings), dict(tables.purchases)
        is_new = tuple(_add(entry, postings, purchases) for entry in entries)
        fresh = [entry.posting for entry, new in zip(entries, is_new, strict=True) if new]
        if step is not None:
            tables.charge_runs[step.kind, step.period] = self._stepped(step, fresh)
        tables.postings, tables.purchases = postings, purchases
        for posting in fresh:
            account = await self.money_account(posting.tenant_id)
            balance = account.balance + posting.amount
            tables.money_accounts[posting.tenant_id] = replace(account, balance=balance)
        return is_new

    async def posting_of(self, source: str) -> Posting | None:
        """See the seam."""
        return self._tables.postings.get(source)

    async def postings(self, wanted: PostingFilter, page: Page) -> Listing[Posting]:
        """See the seam."""
        rows = [one for one in self._tables.postings.values() if _matches(one, wanted)]
        return page_of(rows, POSTINGS, lambda one: (to_us(one.at), one.posting_id), page)

    async def ledger_sums(self, tenant_id: str | None) -> Mapping[Account, int]:
        """See the seam."""
        postings = self._tables.postings.values()
        return sums_of(one for one in postings if tenant_id in {None, one.tenant_id})

    async def statement(
        self, tenant_id: str, since: datetime, until: datetime, limit: int
    ) -> tuple[StatementLine, ...]:
        """See the seam."""
        groups: dict[tuple[str, str, str], list[Posting]] = {}
        for one in self._tables.postings.values():
            if one.tenant_id == tenant_id and since <= one.used_at < until:
                groups.setdefault((one.app_key, one.x, one.kind.value), []).append(one)
        return tuple(_summed(groups[key]) for key in sorted(groups)[:limit])

    async def spent(self, tenant_id: str, app_key: str | None, since: datetime) -> int:
        """See the seam."""
        kinds = {PostingKind.CALL, PostingKind.MESSAGE}
        return -sum(
            one.amount
            for one in self._tables.postings.values()
            if one.tenant_id == tenant_id
            and one.kind in kinds
            and app_key in {None, one.app_key}
            and one.used_at >= since
        )

    async def money_account(self, tenant_id: str) -> MoneyAccount:
        """See the seam."""
        return self._tables.money_accounts.get(tenant_id, MoneyAccount(tenant_id=tenant_id))

    async def money_accounts(self, behind: str, limit: int) -> tuple[MoneyAccount, ...]:
        """See the seam."""
        keys = sorted(key for key in self._tables.money_accounts if key > behind)
        return tuple(self._tables.money_accounts[key] for key in keys[:limit])

    async def save_money_terms(self, tenant_id: str, credit: int, alert_below: int | None) -> None:
        """See the seam."""
        account = await self.money_account(tenant_id)
        changed = replace(account, credit=credit, alert_below=alert_below)
        self._tables.money_accounts[tenant_id] = changed

    async def save_money_state(self, account: MoneyAccount, since: datetime | None) -> bool:
        """See the seam."""
        known = self._tables.money_accounts.get(account.tenant_id)
        if known is not None and known.arrears_since != since:
            return False
        known = known or MoneyAccount(tenant_id=account.tenant_id)
        self._tables.money_accounts[account.tenant_id] = replace(
            account, balance=known.balance, credit=known.credit, alert_below=known.alert_below
        )
        return True

    async def hold_number(self, tenant_id: str, held: HeldNumber) -> None:
        """See the seam."""
        self._tables.held_numbers.setdefault(held.number, (tenant_id, held))

    async def held_numbers(self, tenant_id: str, limit: int) -> tuple[HeldNumber, ...]:
        """See the seam."""
        own = [held for owner, held in self._tables.held_numbers.values() if owner == tenant_id]
        return tuple(sorted(own)[:limit])

    async def let_number_go(self, number: str) -> None:
        """See the seam."""
        self._tables.held_numbers.pop(number, None)

    async def uncharged_calls(
        self, since: datetime, until: datetime, behind: Behind | None, limit: int
    ) -> tuple[CallRecord, ...]:
        """See the seam."""
        found: list[tuple[Behind, CallRecord]] = []
        for session_id, one in self._tables.records.items():
            is_talk = one.talk_time_s > 0 or class_of(one.end.release) is OutcomeClass.CONNECTED
            is_posted = f"call:{session_id}" in self._tables.postings
            if is_talk and not is_posted and since <= one.end.at < until:
                found.append((Behind(one.end.at, session_id), one))
        return _walked(found, behind, limit)

    async def uncharged_messages(
        self, since: datetime, until: datetime, behind: Behind | None, limit: int
    ) -> tuple[Message, ...]:
        """See the seam."""
        found: list[tuple[Behind, Message]] = []
        for message_id, one in self._tables.messages.items():
            is_posted = f"message:{message_id}" in self._tables.postings
            if one.result in _SENT and not is_posted and since <= one.came_at < until:
                bare = replace(one, text="", outgoing=None, parts=())
                found.append((Behind(one.came_at, message_id), bare))
        return _walked(found, behind, limit)

    async def unrented_numbers(
        self, month: str, behind: str, limit: int
    ) -> tuple[VirtualNumber, ...]:
        """See the seam."""
        keys = sorted(
            key
            for key in self._tables.numbers
            if key > behind and f"rent:{key}:{month}" not in self._tables.postings
        )
        return tuple(self._tables.numbers[key] for key in keys[:limit])

    async def take_run(
        self, kind: RunKind, period: str, holder: str, now: datetime, until: datetime
    ) -> ChargeRun | None:
        """See the seam."""
        run = self._tables.charge_runs.get((kind, period))
        if run is None:
            run = ChargeRun(kind=kind, period=period, started_at=now, leased_until=until)
        elif run.state is RunState.DONE or (run.holder != holder and run.leased_until > now):
            return None
        taken = replace(run, holder=holder, leased_until=until)
        self._tables.charge_runs[kind, period] = taken
        return taken

    async def end_run(self, kind: RunKind, period: str, holder: str, now: datetime) -> None:
        """See the seam."""
        run = self._held(kind, period, holder)
        ended = replace(run, state=RunState.DONE, ended_at=now)
        self._tables.charge_runs[kind, period] = ended

    async def charge_runs(self, limit: int) -> tuple[ChargeRun, ...]:
        """See the seam."""
        runs = sorted(
            self._tables.charge_runs.values(),
            key=lambda run: (-to_us(run.started_at), run.kind.value, run.period),
        )
        return tuple(runs[:limit])

    def _stepped(self, step: RunStep, fresh: Sequence[Posting]) -> ChargeRun:
        run = self._held(step.kind, step.period, step.holder)
        return replace(
            run,
            cursor=step.cursor,
            postings=run.postings + len(fresh) + step.extra,
            amount=run.amount - sum(one.amount for one in fresh),
            skipped=run.skipped + step.skipped,
            leased_until=step.leased_until,
        )

    def _held(self, kind: RunKind, period: str, holder: str) -> ChargeRun:
        run = self._tables.charge_runs.get((kind, period))
        if run is None or run.holder != holder or run.state is RunState.DONE:
            raise RunTaken(f"{kind} {period}")
        return run


def _add(entry: Entry, postings: dict[str, Posting], purchases: dict[str, PackagePurchase]) -> bool:
    if entry.posting.source in postings:
        return False
    postings[entry.posting.source] = entry.posting
    for draw in entry.draws:
        purchase = purchases.get(draw.purchase_id)
        if purchase is None or purchase.left(draw.quota) < draw.amount:
            raise QuotaMoved(draw.purchase_id)
        purchases[draw.purchase_id] = purchase.less(draw.quota, draw.amount)
    if entry.purchase is not None:
        purchases[entry.purchase.purchase_id] = entry.purchase
    return True


def _walked(
    found: Iterable[tuple[Behind, Row]], behind: Behind | None, limit: int
) -> tuple[Row, ...]:
    rest = sorted(
        (one for one in found if behind is None or one[0] > behind), key=lambda one: one[0]
    )
    return tuple(row for _, row in rest[:limit])


def _matches(posting: Posting, wanted: PostingFilter) -> bool:
    return (
        wanted.tenant_id in {None, posting.tenant_id}
        and wanted.kind in {None, posting.kind}
        and wanted.app_key in {None, posting.app_key}
        and wanted.x in {None, posting.x}
        and (wanted.since is None or posting.at >= wanted.since)
        and (wanted.until is None or posting.at < wanted.until)
    )


def _summed(postings: Sequence[Posting]) -> StatementLine:
    first = postings[0]
    return StatementLine(
        app_key=first.app_key,
        x=first.x,
        kind=first.kind,
        postings=len(postings),
        units=sum(one.units for one in postings),
        covered=sum(one.covered for one in postings),
        amount=sum(one.amount for one in postings),
    )
