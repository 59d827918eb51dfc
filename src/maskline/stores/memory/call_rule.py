from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from maskline.domain.call_rule import CallAttempt, CallBlock, FrequencyMark, FrequencyRule
from maskline.domain.error import DuplicateRecord, UnknownRecord
from maskline.domain.release import ReleaseCode
from maskline.services.call_rule_store import Blocking, CallBlockFilter, FrequencyRuleFilter
from maskline.services.list_order import CALL_BLOCKS, FREQUENCY_RULES
from maskline.services.page import Count, Listing, Page, count_of, page_of
from maskline.stores.call_rule_row import with_one_more
from maskline.stores.memory.table import Tables
from maskline.stores.moment import to_us


class MemoryCallRules:
    """`maskline.services.call_rule_store.CallRuleStore` on dicts."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def add_call_block(self, block: CallBlock, now: datetime) -> None:
        """See the seam."""
        tables = self._tables
        if block.place.tenant_id and block.place.tenant_id not in tables.tenants:
            raise UnknownRecord(block.place.tenant_id)
        for other in tuple(tables.call_blocks.values()):
            if _there(other) == _there(block):
                if not other.is_over(now):
                    raise DuplicateRecord(other.block_id)
                del tables.call_blocks[other.block_id]
        tables.call_blocks[block.block_id] = block

    async def save_call_block(self, block: CallBlock) -> None:
        """See the seam."""
        found = self._tables.call_blocks.get(block.block_id)
        if found is None:
            raise UnknownRecord(block.block_id)
        self._tables.call_blocks[block.block_id] = replace(
            found, reason=block.reason, evidence=block.evidence, until=block.until
        )

    async def remove_call_block(self, block_id: str) -> None:
        """See the seam."""
        if self._tables.call_blocks.pop(block_id, None) is None:
            raise UnknownRecord(block_id)

    async def call_block(self, block_id: str) -> CallBlock | None:
        """See the seam."""
        return self._tables.call_blocks.get(block_id)

    async def call_blocks(self, wanted: CallBlockFilter, page: Page) -> Listing[CallBlock]:
        """See the seam."""
        return page_of(
            self._wanted_blocks(wanted),
            CALL_BLOCKS,
            lambda block: (to_us(block.created_at), block.block_id),
            page,
        )

    async def count_call_blocks(self, wanted: CallBlockFilter) -> Count:
        """See the seam."""
        return count_of(len(self._wanted_blocks(wanted)))

    async def has_call_blocks(self, tenant_id: str) -> bool:
        """See the seam."""
        return any(b.place.tenant_id == tenant_id for b in self._tables.call_blocks.values())

    async def blocking(self, attempt: CallAttempt, now: datetime) -> Blocking | None:
        """See the seam."""
        found = [
            Blocking(block.block_id, release)
            for block in self._tables.call_blocks.values()
            if (release := block.stops(attempt, now)) is not None
        ]
        found.sort(key=lambda one: one.release is not ReleaseCode.CALLER_BLOCKED)
        return found[0] if found else None

    async def note_block_hit(self, block_id: str, now: datetime) -> None:
        """See the seam."""
        found = self._tables.call_blocks.get(block_id)
        if found is not None:
            hit = replace(found, hits=found.hits + 1, last_hit_at=now)
            self._tables.call_blocks[block_id] = hit

    async def add_frequency_rule(self, rule: FrequencyRule) -> None:
        """See the seam."""
        self._tables.frequency_rules[rule.rule_id] = rule

    async def save_frequency_rule(self, rule: FrequencyRule) -> None:
        """See the seam."""
        found = self._tables.frequency_rules.get(rule.rule_id)
        if found is None:
            raise UnknownRecord(rule.rule_id)
        self._tables.frequency_rules[rule.rule_id] = replace(
            found,
            calls=rule.calls,
            within_s=rule.within_s,
            is_enabled=rule.is_enabled,
            note=rule.note,
        )

    async def remove_frequency_rule(self, rule_id: str) -> None:
        """See the seam."""
        if self._tables.frequency_rules.pop(rule_id, None) is None:
            raise UnknownRecord(rule_id)

    async def frequency_rule(self, rule_id: str) -> FrequencyRule | None:
        """See the seam."""
        return self._tables.frequency_rules.get(rule_id)

    async def frequency_rules(
        self, wanted: FrequencyRuleFilter, page: Page
    ) -> Listing[FrequencyRule]:
        """See the seam."""
        rules = [
            rule
            for rule in self._tables.frequency_rules.values()
            if wanted.scope in {None, rule.place.scope}
            and wanted.tenant_id in {None, rule.place.tenant_id}
            and wanted.by_tenant in {None, rule.by_tenant}
        ]
        return page_of(
            rules, FREQUENCY_RULES, lambda rule: (to_us(rule.created_at), rule.rule_id), page
        )

    async def rules_for(self, tenant_id: str, limit: int) -> tuple[FrequencyRule, ...]:
        """See the seam."""
        rules = [
            rule
            for rule in self._tables.frequency_rules.values()
            if rule.place.tenant_id == tenant_id and rule.is_enabled
        ]
        rules.sort(key=lambda rule: (rule.created_at, rule.rule_id))
        return tuple(rules[:limit])

    async def count_call(self, marks: Sequence[FrequencyMark], now: datetime) -> str | None:
        """See the seam."""
        counted: dict[tuple[str, str], list[int]] = {}
        for mark in marks:
            place = (mark.rule_id, mark.key)
            calls = with_one_more(self._tables.call_counts.get(place, ()), mark, to_us(now))
            if calls is None:
                return mark.rule_id
            counted[place] = calls
        self._tables.call_counts.update(counted)
        return None

    async def note_rule_hit(self, rule_id: str, now: datetime) -> None:
        """See the seam."""
        found = self._tables.frequency_rules.get(rule_id)
        if found is not None:
            hit = replace(found, hits=found.hits + 1, last_hit_at=now)
            self._tables.frequency_rules[rule_id] = hit

    async def remove_call_counts(self, before: datetime, limit: int) -> int:
        """See the seam."""
        counts = self._tables.call_counts
        old = [place for place, calls in counts.items() if calls[-1] < to_us(before)][:limit]
        for place in old:
            del counts[place]
        return len(old)

    def _wanted_blocks(self, wanted: CallBlockFilter) -> list[CallBlock]:
        return [
            block
            for block in self._tables.call_blocks.values()
            if wanted.scope in {None, block.place.scope}
            and wanted.tenant_id in {None, block.place.tenant_id}
            and wanted.by_tenant in {None, block.by_tenant}
            and wanted.direction in {None, block.direction}
            and wanted.number in {None, block.number}
        ]


def _there(block: CallBlock) -> tuple[object, ...]:
    return block.number, block.place, block.direction, block.by_tenant
