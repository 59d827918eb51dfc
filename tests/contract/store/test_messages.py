import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.contract.store.making import Make
from tests.contract.store.paging import pages

from maskline.domain.application import Mode
from maskline.domain.binding import Role
from maskline.domain.message import Message, MessageState, SendResult
from maskline.domain.notice import FailedTry
from maskline.services.message_store import Lease, MessageFilter
from maskline.services.page import Count
from maskline.services.store import Page, Store


async def _accept(
    store: Store, make: Make, message: Message, *notices: Any, lease: Lease | None = None
) -> bool:
    since = make.after(-600)
    return await store.accept_message(message, notices, lease=lease, repeats_since=since)


async def _finish(store: Store, make: Make, message: Message, *notices: Any) -> None:
    await _accept(store, make, replace(message, state=MessageState.WAITING))
    await store.finish_message(message, [], notices)


async def _claim(store: Store, make: Make, at: float, host: str = "w", limit: int = 10):
    lease = Lease(host=host, until=make.after(at + 120))
    claimed = await store.claim_messages(make.after(at), lease, limit)
    return [message.message_id for message in claimed]


async def _today(store: Store, make: Make, now: datetime | None = None) -> int:
    return (await store.standing(make.app_key, "+861", None, now or make.now)).today


async def test_a_message_is_kept_whole(store: Store, make: Make):
    message = make.message(
        mode=Mode.AX,
        text="😀 订单 \ud83d",
        outgoing="😀 订单 [From+8613900000001]",
        user_data="order 4711",
        role=Role.B,
        expects=3,
        has=2,
        total=2,
        is_repeated=True,
    )
    assert await _accept(store, make, message)
    assert await store.message(message.message_id) == message
    assert await store.message("another") is None


async def test_a_message_without_binding_or_receiver_is_kept(store: Store, make: Make):
    asking = make.message(
        state=MessageState.ASKING, binding_id=None, role=None, receiver=None, outgoing=None
    )
    assert await _accept(store, make, asking)
    assert await store.message(asking.message_id) == asking


async def test_one_that_is_refused_at_once_is_over_with_its_notice(store: Store, make: Make):
    refused = make.message().ended(SendResult.BLOCKED, make.now)
    assert await _accept(store, make, refused, make.notice(refused.message_id))
    assert await store.message(refused.message_id) == refused
    assert await store.outbox_depth() == (1, 0)
    assert await _claim(store, make, 999) == []


async def test_a_repeat_over_another_connection_is_known(store: Store, make: Make):
    first = make.message()
    again = replace(first, message_id="again", connection="connection-2", came_at=make.after(60))
    assert await _accept(store, make, first)
    assert not await _accept(store, make, again, make.notice("again"))
    assert await store.message("again") is None
    assert await store.outbox_depth() == (0, 0)


@pytest.mark.parametrize(
    "change",
    [
        {"connection": "connection-1"},
        {"connection": "connection-2", "link": "other centre"},
        {"connection": "connection-2", "digest": b"another"},
    ],
)
async def test_what_only_looks_like_a_repeat_is_accepted(store: Store, make: Make, change: Any):
    assert await _accept(store, make, make.message("first", digest=b"the same"))
    again = make.message("again", digest=b"the same")
    assert await _accept(store, make, replace(again, **change))
    assert await store.message("again") is not None


async def test_after_a_while_the_same_message_is_a_new_one(store: Store, make: Make):
    first = make.message()
    again = replace(first, message_id="again", connection="c2", came_at=make.after(601))
    assert await _accept(store, make, first)
    since = make.after(1)
    assert await store.accept_message(again, [], lease=None, repeats_since=since)


@pytest.mark.parametrize(("heard_s", "is_new"), [(-1, False), (0, False), (1, True)])
async def test_what_the_centre_has_our_answer_to_is_not_repeated_by_it(
    store: Store, make: Make, heard_s: float, *, is_new: bool
):
    first = make.message()
    assert await _accept(store, make, first)
    heard = first.came_at + timedelta(seconds=heard_s)
    await store.connection_heard(first.connection, heard)
    await store.connection_heard(first.connection, heard - timedelta(seconds=9))
    await store.connection_heard("another", make.after(600))
    again = replace(first, message_id="again", connection="c2", came_at=make.after(60))
    assert is_new is await _accept(store, make, again)


async def test_of_repeats_at_the_same_moment_one_is_accepted(store: Store, make: Make):
    first = make.message()
    repeats = [
        replace(first, message_id=f"m{number}", connection=f"c{number}") for number in range(9)
    ]
    accepted = await asyncio.gather(*(_accept(store, make, message) for message in repeats))
    assert sum(accepted) == 1
    assert len((await store.messages(MessageFilter(), Page())).rows) == 1


