from dataclasses import replace

import pytest
from tests.contract.store.making import Make

from maskline.domain.binding import AxBinding, Onward, OnwardKind
from maskline.domain.error import DuplicateRecord
from maskline.domain.message import BlockKind, MessageBlock
from maskline.domain.notice import FailedTry
from maskline.services.message_store import BlockFilter, MessageFilter
from maskline.services.page import Slice
from maskline.services.person_store import Erasure, ReplyTag
from maskline.services.store import BindLimits, Page, RecordFilter, Store

PERSON, MARK = "+8613811112222", "erased"
LAST, NEXT = OnwardKind.LAST_CALLER, OnwardKind.TEMPORARY_CALLEE


async def test_a_rewritten_record_is_found_by_its_new_parties_only(store: Store, make: Make):
    record = make.record(make.call("s", caller=PERSON))
    await store.finish_call(record, [])
    rewritten = replace(record, call=replace(record.call, caller=MARK))
    unknown = make.record(make.call("t"))
    assert await store.rewrite_records([rewritten, unknown]) == 0
    for party, expected in ((PERSON, ()), (MARK, (rewritten,)), (record.call.callee, (rewritten,))):
        found = await store.call_records(RecordFilter(party=party), Page())
        assert found.rows == expected
    assert len((await store.call_records(RecordFilter(), Page())).rows) == 1


async def test_with_it_go_the_notices_of_the_call_waiting_or_dead(store: Store, make: Make):
    record = make.record(make.call("s", caller=PERSON))
    await store.save_call(record.call, [make.notice("s"), make.notice("s")])
    (queued,) = await store.claim(make.endpoint(), make.now, make.after(9), 1)
    await store.settle([], [FailedTry(sequence=queued.sequence, due_at=None, error="HTTP 500")])
    await store.finish_call(record, [make.notice("s")])
    other = make.call("other")
    await store.save_call(other, [make.notice("other")])
    late = FailedTry(sequence=queued.sequence, due_at=None, error="HTTP 500")
    assert await store.rewrite_records([record]) == 3
    await store.settle([], [late])  # of a push that was under way
    assert await store.outbox_depth() == (1, 0)


async def test_a_rewritten_message_is_found_by_its_new_parties_only(store: Store, make: Make):
    since = make.now
    message, waiting = make.message(sender=PERSON), make.message(sender=PERSON)
    for one in (message, waiting):
        await store.accept_message(one, [], lease=None, repeats_since=since)
    part = make.message_part()
    ended = make.ended(message)
    own = [make.notice(message.message_id) for _ in range(2)]
    await store.finish_message(ended, [part], [*own, make.notice("other")])
    (queued,) = await store.claim(make.endpoint(), make.now, make.after(9), 1)
    await store.settle([], [FailedTry(sequence=queued.sequence, due_at=None, error="HTTP 500")])
    marked = [replace(one, sender=MARK) for one in (ended, waiting, make.ended())]
    assert await store.rewrite_messages([]) == 0
    assert await store.rewrite_messages(marked) == 2
    rewritten = replace(marked[0], text="", outgoing="", parts=(part,))
    for party, expected in ((PERSON, (waiting,)), (MARK, (rewritten,))):
        found = await store.messages(MessageFilter(party=party), Page())
        assert found.rows == expected
    assert await store.rewrite_messages([replace(rewritten, receiver=None)]) == 0
    assert (await store.messages(MessageFilter(party=message.receiver), Page())).rows == (waiting,)
    assert await store.outbox_depth() == (1, 0)


async def test_parts_of_a_sender_are_found_and_forgotten(store: Store, make: Make):
    parts = [make.segment(number, sender=PERSON) for number in (1, 2)]
    other = make.segment(3)
    for one in (*parts, other):
        await store.keep_segment(one, make.now)
    message = make.message(sender=PERSON)
    await store.accept_message(message, [], lease=None, repeats_since=make.now, segments=parts[:1])
    found = await store.segments_of(PERSON, Slice())
    assert (sorted(found.rows, key=lambda one: one.number), found.total) == (parts, 2)
    first, second = [
        (await store.segments_of(PERSON, Slice(offset=offset, limit=1))).rows for offset in (0, 1)
    ]
    assert {*first, *second} == {*parts}
    await store.remove_segments([])
    await store.remove_segments([*parts, replace(other, text="another")])
    assert (await store.segments_of(PERSON, Slice())).total == 0
    assert (await store.segments_of(other.sender, Slice())).rows == (other,)


