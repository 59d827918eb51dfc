"""Calls that a rule stops: a party is blocked (7004, 7005), or it is one call too many."""

import json
from dataclasses import replace

import pytest
from tests.unit.planes.call.story import START, A, B, X, answered_call, events

from maskline.domain.application import Mode
from maskline.domain.call_rule import (
    BlockDirection,
    CallAttempt,
    CallBlock,
    CallPlace,
    Counted,
    FrequencyRule,
)
from maskline.domain.error import StoreFailed
from maskline.domain.release import ReleaseCode
from maskline.protocols.sip.event import Rejected

CALLER, CALLEE, BOTH = BlockDirection
BLOCK = CallBlock(block_id="b", place=CallPlace(), number=A, created_at=START)
RULE = FrequencyRule(
    rule_id="r", place=CallPlace(), counted=Counted.CALLER, calls=1, within_s=60, created_at=START
)


async def _refused(stage):
    """Dial; what the caller is told."""
    stage.caller.session = None
    stage.caller.dial()
    rejected = await stage.caller.until(Rejected)
    return rejected.status, rejected.q850


@pytest.mark.parametrize(
    ("block", "release"),
    [
        (BLOCK, ReleaseCode.CALLER_BLOCKED),
        (replace(BLOCK, direction=BOTH), ReleaseCode.CALLER_BLOCKED),
        (replace(BLOCK, number=B, direction=CALLEE), ReleaseCode.CALLEE_BLOCKED),
        (replace(BLOCK, place=CallPlace(tenant_id="t")), ReleaseCode.CALLER_BLOCKED),
        (
            replace(BLOCK, place=CallPlace(tenant_id="t", app_key="k")),
            ReleaseCode.CALLER_BLOCKED,
        ),
        (replace(BLOCK, place=CallPlace(tenant_id="t", x=X)), ReleaseCode.CALLER_BLOCKED),
    ],
)
async def test_a_call_of_who_is_blocked_is_refused_and_recorded(stage, block, release):
    await stage.bind()
    await stage.store.add_call_block(block, START)
    assert await _refused(stage) == (403, 21)
    record = await stage.record()
    assert (record.end.release, record.call.binding_id) == (release, "b1")
    assert events(stage) == ["callin", "disconnect", "fee"]
    disconnect = json.loads(stage.queued()[1][1])["statusInfo"]
    assert (disconnect["stateCode"], disconnect["stateDesc"]) == (int(release), release.text)
    kept = await stage.store.call_block("b")
    assert (kept.hits, kept.last_hit_at is not None) == (1, True)


@pytest.mark.parametrize(
    "block",
    [
        replace(BLOCK, direction=CALLEE),
        replace(BLOCK, number=B),
        replace(BLOCK, until=START),
        replace(BLOCK, place=CallPlace(tenant_id="t", x="+8617000002009")),
    ],
)
async def test_a_block_that_is_for_other_calls_stops_none(stage, block):
    await stage.bind()
    await stage.store.add_call_block(block, START)
    await answered_call(stage)
    stage.caller.do("end")
    assert (await stage.record()).end.release is ReleaseCode.NORMAL


@pytest.mark.parametrize(
    ("counted", "release"),
    [
        (Counted.TENANT, 7001),
        (Counted.APPLICATION, 7002),
        (Counted.SHOWN_NUMBER, 7003),
        (Counted.CALLER, 8047),
        (Counted.PAIR, 8047),
        (Counted.CALLEE, 8048),
        (Counted.NUMBER, 8049),
    ],
)
async def test_one_call_too_many_is_refused_by_the_code_of_what_is_counted(stage, counted, release):
    await stage.store.add_frequency_rule(replace(RULE, counted=counted))
    await stage.bind()
    place = CallPlace(tenant_id="t", app_key="k", x=X)
    await _call_before(stage, place)
    assert await _refused(stage) == (403, 21)
    assert int((await stage.record()).end.release) == release
    assert (await stage.store.frequency_rule("r")).hits == 1


async def _call_before(stage, place):
    """The call that the rule still lets pass, without waiting for a phone."""
    attempt = CallAttempt(place=place, caller=A, callee=B, shown=X)
    assert await stage.services.screen.refusal(attempt, frozenset(Counted)) is None


async def test_calls_pass_while_the_rules_cannot_be_asked(stage, monkeypatch):
    await stage.bind()

    async def fails(*_):
        raise StoreFailed("away")

    monkeypatch.setattr(stage.store, "has_call_blocks", fails)
    await answered_call(stage)
    stage.caller.do("end")
    assert (await stage.record()).end.release is ReleaseCode.NORMAL


class TestWhereSomebodyIsAsked:
    @pytest.fixture
    def mode(self):
        return Mode.X

    async def test_nobody_is_asked_for_a_caller_who_is_blocked(self, stage, asker):
        await stage.store.add_call_block(BLOCK, START)
        assert await _refused(stage) == (403, 21)
        assert (await stage.record()).end.release is ReleaseCode.CALLER_BLOCKED
        assert not asker.asked
