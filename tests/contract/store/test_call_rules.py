import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.contract.store.making import NOW, Make

from maskline.domain.call_rule import (
    BlockDirection,
    CallAttempt,
    CallBlock,
    CallPlace,
    Counted,
    FrequencyMark,
    FrequencyRule,
    RuleScope,
)
from maskline.domain.error import DuplicateRecord, UnknownRecord
from maskline.domain.release import ReleaseCode
from maskline.services.call_rule_store import Blocking, CallBlockFilter, FrequencyRuleFilter
from maskline.services.page import Page
from maskline.services.store import Store

CALLER, CALLEE = "+8613900001001", "+8613900003003"
SECOND = timedelta(seconds=1)
EVERYWHERE = CallPlace()


@pytest.fixture
def place(make: Make) -> CallPlace:
    """Of calls to the one number."""
    return CallPlace(tenant_id=make.tenant_id, app_key=make.app_key, x=make.x)


def _block(block_id: str, where: CallPlace = EVERYWHERE, **changes: Any) -> CallBlock:
    plain = CallBlock(
        block_id=block_id,
        place=where,
        number=CALLER,
        reason="fraud",
        evidence="case 12",
        created_by="ann",
        created_at=NOW,
    )
    return replace(plain, **changes)


def _rule(rule_id: str, where: CallPlace = EVERYWHERE, **changes: Any) -> FrequencyRule:
    plain = FrequencyRule(
        rule_id=rule_id,
        place=where,
        counted=Counted.CALLER,
        calls=3,
        within_s=60,
        note="as agreed",
        created_by="ann",
        created_at=NOW,
    )
    return replace(plain, **changes)


def _attempt(place: CallPlace, **changes: Any) -> CallAttempt:
    return replace(CallAttempt(place=place, caller=CALLER, callee=CALLEE), **changes)


async def test_a_block_is_kept_and_changed_and_forgotten(store: Store, make: Make):
    block = _block("b1", CallPlace(tenant_id=make.tenant_id), by_tenant=True, until=NOW + SECOND)
    await store.add_call_block(block, NOW)
    assert await store.call_block("b1") == block
    changed = replace(block, reason="harassment", evidence="", until=None)
    await store.save_call_block(changed)
    await store.note_block_hit("b1", NOW + SECOND)
    assert await store.call_block("b1") == replace(changed, hits=1, last_hit_at=NOW + SECOND)
    await store.remove_call_block("b1")
    assert await store.call_block("b1") is None
    await store.note_block_hit("b1", NOW)
    for gone in (store.remove_call_block("b1"), store.save_call_block(changed)):
        with pytest.raises(UnknownRecord):
            await gone


async def test_a_block_of_a_tenant_needs_the_tenant(store: Store):
    with pytest.raises(UnknownRecord):
        await store.add_call_block(_block("b1", CallPlace(tenant_id="nobody")), NOW)


async def test_a_number_is_blocked_once_at_a_place_by_each_who_may(store: Store, make: Make):
    await store.add_call_block(_block("b1", until=NOW + SECOND), NOW)
    with pytest.raises(DuplicateRecord):
        await store.add_call_block(_block("b2"), NOW)
    tenant = CallPlace(tenant_id=make.tenant_id)
    await store.add_call_block(_block("b3", tenant), NOW)
    await store.add_call_block(_block("b4", tenant, by_tenant=True), NOW)
    await store.add_call_block(_block("b5", direction=BlockDirection.CALLEE), NOW)
    # One that is over makes room.
    await store.add_call_block(_block("b6"), NOW + SECOND)
    assert await store.call_block("b1") is None
    assert await store.call_block("b6") == _block("b6")


