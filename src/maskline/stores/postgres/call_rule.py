from collections.abc import Sequence
from datetime import datetime

from maskline.domain.call_rule import CallAttempt, CallBlock, FrequencyMark, FrequencyRule
from maskline.domain.error import DuplicateRecord, UnknownRecord
from maskline.services.call_rule_store import Blocking, CallBlockFilter, FrequencyRuleFilter
from maskline.services.page import Count, Listing, Page
from maskline.stores.call_rule_row import (
    attempt_row,
    block_of,
    block_row,
    blocking_of,
    count_key,
    free_row,
    rule_of,
    rule_row,
    saved_row,
    saved_rule_row,
    since_us,
    tenant_of_block,
)
from maskline.stores.list_filter import wanted_call_blocks, wanted_frequency_rules
from maskline.stores.moment import to_us
from maskline.stores.named_sql import load_postgres_sql
from maskline.stores.postgres.connection import Cells, Cursor
from maskline.stores.postgres.database import LISTS, Database
from maskline.stores.sealing import Sealer

CALL_RULE = load_postgres_sql("call_rule")


class _NoRoom(Exception):
    """A rule refuses a call; nothing of it is to be counted."""

    def __init__(self, rule_id: str) -> None:
        super().__init__(rule_id)
        self.rule_id = rule_id


class PostgresCallRules:
    """`maskline.services.call_rule_store.CallRuleStore` in PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_call_block(self, block: CallBlock, now: datetime) -> None:
        """See the seam."""
        sealer = await self._sealer(block.place.tenant_id)
        free, row = free_row(block, sealer, now), block_row(block, sealer)

        async def add(cursor: Cursor) -> None:
            await cursor.execute(CALL_RULE.block_free, free)
            if not (await cursor.execute(CALL_RULE.block_add, row)).rowcount:
                raise DuplicateRecord(block.block_id)

        await self._database.transaction(add)

    async def save_call_block(self, block: CallBlock) -> None:
        """See the seam."""
        sealer = await self._sealer(block.place.tenant_id)
        await self._need(CALL_RULE.block_save, saved_row(block, sealer))

    async def remove_call_block(self, block_id: str) -> None:
        """See the seam."""
        await self._need(CALL_RULE.block_remove, (block_id,))

    async def call_block(self, block_id: str) -> CallBlock | None:
        """See the seam."""
        row = await self._database.point(CALL_RULE.block_get, (block_id,))
        if row is None:
            return None
        return block_of(row, await self._sealer(tenant_of_block(row)))

    async def call_blocks(self, wanted: CallBlockFilter, page: Page) -> Listing[CallBlock]:
        """See the seam."""
        conditions = wanted_call_blocks(wanted, self._database.sealer)
        found = await self._database.page(LISTS.call_blocks, conditions, page)
        sealer = await self._sealer(*map(tenant_of_block, found.rows))
        return Listing(rows=tuple(block_of(row, sealer) for row in found.rows), next=found.next)

    async def count_call_blocks(self, wanted: CallBlockFilter) -> Count:
        """See the seam."""
        conditions = wanted_call_blocks(wanted, self._database.sealer)
        return await self._database.count(LISTS.call_blocks, conditions)

    async def has_call_blocks(self, tenant_id: str) -> bool:
        """See the seam."""
        return await self._database.point(CALL_RULE.block_any, (tenant_id,)) is not None

    async def blocking(self, attempt: CallAttempt, now: datetime) -> Blocking | None:
        """See the seam."""
        row = attempt_row(attempt, now, self._database.sealer)
        return blocking_of(await self._database.point(CALL_RULE.blocking, row))

    async def note_block_hit(self, block_id: str, now: datetime) -> None:
        """See the seam."""
        await self._database.change(CALL_RULE.block_hit, (block_id, to_us(now)))

    async def add_frequency_rule(self, rule: FrequencyRule) -> None:
        """See the seam."""
        await self._database.change(CALL_RULE.rule_add, rule_row(rule))

    async def save_frequency_rule(self, rule: FrequencyRule) -> None:
        """See the seam."""
        await self._need(CALL_RULE.rule_save, saved_rule_row(rule))

    async def remove_frequency_rule(self, rule_id: str) -> None:
        """See the seam."""
        await self._need(CALL_RULE.rule_remove, (rule_id,))

    async def frequency_rule(self, rule_id: str) -> FrequencyRule | None:
        """See the seam."""
        row = await self._database.point(CALL_RULE.rule_get, (rule_id,))
        return None if row is None else rule_of(row)

    async def frequency_rules(
        self, wanted: FrequencyRuleFilter, page: Page
    ) -> Listing[FrequencyRule]:
        """See the seam."""
        conditions = wanted_frequency_rules(wanted)
        return await self._database.listing(LISTS.frequency_rules, conditions, page, rule_of)

    async def rules_for(self, tenant_id: str, limit: int) -> tuple[FrequencyRule, ...]:
        """See the seam."""
        rows = await self._database.rows(CALL_RULE.rules_for, (tenant_id, limit))
        return tuple(map(rule_of, rows))

    async def count_call(self, marks: Sequence[FrequencyMark], now: datetime) -> str | None:
        """See the seam."""
        now_us, sealer = to_us(now), self._database.sealer
        rows = [_count_row(mark, now_us, sealer) for mark in marks]

        async def count(cursor: Cursor) -> None:
            for row in rows:
                counted = await cursor.execute(CALL_RULE.count_one, row)
                if not await counted.fetchall():
                    raise _NoRoom(row[0])

        try:
            await self._database.transaction(count)
        except _NoRoom as full:
            return full.rule_id
        return None

    async def note_rule_hit(self, rule_id: str, now: datetime) -> None:
        """See the seam."""
        await self._database.change(CALL_RULE.rule_hit, (rule_id, to_us(now)))

    async def remove_call_counts(self, before: datetime, limit: int) -> int:
        """See the seam."""
        return await self._database.change(CALL_RULE.count_sweep, (to_us(before), limit))

    async def _need(self, statement: str, row: Cells) -> None:
        if not await self._database.change(statement, row):
            raise UnknownRecord(row[0])

    async def _sealer(self, *tenant_ids: str) -> Sealer:
        return await self._database.sealer_of_tenants(filter(None, tenant_ids))


def _count_row(mark: FrequencyMark, now_us: int, sealer: Sealer) -> Cells:
    key = count_key(mark, sealer)
    return (mark.rule_id, key, now_us, since_us(mark, now_us), mark.calls)