async def test_what_is_told_at_once_is_written_in_its_order(store: Store, make: Make):
    message = make.message()
    ended = make.ended(message, make.after(9))
    part = make.message_part()
    since = make.after(-600)
    told = [
        store.accept_message(message, [], lease=None, repeats_since=since),
        store.save_message(replace(message, due_at=make.after(5)), lease=None),
        store.save_part(message.message_id, part),
        store.finish_message(ended, [make.message_part(2)], [make.notice(message.message_id)]),
        store.save_message(message, lease=None),
    ]
    await asyncio.gather(*reversed(told))
    kept = await store.message(message.message_id)
    assert kept is not None
    assert (kept.state, kept.done_at) == (MessageState.DONE, make.after(9))
    assert [one.number for one in kept.parts] == [1, 2]
    assert await store.outbox_depth() == (1, 0)


async def test_many_messages_told_at_once_are_all_kept(store: Store, make: Make):
    messages = [make.message() for _ in range(120)]
    accepted = await asyncio.gather(*(_accept(store, make, message) for message in messages))
    assert all(accepted)
    await asyncio.gather(
        *(
            store.finish_message(make.ended(one), [make.message_part()], [make.notice("s")])
            for one in messages
        )
    )
    found = await store.messages(MessageFilter(state=MessageState.DONE), Page(limit=200))
    assert sorted(one.message_id for one in found.rows) == sorted(m.message_id for m in messages)
    assert all(len(one.parts) == 1 for one in found.rows)
    assert await _today(store, make) == 120
    assert await store.outbox_depth() == (120, 0)


async def test_one_that_asked_waits_once_its_receiver_is_known(store: Store, make: Make):
    asking = make.message(state=MessageState.ASKING, receiver=None, outgoing=None)
    await _accept(store, make, asking, lease=Lease(host="w", until=make.after(120)))
    waiting = asking.forwarded("+8613700000003", "on", make.after(1))
    await store.save_message(waiting, lease=Lease(host="w", until=make.after(120)))
    assert await store.message(asking.message_id) == waiting
    party = MessageFilter(party="+8613700000003")
    assert (await store.messages(party, Page())).rows == (waiting,)
    assert await _claim(store, make, 60) == []


async def test_a_finished_message_stays_as_it_ended(store: Store, make: Make):
    message = make.message()
    await _accept(store, make, message, lease=Lease(host="w", until=make.after(120)))
    ended = make.ended(message, make.after(3))
    await store.finish_message(ended, [], [make.notice(message.message_id)])
    late = replace(ended, result=SendResult.NOT_SENT, sent=5)
    await store.finish_message(late, [make.message_part()], [make.notice(message.message_id)])
    await store.save_message(message, lease=None)
    assert await store.message(message.message_id) == ended
    assert await store.outbox_depth() == (1, 0)
    assert await _claim(store, make, 999) == []
    assert await _today(store, make) == 1


async def test_what_is_not_there_is_neither_saved_nor_finished(store: Store, make: Make):
    message = make.message()
    await store.save_message(message, lease=None)
    await store.finish_message(make.ended(message), [make.message_part()], [make.notice("s")])
    assert await store.message(message.message_id) is None
    assert await store.outbox_depth() == (0, 0)
    assert await _today(store, make) == 0


async def test_sent_parts_count_for_the_day_of_the_application(store: Store, make: Make):
    await store.add_application(make.application("app-2"))
    midnight = make.now.replace(hour=0, minute=0, second=0, microsecond=0)
    before, after = midnight.replace(day=3, hour=23), midnight
    for at, sent in ((before, 1), (after, 2), (after, 3), (after, 0)):
        await _finish(store, make, make.ended(at=at, sent=sent))
    await _finish(store, make, make.ended(make.message(app_key="app-2"), midnight, sent=7))
    assert (await _today(store, make, before), await _today(store, make, after)) == (1, 5)


async def test_due_messages_are_claimed_longest_due_first(store: Store, make: Make):
    for name, due in (("c", 3), ("a", 1), ("later", 50), ("b", 2)):
        await _accept(store, make, make.message(name, due_at=make.after(due)))
    assert await _claim(store, make, 10, limit=2) == ["a", "b"]
    assert await _claim(store, make, 10) == ["c"]
    assert await _claim(store, make, 10) == []
    claimed = await store.message("a")
    assert claimed is not None
    assert claimed.tries == 2


async def test_a_claimed_message_comes_with_its_parts(store: Store, make: Make):
    message, part = make.message(), make.message_part()
    await _accept(store, make, message)
    await store.save_part(message.message_id, part)
    lease = Lease(host="w", until=make.after(120))
    assert await store.claim_messages(make.now, lease, 1) == (
        replace(message, tries=2, parts=(part,)),
    )


async def test_a_leased_message_is_not_claimed_until_its_lease_has_run_out(
    store: Store, make: Make
):
    await _accept(store, make, make.message("m"), lease=Lease(host="w", until=make.after(120)))
    assert await _claim(store, make, 119, "other") == []
    assert await _claim(store, make, 120, "other") == ["m"]
    assert await _claim(store, make, 239) == []
    assert await _claim(store, make, 240) == ["m"]


async def test_a_postponed_message_is_for_whoever_comes_first_when_it_is_due(
    store: Store, make: Make
):
    message = make.message("m")
    await _accept(store, make, message, lease=Lease(host="w", until=make.after(120)))
    await store.save_message(replace(message, due_at=make.after(30)), lease=None)
    assert await _claim(store, make, 29, "other") == []
    assert await _claim(store, make, 30, "other") == ["m"]


