"""Every `sendResult` of `spec/codes.md` 9, from what comes to what the customer is told."""

from dataclasses import replace

import pytest
from tests.unit.services.message_world import LIMITS, NUMBER, A, B, C, MessageWorld

from maskline.domain.application import ApplicationState, Mode, TenantState
from maskline.domain.error import FarEndError
from maskline.domain.message import BlockKind, MessageBlock, MessageState, PartState, SendResult
from maskline.domain.virtual_number import NumberState


async def world(mode: Mode = Mode.AXB, **rules) -> MessageWorld:
    return await MessageWorld(mode, **rules).open()


def only(world: MessageWorld) -> dict:
    [event] = world.told()
    assert world.hints == 1
    assert world.desk.counters.done == {event["sendResult"]: 1}
    return event


def paras(event: dict) -> dict[str, str]:
    return {para["key"]: para["value"] for para in event["extInfo"]["extParas"]}


async def test_0_success():
    here = await world()
    message = await here.taken("到了", sender=A)
    assert (message.state, message.receiver, message.outgoing) == (MessageState.WAITING, B, "到了")
    assert here.told() == []
    await here.desk.finish(message, [here.part()], 1)
    event = only(here)
    assert (event["sendResult"], event["calling"], event["called"]) == (0, A, B)
    assert (event["subscriptionId"], event["userData"]) == ("b1", "order")
    assert paras(event) == {"splitNum": "1", "direction": "1"}


async def test_1_account_frozen():
    here = await world()
    await here.change_tenant(state=TenantState.FROZEN)
    assert await here.receive() is None
    assert only(here)["sendResult"] == 1


async def test_2_no_binding():
    here = await world()
    assert await here.receive(sender=C) is None
    event = only(here)
    assert (event["sendResult"], paras(event)["direction"]) == (2, "2")
    assert event.keys().isdisjoint({"called", "subscriptionId", "userData"})


async def test_3_number_suspended():
    here = await world()
    await here.store.save_number(replace(NUMBER, state=NumberState.PAUSED))
    assert await here.receive() is None
    assert only(here)["sendResult"] == 3


async def test_4_not_commercial():
    here = await world()
    await here.change(state=ApplicationState.SUSPENDED)
    assert await here.receive() is None
    assert only(here)["sendResult"] == 4


async def test_5_internal_when_no_link_took_anything_of_it():
    here = await world()
    await here.desk.fail(await here.taken(), [], 1)
    event = only(here)
    assert event["sendResult"] == 5
    assert "called" not in event


async def test_6_discarded_as_told():
    here = await world(Mode.X)
    here.customer.discards()
    assert await here.desk.ask(await here.taken()) is None
    assert only(here)["sendResult"] == 6


@pytest.mark.parametrize("answer", [FarEndError("HTTP 500"), b"", {"actions": []}])
async def test_7_no_decision(answer):
    here = await world(Mode.X)
    here.customer.answers = [answer]
    assert await here.desk.ask(await here.taken()) is None
    assert only(here)["sendResult"] == 7


async def test_8_blocked():
    here = await world()
    block = MessageBlock(
        kind=BlockKind.BLOCKED, app_key="k", number=A, created_at=NUMBER.created_at
    )
    await here.store.save_block(block)
    assert await here.receive(sender=A) is None
    assert only(here)["sendResult"] == 8


async def test_9_partly_sent():
    here = await world()
    message = await here.taken("long " * 60)
    parts = [here.part(1), here.part(2, PartState.REFUSED)]
    await here.desk.finish(message, parts, 2)
    event = only(here)
    assert (event["sendResult"], event["called"], paras(event)["splitNum"]) == (9, B, "1")


async def test_10_not_sent():
    here = await world()
    parts = [here.part(1, PartState.REFUSED), here.part(2, PartState.UNANSWERED)]
    await here.desk.finish(await here.taken(), parts, 2)
    event = only(here)
    assert (event["sendResult"], paras(event)["splitNum"]) == (10, "0")
    assert "called" not in event


@pytest.mark.parametrize("mode", [Mode.AXE, Mode.AXYB])
async def test_11_the_mode_has_no_messages(mode):
    here = await world(mode)
    assert await here.receive() is None
    assert only(here)["sendResult"] == 11


async def test_11_the_number_has_no_messages():
    here = await world()
    await here.store.save_number(replace(NUMBER, may_message=False))
    assert await here.receive() is None
    assert only(here)["sendResult"] == 11


async def test_12_required_word_missing():
    here = await world(required_words=("order",))
    assert await here.receive("hello") is None
    assert only(here)["sendResult"] == 12


async def test_13_forbidden_word():
    here = await world(forbidden_words=("loan",))
    assert await here.receive("a cheap LOAN") is None
    assert only(here)["sendResult"] == 13


async def test_an_application_without_a_receiver_is_told_nothing():
    here = await world()
    await here.change(sms_url=None)
    await here.receive(sender=C)
    await here.desk.finish(await here.taken(), [here.part()], 1)
    assert (here.told(), here.hints) == ([], 0)
    assert here.desk.counters.done == {SendResult.NO_BINDING: 1, SendResult.SUCCESS: 1}


async def test_what_a_killed_worker_had_is_taken_up_after_its_start():
    here = await world(Mode.X)
    asking = await here.taken()
    assert await here.desk.claim(9) == ()
    restarted = here.worker("w1")
    await restarted.release()
    [again] = await restarted.claim(9)
    assert (again.message_id, again.state, again.tries) == (asking.message_id, asking.state, 2)
    here.customer.routes(B)
    assert await restarted.ask(again) is not None


async def test_what_a_worker_had_that_never_comes_back_is_taken_up_by_another():
    here = await world()
    message = await here.taken()
    other = here.worker("w2")
    assert await other.claim(9) == ()
    here.clock.step(LIMITS.lease_s)
    [again] = await other.claim(9)
    assert again == replace(message, tries=2)
