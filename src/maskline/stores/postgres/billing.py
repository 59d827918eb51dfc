from collections.abc import Mapping, Sequence
from datetime import datetime

from maskline.domain.call import CallRecord
from maskline.domain.charge_run import ChargeRun, RunKind
from maskline.domain.error import DuplicateRecord, QuotaMoved, RunTaken
from maskline.domain.ledger import Account, MoneyAccount, Posting
from maskline.domain.message import Message
from maskline.domain.package import PackageOffer, PackagePurchase
from maskline.domain.tariff import Tariff
from maskline.domain.virtual_number import NumberState, VirtualNumber
from maskline.services.billing.store import (
    Behind,
    Entry,
    HeldNumber,
    PostingFilter,
    RunStep,
    StatementLine,
)
from maskline.services.page import Listing, Page
from maskline.stores.billing_row import (
    account_of,
    balance_rows,
    bare_message_of,
    draw_statement,
    offer_of,
    offer_row,
    posting_of,
    posting_row,
    purchase_of,
    purchase_row,
    record_of,
    run_of,
    state_row,
    statement_of,
    step_row,
    sums_of_rows,
    tariff_of,
    tariff_row,
    walk_row,
)
from maskline.stores.list_filter import wanted_postings
from maskline.stores.moment import to_us
from maskline.stores.named_sql import load_postgres_sql
from maskline.stores.number_row import read_number_row
from maskline.stores.postgres.connection import Cursor
from maskline.stores.postgres.database import LISTS, Database

BILLING = load_postgres_sql("billing")


