"""Rows that only some call outcome tables have: what is refused, and who gives up too early."""

import asyncio
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest
from tests.scenarios.outcome.house import AWAITED_S, Bound, House, People, Told, is_answered_487
from tests.scenarios.outcome.way import (
    FIRST_OF_MODE,
    WAYS,
    Way,
    ask_axyb,
)

from maskline.domain.application import Mode
from maskline.lab.decision import close, connect
from maskline.lab.phone_call import CallState
from maskline.services.administration_request import PromptChoice

pytestmark = [
    pytest.mark.network,
    pytest.mark.enable_socket,
    pytest.mark.asyncio(loop_scope="module"),
]

PROMPT = "default-goodbye-en.wav"
SHIPPED = files("maskline").joinpath("prompts")
AXB, AXB_BACK, AX, AX_OUT, AXE, AXE_BACK, AXYB, AXYB_BACK, X = WAYS
FORBIDDEN = (403, 21)
UNKNOWN = (404, 1)


async def assert_refused(
    house: House, caller: str, dialled: str, code: int, seen: tuple[int, int]
) -> Told:
    """Somebody calls and nobody is rung: the caller sees it, and both pushes say why."""
    assert await house.refused(caller, dialled) == seen
    return await told_of_refusal(house, caller, dialled, code)


async def told_of_refusal(
    house: House, caller: str, dialled: str, code: int, names: tuple[str, ...] = ("callin",)
) -> Told:
    told = await house.told(caller)
    told.assert_code(code)
    assert told.names == [*names, "disconnect"]
    assert told.record["calleeNum"] == told.record["bindNum"] == dialled
    assert not {"fwdDstNum", "fwdDisplayNum", "fwdStartTime"} & set(told.record)
    return told


def assert_unbound(told: Told) -> None:
    assert told.record["direction"] == 2
    assert "subscriptionId" not in told.record


async def test_ax_row_4_x_has_no_binding(house: House):
    people = await house.people(Mode.AX)
    assert_unbound(await assert_refused(house, people.b, people.x, 8018, FORBIDDEN))


async def test_axb_row_2_the_caller_is_not_bound_on_x(house: House):
    people = await house.people(Mode.AXB)
    await AXB.bind(house, people)
    stranger = (await house.people(Mode.AXB)).b
    assert_unbound(await assert_refused(house, stranger, people.x, 8014, FORBIDDEN))


async def test_axyb_there_is_no_relation(house: House):
    x = house.numbers(Mode.AXYB)[-1]
    caller = (await house.people(Mode.AXYB)).b
    assert_unbound(await assert_refused(house, caller, x, 8030, FORBIDDEN))


async def test_axe_nobody_has_the_extension(house: House):
    people = await house.people(Mode.AXE)
    bound = Bound(people.b, people.x, people.a, people.x)
    async with house.phone(people.b) as phone:
        call = await AXE.call(house, phone, bound)
        await call.wait_until(CallState.ENDED, AWAITED_S)
    told = await told_of_refusal(house, people.b, people.x, 8022, ("callin", "collectInfo"))
    assert (call.end_status, call.end_cause) == UNKNOWN
    assert_unbound(told)


async def test_axe_nothing_is_keyed_in(house: House):
    people = await house.people(Mode.AXE)
    await AXE.bind(house, people)
    async with house.phone(people.b) as phone:
        call = await house.dial(phone, people.x)
        await call.wait_until(CallState.ENDED, 2 * AWAITED_S)
    assert_unbound(
        await told_of_refusal(house, people.b, people.x, 8033, ("callin", "collectInfo"))
    )
    assert (call.end_status, call.end_cause) == (480, 31)


async def test_axe_nothing_can_be_asked_of_a_caller_without_an_offer(house: House):
    people = await house.people(Mode.AXE)
    async with house.phone(people.b) as phone:
        call = await house.dial(phone, people.x, offers=False)
        await call.wait_until(CallState.ENDED, AWAITED_S)
    await told_of_refusal(house, people.b, people.x, 8008)
    assert (call.end_status, call.end_cause) == (500, 41)


@pytest.mark.parametrize("way", FIRST_OF_MODE, ids=str)
async def test_8023_a_landline_calls(house: House, way: Way):
    people = await house.people(way.mode)
    a = people.landline if way is AXB else people.a  # AXB refuses strangers for what they are
    bound = await way.bind(house, People(a, people.b, people.x, people.landline))
    assert await house.refused(people.landline, bound.dialled) == FORBIDDEN
    await way.unbind(house, bound)
    # The customer of mode X would be asked by `callin`, and is not.
    names = () if way is X else ("callin",)
    told = await told_of_refusal(house, people.landline, bound.dialled, 8023, names)
    # No binding counts before the extension was keyed in, and none exists in mode X.
    assert ("subscriptionId" in told.record) is (way not in {AXE, X})


