"""Calls are counted once and shown by time of a zone, by cause and by what they were about."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.contract.store.making import Make
from tests.unit.services.message_world import A, X

from maskline.domain.application import Mode
from maskline.domain.call import CallEnd, CallRecord
from maskline.domain.error import InvalidParameter
from maskline.domain.message import Message, MessageState, SendResult
from maskline.domain.outcome_class import OutcomeClass, class_of
from maskline.domain.release import ReleaseCode
from maskline.services.call_count import CallCount
from maskline.services.clock import SteppedClock
from maskline.services.count_question import Question
from maskline.services.count_subject import MESSAGES
from maskline.services.count_sweep import CountSweep
from maskline.services.happening_log import HappeningLog
from maskline.services.number_city import UNKNOWN, NumberCities
from maskline.services.number_count import NumberCount
from maskline.services.statistics import Statistics
from maskline.stores.memory import MemoryStore

BEGAN = datetime(2026, 3, 4, 15, 50, tzinfo=UTC)

PARTLY_SENT = Message(
    message_id="m", app_key="k", tenant_id="t", mode=Mode.AXB, x=X, sender=A, text="", link="l",
    connection="c", digest=b"", came_at=BEGAN, done_at=BEGAN + timedelta(seconds=2), total=2,
    sent=1, state=MessageState.DONE, result=SendResult.PARTLY_SENT,
)  # fmt: skip


def test_every_release_code_has_a_class():
    assert {class_of(code) for code in ReleaseCode} == set(OutcomeClass)


async def test_calls_are_counted_once_by_time_and_cause():
    store, make = MemoryStore(), Make()
    await store.add_tenant(make.tenant())
    await store.add_application(make.application())
    await store.add_numbers([make.number()])
    for minutes, release in ((0, 0), (20, 8101), (30, 8014)):
        at = BEGAN + timedelta(minutes=minutes)
        call = replace(make.call(), arrived_at=at)
        if release == 0:
            call = call.alerted(at + timedelta(seconds=2)).answered(at + timedelta(seconds=5))
        end = CallEnd(at=at + timedelta(seconds=65), release=ReleaseCode(release))
        await store.finish_call(CallRecord(call=call, end=end), [])
    count = CallCount(store, NumberCities(store), SteppedClock(BEGAN))
    assert await count.sweep() == 3
    assert await count.sweep() == 0
    question = Question(
        kind="calls", by="time", step="day", since=BEGAN - timedelta(days=1),
        until=BEGAN + timedelta(days=1), zone=ZoneInfo("Asia/Shanghai"),
    )  # fmt: skip
    statistics = Statistics(store, SteppedClock(BEGAN))
    days = await statistics.ask(question)
    assert [(day.key, day.sums) for day in days] == [
        ("2026-03-03T16:00:00Z", (1, 1, 60, 2000, 3000, 1, 0, 0)),
        ("2026-03-04T16:00:00Z", (2, 0, 0, 0, 0, 0, 1, 0)),
    ]

    async def keys(by: str) -> dict[str, int]:
        found = await statistics.ask(replace(question, by=by))
        return {one.key: one.sums[0] for one in found}

    assert await keys("outcome") == {"connected": 1, "unanswered": 1, "refused": 1}
    assert await keys("code") == {"0": 1, "8101": 1, "8014": 1}
    assert await keys("city") == {"0755": 3}
    assert await keys("number") == {make.x: 3}
    assert await keys("application") == {make.app_key: 3}
    by_minute = replace(question, step="minute", since=BEGAN)
    assert [one.key for one in await statistics.ask(by_minute)] == [
        "2026-03-04T15:51:00Z", "2026-03-04T16:11:00Z", "2026-03-04T16:21:00Z"
    ]  # fmt: skip
    await CountSweep(store, SteppedClock(BEGAN + timedelta(hours=1)), timedelta(hours=1)).sweep()
    assert len(await statistics.ask(by_minute)) == 3
    await CountSweep(store, SteppedClock(BEGAN + timedelta(days=1)), timedelta(hours=1)).sweep()
    assert await statistics.ask(by_minute) == ()
    assert await keys("code") == {"0": 1, "8101": 1, "8014": 1}
    with pytest.raises(InvalidParameter):
        await statistics.ask(replace(question, step="15m", until=BEGAN + timedelta(days=30)))


async def test_messages_are_counted_by_time_code_number_and_the_city_that_is_found_later():
    store, make = MemoryStore(), Make()
    await store.add_tenant(make.tenant())
    await store.add_application(make.application())
    await store.add_numbers([make.number()])
    log = HappeningLog(store, SteppedClock(BEGAN))
    count = NumberCount(log, NumberCities(store))
    for x, code, sums in (
        (make.x, "0", (1, 1, 0, 0, 3, 0, 900)),
        (make.x, "8", (1, 0, 1, 0, 0, 0, 0)),
        ("+8617999999999", "10", (1, 0, 0, 1, 0, 2, 0)),
    ):
        count.count(MESSAGES, make.app_key, x, BEGAN, sums, code=code)
    count.message_done(PARTLY_SENT)
    await count.settle()
    await log.flush()
    question = Question(
        kind="messages", by="time", step="minute", since=BEGAN - timedelta(hours=1),
        until=BEGAN + timedelta(hours=1), zone=ZoneInfo("UTC"),
    )  # fmt: skip
    statistics = Statistics(store, SteppedClock(BEGAN))
    [minute] = await statistics.ask(question)
    assert minute.sums == (4, 1, 1, 2, 4, 3, 900, 0)
    for by, expected in (
        ("code", {"0": 1, "8": 1, "10": 1, "9": 1}),
        ("city", {"0755": 2, UNKNOWN: 2}),
        ("number", {make.x: 2, "+8617999999999": 1, X: 1}),
        ("application", {make.app_key: 3, "k": 1}),
    ):
        found = await statistics.ask(replace(question, by=by))
        assert {one.key: one.sums[0] for one in found} == expected
    with pytest.raises(InvalidParameter):
        await statistics.ask(replace(question, by="outcome"))