class PostgresBilling:
    """`maskline.services.billing.store.BillingStore` in PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_tariff(self, tariff: Tariff) -> None:
        """See the seam."""
        if not await self._database.change(BILLING.tariff_add, tariff_row(tariff)):
            raise DuplicateRecord(tariff.tariff_id)

    async def tariffs(self) -> tuple[Tariff, ...]:
        """See the seam."""
        return tuple(map(tariff_of, await self._database.rows(BILLING.tariff_list, ())))

    async def save_package_offer(self, offer: PackageOffer) -> None:
        """See the seam."""
        await self._database.change(BILLING.offer_save, offer_row(offer))

    async def package_offers(self) -> tuple[PackageOffer, ...]:
        """See the seam."""
        return tuple(map(offer_of, await self._database.rows(BILLING.offer_list, ())))

    async def purchases(self, tenant_id: str, ends_after: datetime) -> tuple[PackagePurchase, ...]:
        """See the seam."""
        row = (tenant_id, to_us(ends_after))
        return tuple(map(purchase_of, await self._database.rows(BILLING.purchase_list, row)))

    async def post(self, entries: Sequence[Entry], step: RunStep | None = None) -> tuple[bool, ...]:
        """See the seam."""

        async def post(cursor: Cursor) -> tuple[bool, ...]:
            is_new = [await _add(entry, cursor) for entry in entries]
            fresh = [entry.posting for entry, new in zip(entries, is_new, strict=True) if new]
            for row in balance_rows(fresh):
                await cursor.execute(BILLING.balance_add, row)
            if step is not None:
                row = step_row(step, fresh)
                if not (await cursor.execute(BILLING.run_step, row)).rowcount:
                    raise RunTaken(f"{step.kind} {step.period}")
            return tuple(is_new)

        return await self._database.transaction(post)

    async def posting_of(self, source: str) -> Posting | None:
        """See the seam."""
        row = await self._database.point(BILLING.posting_get, (source,))
        return None if row is None else posting_of(row)

    async def postings(self, wanted: PostingFilter, page: Page) -> Listing[Posting]:
        """See the seam."""
        conditions = wanted_postings(wanted)
        return await self._database.listing(LISTS.postings, conditions, page, posting_of)

    async def ledger_sums(self, tenant_id: str | None) -> Mapping[Account, int]:
        """See the seam."""
        return sums_of_rows(await self._database.rows(BILLING.ledger_sums, (tenant_id,)))

    async def statement(
        self, tenant_id: str, since: datetime, until: datetime, limit: int
    ) -> tuple[StatementLine, ...]:
        """See the seam."""
        row = (tenant_id, to_us(since), to_us(until), limit)
        return tuple(map(statement_of, await self._database.rows(BILLING.statement, row)))

    async def spent(self, tenant_id: str, app_key: str | None, since: datetime) -> int:
        """See the seam."""
        row = (tenant_id, to_us(since), app_key)
        return int((await self._database.rows(BILLING.spent, row))[0][0])

    async def money_account(self, tenant_id: str) -> MoneyAccount:
        """See the seam."""
        row = await self._database.point(BILLING.account_get, (tenant_id,))
        return MoneyAccount(tenant_id=tenant_id) if row is None else account_of(row)

    async def money_accounts(self, behind: str, limit: int) -> tuple[MoneyAccount, ...]:
        """See the seam."""
        rows = await self._database.rows(BILLING.account_list, (behind, limit))
        return tuple(map(account_of, rows))

    async def save_money_terms(self, tenant_id: str, credit: int, alert_below: int | None) -> None:
        """See the seam."""
        await self._database.change(BILLING.terms_save, (tenant_id, credit, alert_below))

    async def save_money_state(self, account: MoneyAccount, since: datetime | None) -> bool:
        """See the seam."""
        return await self._database.change(BILLING.state_save, state_row(account, since)) > 0

    async def hold_number(self, tenant_id: str, held: HeldNumber) -> None:
        """See the seam."""
        await self._database.change(BILLING.held_add, (held.number, tenant_id, held.state.value))

    async def held_numbers(self, tenant_id: str, limit: int) -> tuple[HeldNumber, ...]:
        """See the seam."""
        rows = await self._database.rows(BILLING.held_list, (tenant_id, limit))
        return tuple(HeldNumber(number, NumberState(state)) for number, state in rows)

    async def let_number_go(self, number: str) -> None:
        """See the seam."""
        await self._database.change(BILLING.held_remove, (number,))

    async def uncharged_calls(
        self, since: datetime, until: datetime, behind: Behind | None, limit: int
    ) -> tuple[CallRecord, ...]:
        """See the seam."""
        row = walk_row(since, until, behind, limit)
        rows = await self._database.rows(BILLING.calls_uncharged, row)
        sealer = await self._database.sealer_of(one[2] for one in rows)
        return tuple(record_of(one, sealer) for one in rows)

    async def uncharged_messages(
        self, since: datetime, until: datetime, behind: Behind | None, limit: int
    ) -> tuple[Message, ...]:
        """See the seam."""
        row = walk_row(since, until, behind, limit)
        rows = await self._database.rows(BILLING.messages_uncharged, row)
        sealer = await self._database.sealer_of(one[1] for one in rows)
        return tuple(bare_message_of(one, sealer) for one in rows)

    async def unrented_numbers(
        self, month: str, behind: str, limit: int
    ) -> tuple[VirtualNumber, ...]:
        """See the seam."""
        rows = await self._database.rows(BILLING.numbers_unrented, (month, behind, limit))
        return tuple(map(read_number_row, rows))

    async def take_run(
        self, kind: RunKind, period: str, holder: str, now: datetime, until: datetime
    ) -> ChargeRun | None:
        """See the seam."""
        row = (kind.value, period, holder, to_us(now), to_us(until))
        if not await self._database.change(BILLING.run_take, row):
            return None
        [taken] = await self._database.rows(BILLING.run_get, row[:2])
        return run_of(taken)

    async def end_run(self, kind: RunKind, period: str, holder: str, now: datetime) -> None:
        """See the seam."""
        if not await self._database.change(
            BILLING.run_end, (kind.value, period, holder, to_us(now))
        ):
            raise RunTaken(f"{kind} {period}")

    async def charge_runs(self, limit: int) -> tuple[ChargeRun, ...]:
        """See the seam."""
        return tuple(map(run_of, await self._database.rows(BILLING.run_list, (limit,))))


async def _add(entry: Entry, cursor: Cursor) -> bool:
    if not (await cursor.execute(BILLING.posting_add, posting_row(entry.posting))).rowcount:
        return False
    for draw in entry.draws:
        row = (draw.purchase_id, draw.amount)
        if not (await cursor.execute(BILLING.by_name[draw_statement(draw)], row)).rowcount:
            raise QuotaMoved(draw.purchase_id)
    if entry.purchase is not None:
        await cursor.execute(BILLING.purchase_add, purchase_row(entry.purchase))
    return True