@pytest.mark.parametrize(
    ("way", "allowed"), [(AXB, 2), (AXB_BACK, 1), (AX, 1), (AX_OUT, 2), (AXYB, 1), (AXYB_BACK, 2)]
)
async def test_8016_only_the_other_side_may_call(house: House, way: Way, allowed: int):
    bound = await way.bind(house, await house.people(way.mode), callDirection=allowed)
    told = await assert_refused(house, bound.caller, bound.dialled, 8016, FORBIDDEN)
    await way.unbind(house, bound)
    assert told.record["direction"] == way.direction
    assert told.record["subscriptionId"] == bound.binding_id


async def test_ax_row_8_the_binding_is_switched_off(house: House):
    bound = await AX.bind(house, await house.people(Mode.AX), turnFlag="off")
    told = await assert_refused(house, bound.caller, bound.dialled, 8018, FORBIDDEN)
    assert told.record["subscriptionId"] == bound.binding_id


async def test_ax_row_10_a_has_no_temporary_callee(house: House):
    people = await house.people(Mode.AX)
    bound = await AX.bind(house, people)
    told = await assert_refused(house, people.a, people.x, 8013, FORBIDDEN)
    assert (told.record["direction"], told.record["subscriptionId"]) == (1, bound.binding_id)


@pytest.mark.parametrize("way", [AX, AXE], ids=str)
async def test_8019_a_calls_and_there_is_nobody_to_call_back(house: House, way: Way):
    people = await house.people(way.mode)
    bound = await way.bind(house, people)
    async with house.changed(way.mode, {"remembers_callers": False}, remembers_callers=True):
        told = await assert_refused(house, people.a, people.x, 8019, UNKNOWN)
    assert (told.record["direction"], told.record["subscriptionId"]) == (1, bound.binding_id)


async def test_ax_row_14_x_is_in_use(house: House):
    people = await house.people(Mode.AX)
    bound = await AX.bind(house, people)
    other = (await house.people(Mode.AX)).b
    async with house.phone(people.b) as phone, house.phone(people.a) as callee:
        first = await house.dial(phone, people.x)
        theirs = await callee.next_call(AWAITED_S)
        told = await assert_refused(house, other, people.x, 8102, (486, 17))
        await theirs.reject(486)
        await first.wait_until(CallState.ENDED)
    assert told.record["subscriptionId"] == bound.binding_id


async def test_ax_row_15_a_would_see_the_caller(house: House):
    bound = await AX.bind(house, await house.people(Mode.AX), calleeNumDisplay="1")
    await assert_refused(house, bound.caller, bound.dialled, 8024, FORBIDDEN)


async def test_axe_a_would_see_the_caller(house: House):
    bound = await AXE.bind(house, await house.people(Mode.AXE), displayNumMode="1")
    async with house.phone(bound.caller) as phone:
        call = await AXE.call(house, phone, bound)
        await call.wait_until(CallState.ENDED, AWAITED_S)
    await told_of_refusal(house, bound.caller, bound.dialled, 8024, ("callin", "collectInfo"))
    assert (call.end_status, call.end_cause) == FORBIDDEN


async def test_axyb_a_dials_its_own_x_and_b_its_own_y(house: House):
    people = await house.people(Mode.AXYB)
    bound = await AXYB.bind(house, people)
    await assert_refused(house, people.a, bound.dialled, 8032, FORBIDDEN)
    await assert_refused(house, people.b, bound.shown, 8032, FORBIDDEN)
    await AXYB.unbind(house, bound)


async def test_axyb_no_y_is_left_for_another_caller(house: House):
    people = await house.people(Mode.AXYB)
    bound = await AXYB.bind(house, people)
    for _ in house.numbers(Mode.AXYB)[2:]:
        body = {"origNum": (await house.people(Mode.AXYB)).b, "subscriptionId": bound.binding_id}
        await ask_axyb(house, "POST", body=body | {"areaMatchMode": "1"})
    caller = (await house.people(Mode.AXYB)).b
    told = await assert_refused(house, caller, bound.dialled, 8031, (480, 34))
    await AXYB.unbind(house, bound)
    assert told.record["subscriptionId"] == bound.binding_id


