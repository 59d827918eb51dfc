import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from tests.contract.store.making import Make
from tests.contract.store.paging import pages

from maskline.domain.application import Mode
from maskline.domain.call import CallEnd, CallRecord
from maskline.domain.notice import FailedTry
from maskline.domain.release import HungUpBy, ReleaseCode
from maskline.services.list_filter import CallFilter
from maskline.services.notice_store import NoticeFilter
from maskline.services.page import Count
from maskline.services.store import Page, RecordFilter, Store


async def test_a_live_call_is_its_last_snapshot(store: Store, make: Make):
    call = make.call(user_data="订单")
    await store.save_call(call, [])
    for change in (call.forwarded, call.alerted, call.answered):
        call = change(make.after(1))
    await store.save_call(call, [])
    listed = await store.live_calls(CallFilter(), Page())
    assert listed.rows == (call,)
    assert await store.live_call(call.session_id) == call


async def test_a_call_without_binding_or_application_is_kept(store: Store, make: Make):
    call = make.call(app_key="", tenant_id="", mode=Mode.X, binding_id=None, role=None, callee=None)
    await store.save_call(call, [])
    assert (await store.live_calls(CallFilter(), Page())).rows == (call,)
    await store.finish_call(make.record(call), [])
    assert (await store.call_records(RecordFilter(), Page())).rows == (make.record(call),)


async def test_a_call_keeps_what_names_its_recording(store: Store, make: Make):
    call = make.call().recorded(make.call_recording())
    await store.save_call(call, [])
    assert await store.live_call(call.session_id) == call
    await store.finish_call(make.record(call), [])
    assert (await store.call_records(RecordFilter(), Page())).rows == (make.record(call),)


async def test_live_calls_are_listed_oldest_first_of_one_host_or_all(store: Store, make: Make):
    late = make.call(arrived_at=make.after(2))
    early = make.call(arrived_at=make.after(1), host="host-2")
    first = make.call()
    for call in (late, early, first):
        await store.save_call(call, [])
    everything = await store.live_calls(CallFilter(), Page())
    assert everything.rows == (first, early, late)
    own = await store.live_calls(CallFilter(host="host-1"), Page(limit=1))
    assert own.rows == (first,)
    assert own.next is not None
    assert (await store.live_calls(CallFilter(app_keys=("none",)), Page())).rows == ()


async def test_a_finished_call_is_a_record_and_no_longer_live(store: Store, make: Make):
    call = make.call().forwarded(make.after(1)).alerted(make.after(2)).answered(make.after(3))
    await store.save_call(call, [])
    record = CallRecord(
        call=call,
        end=CallEnd(
            at=datetime(2026, 3, 4, 5, 9, 9, 999_999, tzinfo=UTC),
            release=ReleaseCode.BUSY,
            q850=17,
            sip_status=486,
            hung_up_by=HungUpBy.CALLEE,
            recorded_s=3.14,
        ),
    )
    await store.finish_call(record, [])
    assert len((await store.live_calls(CallFilter(), Page())).rows) == 0
    assert await store.live_call(call.session_id) is None
    found = await store.call_records(RecordFilter(), Page())
    assert found.rows == (record,)


async def test_a_second_record_of_a_session_is_ignored_with_its_notices(store: Store, make: Make):
    call = make.call()
    await store.finish_call(make.record(call), [make.notice(call.session_id)])
    again = make.record(replace(call, caller="+8613900000009"), make.after(90))
    await store.finish_call(again, [make.notice(call.session_id)])
    assert (await store.call_records(RecordFilter(), Page())).rows == (make.record(call),)
    assert await store.outbox_depth() == (1, 0)


async def test_a_snapshot_after_the_record_is_ignored_with_its_notices(store: Store, make: Make):
    call = make.call()
    await store.finish_call(make.record(call), [])
    await store.save_call(call, [make.notice(call.session_id)])
    assert len((await store.live_calls(CallFilter(), Page())).rows) == 0
    assert await store.outbox_depth() == (0, 0)


async def test_calls_are_written_in_the_order_they_were_told(store: Store, make: Make):
    call = make.call()
    told = [
        store.save_call(call, [make.notice(call.session_id)]),
        store.save_call(call.answered(make.after(1)), [make.notice(call.session_id)]),
        store.finish_call(make.record(call), [make.notice(call.session_id)]),
    ]
    await asyncio.gather(*reversed(told))
    assert len((await store.live_calls(CallFilter(), Page())).rows) == 0
    assert await store.outbox_depth() == (3, 0)


