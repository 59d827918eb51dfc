"""The rules that stop calls: who makes, changes and ends them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from maskline.domain.access import Caller
from maskline.domain.call_rule import CallBlock, CallPlace, FrequencyRule
from maskline.domain.error import DuplicateRecord, InvalidParameter, TenantFull, UnknownRecord
from maskline.services.administration_rule import check_number
from maskline.services.call_rule_request import (
    CallBlockChange,
    FrequencyRuleChange,
    NewCallBlock,
    NewFrequencyRule,
    PlaceForm,
)
from maskline.services.call_rule_store import (
    CallBlockFilter,
    CallRuleStore,
    FrequencyRuleFilter,
)
from maskline.services.call_screen import MAX_RULES
from maskline.services.clock import Clock
from maskline.services.given import given_fields
from maskline.services.ids import Ids
from maskline.services.page import Page
from maskline.services.store import DirectoryStore

MAX_BLOCKS = 9_000
"""Numbers that one tenant may block; counting stops at 10,000."""


class DeskStore(CallRuleStore, DirectoryStore, Protocol):
    """What the desk reads and writes."""


class CallRuleDesk:
    """Verbs of the platform's people and of tenants, each about what the caller may see.

    People of a tenant see and change what they made for calls of their own; the platform's see all.
    What another one made is an UnknownRecord, like what is not there. `changed` is called after
    every change. All verbs raise StoreBusy, StoreFailed.
    """

    def __init__(
        self, store: DeskStore, clock: Clock, ids: Ids, changed: Callable[[], None]
    ) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._changed = changed

    async def block(self, form: NewCallBlock, caller: Caller) -> CallBlock:
        """Refuse the calls of a number. Raises InvalidParameter, DuplicateRecord, TenantFull."""
        check_number("number", form.number)
        now = self._clock.now()
        block = CallBlock(
            block_id=self._ids.uuid(),
            place=await self._place(form, caller),
            number=form.number,
            direction=form.direction,
            reason=form.reason,
            evidence=form.evidence,
            until=_later(form.until, now),
            by_tenant=caller.tenant_id is not None,
            created_by=caller.name,
            created_at=now,
        )
        if caller.tenant_id is not None:
            own = CallBlockFilter(tenant_id=caller.tenant_id, by_tenant=True)
            if (await self._store.count_call_blocks(own)).count >= MAX_BLOCKS:
                raise TenantFull(f"a tenant blocks at most {MAX_BLOCKS} numbers; end some")
        try:
            await self._store.add_call_block(block, now)
        except DuplicateRecord:
            raise DuplicateRecord("an entry for this number, these calls and direction") from None
        self._changed()
        return block

    async def find_block(self, block_id: str, caller: Caller) -> CallBlock:
        """One block. Raises UnknownRecord."""
        block = await self._store.call_block(block_id)
        if block is None or not _sees(caller, block):
            raise UnknownRecord(f"there is no blocked number {block_id}")
        return block

    async def change_block(
        self, block_id: str, change: CallBlockChange, caller: Caller
    ) -> CallBlock:
        """Say anew why, and until when. Raises InvalidParameter, UnknownRecord."""
        given = given_fields(change)
        if "until" in given:
            _later(given["until"], self._clock.now())
        block = replace(await self.find_block(block_id, caller), **given)
        await self._store.save_call_block(block)
        self._changed()
        return block

    async def end_block(self, block_id: str, caller: Caller) -> None:
        """Let the number call again. Raises UnknownRecord."""
        await self.find_block(block_id, caller)
        await self._store.remove_call_block(block_id)
        self._changed()

    async def bound(self, form: NewFrequencyRule, caller: Caller) -> FrequencyRule:
        """Make a frequency rule. Raises InvalidParameter, TenantFull."""
        rule = FrequencyRule(
            rule_id=self._ids.uuid(),
            place=await self._place(form, caller),
            counted=form.counted,
            calls=form.calls,
            within_s=form.within_s,
            is_enabled=form.is_enabled,
            note=form.note,
            by_tenant=caller.tenant_id is not None,
            created_by=caller.name,
            created_at=self._clock.now(),
        )
        beside = FrequencyRuleFilter(tenant_id=rule.place.tenant_id)
        found = await self._store.frequency_rules(beside, Page(limit=MAX_RULES))
        if len(found.rows) >= MAX_RULES:
            raise TenantFull(f"a tenant, or all together, has at most {MAX_RULES} frequency rules")
        await self._store.add_frequency_rule(rule)
        self._changed()
        return rule

    async def find_rule(self, rule_id: str, caller: Caller) -> FrequencyRule:
        """One frequency rule. Raises UnknownRecord."""
        rule = await self._store.frequency_rule(rule_id)
        if rule is None or not _sees(caller, rule):
            raise UnknownRecord(f"there is no frequency rule {rule_id}")
        return rule

    async def change_rule(
        self, rule_id: str, change: FrequencyRuleChange, caller: Caller
    ) -> FrequencyRule:
        """Set figures, note, whether it counts. Raises UnknownRecord."""
        rule = replace(await self.find_rule(rule_id, caller), **given_fields(change))
        await self._store.save_frequency_rule(rule)
        self._changed()
        return rule

    async def end_rule(self, rule_id: str, caller: Caller) -> None:
        """Bound these calls no more. Raises UnknownRecord."""
        await self.find_rule(rule_id, caller)
        await self._store.remove_frequency_rule(rule_id)
        self._changed()

    async def _place(self, form: PlaceForm, caller: Caller) -> CallPlace:
        """Whose calls are meant. Raises InvalidParameter; what is another tenant's is not there."""
        tenant_id, app_key, x = form.tenant_id or "", form.app_key or "", form.x or ""
        if app_key and x:
            raise InvalidParameter("x", "is given with app_key: a rule is for one of the two")
        owner = app_key
        if x:
            number = await self._store.number(x)
            owner = "" if number is None else number.app_key
        if app_key or x:
            application = await self._store.application(owner) if owner else None
            known = None if application is None else application.tenant_id
            if known is None or known != (caller.tenant_id or tenant_id or known):
                kind = f"application {app_key}" if app_key else f"virtual number {x}"
                raise InvalidParameter("app_key" if app_key else "x", f"there is no {kind}")
            tenant_id = known
        elif tenant_id and await self._store.tenant(tenant_id) is None:
            raise InvalidParameter("tenant_id", f"there is no tenant {tenant_id}")
        return CallPlace(tenant_id=tenant_id, app_key=app_key, x=x)


def _sees(caller: Caller, rule: CallBlock | FrequencyRule) -> bool:
    if caller.tenant_id is None:
        return True
    return rule.by_tenant and rule.place.tenant_id == caller.tenant_id


def _later(until: datetime | None, now: datetime) -> datetime | None:
    if until is not None and until <= now:
        raise InvalidParameter("until", "has passed already; to let a number call, end its entry")
    return until