X_ANSWERS: list[Any] = [
    pytest.param(lambda p: connect(p.b, maxDuration=7200), 8014, FORBIDDEN, id="8014 too long"),
    pytest.param(lambda p: connect(p.b, waitVoice="gone.wav"), 8014, FORBIDDEN, id="8014 no tone"),
    pytest.param(lambda _: None, 8014, FORBIDDEN, id="8014 no answer"),
    pytest.param(lambda _: close(), 8017, (480, 31), id="8017 closed"),
    pytest.param(
        lambda p: connect(p.b, displayCalleeNum=p.a), 8024, FORBIDDEN, id="8024 shows the caller"
    ),
]


@pytest.mark.parametrize(("answer", "code", "seen"), X_ANSWERS)
async def test_x_the_customer_does_not_connect(
    house: House, answer: Callable[[People], object], code: int, seen: tuple[int, int]
):
    people = await house.people(Mode.X)
    house.decides(lambda _: answer(people))
    told = await assert_refused(house, people.a, people.x, code, seen)
    assert (told.record["direction"], told.record["notifyMode"]) == (1, "Block")


async def test_x_the_customer_answers_too_late(house: House):
    people = await house.people(Mode.X)
    house.connects(people.b, delay_s=1.5)
    await assert_refused(house, people.a, people.x, 8014, FORBIDDEN)


async def give_up(house: House, caller: str, dialled: str) -> None:
    """The caller hangs up once it hears something, or is asked about, before the forwarding."""
    async with house.phone(caller) as phone:
        call = await house.dial(phone, dialled)
        await house.stage.receiver.wait_for(
            lambda _: call.progress or house.stage.receiver.about(f'"caller":"{caller}"'), AWAITED_S
        )
        await call.hang_up(AWAITED_S)
        assert is_answered_487(call)


@pytest.mark.parametrize("way", [AXE, X], ids=str)
async def test_7516_the_caller_gives_up_while_it_is_asked(house: House, way: Way):
    people = await house.people(way.mode)
    bound = await way.bind(house, people)
    if way is X:
        house.connects(people.b, delay_s=0.9)
    await give_up(house, bound.caller, bound.dialled)
    await told_of_refusal(house, bound.caller, bound.dialled, 7516)


@pytest.mark.parametrize("way", [AX, AXB, AXYB], ids=str)
async def test_7516_the_caller_gives_up_while_it_hears_why(house: House, way: Way):
    caller = (await house.people(way.mode)).b
    x = house.numbers(way.mode)[-1]
    back = {"prompts": PromptChoice()}
    async with house.changed(way.mode, back, prompts=PromptChoice(no_binding=PROMPT)):
        async with house.phone(caller) as phone:
            call = await house.dial(phone, x)
            await call.wait_until(CallState.RINGING)
            await call.hang_up(AWAITED_S)
            assert is_answered_487(call)
        await told_of_refusal(house, caller, x, 7516)


@pytest.mark.parametrize("way", [AXB, AX_OUT], ids=str)
async def test_7507_the_prompt_of_the_binding_was_removed(house: House, way: Way):
    key = house.application(way.mode).app_key
    desk = house.stage.platform.prompt_desk
    await desk.submit(key, "wait.wav", SHIPPED.joinpath(PROMPT).read_bytes())
    await desk.approve(key, "wait.wav")
    tone = {"preVoice": {"callerHintTone": "wait.wav"}}
    bound = await way.bind(house, await house.people(way.mode), **tone)
    await desk.remove(key, "wait.wav")
    told = await assert_refused(house, bound.caller, bound.dialled, 7507, (500, 41))
    assert told.record["subscriptionId"] == bound.binding_id


async def test_axb_row_11_a_binding_that_expires_lets_the_call_go_on(house: House):
    bound = await AXB.bind(house, await house.people(Mode.AXB), duration=1)
    async with house.phone(bound.caller) as caller, house.phone(bound.callee) as callee:
        mine = await house.dial(caller, bound.dialled)
        theirs = await callee.next_call(AWAITED_S)
        await theirs.answer()
        await mine.wait_until(CallState.TALKING)
        await asyncio.sleep(1.2)
        assert mine.state is CallState.TALKING
        await mine.hang_up()
    (await house.told(bound.caller)).assert_code(0)


async def test_a_number_that_is_not_ours_is_404_and_nobody_is_told(house: House):
    caller = (await house.people(Mode.AXE)).b
    assert await house.refused(caller, "+8617099999999") == UNKNOWN
    assert not house.stage.receiver.about(caller)
