"""How AXB calls end that nobody hangs up, and what is refused while it cannot be carried."""

import asyncio
from datetime import timedelta

import pytest
from tests.unit.planes.call.story import (
    PLATFORM,
    SDP,
    START,
    answered_call,
    events,
)

from maskline.domain.binding import VoiceOptions
from maskline.domain.release import ReleaseCode
from maskline.planes.call.limits import CallLimits
from maskline.planes.media.engine import EngineBusy, EngineFailed, MediaLost, Side
from maskline.protocols.sip.event import (
    Answered,
    CancelReceived,
    EndReceived,
    InviteReceived,
    Rejected,
    RequestAnswered,
    Ringing,
)
from maskline.protocols.sip.header import NameAddr


async def test_a_running_call_outlives_its_binding(stage):
    await stage.bind()
    await answered_call(stage)
    await stage.store.unbind("k", "b1", START)
    await asyncio.sleep(0.02)
    assert stage.plane.live_calls == 1
    stage.caller.do("end")
    assert (await stage.record()).call.binding_id == "b1"


async def test_an_expired_binding_routes_no_new_call(stage):
    await stage.bind(duration_s=60, expires_at=START + timedelta(seconds=60))
    stage.caller.dial()
    await stage.caller.until(Rejected)
    assert (await stage.record()).end.release is ReleaseCode.NO_BINDING


async def test_max_duration_ends_the_call_for_both(stage, monkeypatch):
    monkeypatch.setattr("maskline.planes.call.talking.SECONDS_A_MINUTE", 0.05)
    await stage.bind(voice=VoiceOptions(max_duration_min=1))
    await answered_call(stage)
    await stage.callee.until(EndReceived)
    await stage.caller.until(EndReceived)
    assert (await stage.record()).end.release is ReleaseCode.MAX_DURATION


async def test_an_operator_may_end_a_call(stage):
    await stage.bind()
    await answered_call(stage)
    [session_id] = stage.engine.calls
    assert stage.plane.stop(session_id)
    await stage.callee.until(EndReceived)
    await stage.caller.until(EndReceived)
    assert (await stage.record()).end.release is ReleaseCode.STOPPED
    assert not stage.plane.stop(session_id)


async def test_an_application_may_end_its_own_calls_only(stage):
    await stage.bind()
    await answered_call(stage)
    [session_id] = stage.engine.calls
    assert not stage.plane.stop(session_id, "another")
    assert not stage.plane.stop("1200_0_0_20240101000000@nowhere", "k")
    assert stage.plane.live_calls == 1
    assert stage.plane.stop(session_id, "k")
    await stage.callee.until(EndReceived)
    assert (await stage.record()).end.release is ReleaseCode.STOPPED
    assert not stage.plane.stop(session_id, "k")


async def test_a_ringing_call_may_be_ended_too(stage):
    await stage.bind()
    stage.caller.dial()
    await stage.callee.until(InviteReceived)
    stage.callee.do("ring")
    await stage.caller.until(Ringing)
    [session_id] = stage.engine.calls
    assert stage.plane.stop(session_id, "k")
    await stage.callee.until(CancelReceived)
    assert (await stage.caller.until(Rejected)).status == 480
    assert (await stage.record()).end.release is ReleaseCode.STOPPED


async def test_lost_media_ends_the_call_only_when_both_sides_are_lost(stage):
    await stage.bind()
    await answered_call(stage)
    [session_id] = stage.engine.calls
    stage.engine.emit(MediaLost(session_id, Side.CALLER))
    await asyncio.sleep(0.02)
    assert stage.plane.live_calls == 1
    stage.engine.emit(MediaLost(session_id, Side.CALLEE))
    assert (await stage.record()).end.release is ReleaseCode.SERVICE_ABNORMAL


async def test_a_dead_media_engine_ends_the_call_with_a_record(stage):
    await stage.bind()
    await answered_call(stage)
    [session_id] = stage.engine.calls
    stage.engine.emit(EngineFailed(session_id))
    await stage.caller.until(EndReceived)
    assert (await stage.record()).end.release is ReleaseCode.SERVICE_ABNORMAL


