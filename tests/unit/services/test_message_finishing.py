"""The end of messages: results by parts, receipts, and a store that stumbles."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.unit.services.message_world import LIMITS, NOW, MessageWorld

from maskline.domain.error import StoreBusy, StoreFailed
from maskline.domain.message import MessageState, PartState, SendResult
from maskline.services.message_store import PartReceipt

LATER = NOW + timedelta(seconds=30)


@pytest.fixture
async def here() -> MessageWorld:
    return await MessageWorld().open()


def stumble(here: MessageWorld, monkeypatch, name: str, times: int, error: Exception) -> list[str]:
    """Have the store fail so often at one thing; what it was asked for that."""
    asked: list[str] = []
    works: Callable[..., object] = getattr(here.store, name)

    def stumbling(*args: object, **how: object) -> object:
        asked.append(name)
        if len(asked) <= times:
            raise error
        return works(*args, **how)

    monkeypatch.setattr(here.store, name, stumbling)
    return asked


async def test_parts_are_kept_while_others_are_still_to_be_sent(here):
    message = await here.taken()
    await here.desk.part_answered(message, here.part(1))
    assert (await here.kept(message.message_id)).parts == (here.part(1),)
    await here.desk.release()
    [again] = await here.desk.claim(9)
    assert [part.state.is_sent for part in again.parts] == [True]
    await here.desk.finish(again, [here.part(2)], 2)
    kept = await here.kept(message.message_id)
    assert (kept.result, kept.total, kept.sent) == (SendResult.SUCCESS, 2, 2)
    assert kept.parts == (here.part(1), here.part(2))
    assert [(one.result, one.sent, one.total) for one in here.counted] == [
        (SendResult.SUCCESS, 2, 2)
    ]


async def test_a_part_that_was_sent_twice_marks_the_message(here):
    message = await here.taken()
    await here.desk.finish(message, [here.part(1, tries=2)], 1)
    assert (await here.kept(message.message_id)).is_repeated


async def test_a_message_is_over_once(here):
    message = await here.taken()
    await here.desk.finish(message, [here.part()], 1)
    await here.desk.fail(message, [], 1)
    assert here.results() == [SendResult.SUCCESS]


async def test_a_postponed_message_is_free_from_its_time_on(here):
    message = await here.taken()
    refused = here.part(2, PartState.REFUSED)
    await here.desk.part_answered(message, here.part(1))
    await here.desk.postpone(message, [here.part(1), refused], LATER)
    assert await here.desk.claim(9) == ()
    here.clock.step(30)
    [again] = await here.worker("w2").claim(9)
    assert (again.state, again.parts) == (MessageState.WAITING, (here.part(1), refused))
    assert here.desk.counters.postponed == 1


async def test_what_cannot_be_sent_any_longer_ends_by_what_was_sent(here):
    message = await here.taken()
    await here.desk.fail(message, [here.part(1), here.part(2, PartState.REFUSED)], 3)
    message = await here.taken()
    await here.desk.fail(message, [here.part(1, PartState.REFUSED)], 3)
    message = replace(await here.taken(), parts=(here.part(1, PartState.REFUSED),))
    await here.desk.fail(message, [], 0)
    assert here.results() == [9, 10, 10]


async def test_what_no_message_centre_was_given_is_our_own_fault(here):
    unsent = [here.part(number, PartState.REFUSED, tries=0, centre_id="") for number in (1, 2)]
    await here.desk.fail(await here.taken(), unsent, 2)
    message = replace(await here.taken(), parts=tuple(unsent))
    await here.desk.fail(message, [], 2)
    refused = replace(unsent[0], status=11)
    await here.desk.fail(await here.taken(), [refused, unsent[1]], 2)
    assert here.results() == [5, 5, 10]


async def test_a_receipt_updates_its_part_and_no_result(here):
    message = await here.taken()
    await here.desk.finish(message, [here.part()], 1)
    receipt = PartReceipt(
        link="l1", centre_id="id-1", state=PartState.UNDELIVERABLE, status=27, at=LATER
    )
    assert await here.desk.receipt(receipt)
    assert not await here.desk.receipt(replace(receipt, centre_id="id-9"))
    kept = await here.kept(message.message_id)
    assert (kept.result, kept.parts[0].state) == (SendResult.SUCCESS, PartState.UNDELIVERABLE)
    assert (here.desk.counters.receipts, here.desk.counters.unknown_receipts) == (1, 1)
    assert here.results() == [SendResult.SUCCESS]


@pytest.mark.parametrize("error", [StoreBusy(), StoreFailed()])
@pytest.mark.parametrize("name", ["finish_message", "save_part", "save_message"])
async def test_a_store_that_stumbles_is_tried_again(here, monkeypatch, name, error):
    message = await here.taken()
    asked = stumble(here, monkeypatch, name, LIMITS.write_tries - 1, error)
    match name:
        case "finish_message":
            await here.desk.finish(message, [here.part()], 1)
            assert here.results() == [SendResult.SUCCESS]
        case "save_part":
            await here.desk.part_answered(message, here.part())
            assert (await here.kept(message.message_id)).parts
        case _:
            await here.desk.postpone(message, [], LATER)
            assert (await here.kept(message.message_id)).due_at == LATER
    assert len(asked) == LIMITS.write_tries
    assert here.desk.counters.unwritten == 0


async def test_so_is_one_that_cannot_say_whose_message_it_is(here, monkeypatch):
    message = await here.taken()
    here.directory.forget_application("k")
    stumble(here, monkeypatch, "application", 2, StoreFailed())
    await here.desk.finish(message, [here.part()], 1)
    assert here.results() == [SendResult.SUCCESS]


async def test_a_store_that_goes_on_failing_is_told_in_the_end(here, monkeypatch):
    message = await here.taken()
    stumble(here, monkeypatch, "finish_message", 99, StoreFailed())
    with pytest.raises(StoreFailed):
        await here.desk.finish(message, [here.part()], 1)
    assert (here.desk.counters.unwritten, here.told()) == (1, [])


async def test_a_message_whose_end_waits_for_the_store_is_not_taken_up_again(here, monkeypatch):
    message = await here.taken()
    claimed = []
    finish = here.store.finish_message

    async def claiming(*args):
        here.clock.step(LIMITS.lease_s)
        claimed.extend(await here.desk.claim(9))
        await finish(*args)

    monkeypatch.setattr(here.store, "finish_message", claiming)
    await here.desk.finish(message, [here.part()], 1)
    assert (claimed, here.results()) == ([], [SendResult.SUCCESS])
