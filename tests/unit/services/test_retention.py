"""What is past its time goes, each tenant's after its own."""

from datetime import timedelta

import pytest
from tests.contract.store.making import Make

from maskline.domain.release import ReleaseCode
from maskline.domain.trace import Trace
from maskline.services import retention
from maskline.services.clock import SteppedClock
from maskline.services.ended_binding_store import EndedFilter
from maskline.services.message_store import MessageFilter
from maskline.services.retention import RetentionJob
from maskline.services.store import BindLimits, Page, RecordFilter
from maskline.services.trace import TraceDesk, TraceRule
from maskline.stores.memory import MemoryStore

DAY_S = 86_400.0


@pytest.fixture
def make() -> Make:
    return Make()


async def _world(make: Make) -> tuple[MemoryStore, SteppedClock, RetentionJob]:
    store, clock = MemoryStore(), SteppedClock(make.now)
    for tenant_id, days in (("short", 30), ("long", 365)):
        await store.add_tenant(make.tenant(tenant_id, record_retention_days=days))
        await store.add_application(make.application(f"app of {tenant_id}", tenant_id=tenant_id))
    traces = TraceDesk(store, lambda *_, **__: None, clock, TraceRule(keep_days=7))
    return store, clock, RetentionJob(store, traces, clock, interval_s=3600)


async def _add_record(store: MemoryStore, make: Make, app_key: str) -> None:
    await store.finish_call(make.record(make.call(app_key=app_key)), [])


async def _left(store: MemoryStore) -> list[str]:
    found = await store.call_records(RecordFilter(), Page())
    return sorted(record.call.app_key for record in found.rows)


async def test_records_go_when_the_time_of_their_tenant_is_over(make: Make):
    store, clock, job = await _world(make)
    for app_key in ("app of short", "app of long"):
        await _add_record(store, make, app_key)
    clock.step(29 * DAY_S)
    assert await job.sweep() == 0
    clock.step(2 * DAY_S)
    assert await job.sweep() == 1
    assert await _left(store) == ["app of long"]
    clock.step(340 * DAY_S)
    assert await job.sweep() == 1
    assert await _left(store) == []


async def test_it_works_at_its_interval_only(make: Make):
    store, clock, job = await _world(make)
    assert await job.sweep() == 0
    await _add_record(store, make, "app of short")
    await store.save_tenant(make.tenant("short", record_retention_days=1))
    clock._now += timedelta(days=2)
    assert await job.sweep() == 0
    clock.step(3600)
    assert await job.sweep() == 1


async def test_one_round_removes_so_many_portions_and_the_next_goes_on(make: Make, monkeypatch):
    monkeypatch.setattr(retention, "PORTION", 2)
    monkeypatch.setattr(retention, "PORTIONS", 2)
    store, clock, job = await _world(make)
    for _ in range(5):
        await _add_record(store, make, "app of short")
    clock.step(40 * DAY_S)
    assert await job.sweep() == 4
    assert await job.sweep() == 1  # at once
    await _add_record(store, make, "app of short")
    assert await job.sweep() == 0


async def test_ended_bindings_go_after_a_time_of_their_own(make: Make):
    store, clock, job = await _world(make)
    await store.save_tenant(make.tenant("long", binding_retention_days=60))
    for app_key, x in (("app of short", "+8617000000001"), ("app of long", "+8617000000002")):
        await store.add_numbers([make.number(x, app_key=app_key)])
        binding = make.binding(app_key=app_key, x=x)
        await store.bind(binding, BindLimits(pairs=9), make.now, None)
        await store.unbind(app_key, binding.binding_id, make.now)
    clock.step(61 * DAY_S)
    assert await job.sweep() == 1
    [left] = (await store.ended_bindings(EndedFilter(), Page())).rows
    assert left.binding.app_key == "app of short"
    clock.step(120 * DAY_S)
    assert await job.sweep() == 1


async def test_texts_go_before_the_messages_they_are_of(make: Make):
    store, clock, job = await _world(make)
    rules = {"message_retention_days": 20, "text_retention_days": 3}
    await store.save_tenant(make.tenant("short", **rules))
    for app_key in ("app of short", "app of long"):
        message = make.message(app_key, app_key=app_key)
        await store.accept_message(message, [], lease=None, repeats_since=make.now)
        await store.finish_message(make.ended(message), [], [])

    async def texts() -> dict[str, str]:
        found = await store.messages(MessageFilter(), Page())
        return {message.message_id: message.text for message in found.rows}

    clock.step(4 * DAY_S)
    assert await job.sweep() == 3  # with the marks of both
    assert await texts() == {"app of short": "", "app of long": "到了"}
    clock.step(4 * DAY_S)
    assert await job.sweep() == 1
    assert await texts() == {"app of short": "", "app of long": ""}
    clock.step(13 * DAY_S)
    assert await job.sweep() == 1
    assert await texts() == {"app of long": ""}


async def test_what_tells_repeats_goes_by_the_hour_and_reply_tags_by_the_month(make: Make):
    store, clock, job = await _world(make)
    part = make.segment(total=1)
    await store.keep_segment(part, make.now)
    message = make.message(app_key="app of long")
    await store.accept_message(message, [], lease=None, repeats_since=make.now, segments=[part])
    await store.allot_reply_tag("b", "+8613900000001", make.now)
    clock.step(1800)
    assert await job.sweep() == 0
    clock.step(3600)
    assert await job.sweep() == 1
    assert await store.keep_segment(part, make.now) == (part,)  # it is as new
    clock.step(29 * DAY_S)
    assert await job.sweep() == 0
    clock.step(DAY_S)
    assert await job.sweep() == 1
    assert await store.reply_tag_number("b", 1) is None


async def test_traces_go_too(make: Make):
    store, clock, job = await _world(make)
    trace = Trace(
        session_id="s", app_key="k", began_at=make.now, steps=(), release=ReleaseCode.BUSY
    )
    await store.save_traces([trace])
    clock.step(8 * DAY_S)
    assert await job.sweep() == 1
    assert await store.trace("s") is None
