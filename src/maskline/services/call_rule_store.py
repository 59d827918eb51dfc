"""The part of the store seam for rules that stop calls, and the calls that they count."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from maskline.domain.call_rule import (
    BlockDirection,
    CallAttempt,
    CallBlock,
    FrequencyMark,
    FrequencyRule,
    RuleScope,
)
from maskline.domain.release import ReleaseCode
from maskline.services.page import Count, Listing, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBlockFilter:
    """Which blocked numbers are asked for; None does not restrict.

    `tenant_id` is whose calls they are for, `by_tenant` whether tenants made them or the platform.
    """

    scope: RuleScope | None = None
    tenant_id: str | None = None
    by_tenant: bool | None = None
    direction: BlockDirection | None = None
    number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FrequencyRuleFilter:
    """Which frequency rules are asked for, as `CallBlockFilter`."""

    scope: RuleScope | None = None
    tenant_id: str | None = None
    by_tenant: bool | None = None


@dataclass(frozen=True, slots=True)
class Blocking:
    """The block that stops a call, and why the call ends."""

    block_id: str
    release: ReleaseCode


class CallRuleStore(Protocol):
    """Blocked numbers, frequency rules, and what these have counted.

    All raise StoreBusy, StoreFailed.
    """

    async def add_call_block(self, block: CallBlock, now: datetime) -> None:
        """Keep a new one, in place of one that is over.

        Raises DuplicateRecord: its maker blocks this number there in this direction already;
        UnknownRecord (the tenant).
        """
        ...

    async def save_call_block(self, block: CallBlock) -> None:
        """Replace its reason, evidence and end. Raises UnknownRecord."""
        ...

    async def remove_call_block(self, block_id: str) -> None:
        """Forget it. Raises UnknownRecord."""
        ...

    async def call_block(self, block_id: str) -> CallBlock | None:
        """One of them."""
        ...

    async def call_blocks(self, wanted: CallBlockFilter, page: Page) -> Listing[CallBlock]:
        """Blocked numbers, newest first, also those that are over."""
        ...

    async def count_call_blocks(self, wanted: CallBlockFilter) -> Count:
        """How many there are."""
        ...

    async def has_call_blocks(self, tenant_id: str) -> bool:
        """Whether there is any for the calls of this tenant alone, or with "" of all tenants."""
        ...

    async def blocking(self, attempt: CallAttempt, now: datetime) -> Blocking | None:
        """What stops a call: of several that do, one that is about its caller."""
        ...

    async def note_block_hit(self, block_id: str, now: datetime) -> None:
        """It stopped a call; one that is gone meanwhile is passed over."""
        ...

    async def add_frequency_rule(self, rule: FrequencyRule) -> None:
        """Keep a new one."""
        ...

    async def save_frequency_rule(self, rule: FrequencyRule) -> None:
        """Replace its figures, its note and whether it counts. Raises UnknownRecord."""
        ...

    async def remove_frequency_rule(self, rule_id: str) -> None:
        """Forget it. Raises UnknownRecord."""
        ...

    async def frequency_rule(self, rule_id: str) -> FrequencyRule | None:
        """One of them."""
        ...

    async def frequency_rules(
        self, wanted: FrequencyRuleFilter, page: Page
    ) -> Listing[FrequencyRule]:
        """Frequency rules, newest first."""
        ...

    async def rules_for(self, tenant_id: str, limit: int) -> tuple[FrequencyRule, ...]:
        """Those that count, for the calls of this tenant alone, or with "" of all tenants."""
        ...

    async def count_call(self, marks: Sequence[FrequencyMark], now: datetime) -> str | None:
        """Count a call by several rules, all or none; returns the rule that has no room for it.

        Calls of all workers are counted together, and exactly: of several at the same moment no
        more than the rule allows. `marks` are in the order of rule and key.
        """
        ...

    async def note_rule_hit(self, rule_id: str, now: datetime) -> None:
        """It refused a call; one that is gone meanwhile is passed over."""
        ...

    async def remove_call_counts(self, before: datetime, limit: int) -> int:
        """Forget at most `limit` counts to which nothing was added since this moment."""
        ...
