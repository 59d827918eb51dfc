"""What comes: durable first, joined, once, and decided by binding, text and lists."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.unit.services.message_world import LIMITS, NOW, NUMBER, A, B, C, MessageWorld, X

from maskline.domain.application import Mode
from maskline.domain.binding import Role
from maskline.domain.error import PlatformError, StoreBusy, UnknownNumber
from maskline.domain.message import BlockKind, MessageBlock, MessageState, SendResult
from maskline.services.message_store import BlockFilter
from maskline.services.page import Page

D = "+8613900005005"
HALVES = ["a\ud83d", "\ude00b"]


async def world(mode: Mode = Mode.AXB, **rules) -> MessageWorld:
    return await MessageWorld(mode, **rules).open()


async def parts(here: MessageWorld, *texts: str, numbers=(1, 2, 3), **changes):
    """The parts of one message, one after the other; what each of them comes to."""
    return [
        await here.receive(text, number=number, **{"total": 3, "reference": 7} | changes)
        for number, text in zip(numbers, texts, strict=True)
    ]


async def test_a_message_is_durable_and_this_workers_when_it_is_handed_on():
    here = await world()
    message = await here.taken("到了 😀", sender=B)
    assert message == await here.kept(message.message_id)
    assert (message.state, message.receiver, message.outgoing) == (
        MessageState.WAITING, A, "到了 😀",
    )  # fmt: skip
    assert (message.binding_id, message.role, message.user_data) == ("b1", Role.B, "order")
    assert (message.due_at, message.expects, message.has) == (NOW, 1, 1)
    assert await here.desk.claim(9) == ()


async def test_a_message_that_nobody_gets_is_durable_together_with_its_notice():
    here = await world()
    assert await here.receive(sender=C) is None
    [message] = here.store._tables.messages.values()
    assert (message.state, message.result, message.done_at) == (
        MessageState.DONE, SendResult.NO_BINDING, NOW,
    )  # fmt: skip
    assert [event["smsIdentifier"] for event in here.told()] == [message.message_id]


async def test_a_message_to_a_number_that_is_not_ours_is_refused_for_good():
    here = await world()
    with pytest.raises(UnknownNumber):
        await here.receive(x="+8617000009999")
    with pytest.raises(UnknownNumber):
        await here.receive(x="+8617000009999", total=2)
    assert here.desk.counters.unknown == 2
    assert here.store._tables.messages == here.store._tables.segments == {}


async def test_a_store_that_takes_nothing_is_told_at_once(monkeypatch):
    here = await world()

    def busy(*_args, **_how):
        raise StoreBusy

    monkeypatch.setattr(here.store, "accept_message", busy)
    with pytest.raises(StoreBusy):
        await here.receive()
    assert (here.desk.counters.accepted, here.told(), here.hints) == (0, [], 0)


async def test_an_application_that_is_gone_is_our_own_fault():
    here = await world()
    del here.store._tables.applications["k"]
    with pytest.raises(PlatformError):
        await here.receive()


async def test_what_comes_again_in_another_connection_is_taken_once():
    here = await world()
    assert await here.receive(digest=b"same", connection="c1") is not None
    assert await here.receive(digest=b"same", connection="c2") is None
    assert here.desk.counters.repeated == 1
    assert await here.receive(digest=b"same", connection="c1") is not None
    here.clock.step(LIMITS.repeats_s + 1)
    assert await here.receive(digest=b"same", connection="c3") is not None
    assert here.desk.counters.accepted == 3


async def test_outgoing_parts_of_different_messages_have_nothing_in_common():
    here = await world()
    references = {(await here.taken()).reference for _ in range(300)}
    assert len({reference & 0xFF for reference in references}) == 256
    assert all(0 <= reference <= 0xFFFF for reference in references)


@pytest.mark.parametrize("numbers", [(1, 2, 3), (3, 1, 2)])
async def test_parts_are_one_message_in_the_order_of_their_numbers(numbers):
    here = await world()
    texts = [{1: "一", 2: "二", 3: "三"}[number] for number in numbers]
    *first, message = await parts(here, *texts, numbers=numbers)
    assert first == [None, None]
    assert (message.text, message.outgoing) == ("一二三", "一二三")
    assert (message.expects, message.has) == (3, 3)
    assert len(here.store._tables.messages) == 1
    assert here.desk.counters.segments == 3


async def test_a_character_that_was_cut_in_two_is_whole_again():
    here = await world()
    _, message = await parts(here, *HALVES, numbers=(1, 2), total=2)
    assert message.outgoing == "a😀b"
    assert (await here.taken("lonely \ud83d")).outgoing == "lonely \ufffd"


async def test_parts_that_come_again_after_their_message_was_taken_are_repeats():
    here = await world()
    await parts(here, "1", "2", "3")
    assert await parts(here, "3", numbers=(3,), connection="c2") == [None]
    assert here.desk.counters.repeated == 1
    assert await here.desk.assemble_stale() == []


async def test_what_is_missing_for_too_long_is_shown_as_missing():
    here = await world()
    assert await parts(here, "一", "三", numbers=(1, 3)) == [None, None]
    here.clock.step(LIMITS.assembly_s)
    assert await here.desk.assemble_stale() == []
    here.clock.step(1)
    [message] = await here.desk.assemble_stale()
    assert (message.outgoing, message.expects, message.has) == ("一[...]三", 3, 2)
    assert await here.desk.assemble_stale() == []
    await here.desk.finish(message, [here.part()], 1)
    assert here.results() == [SendResult.PARTLY_SENT]
    assert here.desk.counters.incomplete == 1


async def test_parts_to_a_number_that_is_gone_do_not_stand_before_others():
    here = await world()
    await parts(here, "a", numbers=(1,))
    del here.store._tables.numbers[X]
    here.clock.step(LIMITS.assembly_s + 1)
    assert await here.desk.assemble_stale() == []
    assert here.store._tables.segments == {}


async def test_messages_without_all_parts_are_told_apart_and_may_be_refused():
    here = await world()
    await parts(here, "a", numbers=(1,), sender=A)
    await parts(here, "b", numbers=(1,), sender=B)
    await parts(here, "c", numbers=(2,), sender=B, reference=8)
    await parts(here, "d", numbers=(1,), sender=C)
    here.clock.step(LIMITS.assembly_s + 1)
    stale = await here.desk.assemble_stale()
    assert sorted(message.text for message in stale) == ["[...]c[...]", "a[...]", "b[...]"]
    assert here.results() == [SendResult.NO_BINDING]


async def test_the_suffix_of_a_long_message_is_read_when_it_is_whole():
    here = await world(Mode.AX)
    _, message = await parts(here, "see you @139", "00003003", numbers=(1, 2), total=2)
    assert (message.receiver, message.outgoing) == (B, "see you ")


async def test_ax_others_reach_a_with_their_number_behind_the_text():
    here = await world(Mode.AX)
    message = await here.taken("在吗", sender=B)
    assert (message.receiver, message.outgoing, message.text) == (
        A, "在吗[From+8613900003003]", "在吗",
    )  # fmt: skip


async def test_ax_a_reply_tag_lets_a_answer_without_seeing_the_number():
    here = await world(Mode.AX, reply_tags=True)
    outgoing = [(await here.taken("hi", sender=sender)).outgoing for sender in (B, C, B)]
    assert outgoing == ["hi[From#1]", "hi[From#2]", "hi[From#1]"]
    answer = await here.taken("ok@#2", sender=A)
    assert (answer.receiver, answer.outgoing) == (C, "ok")
    assert (await here.taken("ok@#3", sender=A)).state is MessageState.ASKING


async def test_ax_a_tag_that_is_not_used_stays_in_the_text():
    here = await world(Mode.AX)
    await here.taken("hi", sender=B)
    assert (await here.taken("ok@#1", sender=A)).state is MessageState.ASKING
    assert here.store._tables.reply_tags == {}


async def test_messages_of_an_a_who_is_not_registered_are_rejected():
    here = await world()
    await here.change(intercepts_unregistered=True)
    assert await here.receive(sender=A) is None
    assert await here.receive(sender=B) is None
    assert here.results() == [SendResult.BLOCKED] * 2


async def test_rates_and_quota_are_those_of_the_application():
    here = await world(per_sender_min=2, parts_per_day=3)
    first, second = await here.taken(), await here.taken()
    assert await here.receive() is None
    await here.desk.finish(first, [here.part(1), here.part(2)], 2)
    assert (await here.taken(sender=B)).receiver == A
    await here.desk.finish(second, [here.part(1)], 1)
    assert await here.receive(sender=B) is None
    assert here.results() == [8, 0, 0, 8]
    here.clock.step(timedelta(days=1).total_seconds())
    assert await here.receive(sender=B) is not None


@pytest.mark.parametrize("text", ["TD", " td\n"])
async def test_who_wants_no_more_messages_gets_none(text):
    here = await world(opt_out_words=("TD", "退订"))
    message = await here.taken(text, sender=B)
    assert (message.receiver, message.outgoing) == (A, text)
    assert await here.receive("hello", sender=A) is None
    assert await here.taken("hello again", sender=B) is not None
    assert here.results() == [SendResult.BLOCKED]
    [block] = (await here.store.blocks(BlockFilter(), Page())).rows
    assert (block.kind, block.app_key, block.number) == (BlockKind.OPTED_OUT, "k", B)
    assert here.desk.counters.opted_out == 1


async def test_a_wish_for_no_more_messages_counts_also_where_it_reaches_nobody():
    here = await world(opt_out_words=("stop",), required_words=("order",))
    assert await here.receive("stop", sender=B) is None
    assert await here.receive("order", sender=A) is None
    assert here.results() == [SendResult.REQUIRED_WORD_MISSING, SendResult.BLOCKED]


async def test_ax_the_word_of_an_a_who_wants_no_more_may_stand_before_the_suffix():
    here = await world(Mode.AX, opt_out_words=("stop",))
    await here.taken("stop@13900003003", sender=A)
    assert await here.receive(sender=B) is None
    assert here.results() == [SendResult.BLOCKED]


async def test_a_number_that_is_blocked_everywhere_may_not_write():
    here = await world()
    block = MessageBlock(kind=BlockKind.BLOCKED, app_key="", number=B, created_at=NOW)
    await here.store.save_block(block)
    assert await here.receive(sender=B) is None
    assert await here.receive(sender=A) is not None


async def test_a_switch_of_the_number_counts_for_the_next_message():
    here = await world()
    assert await here.receive() is not None
    await here.store.save_number(replace(NUMBER, may_message=False))
    assert await here.receive() is None


async def test_parts_that_are_handled_at_once_make_one_message():
    here = await world()
    came = [here.came(str(n), number=n, total=3, reference=7) for n in (1, 2, 3)]
    taken = await asyncio.gather(*map(here.desk.receive, came))
    assert [message.text for message in taken if message is not None] == ["123"]
    assert len(here.store._tables.messages) == 1


async def test_mode_x_asks_about_every_message():
    here = await world(Mode.X)
    message = await here.taken("hello", sender=D, x=X)
    assert (message.state, message.receiver, message.binding_id, message.role) == (
        MessageState.ASKING, None, None, None,
    )  # fmt: skip
    assert here.told() == []


async def test_where_nobody_can_be_asked_there_is_no_decision():
    here = await world(Mode.X)
    await here.change(sms_control_url=None)
    assert await here.receive() is None
    assert here.results() == [SendResult.NO_DECISION]
