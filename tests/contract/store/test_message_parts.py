from dataclasses import replace

from tests.contract.store.making import Make

from maskline.domain.message import Message, MessagePart, PartState
from maskline.services.message_store import PartReceipt
from maskline.services.store import Store


async def _message(store: Store, make: Make, *parts: MessagePart) -> Message:
    message = make.message()
    await store.accept_message(message, [], lease=None, repeats_since=make.now)
    for part in parts:
        await store.save_part(message.message_id, part)
    return message


async def _parts(store: Store, message: Message) -> tuple[MessagePart, ...]:
    kept = await store.message(message.message_id)
    assert kept is not None
    return kept.parts


def _receipt(make: Make, centre_id: str, state: PartState = PartState.DELIVERED, at: float = 9):
    return PartReceipt(link="centre", centre_id=centre_id, state=state, status=0, at=make.after(at))


async def test_a_part_is_what_was_said_of_it_last(store: Store, make: Make):
    lost = make.message_part(2, state=PartState.UNANSWERED, centre_id="", status=8)
    sent = make.message_part(1)
    message = await _message(store, make, lost, sent)
    assert await _parts(store, message) == (sent, lost)
    taken = make.message_part(2, tries=2, changed_at=make.after(1))
    await store.save_part(message.message_id, taken)
    assert await _parts(store, message) == (sent, taken)


async def test_a_part_of_no_message_is_not_kept(store: Store, make: Make):
    await store.save_part("unknown", make.message_part(centre_id="c"))
    assert not await store.save_receipt(_receipt(make, "c"))


async def test_a_finished_message_has_the_parts_of_before_and_the_last_ones(
    store: Store, make: Make
):
    first, second, third = (make.message_part(number) for number in (1, 2, 3))
    message = await _message(store, make, first, replace(second, state=PartState.REFUSED))
    await store.finish_message(make.ended(message), [second, third], [])
    assert await _parts(store, message) == (first, second, third)


async def test_a_receipt_tells_of_the_part_that_has_its_name(store: Store, make: Make):
    message = await _message(store, make, make.message_part(1, centre_id="a"))
    other = await _message(store, make, make.message_part(1, centre_id="b"))
    late = replace(_receipt(make, "a", PartState.UNDELIVERABLE), status=69)
    assert await store.save_receipt(late)
    [part] = await _parts(store, message)
    assert (part.state, part.status, part.changed_at) == (late.state, 69, make.after(9))
    [untouched] = await _parts(store, other)
    assert untouched.state is PartState.TAKEN


async def test_a_receipt_of_nothing_that_was_taken_is_not_known(store: Store, make: Make):
    refused = make.message_part(1, centre_id="refused", state=PartState.REFUSED)
    elsewhere = make.message_part(2, centre_id="elsewhere", link="other centre")
    await _message(store, make, refused, elsewhere)
    for name in ("refused", "elsewhere", "unheard of"):
        assert not await store.save_receipt(_receipt(make, name))


async def test_the_first_receipt_of_a_part_stands(store: Store, make: Make):
    message = await _message(store, make, make.message_part(1, centre_id="a"))
    assert await store.save_receipt(_receipt(make, "a", PartState.EXPIRED))
    assert not await store.save_receipt(_receipt(make, "a", PartState.DELIVERED, 20))
    [part] = await _parts(store, message)
    assert part.state is PartState.EXPIRED


async def test_a_receipt_that_came_before_the_last_answer_stands(store: Store, make: Make):
    first, second = make.message_part(1, centre_id="a"), make.message_part(2, centre_id="b")
    message = await _message(store, make, first)
    assert await store.save_receipt(_receipt(make, "a"))
    await store.finish_message(make.ended(message), [first, second], [])
    assert [part.state for part in await _parts(store, message)] == [
        PartState.DELIVERED,
        PartState.TAKEN,
    ]


async def test_a_part_that_is_sent_anew_waits_for_a_receipt_of_its_own(store: Store, make: Make):
    message = await _message(store, make, make.message_part(1, centre_id="a"))
    await store.save_receipt(_receipt(make, "a", PartState.UNDELIVERABLE))
    anew = make.message_part(1, centre_id="b", tries=2)
    await store.save_part(message.message_id, anew)
    assert await _parts(store, message) == (anew,)
    assert await store.save_receipt(_receipt(make, "b"))


async def test_of_parts_with_one_name_the_receipt_is_of_the_last_one(store: Store, make: Make):
    before = await _message(store, make, make.message_part(1, centre_id="a"))
    after = await _message(
        store, make, make.message_part(1, centre_id="a", changed_at=make.after(1))
    )
    assert await store.save_receipt(_receipt(make, "a"))
    assert [part.state for part in await _parts(store, before)] == [PartState.TAKEN]
    assert [part.state for part in await _parts(store, after)] == [PartState.DELIVERED]
