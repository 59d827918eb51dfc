"""What becomes of tenants that owe more than they may: frozen, back as before, numbers lost."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Protocol

import structlog

from maskline.domain.error import InvalidParameter, UnknownRecord
from maskline.domain.ledger import MoneyAccount
from maskline.domain.tally import Tally, padded, slot_of
from maskline.domain.virtual_number import NumberCause, NumberState, VirtualNumber
from maskline.services.administration_request import NumberChange
from maskline.services.billing.store import BillingStore, HeldNumber
from maskline.services.billing.walk import Batch
from maskline.services.clock import Clock
from maskline.services.count_subject import BALANCE_PROBLEMS
from maskline.services.page import Cursor, Page
from maskline.services.push_log import PROBLEM_SLOT
from maskline.services.store import BindingStore, DirectoryStore
from maskline.services.tally_store import TallyStore

AT_ONCE = 200

_GONE = frozenset({NumberState.UNAVAILABLE, NumberState.RETURNED})

log = structlog.get_logger("billing")


class ArrearsStore(BillingStore, DirectoryStore, BindingStore, TallyStore, Protocol):
    """What is read and written."""


class Directory(Protocol):
    """Who changes tenants and numbers, and tells whoever must know."""

    async def set_arrears(self, tenant_id: str, *, is_in_arrears: bool) -> bool:
        """Freeze a tenant for its arrears, or thaw it, unless it is frozen by hand."""
        ...

    async def change_number(self, number: str, change: NumberChange) -> VirtualNumber:
        """Set the state of a number."""
        ...


class Arrears:
    """Brings a tenant and its numbers into the state that its balance asks for.

    Each step is noted before it is done and may be done again, so that whoever is cut off leaves
    nothing but work for the next. All raise StoreBusy, StoreFailed.
    """

    def __init__(
        self, store: ArrearsStore, directory: Directory, clock: Clock, release_after: timedelta
    ) -> None:
        self._store = store
        self._directory = directory
        self._clock = clock
        self._release_after = release_after

    async def walk(self, period: str, cursor: str) -> Batch:  # noqa: ARG002 - it is about now
        """Settle the next accounts of all."""
        accounts = await self._store.money_accounts(cursor, AT_ONCE)
        changed = [await self.settle(account.tenant_id) for account in accounts]
        return Batch(
            entries=(),
            cursor=accounts[-1].tenant_id if accounts else cursor,
            is_last=len(accounts) < AT_ONCE,
            extra=sum(changed),
        )

    async def settle(self, tenant_id: str) -> bool:
        """Do what the balance of a tenant asks for now; whether that was anything new."""
        account = await self._store.money_account(tenant_id)
        is_told = await self._tell(account)
        account = await self._store.money_account(tenant_id)
        if account.arrears_since is None:
            if not account.is_overdrawn:
                # Frozen and paused by one who did not know yet that all was paid.
                await self._restore(tenant_id)
                await self._directory.set_arrears(tenant_id, is_in_arrears=False)
                return is_told
            await self._begin(account)
            return True
        if account.balance >= 0:
            await self._end(account)
            return True
        return await self._hold(account) or is_told

    async def _tell(self, account: MoneyAccount) -> bool:
        """Say once that the balance is low, and again after it was not."""
        if account.is_low == (account.alerted_at is not None):
            return False
        now = self._clock.now() if account.is_low else None
        told = replace(account, alerted_at=now)
        if account.is_low:
            await self._report(account, "low")
        return await self._store.save_money_state(told, account.arrears_since)

    async def _begin(self, account: MoneyAccount) -> None:
        account = replace(account, arrears_since=self._clock.now())
        await self._report(account, "arrears")
        if not await self._store.save_money_state(account, None):
            return  # another was first
        await self._hold(account)

    async def _hold(self, account: MoneyAccount) -> bool:
        """Let nothing of it serve; after the time it has to pay, take its numbers away."""
        tenant_id = account.tenant_id
        is_thawed = await self._directory.set_arrears(tenant_id, is_in_arrears=True)
        if account.released_at is not None or account.arrears_since is None:
            return is_thawed
        if self._clock.now() >= account.arrears_since + self._release_after:
            await self._release(account)
            return True
        async for number in self._numbers(tenant_id):
            if number.state in {NumberState.NORMAL, NumberState.BINDING_FROZEN}:
                await self._store.hold_number(tenant_id, HeldNumber(number.number, number.state))
                await self._change(number.number, NumberChange(state=NumberState.PAUSED))
        return is_thawed

    async def _release(self, account: MoneyAccount) -> None:
        now, is_whole = self._clock.now(), True
        async for number in self._numbers(account.tenant_id):
            if number.state not in _GONE:
                change = NumberChange(state=NumberState.UNAVAILABLE, cause=NumberCause.ARREARS)
                is_whole &= await self._change(number.number, change)
                await self._store.unbind_number(number.app_key, number.number, now)
        while held := await self._held(account.tenant_id):
            for one in held:
                await self._store.let_number_go(one.number)
        if not is_whole:
            return
        await self._report(account, "released")
        await self._store.save_money_state(replace(account, released_at=now), account.arrears_since)

    async def _report(self, account: MoneyAccount, cause: str) -> None:
        """Say it as a problem of the tenant's first application, before it is noted as said.

        Who is cut off in between says it once more, under the same problem.
        """
        tenant_id, now = account.tenant_id, self._clock.now()
        log.warning("balance", cause=cause, tenant_id=tenant_id, balance=account.balance)
        first = (await self._store.applications(tenant_id, Page(limit=1))).rows
        tally = Tally(
            subject=BALANCE_PROBLEMS,
            slot=slot_of(now, PROBLEM_SLOT),
            app_key=first[0].app_key if first else "",
            name=cause,
            sums=padded(1),
            first_at=now,
            last_at=now,
        )
        await self._store.add_tallies([tally])

    async def _end(self, account: MoneyAccount) -> None:
        """As it was before: numbers that were paused for another reason stay so."""
        await self._restore(account.tenant_id)
        await self._directory.set_arrears(account.tenant_id, is_in_arrears=False)
        paid = replace(account, arrears_since=None, released_at=None)
        await self._store.save_money_state(paid, account.arrears_since)
        log.info("arrears paid", tenant_id=account.tenant_id)

    async def _restore(self, tenant_id: str) -> None:
        while held := await self._held(tenant_id):
            for number, state in held:
                found = await self._store.number(number)
                if found is not None and found.state is NumberState.PAUSED:
                    await self._change(number, NumberChange(state=state))
                await self._store.let_number_go(number)

    async def _change(self, number: str, change: NumberChange) -> bool:
        """Whether it was changed; where not, the next run looks at it again."""
        try:
            await self._directory.change_number(number, change)
        except (UnknownRecord, InvalidParameter) as error:
            # It is gone, or in transfer.
            log.info("number not changed", number=number, reason=str(error))
            return False
        return True

    async def _held(self, tenant_id: str) -> tuple[HeldNumber, ...]:
        return await self._store.held_numbers(tenant_id, AT_ONCE)

    async def _numbers(self, tenant_id: str) -> AsyncIterator[VirtualNumber]:
        after: Cursor | None = None
        while True:
            applications = await self._store.applications(
                tenant_id, Page(limit=AT_ONCE, after=after)
            )
            for application in applications.rows:
                behind = ""
                while found := await self._store.numbers_after(
                    application.app_key, behind, AT_ONCE
                ):
                    for number in found:
                        yield number
                    behind = found[-1].number
            after = applications.next
            if after is None:
                return
