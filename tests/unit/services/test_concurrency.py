"""Calls that are up at once are added up over workers at the same moments."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.contract.store.making import Make

from maskline.domain.error import InvalidParameter
from maskline.services.application_owner import ApplicationOwners
from maskline.services.clock import SteppedClock
from maskline.services.concurrency import Concurrency, LiveCallSampler
from maskline.services.count_question import Counted, Question
from maskline.services.happening_log import HappeningLog
from maskline.services.statistics import Statistics
from maskline.stores.memory import MemoryStore

BEGAN = datetime(2026, 3, 4, 15, 58, tzinfo=UTC)
COURSE = ((2, 3), (5, 5), (0, 1))
"""Calls of two workers for a minute each."""


@pytest.fixture
async def statistics() -> Statistics:
    """Of three minutes of calls of one application, in which somebody sweeps now and then."""
    store, make, clock = MemoryStore(), Make(), SteppedClock(BEGAN)
    await store.add_tenant(make.tenant())
    await store.add_application(make.application())
    concurrency = Concurrency(store, clock, ApplicationOwners(store))
    calls: tuple[Counter[str], Counter[str]] = Counter(), Counter()
    logs = [HappeningLog(store, clock) for _ in calls]
    samplers = [
        LiveCallSampler(log, clock, lambda own=own: own)
        for log, own in zip(logs, calls, strict=True)
    ]
    for course in COURSE:
        for own, count in zip(calls, course, strict=True):
            own[make.app_key], own[""] = count, 1
        for second in range(60):
            for sampler in samplers:
                sampler.look()
            clock.step(1)
            if second % 20 == 0:
                for log in logs:
                    await log.flush()
                await concurrency.sweep()
    for log in logs:
        await log.flush()
    await concurrency.sweep()
    await concurrency.sweep()
    return Statistics(store, clock)


def _question(**changes: object) -> Question:
    question = Question(
        kind="concurrent", by="time", step="minute", since=BEGAN - timedelta(hours=1),
        until=BEGAN + timedelta(hours=1), zone=ZoneInfo("UTC"),
    )  # fmt: skip
    return replace(question, **changes)


def _read(found: tuple[Counted, ...]) -> dict[str, tuple[int, float]]:
    return {one.key: (one.sums[0], one.sums[1] / one.sums[2]) for one in found}


async def test_the_most_and_the_mean_are_over_all_workers_by_minute_and_longer(statistics):
    make = Make()
    own = _question(app_key=make.app_key)
    assert _read(await statistics.ask(own)) == {
        "2026-03-04T15:58:00Z": (5, 5), "2026-03-04T15:59:00Z": (10, 10),
        "2026-03-04T16:00:00Z": (1, 1),
    }  # fmt: skip
    quarters = await statistics.ask(replace(own, step="15m"))
    assert [one.sums[:3] for one in quarters] == [(10, 180, 180), (1, 12, 12)]
    [day] = await statistics.ask(replace(own, step="day"))
    assert day.sums[:2] == (10, 192)
    [app] = await statistics.ask(_question(by="application"))
    assert (app.key, app.sums[:2]) == (make.app_key, (10, 192))
    with pytest.raises(InvalidParameter):
        await statistics.ask(_question(by="city"))


async def test_the_platform_counts_all_and_a_tenant_its_own(statistics):
    make = Make()
    whole = await statistics.ask(_question())
    assert [one.sums[0] for one in whole] == [7, 12, 3]
    its = await statistics.ask(_question(tenant_id=make.tenant().tenant_id))
    assert [one.sums[0] for one in its] == [5, 10, 1]
    assert await statistics.ask(_question(tenant_id="another")) == ()
    assert await statistics.ask(_question(app_key=make.app_key, app_keys=())) == ()
