"""Rows that every call outcome table has, in both directions of each mode.

`spec/ax.md` 15, `spec/axb.md` 13, `spec/axe.md` 15, `spec/axyb.md` 9, `spec/x.md` 6: each asserts
what the event, the record and the caller's phone say.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from tests.scenarios.outcome.house import AWAITED_S, Bound, House, Told, is_answered_487
from tests.scenarios.outcome.way import FIRST_OF_MODE, LIMITED_WAYS, WAYS, Way

from maskline.domain.application import Mode, TenantState
from maskline.domain.virtual_number import NumberState
from maskline.lab.phone_call import CallState, PhoneCall
from maskline.services.administration_request import NumberChange, TenantChange

pytestmark = [
    pytest.mark.network,
    pytest.mark.enable_socket,
    pytest.mark.asyncio(loop_scope="module"),
]

all_ways = pytest.mark.parametrize("way", WAYS, ids=str)
all_modes = pytest.mark.parametrize("way", FIRST_OF_MODE, ids=str)


@dataclass
class Line:
    """Both ends of a call under way: who called, and the phone that is called."""

    bound: Bound
    mine: PhoneCall
    theirs: PhoneCall


@asynccontextmanager
async def calling(house: House, way: Way, **fields: Any) -> AsyncIterator[Line]:
    """A call that has come to the callee's phone, which does not ring yet."""
    bound = await way.bind(house, await house.people(way.mode), **fields)
    try:
        async with house.phone(bound.caller) as caller, house.phone(bound.callee) as callee:
            mine = await way.call(house, caller, bound)
            yield Line(bound, mine, await callee.next_call(AWAITED_S))
    finally:
        await way.unbind(house, bound)


async def assert_told(house: House, way: Way, bound: Bound, code: int, *then: str) -> Told:
    """What is told of a call that was forwarded."""
    told = await house.told(bound.caller)
    told.assert_code(code)
    record = told.record
    assert told.names == ["callin", *way.asked, "callout", *then, "disconnect"]
    assert (record["direction"], record["serviceType"]) == (way.direction, way.service_type)
    assert record["callerNum"] == bound.caller
    assert record["bindNum"] == record["calleeNum"] == bound.dialled
    assert (record["fwdDisplayNum"], record["fwdDstNum"]) == (bound.shown, bound.callee)
    assert record.get("subscriptionId") == bound.binding_id
    assert record.get("notifyMode") == ("Block" if way.mode is Mode.X else None)
    assert ("extendNum" in record) is (way.mode is Mode.AXE)
    return told


async def talk(line: Line) -> None:
    await line.theirs.ring()
    await line.theirs.answer()
    await line.mine.wait_until(CallState.TALKING)


@all_ways
@pytest.mark.parametrize("ends", ["mine", "theirs"])
async def test_0_one_party_hangs_up_after_the_answer(house: House, way: Way, ends: str):
    async with calling(house, way) as line:
        await talk(line)
        await getattr(line, ends).hang_up()
        await line.mine.wait_until(CallState.ENDED)
    told = await assert_told(house, way, line.bound, 0, "alerting", "answer")
    assert line.theirs.number == line.bound.shown
    assert (told.record["fwdUnaswRsn"], told.record["sipStatusCode"]) == (0, 0)
    assert told.end.get("callRelDirection") in {None, 1 if ends == "mine" else 2}


@all_modes
@pytest.mark.parametrize(
    ("status", "cause", "code", "seen"),
    [
        pytest.param(486, 17, 8102, (486, 17), id="8102 busy"),
        pytest.param(486, None, 8102, (486, 17), id="8102 busy, without a cause"),
        pytest.param(480, 19, 8101, (480, 19), id="8101 no answer"),
        pytest.param(603, 21, 7503, (603, 21), id="7503 rejected"),
        pytest.param(403, None, 7504, (603, 21), id="7504 refused"),
        pytest.param(404, 1, 8100, (404, 1), id="8100 not existing"),
        pytest.param(480, 27, 8103, (480, 20), id="8103 unreachable"),
        pytest.param(480, 20, 8104, (480, 20), id="8104 powered off"),
        pytest.param(480, 50, 8105, (480, 20), id="8105 suspended"),
        pytest.param(500, None, 7506, (502, 27), id="7506 network of the callee"),
    ],
)
async def test_the_callee_is_not_reached(
    house: House, way: Way, status: int, cause: int | None, code: int, seen: tuple[int, int]
):
    async with calling(house, way) as line:
        await line.theirs.reject(status, q850=cause)
        await line.mine.wait_until(CallState.ENDED, AWAITED_S)
    told = await assert_told(house, way, line.bound, code)
    assert (line.mine.end_status, line.mine.end_cause) == seen
    assert told.record["sipStatusCode"] == status
    assert told.record["fwdUnaswRsn"] == cause or cause is None
    assert told.record["fwdUnaswRsn"] != 0


@all_modes
async def test_8101_the_callee_rings_and_its_network_gives_up(house: House, way: Way):
    async with calling(house, way) as line:
        await line.theirs.ring()
        await line.theirs.reject(480, q850=19)
        await line.mine.wait_until(CallState.ENDED, AWAITED_S)
    await assert_told(house, way, line.bound, 8101, "alerting")
    assert (line.mine.end_status, line.mine.end_cause) == (480, 19)