async def test_exhausted_voice_ports_are_answered_503(stage, monkeypatch):
    await stage.bind()

    async def busy(*_):
        raise EngineBusy

    monkeypatch.setattr(stage.engine, "open", busy)
    stage.caller.dial()
    refused = await stage.caller.until(Rejected)
    assert (refused.status, refused.retry_after) == (503, 5)
    assert (await stage.record()).end.release is ReleaseCode.VOICE_PORTS_EXHAUSTED


async def test_a_store_that_fails_leaves_nobody_hanging(stage, monkeypatch):
    await stage.bind()

    async def broken(*_):
        raise OSError("disk")

    monkeypatch.setattr(stage.store, "route", broken)
    stage.caller.dial()
    assert (await stage.caller.until(Rejected)).status == 500
    await asyncio.sleep(0)
    assert stage.plane.live_calls == 0


async def test_many_calls_go_through_one_x_at_once(stage):
    pairs = [(f"+86139100{n:05}", f"+86139200{n:05}") for n in range(20)]
    for n, (a, b) in enumerate(pairs):
        await stage.bind(binding_id=f"b{n}", a=a, b=b)
    for a, _ in pairs:
        stage.caller.session = None
        stage.caller.dial(caller=a)
    reached = set()
    for _ in pairs:
        invite = await stage.callee.until(InviteReceived)
        reached.add(invite.request.uri[4:18])
        stage.callee.session = invite.session
        stage.callee.do("answer", SDP)
    assert reached == {b for _, b in pairs}
    async with asyncio.timeout(2):
        for _ in pairs:
            await stage.caller.until(Answered)
    assert stage.plane.live_calls == 20


async def test_stopping_refuses_new_calls_and_ends_live_ones_with_a_record(stage):
    await stage.bind()
    await answered_call(stage)
    closing = asyncio.create_task(stage.plane.close())
    await asyncio.sleep(0)
    stage.caller.session = None
    stage.caller.dial()
    assert (await stage.caller.until(Rejected)).status == 503
    await closing
    record = await stage.record()
    assert record.end.release is ReleaseCode.SERVICE_ABNORMAL
    assert record.is_answered


async def test_a_ping_is_answered_503_while_calls_drain_and_200_before(stage):
    await stage.bind()
    await answered_call(stage)
    assert await ping(stage.caller) == 200
    closing = asyncio.create_task(stage.plane.close())
    await asyncio.sleep(0)
    assert await ping(stage.caller) == 503
    assert stage.plane.live_calls == 1
    await closing


async def ping(phone):
    target = f"sip:{PLATFORM.host}:{PLATFORM.port}"
    phone.shell.endpoint.request(
        method="OPTIONS",
        target=target,
        flow=PLATFORM,
        from_=NameAddr("", "sip:edge@192.0.2.10"),
        to=target,
        headers=(),
        body=b"",
        now=phone.shell.now(),
        owner=phone,
    )
    phone.shell.wake()
    return (await phone.until(RequestAnswered)).status


async def test_more_work_than_can_be_done_in_time_is_refused_at_once(stage):
    await stage.bind()
    stage.wires.shells[PLATFORM].backlog_bytes = 10_000_000
    stage.caller.dial()
    refused = await stage.caller.until(Rejected)
    assert (refused.status, refused.retry_after) == (503, 5)
    assert stage.plane.live_calls == 0
    assert events(stage) == []
    stage.wires.shells[PLATFORM].backlog_bytes = 0
    await answered_call_again(stage)
    stage.caller.do("end")
    await stage.record()


async def answered_call_again(stage):
    stage.caller.session = None
    await answered_call(stage)


class TestACeilingOnNewCalls:
    @pytest.fixture
    def limits(self):
        return CallLimits(new_calls_per_s=2, ping_interval_s=0, drain_s=0.1)

    async def test_calls_beyond_the_rate_are_refused(self, stage):
        for _ in range(6):
            stage.caller.session = None
            stage.caller.dial(number="+8617099999999")
            await asyncio.sleep(0)
        answers = [(await stage.caller.until(Rejected)).status for _ in range(6)]
        assert answers.count(503) >= 3
        assert answers.count(404) >= 1
