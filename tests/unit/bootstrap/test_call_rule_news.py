"""A rule that stops calls, made at one worker, stops them at every worker that shares the store."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from maskline.bootstrap.change import Changes
from maskline.domain.access import OPERATOR
from maskline.domain.application import Tenant
from maskline.domain.call_rule import CallAttempt, CallPlace, Counted
from maskline.domain.release import ReleaseCode
from maskline.services.bulletin import BulletinBoard, BulletinReader
from maskline.services.call_rule_desk import CallRuleDesk
from maskline.services.call_rule_request import NewCallBlock, NewFrequencyRule
from maskline.services.call_screen import MAX_AGE_S, CallScreen
from maskline.services.clock import SteppedClock
from maskline.services.directory import Directory
from maskline.services.ids import SystemIds
from maskline.services.prompt_shelf import PromptShelf
from maskline.stores.keys import FixedKeys
from maskline.stores.sqlite import SqliteStore

NOW = datetime(2026, 1, 2, tzinfo=UTC)
CALLER = "+8613900001001"
ATTEMPT = CallAttempt(
    place=CallPlace(tenant_id="t", app_key="k", x="+8617000002001"),
    caller=CALLER,
    callee="+8613900003003",
    shown="+8617000002001",
)
BLOCK = NewCallBlock(number=CALLER, tenant_id="t", reason="calls at night")


class Worker:
    """What a process asks about calls, and how it tells and hears of changes."""

    def __init__(self, site: "Site", name: str, *, is_heard: bool = True) -> None:
        store, clock = site.store, site.clock
        self.board = BulletinBoard(store, clock, name, has_readers=is_heard)
        self._screen = CallScreen(store, clock)
        changes = Changes(
            self.board,
            Directory(store, clock),
            PromptShelf(store, clock, site.folder / name),
            clock,
            self._screen,
        )
        self.desk = CallRuleDesk(store, clock, SystemIds(), changes.forget_call_rules)
        self._reader = BulletinReader(store, clock, name, changes.apply)

    async def refusal(self) -> ReleaseCode | None:
        return await self._screen.refusal(ATTEMPT, frozenset(Counted))

    async def hear(self, teller: "Worker") -> None:
        """One look at the bulletins, as every quarter of a second."""
        await teller.board.close()
        await self._reader.look()


@dataclass
class Site:
    folder: Path
    clock: SteppedClock
    store: SqliteStore


@asynccontextmanager
async def opened(folder: Path) -> AsyncGenerator[Site]:
    store = SqliteStore(folder / "maskline.db", FixedKeys())
    await store.open()
    yield Site(folder, SteppedClock(NOW), store)
    await store.close()


@pytest.fixture
async def site(tmp_path: Path) -> AsyncGenerator[Site]:
    async with opened(tmp_path) as site:
        await site.store.add_tenant(Tenant(tenant_id="t", name="T", created_at=NOW))
        yield site


async def test_a_block_counts_at_once_where_it_is_made_and_elsewhere_with_the_next_look(site: Site):
    one, two = Worker(site, "one"), Worker(site, "two")
    assert [await worker.refusal() for worker in (one, two)] == [None, None]
    block = await one.desk.block(BLOCK, OPERATOR)
    assert await one.refusal() is ReleaseCode.CALLER_BLOCKED
    assert await two.refusal() is None
    await two.hear(one)
    assert await two.refusal() is ReleaseCode.CALLER_BLOCKED
    kept = await site.store.call_block(block.block_id)
    assert kept is not None
    assert kept.hits == 2
    await two.desk.end_block(block.block_id, OPERATOR)
    await one.hear(two)
    assert [await worker.refusal() for worker in (one, two)] == [None, None]


async def test_a_block_of_which_no_news_came_counts_after_half_a_minute(site: Site):
    one, two = Worker(site, "one", is_heard=False), Worker(site, "two")
    assert await two.refusal() is None
    await one.desk.block(BLOCK, OPERATOR)
    await two.hear(one)
    site.clock.step(MAX_AGE_S - 1)
    assert await two.refusal() is None
    site.clock.step(1)
    assert await two.refusal() is ReleaseCode.CALLER_BLOCKED


async def test_a_block_counts_with_the_first_call_after_a_restart(site: Site, tmp_path: Path):
    await Worker(site, "one").desk.block(BLOCK, OPERATOR)
    await site.store.close()
    async with opened(tmp_path) as again:
        for name in ("one", "two"):
            assert await Worker(again, name).refusal() is ReleaseCode.CALLER_BLOCKED


async def test_calls_of_both_workers_are_counted_together_also_over_a_restart(
    site: Site, tmp_path: Path
):
    one, two = Worker(site, "one"), Worker(site, "two")
    rule = NewFrequencyRule(tenant_id="t", counted=Counted.CALLER, calls=2, within_s=3_600)
    await one.desk.bound(rule, OPERATOR)
    await two.hear(one)
    assert [await worker.refusal() for worker in (one, two)] == [None, None]
    assert await one.refusal() is ReleaseCode.CALLER_TOO_FREQUENT
    await site.store.close()
    async with opened(tmp_path) as again:
        assert await Worker(again, "two").refusal() is ReleaseCode.CALLER_TOO_FREQUENT
