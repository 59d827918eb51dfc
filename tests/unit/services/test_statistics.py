"""Calls are counted once and shown by time of a zone, by cause and by what they were about."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.contract.store.making import Make

from maskline.domain.call import CallEnd, CallRecord
from maskline.domain.error import InvalidParameter
from maskline.domain.outcome_class import OutcomeClass, class_of
from maskline.domain.release import ReleaseCode
from maskline.services.call_count import CallCount
from maskline.services.clock import SteppedClock
from maskline.services.statistics import Question, Statistics
from maskline.stores.memory import MemoryStore

BEGAN = datetime(2026, 3, 4, 15, 50, tzinfo=UTC)


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
    count = CallCount(store, SteppedClock(BEGAN))
    assert await count.sweep() == 3
    assert await count.sweep() == 0
    await count.forget()
    question = Question(
        kind="calls", by="time", step="day", since=BEGAN - timedelta(days=1),
        until=BEGAN + timedelta(days=1), zone=ZoneInfo("Asia/Shanghai"),
    )  # fmt: skip
    statistics = Statistics(store)
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
    with pytest.raises(InvalidParameter):
        await statistics.ask(replace(question, step="15m", until=BEGAN + timedelta(days=30)))
