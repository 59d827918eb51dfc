"""Customers decide: what is asked, how often, and what becomes of their answers."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.unit.services.message_world import (
    CONTROL_URL,
    LIMITS,
    NOW,
    NUMBER,
    A,
    B,
    C,
    MessageWorld,
    X,
)

from maskline.domain.application import Mode
from maskline.domain.binding import Onward, OnwardKind
from maskline.domain.error import BusyError, CustomerError, FarEndError
from maskline.domain.message import BlockKind, MessageBlock, MessageState, SendResult

LATER = NOW + timedelta(minutes=1)


async def world(mode: Mode = Mode.X, **rules) -> MessageWorld:
    return await MessageWorld(mode, **rules).open()


async def decided(here: MessageWorld, text: str = "hello"):
    return await here.desk.ask(await here.taken(text))


async def test_the_question_is_the_block_and_goes_to_the_control_url():
    here = await world(shows_text=True)
    here.customer.routes(B)
    message = await here.taken("去哪儿")
    await here.desk.ask(message)
    assert here.customer.urls == [CONTROL_URL]
    assert here.customer.asked == [
        {
            "smsIdentifier": message.message_id,
            "notificationMode": "Block",
            "calling": A,
            "virtualNumber": X,
            "event": "Text SMS ",
            "timeStamp": "2026-11-20T08:00:00.000Z",
            "smsContent": "去哪儿",
        }
    ]


async def test_what_the_customer_routes_waits_for_its_link_and_is_told_afterwards():
    here = await world()
    here.customer.routes(B)
    message = await decided(here)
    assert (message.state, message.receiver, message.outgoing) == (MessageState.WAITING, B, "hello")
    assert message == await here.kept(message.message_id)
    assert await here.worker("w2").claim(9) == ()
    assert here.told() == []
    await here.desk.finish(message, [here.part()], 1)
    [event] = here.told()
    assert (event["sendResult"], event["called"]) == (0, B)
    assert event["extInfo"]["extParas"][1] == {"key": "direction", "value": "1"}


async def test_ax_a_message_that_does_not_say_to_whom_is_asked_about():
    here = await world(Mode.AX)
    here.customer.routes(B, userData="order-42")
    message = await decided(here, "hello@12")
    assert (message.receiver, message.outgoing) == (B, "hello@12")
    assert here.customer.asked[0]["subscriptionId"] == "b1"
    await here.desk.finish(message, [here.part()], 1)
    assert [event["userData"] for event in here.told()] == ["order-42"]


async def test_ax_without_user_data_in_the_answer_that_of_the_binding_is_told():
    here = await world(Mode.AX)
    here.customer.discards()
    assert await decided(here) is None
    [event] = here.told()
    assert (event["sendResult"], event["userData"]) == (6, "order")


async def test_x_has_no_user_data_in_answers():
    here = await world()
    here.customer.routes(B, userData="order-42")
    assert (await decided(here)).user_data is None


async def test_ax_a_route_that_leaves_the_receiver_open_goes_where_calls_of_a_go():
    here = await world(Mode.AX)
    await here.change(remembers_callers=True)
    here.customer.routes()
    assert await decided(here) is None
    last = Onward(number=C)
    await here.store.set_onward("k", "b1", OnwardKind.LAST_CALLER, last, NOW)
    assert (await decided(here)).receiver == C
    callee = Onward(number=B, expires_at=LATER)
    await here.store.set_onward("k", "b1", OnwardKind.TEMPORARY_CALLEE, callee, NOW)
    assert (await decided(here)).receiver == B
    here.clock.step(60)
    await here.change(remembers_callers=False)
    assert await decided(here) is None
    assert here.results() == [SendResult.NO_DECISION] * 2


async def test_ax_a_binding_that_ended_meanwhile_leads_nowhere():
    here = await world(Mode.AX)
    callee = Onward(number=B)
    await here.store.set_onward("k", "b1", OnwardKind.TEMPORARY_CALLEE, callee, NOW)
    here.customer.routes()
    message = await here.taken()
    await here.store.unbind("k", "b1", NOW)
    assert await here.desk.ask(message) is None


async def test_x_a_route_without_a_receiver_is_no_decision():
    here = await world()
    here.customer.routes()
    assert await decided(here) is None
    assert here.results() == [SendResult.NO_DECISION]
    assert here.desk.counters.unusable == 1


@pytest.mark.parametrize(
    ("message", "result"),
    [
        ({"called": X}, SendResult.NO_DECISION),
        ({"called": A}, SendResult.NO_DECISION),
        ({"called": B, "calling": C}, SendResult.NO_DECISION),
        ({"called": "13900003003"}, SendResult.NO_DECISION),
        ({"called": "+8675528000001"}, SendResult.BLOCKED),
    ],
)
async def test_a_decision_that_cannot_be_followed_ends_the_message(message, result):
    here = await world()
    here.customer.answers = [{"actions": [{"operation": "vNumberRoute", "message": message}]}]
    assert await decided(here) is None
    assert here.results() == [result]


async def test_nobody_is_sent_to_who_wants_no_messages():
    here = await world()
    opted_out = MessageBlock(kind=BlockKind.OPTED_OUT, app_key="k", number=B, created_at=NOW)
    await here.store.save_block(opted_out)
    here.customer.routes(B)
    assert await decided(here) is None
    assert here.results() == [SendResult.BLOCKED]


async def test_nothing_is_sent_from_one_virtual_number_to_another():
    here = await world()
    await here.store.add_numbers([replace(NUMBER, number=number) for number in (A, B)])
    here.customer.routes(B)
    assert await decided(here) is None
    assert here.results() == [SendResult.BLOCKED]


async def test_the_question_is_sent_again_while_there_is_no_answer():
    here = await world()
    route = {"actions": {"operation": "vNumberRoute", "message": {"called": B}}}
    here.customer.answers = [FarEndError("HTTP 502"), FarEndError("no connection"), route]
    assert (await decided(here)).receiver == B
    assert len(here.customer.asked) == 3
    assert len({event["smsIdentifier"] for event in here.customer.asked}) == 1


async def test_after_its_last_try_there_is_no_decision():
    here = await world()
    here.customer.answers = [FarEndError("HTTP 502")]
    assert await decided(here) is None
    assert len(here.customer.asked) == LIMITS.decision_tries
    assert here.results() == [SendResult.NO_DECISION]
    assert here.desk.counters.unanswered == 1


@pytest.mark.parametrize("answer", [CustomerError("refused address"), b"<html>", {"actions": {}}])
async def test_what_would_not_help_is_not_asked_again(answer):
    here = await world()
    here.customer.answers = [answer]
    assert await decided(here) is None
    assert len(here.customer.asked) == 1
    assert here.results() == [SendResult.NO_DECISION]


async def test_an_answer_that_does_not_come_in_time_is_none():
    here = await world()
    never = asyncio.Event()
    here.customer.answers = [never.wait]
    desk = here.worker("w1", replace(LIMITS, decision_s=0.01))
    assert await desk.ask(await here.taken()) is None
    assert here.results() == [SendResult.NO_DECISION]


async def test_where_too_many_questions_wait_the_message_does_too():
    here = await world()
    route = {"actions": {"operation": "vNumberRoute", "message": {"called": B}}}
    here.customer.answers = [*[BusyError("too many") for _ in range(9)], route]
    assert (await decided(here)).receiver == B


async def test_a_question_that_is_cut_off_again_and_again_is_given_up():
    here = await world()
    message = await here.taken()
    for _ in range(LIMITS.takes - 1):
        await here.desk.release()
        [message] = await here.desk.claim(9)
    here.customer.routes(B)
    assert (await here.desk.ask(message)).receiver == B

    message = await here.taken()
    for _ in range(LIMITS.takes):
        await here.desk.release()
        message = next(one for one in await here.desk.claim(9) if one.x == X and not one.receiver)
    assert await here.desk.ask(message) is None
    assert (here.results(), len(here.customer.asked)) == ([SendResult.NO_DECISION], 1)