async def test_a_worker_that_starts_gives_up_what_it_had(store: Store, make: Make):
    for name, host in (("one", "w"), ("two", "w"), ("three", "other")):
        await _accept(store, make, make.message(name), lease=Lease(host=host, until=make.after(99)))
    await _accept(store, make, make.message("four"))
    assert await store.release_messages("w") == 2
    assert await store.release_messages("w") == 0
    assert await _claim(store, make, 1) == ["one", "two", "four"]


async def test_messages_are_listed_newest_first_by_any_filter(store: Store, make: Make):
    one, two, three = "+8613900000001", "+8613900000002", "+8613900000003"
    first = make.message(came_at=make.after(1), sender=one, receiver=two)
    second = make.message(came_at=make.after(2), sender=two, receiver=one, x="+861702")
    third = make.message(came_at=make.after(3), sender=three, app_key="second")
    fourth = make.ended(make.message(came_at=make.after(3), sender=one, receiver=three))
    for message in (second, first, third, fourth):
        await _accept(store, make, message)

    async def found(**wanted: Any):
        listed = await store.messages(MessageFilter(**wanted), Page())
        assert await store.count_messages(MessageFilter(**wanted)) == Count(len(listed.rows))
        return list(listed.rows)

    assert await found() == [fourth, third, second, first]
    assert await found(party=one) == [fourth, second, first]
    assert await found(party=one, x="+861702") == [second]
    assert await found(party=three, app_key="second") == [third]
    assert await found(x=make.x) == [fourth, third, first]
    assert await found(x=make.x, app_key=make.app_key) == [fourth, first]
    assert await found(app_key=make.app_key) == [fourth, second, first]
    assert await found(message_id=second.message_id) == [second]
    assert await found(message_id=second.message_id, party=three) == []
    assert await found(state=MessageState.DONE) == [fourth]
    assert await found(result=SendResult.SUCCESS, app_key=make.app_key) == [fourth]
    assert await found(state=MessageState.WAITING, party=one) == [second, first]
    assert await found(since=make.after(2), until=make.after(3)) == [second]


async def test_a_page_of_messages_has_their_parts(store: Store, make: Make):
    for number in range(3):
        message = make.message(f"m{number}", came_at=make.after(number))
        await _accept(store, make, message)
        await store.save_part(f"m{number}", make.message_part(2, centre_id=f"b{number}"))
        await store.save_part(f"m{number}", make.message_part(1, centre_id=f"a{number}"))
    _, [message], _ = await pages(lambda page: store.messages(MessageFilter(), page), 1)
    assert message.message_id == "m1"
    assert [part.centre_id for part in message.parts] == ["a1", "b1"]


async def test_texts_are_forgotten_before_their_messages(store: Store, make: Make):
    for age in (5, 30, 10, 20):
        done = make.ended(make.message(f"m{age}"), make.after(-age))
        await _finish(store, make, done)
    await _accept(store, make, make.message("waits"))
    assert await store.remove_message_texts(make.app_key, make.after(-8), 2) == 2
    assert await store.remove_message_texts("another", make.after(-8), 2) == 0
    assert await store.remove_message_texts(make.app_key, make.after(-8), 2) == 1
    assert await store.remove_message_texts(make.app_key, make.after(-8), 2) == 0
    listed = (await store.messages(MessageFilter(), Page())).rows
    assert {one.message_id for one in listed if one.text} == {"m5", "waits"}
    gone = await store.message("m30")
    assert gone is not None
    assert (gone.text, gone.outgoing, gone.receiver) == ("", "", "+8613800000002")


async def test_old_messages_go_oldest_first_with_all_that_was_to_be_told_of_them(
    store: Store, make: Make
):
    for age in (5, 30, 10, 20):
        done = make.ended(make.message(f"m{age}"), make.after(-age))
        await _finish(store, make, done, make.notice(f"m{age}"))
        await store.save_part(f"m{age}", make.message_part(centre_id=f"c{age}"))
    (queued, *_) = await store.claim(make.endpoint(), make.now, make.after(1), 9)
    failed = FailedTry(sequence=queued.sequence, due_at=None, error="HTTP 500")
    await store.settle([], [failed])
    await _accept(store, make, make.message("waits", came_at=make.after(-99)))
    assert await store.remove_old_messages("another", make.after(-8), 2) == 0
    assert await store.remove_old_messages(make.app_key, make.after(-8), 2) == 2
    left = (await store.messages(MessageFilter(), Page())).rows
    assert {one.message_id for one in left} == {"m5", "m10", "waits"}
    assert await store.remove_old_messages(make.app_key, make.after(-8), 2) == 1
    assert sum(await store.outbox_depth()) == 1


async def test_the_days_before_go_with_old_messages(store: Store, make: Make):
    await _finish(store, make, make.ended(at=make.now))
    await store.remove_old_messages(make.app_key, make.after(3600), 9)
    assert await _today(store, make) == 1
    await store.remove_old_messages(make.app_key, make.after(86_400), 9)
    assert await _today(store, make) == 0
