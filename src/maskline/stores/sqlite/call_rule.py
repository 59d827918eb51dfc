from collections.abc import Sequence
from datetime import datetime
from functools import partial

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
    pack_calls,
    rule_of,
    rule_row,
    saved_row,
    saved_rule_row,
    unpack_calls,
    with_one_more,
)
from maskline.stores.list_filter import wanted_call_blocks, wanted_frequency_rules
from maskline.stores.moment import to_us
from maskline.stores.sqlite.connection import Cells, Cursor
from maskline.stores.sqlite.database import CALL_RULE, LISTS, Database


class SqliteCallRules:
    """`maskline.services.call_rule_store.CallRuleStore` in SQLite."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_call_block(self, block: CallBlock, now: datetime) -> None:
        """See the seam."""
        sealer = self._database.sealer
        rows = free_row(block, sealer, now), block_row(block, sealer)
        await self._database.writer.submit(partial(_add, *rows))

    async def save_call_block(self, block: CallBlock) -> None:
        """See the seam."""
        row = saved_row(block, self._database.sealer)
        await self._need(CALL_RULE.block_save, row)

    async def remove_call_block(self, block_id: str) -> None:
        """See the seam."""
        await self._need(CALL_RULE.block_remove, (block_id,))

    async def call_block(self, block_id: str) -> CallBlock | None:
        """See the seam."""
        row = self._database.point(CALL_RULE.block_get, (block_id,))
        return None if row is None else block_of(row, self._database.sealer)

    async def call_blocks(self, wanted: CallBlockFilter, page: Page) -> Listing[CallBlock]:
        """See the seam."""
        sealer = self._database.sealer
        conditions = wanted_call_blocks(wanted, sealer)
        return await self._database.listing(
            LISTS.call_blocks, conditions, page, lambda row: block_of(row, sealer)
        )

    async def count_call_blocks(self, wanted: CallBlockFilter) -> Count:
        """See the seam."""
        conditions = wanted_call_blocks(wanted, self._database.sealer)
        return await self._database.count(LISTS.call_blocks, conditions)

    async def has_call_blocks(self, tenant_id: str) -> bool:
        """See the seam."""
        return self._database.point(CALL_RULE.block_any, (tenant_id,)) is not None

    async def blocking(self, attempt: CallAttempt, now: datetime) -> Blocking | None:
        """See the seam."""
        row = attempt_row(attempt, now, self._database.sealer)
        return blocking_of(self._database.point(CALL_RULE.blocking, row))

    async def note_block_hit(self, block_id: str, now: datetime) -> None:
        """See the seam."""
        row = (block_id, to_us(now))
        await self._database.writer.submit(partial(_change, CALL_RULE.block_hit, row))

    async def add_frequency_rule(self, rule: FrequencyRule) -> None:
        """See the seam."""
        await self._database.writer.submit(partial(_change, CALL_RULE.rule_add, rule_row(rule)))

    async def save_frequency_rule(self, rule: FrequencyRule) -> None:
        """See the seam."""
        await self._need(CALL_RULE.rule_save, saved_rule_row(rule))

    async def remove_frequency_rule(self, rule_id: str) -> None:
        """See the seam."""
        await self._need(CALL_RULE.rule_remove, (rule_id,))

    async def frequency_rule(self, rule_id: str) -> FrequencyRule | None:
        """See the seam."""
        row = self._database.point(CALL_RULE.rule_get, (rule_id,))
        return None if row is None else rule_of(row)

    async def frequency_rules(
        self, wanted: FrequencyRuleFilter, page: Page
    ) -> Listing[FrequencyRule]:
        """See the seam."""
        conditions = wanted_frequency_rules(wanted)
        return await self._database.listing(LISTS.frequency_rules, conditions, page, rule_of)

    async def rules_for(self, tenant_id: str, limit: int) -> tuple[FrequencyRule, ...]:
        """See the seam."""
        rows = self._database.points(CALL_RULE.rules_for, (tenant_id, limit))
        return tuple(map(rule_of, rows))

    async def count_call(self, marks: Sequence[FrequencyMark], now: datetime) -> str | None:
        """See the seam."""
        keyed = [(mark, count_key(mark, self._database.sealer)) for mark in marks]
        return await self._database.writer.submit(partial(_count, keyed, to_us(now)))

    async def note_rule_hit(self, rule_id: str, now: datetime) -> None:
        """See the seam."""
        row = (rule_id, to_us(now))
        await self._database.writer.submit(partial(_change, CALL_RULE.rule_hit, row))

    async def remove_call_counts(self, before: datetime, limit: int) -> int:
        """See the seam."""
        row = (to_us(before), limit)
        return await self._database.writer.submit(partial(_change, CALL_RULE.count_sweep, row))

    async def _need(self, statement: str, row: Cells) -> None:
        if not await self._database.writer.submit(partial(_change, statement, row)):
            raise UnknownRecord(row[0])


def _change(statement: str, row: Cells, cursor: Cursor) -> int:
    return cursor.execute(statement, row).connection.changes()


def _add(free: Cells, row: Cells, cursor: Cursor) -> None:
    cursor.execute(CALL_RULE.block_free, free)
    if not _change(CALL_RULE.block_add, row, cursor):
        raise DuplicateRecord(row[0])


def _count(keyed: Sequence[tuple[FrequencyMark, bytes]], now_us: int, cursor: Cursor) -> str | None:
    rows: list[Cells] = []
    for mark, key in keyed:
        found = cursor.execute(CALL_RULE.count_get, (mark.rule_id, key)).fetchall()
        calls = with_one_more(unpack_calls(found[0][0]) if found else (), mark, now_us)
        if calls is None:
            return mark.rule_id
        rows.append((mark.rule_id, key, pack_calls(calls), now_us))
    for row in rows:
        cursor.execute(CALL_RULE.count_save, row)
    return None
