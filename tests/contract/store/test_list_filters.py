"""What the console narrows lists by."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from tests.contract.store.making import Make
from tests.contract.store.paging import pages

from maskline.domain.application import Mode
from maskline.domain.binding import Role
from maskline.domain.call import CallRecord
from maskline.domain.error import InvalidParameter
from maskline.domain.live_state import LiveState
from maskline.domain.notice import FailedTry, NoticeState
from maskline.domain.outcome_class import OutcomeClass
from maskline.domain.release import ReleaseCode
from maskline.domain.virtual_number import NumberState
from maskline.services.list_filter import BindingFilter, CallFilter, NumberFilter, RecordFilter
from maskline.services.notice_store import NOT_ANSWERED, NoticeFilter
from maskline.services.page import Count, Cursor, Page
from maskline.services.store import BindLimits, Store


async def _records(store: Store, make: Make) -> Sequence[CallRecord]:
    talk = make.call().answered(make.after(1)).recorded(make.call_recording())
    kept = [
        make.record(talk),
        make.record(make.call(mode=Mode.AX, role=Role.B)),
        make.record(make.call(role=None, binding_id=None)),
    ]
    kept[0] = replace(kept[0], end=replace(kept[0].end, recorded_s=30.0))
    kept[1] = replace(kept[1], end=replace(kept[1].end, release=ReleaseCode.NO_ANSWER))
    kept[2] = replace(kept[2], end=replace(kept[2].end, release=ReleaseCode.INTERNAL))
    for record in kept:
        await store.finish_call(record, [])
    return kept


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (RecordFilter(mode=Mode.AX), [1]),
        (RecordFilter(outcome=OutcomeClass.FAILED), [2]),
        (RecordFilter(outcome=OutcomeClass.UNANSWERED, x=Make.x), [1]),
        (RecordFilter(outcome=OutcomeClass.FAILED, app_keys=("none", Make.app_key)), [2]),
        (RecordFilter(release=0), [0]),
        (RecordFilter(caller_role=Role.B), [1]),
        (RecordFilter(has_recording=True), [0]),
        (RecordFilter(has_recording=False, app_key=Make.app_key), [2, 1]),
        (RecordFilter(min_talk_s=59), [0]),
        (RecordFilter(min_talk_s=60), []),
    ],
)
async def test_records(store: Store, make: Make, wanted: RecordFilter, found: list[int]):
    kept = await _records(store, make)
    assert await pages(lambda page: store.call_records(wanted, page), 9) == [
        [kept[place] for place in found]
    ]
    assert await store.count_call_records(wanted) == Count(len(found))


async def test_live_calls_by_how_far_they_have_come(store: Store, make: Make):
    call = make.call()
    for state, later in (
        (LiveState.CONNECTING, call),
        (LiveState.RINGING, call.alerted(make.after(1))),
        (LiveState.TALKING, call.alerted(make.after(1)).answered(make.after(2))),
    ):
        await store.save_call(later, [])
        for one in LiveState:
            found = (await store.live_calls(CallFilter(state=one), Page())).rows
            assert found == ((later,) if one is state else ())


async def test_numbers(store: Store, make: Make):
    paused = make.number("+861709", state=NumberState.PAUSED, area_code="010", may_message=False)
    other = make.number("+861809")
    await store.add_numbers([paused, other])
    await store.bind(make.binding(), BindLimits(pairs=9), make.now, None)
    for wanted, found in (
        (NumberFilter(state=NumberState.PAUSED), [paused.number]),
        (NumberFilter(area_code="0755", app_key=make.app_key), [make.x, other.number]),
        (NumberFilter(prefix="+86170"), [make.x, paused.number]),
        (NumberFilter(prefix="+86170", app_keys=(make.app_key,)), [make.x, paused.number]),
        (NumberFilter(may_message=False), [paused.number]),
        (NumberFilter(is_free=True), [paused.number, other.number]),
    ):
        assert [one.number for one in (await store.numbers(wanted, Page())).rows] == found
        assert await store.count_numbers_in(wanted) == Count(len(found))


async def test_bindings_by_mode_and_expiry(store: Store, make: Make):
    lasting, soon = make.binding(), make.binding(expires_at=make.after(60))
    for binding in (lasting, soon):
        await store.bind(binding, BindLimits(pairs=9), make.now, None)
    for wanted, found in (
        (BindingFilter(mode="axb", newest_first=True), (soon, lasting)),
        (BindingFilter(mode="ax"), ()),
        (BindingFilter(expires_before=make.after(61)), (soon,)),
        (BindingFilter(expires_before=make.after(60), x=make.x), ()),
    ):
        assert (await store.bindings(wanted, make.now, Page())).rows == found


async def test_notices_by_what_was_answered_and_of_whom(store: Store, make: Make):
    await store.add_application(make.application("second"))
    errors = {"s1": "HTTP 500", "s2": "HTTP 404", "s3": "connection refused"}
    for stream in (*errors, "s4"):
        await store.save_call(make.call(stream), [make.notice(stream)])
    queued = await store.claim(make.endpoint(), make.now, make.after(30), 9)
    failed = [
        FailedTry(sequence=one.sequence, due_at=None, error=errors[one.notice.stream])
        for one in queued
        if one.notice.stream in errors
    ]
    await store.settle([], failed)
    for wanted, found in (
        (NoticeFilter(answer="5xx"), ["s1"]),
        (NoticeFilter(answer="4xx", state=NoticeState.DEAD), ["s2"]),
        (NoticeFilter(answer=NOT_ANSWERED), ["s3"]),
        (NoticeFilter(state=NoticeState.WAITING), ["s4"]),
        (NoticeFilter(app_keys=("second",)), []),
        (
            NoticeFilter(app_keys=("second", make.app_key), state=NoticeState.DEAD),
            ["s3", "s2", "s1"],
        ),
        (NoticeFilter(app_keys=(make.app_key,), app_key="second"), []),
    ):
        rows = (await store.notices(wanted, Page())).rows
        assert [kept.notice.stream for kept in rows] == found
        assert await store.count_notices(wanted) == Count(len(found))


@pytest.mark.parametrize(
    "cursor",
    [
        Cursor("numbers", ("+86",)),
        Cursor("records", (1,)),
        Cursor("records", (1, "2")),
        Cursor("records", (1, 2**70)),
        Cursor("records", ()),
    ],
)
async def test_the_cursor_of_another_list_is_refused(store: Store, cursor: Cursor):
    with pytest.raises(InvalidParameter) as refused:
        await store.call_records(RecordFilter(), Page(after=cursor))
    assert refused.value.parameter == "after"