async def test_a_block_stops_calls_at_its_place_only(store: Store, place: CallPlace):
    places = {
        "all": EVERYWHERE,
        "tenant": CallPlace(tenant_id=place.tenant_id),
        "application": CallPlace(tenant_id=place.tenant_id, app_key=place.app_key),
        "number": CallPlace(tenant_id=place.tenant_id, x=place.x),
    }
    elsewhere = {
        "tenant": CallPlace(tenant_id="second", app_key="other", x="+8617000000099"),
        "application": replace(place, app_key="other"),
        "number": replace(place, x="+8617000000099"),
    }
    for block_id, where in places.items():
        await store.add_call_block(_block(block_id, where), NOW)
        found = await store.blocking(_attempt(place), NOW)
        assert found == Blocking(block_id, ReleaseCode.CALLER_BLOCKED)
        if block_id in elsewhere:
            assert await store.blocking(_attempt(elsewhere[block_id]), NOW) is None
        await store.remove_call_block(block_id)


async def test_a_block_is_for_a_direction_and_the_caller_counts_first(
    store: Store, place: CallPlace
):
    await store.add_call_block(_block("b1", number=CALLEE, direction=BlockDirection.CALLEE), NOW)
    assert await store.blocking(_attempt(place), NOW) == Blocking("b1", ReleaseCode.CALLEE_BLOCKED)
    assert await store.blocking(_attempt(place, callee=None), NOW) is None
    backwards = _attempt(place, caller=CALLEE, callee=CALLER)
    assert await store.blocking(backwards, NOW) is None
    await store.add_call_block(_block("b2", direction=BlockDirection.BOTH), NOW + SECOND)
    assert await store.blocking(_attempt(place), NOW) == Blocking("b2", ReleaseCode.CALLER_BLOCKED)
    assert await store.blocking(backwards, NOW) == Blocking("b2", ReleaseCode.CALLEE_BLOCKED)


async def test_a_block_is_over_at_its_end(store: Store, place: CallPlace):
    await store.add_call_block(_block("b1", until=NOW + SECOND), NOW)
    assert await store.blocking(_attempt(place), NOW) is not None
    assert await store.blocking(_attempt(place), NOW + SECOND) is None


async def test_blocks_are_listed_newest_first_by_what_they_are(store: Store, make: Make):
    tenant = CallPlace(tenant_id=make.tenant_id)
    blocks = [
        _block("b1"),
        _block("b2", tenant, by_tenant=True, created_at=NOW + SECOND),
        _block("b3", tenant, number=CALLEE, direction=BlockDirection.BOTH, created_at=NOW + SECOND),
    ]
    for block in blocks:
        await store.add_call_block(block, NOW)

    async def ids(**wanted: Any) -> list[str]:
        found = await store.call_blocks(CallBlockFilter(**wanted), Page(limit=10))
        return [block.block_id for block in found.rows]

    assert await ids() == ["b3", "b2", "b1"]
    assert await ids(tenant_id=make.tenant_id) == ["b3", "b2"]
    assert await ids(tenant_id=make.tenant_id, by_tenant=True) == ["b2"]
    assert await ids(scope=RuleScope.PLATFORM) == ["b1"]
    assert await ids(number=CALLER) == ["b2", "b1"]
    assert await ids(direction=BlockDirection.BOTH) == ["b3"]
    first = await store.call_blocks(CallBlockFilter(), Page(limit=2))
    rest = await store.call_blocks(CallBlockFilter(), Page(limit=2, after=first.next))
    assert ([block.block_id for block in rest.rows], rest.next) == (["b1"], None)
    counted = await store.count_call_blocks(CallBlockFilter(by_tenant=True))
    assert (counted.count, counted.is_bounded) == (1, False)


async def test_it_is_known_whose_calls_may_be_stopped(store: Store, make: Make):
    assert not await store.has_call_blocks("")
    await store.add_call_block(_block("b1", CallPlace(tenant_id=make.tenant_id)), NOW)
    assert await store.has_call_blocks(make.tenant_id)
    assert not await store.has_call_blocks("")


