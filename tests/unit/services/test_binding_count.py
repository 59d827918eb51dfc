"""Bindings are counted when they are made, by what is kept when they end, and as they live."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.contract.store.making import NOW, Make

from maskline.domain.error import InvalidParameter
from maskline.services.binding_count import BindingEnds, LiveBindings
from maskline.services.clock import SteppedClock
from maskline.services.count_question import Question
from maskline.services.happening_log import HappeningLog
from maskline.services.number_city import NumberCities
from maskline.services.number_count import NumberCount
from maskline.services.statistics import Statistics
from maskline.services.store import BindLimits
from maskline.stores.memory import MemoryStore


async def test_bindings_that_were_made_ended_and_live():
    store, make, clock = MemoryStore(), Make(), SteppedClock(NOW)
    log = HappeningLog(store, clock)
    count = NumberCount(log, NumberCities(store))
    store.on_bound = count.bound
    await store.add_tenant(make.tenant())
    await store.add_application(make.application())
    await store.add_numbers([make.number()])
    bindings = [make.binding(), make.binding(), make.expiring(30)]
    for binding in bindings:
        await store.bind(binding, BindLimits(pairs=9), NOW, None)
    ends, live = BindingEnds(store, clock), LiveBindings(store, clock)
    await ends.sweep()
    clock.step(60)
    await store.unbind(make.app_key, bindings[0].binding_id, clock.now())
    await store.remove_expired(clock.now(), 9)
    for _ in range(2):  # as two processes may
        await ends.sweep()
        await BindingEnds(store, clock).sweep()
    clock.step(900)
    await live.sweep()
    await store.unbind(make.app_key, bindings[1].binding_id, clock.now())
    await LiveBindings(store, clock).sweep()
    await count.settle()
    await log.flush()
    question = Question(
        kind="bindings", by="time", step="day", since=NOW - timedelta(hours=1),
        until=NOW + timedelta(hours=1), zone=ZoneInfo("UTC"),
    )  # fmt: skip
    statistics = Statistics(store, clock)

    async def ask(by: str, step: str = "day") -> list[tuple[int, ...]]:
        found = await statistics.ask(replace(question, by=by, step=step))
        return [(one.key, *one.sums[:3]) for one in found]

    assert [one[1:] for one in await ask("time")] == [(3, 2, 1)]
    assert [one[1:] for one in await ask("time", "minute")] == [(3, 1, -1), (0, 1, -1)]
    assert await ask("application") == [(make.app_key, 3, 2, 1)]
    assert sorted(await ask("code")) == [("expired", 0, 1, -1), ("unbound", 0, 1, -1)]
    assert await ask("city") == [("0755", 3, 0, -1)]
    assert await ask("number") == [(make.x, 3, 0, -1)]
    with pytest.raises(InvalidParameter):
        await ask("outcome")