async def test_tags_go_with_those_of_bindings_that_are_gone(store: Store, make: Make):
    await store.add_application(make.application("app-2"))
    for x, app_key in ((make.x, make.app_key), ("+8617000000002", "app-2")):
        await store.add_numbers([make.number(x, app_key=app_key)] if x != make.x else [])
        binding = make.binding(binding_id=f"of {app_key}", app_key=app_key, x=x)
        await store.bind(binding, BindLimits(pairs=9), make.now, None)
        await store.allot_reply_tag(binding.binding_id, "+8613800000000", make.now)
    for binding_id in ("of app-1", "of app-2", "gone"):
        await store.allot_reply_tag(binding_id, PERSON, make.after(1))
    found = await store.reply_tags_of(make.app_key, PERSON, 9)
    assert found == (ReplyTag("gone", 1, make.after(1)), ReplyTag("of app-1", 2, make.after(1)))
    assert await store.reply_tags_of(make.app_key, PERSON, 1) == found[:1]
    assert await store.remove_reply_tags_of(make.app_key, PERSON) == 2
    assert await store.remove_reply_tags_of(make.app_key, PERSON) == 0
    assert await store.reply_tag_number("of app-1", 1) == "+8613800000000"
    assert await store.reply_tag_number("of app-2", 2) == PERSON


async def test_a_number_is_taken_off_all_lists_of_one_application(store: Store, make: Make):
    blocks = [
        MessageBlock(kind=kind, app_key=app_key, number=number, created_at=make.now)
        for kind in BlockKind
        for app_key in (make.app_key, "")
        for number in (PERSON, "+8613800000000")
    ]
    for block in blocks:
        await store.save_block(block)
    assert await store.remove_blocks_of(make.app_key, PERSON) == 2
    assert await store.remove_blocks_of(make.app_key, PERSON) == 0
    left = await store.blocks(BlockFilter(app_key=None, number=PERSON), Page())
    assert [block.app_key for block in left.rows] == ["", ""]
    assert len((await store.blocks(BlockFilter(app_key=make.app_key), Page())).rows) == 2


async def test_onward_numbers_are_read_binding_by_binding_and_removed(store: Store, make: Make):
    xs = [f"+861700000001{digit}" for digit in range(3)]
    await store.add_numbers([make.number(x) for x in xs])
    bindings = [AxBinding(**make.shared(x=x)) for x in xs]
    for binding in bindings:
        await store.bind(binding, BindLimits(pairs=1), make.now, None)
    first, _, third = (binding.binding_id for binding in bindings)
    for binding_id, kind in ((first, LAST), (first, NEXT), (third, LAST)):
        onward = Onward(number=PERSON, expires_at=make.after(9))
        await store.set_onward(make.app_key, binding_id, kind, onward, make.now)
    early = await store.onward_after(make.app_key, 0, 2)
    assert [place.binding_id for place in early] == [first, bindings[1].binding_id]
    assert early[0].onward == dict.fromkeys((LAST, NEXT), onward)
    [late] = await store.onward_after(make.app_key, early[1].place, 2)
    assert (late.binding_id, late.onward) == (third, {LAST: onward})
    await store.remove_onward(first, LAST)
    await store.remove_onward(first, LAST)
    assert (await store.onward_after(make.app_key, 0, 1))[0].onward == {NEXT: onward}
    assert await store.onward_after("app-2", 0, 9) == ()


async def test_failures_of_a_number_can_be_forgotten(store: Store, make: Make):
    registrant = make.registrant(PERSON).reject("blurred", make.now)
    await store.save_registrants([registrant], 9)
    await store.remove_registrants(make.tenant_id, [PERSON])
    assert (await store.failures(make.tenant_id, PERSON)).count == 1
    await store.remove_failures(make.tenant_id, PERSON)
    assert (await store.failures(make.tenant_id, PERSON)).count == 0


async def test_keyed_binds_go_by_what_they_bound_and_make_room(store: Store, make: Make):
    keyed = [make.keyed_bind(f"order {number}", binding_id=f"b{number}") for number in (1, 2)]
    for bind in keyed:
        await store.reserve_key(bind, make.now, 2)
    assert await store.remove_keys_of("app-2", ["b1"]) == 0
    assert await store.remove_keys_of(make.app_key, ["b1", "unknown"]) == 1
    again = replace(keyed[0], binding_id="b3")
    assert await store.reserve_key(again, make.now, 2) == again
    assert await store.reserve_key(replace(keyed[1], binding_id="b4"), make.now, 2) == keyed[1]


async def test_erasures_are_kept_in_their_order(store: Store, make: Make):
    entries = [
        Erasure(
            place=place,
            erasure_id=name,
            tenant_id=make.tenant_id,
            erased_at=make.after(-place),
            counts={"records": place},
            seal=bytes([place]),
        )
        for place, name in enumerate(("first", "second"), 1)
    ]
    for entry in entries:
        await store.add_erasure(entry)
    assert await store.erasures() == tuple(entries)
    for taken in (replace(entries[0], place=3), replace(entries[0], erasure_id="third")):
        with pytest.raises(DuplicateRecord):
            await store.add_erasure(taken)
