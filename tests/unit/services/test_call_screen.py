from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from maskline.domain.application import Tenant
from maskline.domain.call_rule import (
    KNOWN_AT_ONCE,
    KNOWN_LATER,
    CallAttempt,
    CallBlock,
    CallPlace,
    Counted,
    FrequencyRule,
)
from maskline.domain.error import StoreBusy
from maskline.domain.ledger import Posting, PostingKind, lines_of
from maskline.domain.release import ReleaseCode
from maskline.domain.use_limit import UseLimits
from maskline.services.billing.store import Entry
from maskline.services.call_screen import MAX_AGE_S, CallScreen
from maskline.services.clock import SteppedClock
from maskline.services.spending import Spending
from maskline.stores.memory import MemoryStore

NOW = datetime(2026, 1, 2, tzinfo=UTC)
ALL = frozenset(Counted)
ATTEMPT = CallAttempt(
    place=CallPlace(tenant_id="t", app_key="k", x="+8617000002001"),
    caller="+8613900001001",
    callee="+8613900003003",
    shown="+8617000002001",
)
BLOCK = CallBlock(block_id="b", place=CallPlace(), number=ATTEMPT.caller, created_at=NOW)
RULE = FrequencyRule(
    rule_id="r", place=CallPlace(), counted=Counted.CALLER, calls=1, within_s=60, created_at=NOW
)