async def test_a_frequency_rule_is_kept_and_changed_and_forgotten(store: Store, make: Make):
    rule = _rule("r1", CallPlace(tenant_id=make.tenant_id, app_key=make.app_key), by_tenant=True)
    await store.add_frequency_rule(rule)
    assert await store.frequency_rule("r1") == rule
    changed = replace(rule, calls=5, within_s=30, is_enabled=False, note="")
    await store.save_frequency_rule(changed)
    await store.note_rule_hit("r1", NOW + SECOND)
    assert await store.frequency_rule("r1") == replace(changed, hits=1, last_hit_at=NOW + SECOND)
    await store.remove_frequency_rule("r1")
    assert await store.frequency_rule("r1") is None
    await store.note_rule_hit("r1", NOW)
    for gone in (store.remove_frequency_rule("r1"), store.save_frequency_rule(changed)):
        with pytest.raises(UnknownRecord):
            await gone


async def test_frequency_rules_are_found_by_whose_calls_they_count(store: Store, make: Make):
    tenant = CallPlace(tenant_id=make.tenant_id)
    rules = [
        _rule("r1"),
        _rule("r2", tenant, by_tenant=True, created_at=NOW + SECOND),
        _rule("r3", tenant, is_enabled=False, created_at=NOW + SECOND),
    ]
    for rule in rules:
        await store.add_frequency_rule(rule)
    assert await store.rules_for("", 10) == (rules[0],)
    assert await store.rules_for(make.tenant_id, 10) == (rules[1],)
    found = await store.frequency_rules(FrequencyRuleFilter(), Page(limit=2))
    assert found.rows == (rules[2], rules[1])
    rest = await store.frequency_rules(FrequencyRuleFilter(), Page(limit=2, after=found.next))
    assert rest.rows == (rules[0],)
    own = FrequencyRuleFilter(tenant_id=make.tenant_id, by_tenant=True, scope=RuleScope.TENANT)
    assert (await store.frequency_rules(own, Page(limit=5))).rows == (rules[1],)


def _mark(rule_id: str = "r1", key: str = CALLER, **changes: Any) -> FrequencyMark:
    plain = FrequencyMark(rule_id=rule_id, key=key, calls=2, within_s=60)
    return replace(plain, **changes)


async def test_no_more_calls_than_a_rule_allows_in_any_of_its_spans(store: Store):
    mark = _mark()
    assert await store.count_call([mark], NOW) is None
    assert await store.count_call([mark], NOW + 50 * SECOND) is None
    assert await store.count_call([mark], NOW + 59 * SECOND) == "r1"
    # The first is a span old, the refused one was not counted.
    assert await store.count_call([mark], NOW + 60 * SECOND) is None
    assert await store.count_call([mark], NOW + 61 * SECOND) == "r1"
    assert await store.count_call([mark], NOW + 110 * SECOND) is None
    assert await store.count_call([_mark(key=CALLEE)], NOW + 110 * SECOND) is None


async def test_a_call_is_counted_by_all_of_its_rules_or_by_none(store: Store):
    full, other = _mark("r2", calls=1), _mark("r1", calls=1, key="pair")
    assert await store.count_call([full], NOW) is None
    assert await store.count_call([other, full], NOW) == "r2"
    assert await store.count_call([other], NOW) is None


async def test_calls_of_the_same_moment_are_counted_exactly(store: Store):
    mark = _mark(calls=3)
    results = await asyncio.gather(*(store.count_call([mark], NOW) for _ in range(8)))
    assert results.count(None) == 3


async def test_counts_that_nobody_adds_to_are_forgotten(store: Store):
    for key in ("a", "b", "c"):
        await store.count_call([_mark(key=key, calls=1)], NOW)
    await store.count_call([_mark(key="late", calls=1)], NOW + SECOND)
    assert await store.remove_call_counts(NOW + SECOND, 2) == 2
    assert await store.remove_call_counts(NOW + SECOND, 2) == 1
    assert await store.count_call([_mark(key="late", calls=1)], NOW + SECOND) == "r1"
