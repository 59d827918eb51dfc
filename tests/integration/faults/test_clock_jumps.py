"""Somebody sets the clock while calls are up: they last as long as they last."""

import asyncio
import time
from datetime import timedelta

import pytest
from tests.conftest import StageMaker
from tests.integration.faults.world import check_stories, settled, stories

from maskline.lab.demo.stage import Stage
from maskline.lab.phone import Phone
from maskline.lab.phone_call import CallFailed, CallState
from maskline.lab.receiver import failing
from maskline.lab.rest import RestClient
from maskline.services.clock import SystemClock
from maskline.services.store import Page, RecordFilter

pytestmark = [pytest.mark.network, pytest.mark.enable_socket, pytest.mark.timeout(120)]

HOUR = timedelta(hours=1)
A, B = "+8613811113001", "+8613811113002"


class WallClock(SystemClock):
    """The machine's clocks, of which the one on the wall can be set."""

    offset = timedelta()

    def now(self):
        return super().now() + self.offset


@pytest.fixture
async def stage(make_stage: StageMaker, monkeypatch: pytest.MonkeyPatch) -> Stage:
    monkeypatch.setattr("maskline.bootstrap.platform.SystemClock", WallClock)
    stage = await make_stage(delivery={"retry_minutes": (0.01,) * 20, "poll_interval_s": 0.1})
    application = stage.tenant.application
    async with RestClient(stage.url, application.app_key, application.secret) as rest:
        for number, duration in ((A, 7200), (B, 600)):
            names = {"callerNum": number, "calleeNum": number.replace("+86138", "+86139")}
            x = stage.tenant.numbers[0]
            await rest.bind(**names, relationNum=x, duration=duration)
    return stage


@pytest.mark.parametrize("jump", [HOUR, -HOUR])
async def test_a_jump_makes_no_call_longer_and_holds_no_push_back(stage: Stage, jump: timedelta):
    x, receiver = stage.tenant.numbers[0], stage.receiver
    accept = receiver.behaviour
    async with await Phone.start(A) as phone:
        call = await phone.dial(x, via=stage.carrier.address)
        await call.wait_until(CallState.TALKING, 20)
        began = time.monotonic()
        receiver.behaviour = failing()  # pushes now wait for a moment that must not move away
        await asyncio.sleep(0.4)
        stage.platform.clock.offset = jump
        await asyncio.sleep(1.0)
        receiver.behaviour = accept
        assert call.state is CallState.TALKING
        await call.hang_up(20)
        lasted_s = time.monotonic() - began

    async def is_told() -> bool:
        return any(push.answered == 200 and b'"fee"' in push.body for push in receiver.received)

    await settled(is_told)
    told = stories([push for push in receiver.received if push.answered == 200])
    check_stories(told)
    [story] = told.values()
    assert story.names == ["callin", "callout", "alerting", "answer", "disconnect", "fee"]
    [record] = (await stage.platform.store.call_records(RecordFilter(), Page())).rows
    call = record.call
    assert call.arrived_at <= call.forwarded_at <= call.alerted_at <= call.answered_at
    talked = record.end.at - call.answered_at
    assert timedelta(seconds=1.0) < talked < timedelta(seconds=lasted_s + 2)
    assert record.talk_time_s <= lasted_s + 2
    # Bindings live by the clock on the wall: the one of ten minutes is over after an hour.
    async with await Phone.start(B) as phone:
        call = await phone.dial(x, via=stage.carrier.address)
        if jump > timedelta():
            with pytest.raises(CallFailed, match="403"):
                await call.wait_until(CallState.TALKING, 20)
        else:
            await call.wait_until(CallState.TALKING, 20)
