"""Calls that are not answered: who sees which status, and with which code they are told."""

import asyncio
from typing import Any

import pytest

from maskline.domain.application import ApplicationState, TenantState
from maskline.domain.call_rule import (
    BlockDirection,
    CallBlock,
    CallPlace,
    Counted,
    FrequencyRule,
)
from maskline.domain.virtual_number import NumberState
from maskline.lab.demo.tenant import TENANT
from maskline.services.administration_request import (
    ApplicationChange,
    NumberChange,
    TenantChange,
)

pytestmark = [pytest.mark.sipp, pytest.mark.network, pytest.mark.enable_socket]

A, B = "+8613811110001", "+8613911110002"
FORWARDED = ("callin", "callout", "disconnect")
RUNG = ("callin", "callout", "alerting", "disconnect")


@pytest.mark.parametrize(
    ("caller", "callee", "code", "cause"),
    [
        ("uac_expects_486", "uas_is_busy_486", 8102, 17),
        ("uac_expects_480", "uas_does_not_answer_480", 8101, 18),
        ("uac_expects_480", "uas_is_switched_off_480_cause_20", 8104, 20),
        ("uac_expects_603", "uas_declines_603", 7503, 21),
        ("uac_expects_404", "uas_is_unknown_404", 8100, 1),
        ("uac_expects_480", "uas_is_suspended_403_cause_55", 8105, 55),
        ("uac_expects_480", "uas_cannot_be_reached_480_cause_27", 8103, 27),
        ("uac_expects_603", "uas_refuses_403", 7504, 21),
        ("uac_expects_502", "uas_fails_500", 7506, 41),
    ],
)
async def test_a_refusal_of_the_callee_reaches_the_caller_and_the_record(
    theatre: Any, caller: str, callee: str, code: int, cause: int
):
    await theatre.bind()
    await theatre.play(caller, callee)
    record = await theatre.expect(code, *FORWARDED)
    assert record["fwdUnaswRsn"] == cause
    assert "fwdAnswerTime" not in record


async def test_a_caller_who_gives_up_before_it_rings_is_7501(theatre: Any):
    await theatre.bind()
    await theatre.play("uac_cancels_before_ringing", "uas_is_cancelled_before_ringing")
    await theatre.expect(7501, *FORWARDED)


async def test_a_caller_who_gives_up_while_it_rings_is_7502(theatre: Any):
    await theatre.bind()
    await theatre.play("uac_cancels_while_ringing", "uas_is_cancelled_while_ringing")
    await theatre.expect(7502, *RUNG)


async def test_a_callee_who_rings_too_long_is_cancelled_and_told_as_8035(
    make_stage: Any, make_theatre: Any
):
    theatre = make_theatre(await make_stage(calls={"ring_timeout_s": 1.0}))
    await theatre.bind()
    await theatre.play("uac_expects_480", "uas_is_cancelled_while_ringing")
    await theatre.expect(8035, *RUNG)


async def test_a_caller_who_is_bound_on_another_number_is_refused_8014(theatre: Any):
    await theatre.bind()
    await theatre.play("uac_expects_403", number="+8613811119999")
    record = await theatre.expect(8014, "callin", "disconnect")
    assert record["direction"] == 2
    assert "subscriptionId" not in record


async def test_a_landline_may_not_call_and_is_refused_8023(theatre: Any):
    await theatre.bind(callerNum="+8675588880001")
    await theatre.play("uac_expects_403", number="+8675588880001")
    await theatre.expect(8023, "callin", "disconnect")


async def test_the_direction_that_was_not_bound_is_refused_8016(theatre: Any):
    await theatre.bind(callDirection=1)
    await theatre.play("uac_expects_403", number=B)
    await theatre.expect(8016, "callin", "disconnect")


async def test_an_expired_binding_is_none_and_8014(theatre: Any):
    await theatre.bind(duration=1)
    await asyncio.sleep(1.1)
    await theatre.play("uac_expects_403")
    record = await theatre.expect(8014, "callin", "disconnect")
    assert "subscriptionId" not in record


@pytest.mark.parametrize("state", [NumberState.PAUSED, NumberState.BLACKLISTED])
async def test_a_number_that_is_unavailable_is_8055(theatre: Any, state: NumberState):
    await theatre.bind()
    await theatre.stage.platform.administration.change_number(theatre.x, NumberChange(state=state))
    await theatre.play("uac_expects_480")
    await theatre.expect(8055, "callin", "disconnect")


async def test_a_frozen_account_is_7108(theatre: Any):
    await theatre.bind()
    frozen = TenantChange(state=TenantState.FROZEN)
    await theatre.stage.platform.administration.change_tenant(TENANT, frozen)
    await theatre.play("uac_expects_403")
    await theatre.expect(7108, "callin", "disconnect")


@pytest.mark.parametrize(
    "change",
    [ApplicationChange(state=ApplicationState.SUSPENDED), ApplicationChange(may_call=False)],
)
async def test_an_application_without_permission_is_8018(theatre: Any, change: ApplicationChange):
    await theatre.bind()
    app_key = theatre.stage.tenant.application.app_key
    await theatre.stage.platform.administration.change_application(app_key, change)
    await theatre.play("uac_expects_403")
    await theatre.expect(8018, "callin", "disconnect")


@pytest.mark.parametrize("caller", [A, B])
async def test_an_a_who_is_not_registered_is_8058_either_way(theatre: Any, caller: str):
    await theatre.bind()
    app_key = theatre.stage.tenant.application.app_key
    change = ApplicationChange(intercepts_unregistered=True)
    await theatre.stage.platform.administration.change_application(app_key, change)
    await theatre.play("uac_expects_403", number=caller)
    await theatre.expect(8058, "callin", "disconnect")


async def test_a_number_that_is_not_ours_is_404_and_nobody_is_told(theatre: Any):
    theatre.x = "+8617099999999"
    await theatre.play("uac_expects_404")
    assert theatre.stage.receiver.total == 0


async def test_too_short_a_session_is_answered_422(theatre: Any):
    await theatre.bind()
    await theatre.play("uac_asks_for_too_short_a_session")
    assert theatre.stage.receiver.total == 0


async def test_who_is_blocked_or_calls_too_often_is_refused(theatre: Any):
    platform = theatre.stage.platform
    now, store = platform.clock.now(), platform.store
    await theatre.bind()
    for number, direction in ((A, BlockDirection.CALLER), (B, BlockDirection.CALLEE)):
        block = CallBlock(
            block_id=number,
            place=CallPlace(),
            number=number,
            direction=direction,
            created_at=now,
        )
        await store.add_call_block(block, now)
    platform.changes.forget_call_rules()
    await theatre.play("uac_expects_403")
    await store.remove_call_block(A)
    await theatre.play("uac_expects_403")
    await store.remove_call_block(B)
    rule = FrequencyRule(
        rule_id="r", place=CallPlace(), counted=Counted.PAIR, calls=1, within_s=600, created_at=now
    )
    await store.add_frequency_rule(rule)
    platform.changes.forget_call_rules()
    await theatre.play("uac_expects_486", "uas_is_busy_486")
    await theatre.play("uac_expects_403")
    _, records = await theatre.told(records=4)
    assert [record["ulFailReason"] for record in records] == [7005, 7004, 8102, 8047]