@all_modes
async def test_8035_the_callee_rings_longer_than_the_platform_waits(house: House, way: Way):
    async with calling(house, way) as line:
        await line.theirs.ring()
        await line.mine.wait_until(CallState.ENDED, AWAITED_S)
        await line.theirs.wait_until(CallState.ENDED, AWAITED_S)
    await assert_told(house, way, line.bound, 8035, "alerting")
    assert (line.mine.end_status, line.mine.end_cause) == (480, 19)


@all_ways
async def test_7501_the_caller_gives_up_before_it_rings(house: House, way: Way):
    async with calling(house, way) as line:
        await line.mine.hang_up(AWAITED_S)
    told = await assert_told(house, way, line.bound, 7501)
    assert is_answered_487(line.mine)
    assert told.record["sipStatusCode"] == 487


@all_ways
async def test_7502_the_caller_gives_up_while_it_rings(house: House, way: Way):
    async with calling(house, way) as line:
        await line.theirs.ring()
        await line.mine.wait_until(CallState.RINGING)
        await alerted(house, line)
        await line.mine.hang_up(AWAITED_S)
    await assert_told(house, way, line.bound, 7502, "alerting")
    assert is_answered_487(line.mine)


async def alerted(house: House, line: Line) -> None:
    """Until the customer was told that the callee rings: AXE's caller hears us before that."""
    called = line.bound.callee.encode()
    await house.stage.receiver.wait_for(
        lambda pushes: any(b'"alerting"' in p.body and called in p.body for p in pushes), AWAITED_S
    )


@pytest.mark.parametrize("way", LIMITED_WAYS, ids=str)
async def test_8010_the_longest_duration_is_over(
    house: House, way: Way, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("maskline.planes.call.talking.SECONDS_A_MINUTE", 1.0)
    async with calling(house, way, maxDuration=1) as line:
        await talk(line)
        await line.mine.wait_until(CallState.ENDED, AWAITED_S)
        await line.theirs.wait_until(CallState.ENDED, AWAITED_S)
    await assert_told(house, way, line.bound, 8010, "alerting", "answer")
    assert line.mine.end_cause == 102


async def refused(house: House, bound: Bound, code: int) -> Told:
    """What is told of a call that was refused at once."""
    told = await house.told(bound.caller)
    told.assert_code(code)
    assert told.names in (["callin", "disconnect"], ["disconnect"])
    assert not {"fwdDstNum", "fwdDisplayNum"} & set(told.record)
    return told


@asynccontextmanager
async def frozen(house: House, _: Way, __: Bound) -> AsyncIterator[None]:
    await house.administration.change_tenant("demo", TenantChange(state=TenantState.FROZEN))
    try:
        yield
    finally:
        await house.administration.change_tenant("demo", TenantChange(state=TenantState.NORMAL))


@asynccontextmanager
async def without_calls(house: House, way: Way, _: Bound) -> AsyncIterator[None]:
    async with house.changed(way.mode, {"may_call": True}, may_call=False):
        yield


@asynccontextmanager
async def paused(house: House, _: Way, bound: Bound) -> AsyncIterator[None]:
    change = house.administration.change_number
    await change(bound.dialled, NumberChange(state=NumberState.PAUSED))
    try:
        yield
    finally:
        await change(bound.dialled, NumberChange(state=NumberState.NORMAL))


Trouble = Callable[[House, Way, Bound], Any]


@all_ways
@pytest.mark.parametrize(
    ("trouble", "code", "seen"),
    [
        pytest.param(frozen, 7108, (403, 21), id="7108 the account is frozen"),
        pytest.param(without_calls, 7106, (403, 21), id="7106 the application has no calls"),
        pytest.param(paused, 8055, (480, 31), id="8055 the number is paused"),
    ],
)
async def test_the_customer_may_not_call(
    house: House, way: Way, trouble: Trouble, code: int, seen: tuple[int, int]
):
    bound = await way.bind(house, await house.people(way.mode))
    if way.mode is Mode.AXB and code == 7106:
        code = 8018  # `spec/axb.md` 13, row 6
    async with trouble(house, way, bound):
        assert await house.refused(bound.caller, bound.dialled) == seen
        told = await refused(house, bound, code)
    assert told.record["direction"] == (1 if way.mode is Mode.X else 2)
    assert "subscriptionId" not in told.record
    await way.unbind(house, bound)


@pytest.mark.parametrize("way", WAYS[:-1], ids=str)
async def test_8058_a_is_no_registered_actual_user(house: House, way: Way):
    bound = await way.bind(house, await house.people(way.mode))
    switch = house.changed(
        way.mode, {"intercepts_unregistered": False}, intercepts_unregistered=True
    )
    async with switch, house.phone(bound.caller) as phone:
        call = await way.call(house, phone, bound)
        await call.wait_until(CallState.ENDED, AWAITED_S)
        told = await house.told(bound.caller)
    await way.unbind(house, bound)
    told.assert_code(8058)
    assert told.names == ["callin", *way.asked, "disconnect"]
    assert (call.end_status, call.end_cause) == (403, 21)
    assert told.record["direction"] == way.direction
    assert told.record["subscriptionId"] == bound.binding_id