async def test_records_are_listed_newest_first_by_any_filter(store: Store, make: Make):
    caller, other = "+8613900000001", "+8613900000002"
    one = make.record(make.call(caller=caller, callee=other), make.after(1))
    two = make.record(make.call(x="+861702", caller=other, callee=None), make.after(2))
    three = make.record(make.call(app_key="second", caller=caller), make.after(3))
    four = make.record(make.call(caller=other, callee=caller), make.after(3))
    for record in (two, one, three, four):
        await store.finish_call(record, [])

    async def found(**wanted: Any):
        return list((await store.call_records(RecordFilter(**wanted), Page())).rows)

    session_id = two.call.session_id
    assert await found() == [four, three, two, one]
    assert await found(app_key=make.app_key) == [four, two, one]
    assert await found(x=make.x) == [four, three, one]
    assert await found(x=make.x, app_key="second") == [three]
    assert await found(party=caller) == [four, three, one]
    assert await found(party=other, x="+861702") == [two]
    assert await found(party=caller, app_key="second") == [three]
    assert await found(session_id=session_id) == [two]
    assert await found(session_id=session_id, x=make.x) == []
    assert await found(session_id=session_id, party=other) == [two]
    assert await found(since=make.after(2)) == [four, three, two]
    assert await found(until=make.after(2)) == [one]
    assert await found(since=make.after(1), until=make.after(3)) == [two, one]
    assert await found(party=other, since=make.after(2)) == [four, two]
    assert await found(session_id=session_id, until=make.after(2)) == []
    assert await found(app_key="none") == []


async def test_a_call_to_oneself_is_listed_once(store: Store, make: Make):
    record = make.record(make.call(callee="+8613900000001"))
    await store.finish_call(record, [])
    found = await store.call_records(RecordFilter(party="+8613900000001"), Page())
    assert found.rows == (record,)


async def test_record_lists_come_in_pages(store: Store, make: Make):
    made = [make.record(at=make.after(second)) for second in range(5)]
    for record in made:
        await store.finish_call(record, [])
    for wanted in (
        RecordFilter(),
        RecordFilter(app_key=make.app_key),
        RecordFilter(x=make.x),
        RecordFilter(party="+8613900000001"),
        RecordFilter(app_keys=("none", make.app_key)),
        RecordFilter(app_keys=(make.app_key,), x=make.x),
    ):
        assert await pages(lambda page, by=wanted: store.call_records(by, page), 2) == [
            made[:2:-1],
            made[2:0:-1],
            made[:1],
        ]
        assert await store.count_call_records(wanted) == Count(5)


async def test_old_records_of_an_application_go_oldest_first_in_portions(store: Store, make: Make):
    await store.add_application(make.application("app-2"))
    ends = {5: "app-1", 1: "app-1", 3: "app-1", 2: "app-2"}
    for seconds, app_key in ends.items():
        end = CallEnd(at=make.after(seconds), release=ReleaseCode.NORMAL)
        call = make.call(f"s{seconds}", app_key=app_key)
        await store.finish_call(CallRecord(call=call, end=end), [])
    assert await store.remove_old_records("app-1", make.after(4), 1) == 1
    left = (await store.call_records(RecordFilter(), Page())).rows
    assert [record.call.session_id for record in left] == ["s5", "s3", "s2"]
    assert await store.remove_old_records("app-1", make.after(4), 9) == 1
    assert await store.remove_old_records("app-1", make.after(4), 9) == 0
    assert len((await store.call_records(RecordFilter(), Page())).rows) == 2


async def test_with_an_old_record_go_the_notices_of_its_call(store: Store, make: Make):
    for session in ("old", "new"):
        await store.save_call(make.call(session), [make.notice(session), make.notice(session)])
    (queued,) = await store.claim(make.endpoint(), make.now, make.after(9), 1)
    await store.settle([], [FailedTry(sequence=queued.sequence, due_at=None, error="HTTP 500")])
    for session, ended in (("old", 1), ("new", 5)):
        record = make.record(make.call(session), at=make.after(ended))
        await store.finish_call(record, [make.notice(session)])
    assert await store.remove_old_records(make.app_key, make.after(4), 9) == 1
    left = (await store.notices(NoticeFilter(), Page())).rows
    assert [kept.notice.stream for kept in left] == ["new"] * 3