class WatchedStore(MemoryStore):
    """Counts what calls ask it."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    async def has_call_blocks(self, tenant_id: str) -> bool:
        self.asked.append(f"any of {tenant_id or 'all'}")
        return await super().has_call_blocks(tenant_id)

    async def blocking(self, *args):
        self.asked.append("blocking")
        return await super().blocking(*args)

    async def count_call(self, *args):
        self.asked.append("count")
        return await super().count_call(*args)


@pytest.fixture
def clock():
    return SteppedClock(NOW)


@pytest.fixture
async def store():
    store = WatchedStore()
    await store.open()
    await store.add_tenant(Tenant(tenant_id="t", name="T", created_at=NOW))
    return store


@pytest.fixture
def screen(store, clock):
    return CallScreen(store, clock)


async def test_calls_without_rules_ask_the_store_nothing(screen, store, clock):
    for _ in range(3):
        assert await screen.refusal(ATTEMPT, ALL) is None
    assert store.asked == ["any of all", "any of t"]
    clock.step(MAX_AGE_S)
    await screen.refusal(ATTEMPT, ALL)
    assert len(store.asked) == 4


async def test_rules_of_another_tenant_cost_a_call_nothing(screen, store):
    await store.add_tenant(Tenant(tenant_id="other", name="O", created_at=NOW))
    await store.add_call_block(replace(BLOCK, place=CallPlace(tenant_id="other")), NOW)
    await screen.refusal(ATTEMPT, ALL)
    assert "blocking" not in store.asked


async def test_a_change_counts_once_it_is_told(screen, store):
    await screen.refusal(ATTEMPT, ALL)
    await store.add_call_block(BLOCK, NOW)
    assert await screen.refusal(ATTEMPT, ALL) is None
    screen.forget()
    assert await screen.refusal(ATTEMPT, ALL) is ReleaseCode.CALLER_BLOCKED
    await store.remove_call_block("b")
    screen.forget()
    assert await screen.refusal(ATTEMPT, ALL) is None


async def test_a_caller_is_counted_at_once_and_a_callee_when_it_is_known(screen, store):
    for rule_id, counted in (("r1", Counted.CALLER), ("r2", Counted.CALLEE)):
        await store.add_frequency_rule(replace(RULE, rule_id=rule_id, counted=counted))
    early = replace(ATTEMPT, callee=None, shown=None)
    assert await screen.refusal(early, KNOWN_AT_ONCE) is None
    assert await screen.refusal(ATTEMPT, KNOWN_LATER) is None
    assert await screen.refusal(early, KNOWN_AT_ONCE) is ReleaseCode.CALLER_TOO_FREQUENT
    assert await screen.refusal(ATTEMPT, KNOWN_LATER) is ReleaseCode.CALLEE_TOO_FREQUENT
    assert (await store.frequency_rule("r1")).hits == 1


async def test_a_rule_that_is_off_or_for_other_calls_counts_nothing(screen, store):
    await store.add_frequency_rule(replace(RULE, is_enabled=False))
    elsewhere = CallPlace(tenant_id="t", app_key="other")
    await store.add_frequency_rule(replace(RULE, rule_id="r2", place=elsewhere))
    assert [await screen.refusal(ATTEMPT, ALL) for _ in range(2)] == [None, None]
    assert "count" not in store.asked


async def test_there_is_room_again_when_the_span_is_over(screen, store, clock):
    await store.add_frequency_rule(RULE)
    assert await screen.refusal(ATTEMPT, ALL) is None
    assert await screen.refusal(ATTEMPT, ALL) is ReleaseCode.CALLER_TOO_FREQUENT
    clock.step(60)
    assert await screen.refusal(ATTEMPT, ALL) is None


async def test_a_call_is_refused_even_if_the_hit_cannot_be_noted(screen, store, monkeypatch):
    await store.add_call_block(BLOCK, NOW)

    async def is_busy(*_):
        raise StoreBusy("too much")

    monkeypatch.setattr(store, "note_block_hit", is_busy)
    assert await screen.refusal(ATTEMPT, ALL) is ReleaseCode.CALLER_BLOCKED


def _posting(cost: int, *, app_key: str = "k", at: datetime = NOW, kind=PostingKind.CALL) -> Entry:
    source = f"{kind}:{at}:{app_key}:{cost}"
    return Entry(
        posting=Posting(
            posting_id=source, tenant_id="t", kind=kind, source=source, at=at, used_at=at,
            lines=lines_of(kind, -cost), app_key=app_key,
        )
    )  # fmt: skip


BEIJING = UseLimits(destinations=("+861", "+8610"))


@pytest.mark.parametrize("whose", ["tenant_limits", "limits"])
async def test_only_allowed_destinations_are_reached(screen, whose):
    attempt = replace(ATTEMPT, **{whose: BEIJING})
    assert await screen.refusal(attempt, ALL) is None
    outside = replace(attempt, callee="+85212345678")
    assert await screen.refusal(outside, ALL) is ReleaseCode.DESTINATION_FORBIDDEN
    # Nobody knows yet whom the customer will name.
    assert await screen.refusal(replace(outside, callee=None), KNOWN_AT_ONCE) is None


async def test_a_day_costs_no_more_than_it_may_and_the_next_one_begins_at_midnight(store, clock):
    spending = Spending(store, clock, ZoneInfo("Asia/Shanghai"))
    screen = CallScreen(store, clock, spending)
    own = replace(ATTEMPT, limits=UseLimits(spend_per_day=100))
    all_of_it = replace(ATTEMPT, tenant_limits=UseLimits(spend_per_day=150))
    await store.post(
        [_posting(60), _posting(60, app_key="other"), _posting(500, kind=PostingKind.RENT)]
    )
    assert await screen.refusal(own, ALL) is None
    assert await screen.refusal(all_of_it, ALL) is None
    await store.post([_posting(40)])
    assert await screen.refusal(own, ALL) is None
    clock.step(30)
    assert await screen.refusal(own, ALL) is ReleaseCode.NO_CALL_ABILITY
    assert await screen.refusal(all_of_it, ALL) is ReleaseCode.TENANT_FROZEN
    # It is 08:00:30 in Shanghai.
    clock.step(16 * 3600 - 31)
    assert await screen.refusal(own, ALL) is ReleaseCode.NO_CALL_ABILITY
    clock.step(1)
    assert await screen.refusal(own, ALL) is None
