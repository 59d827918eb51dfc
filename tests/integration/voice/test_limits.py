"""Tone matrix of calls that come to an end: the last minute, the cut, the stop by the customer."""

import asyncio

import pytest
from tests.integration.voice.scene import MINUTE_S, Scene, assert_heard, assert_holds, now, until

from maskline.lab.phone_call import CallState
from maskline.lab.rest import RestRefused
from maskline.lab.timeline import span

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]


@pytest.fixture
async def scene(short_minutes: None, scene: Scene) -> Scene:
    await scene.manage.change_app(scene.app_key, {"may_record": True})
    return scene


async def test_both_hear_the_last_minute_voice_then_each_other_until_the_cut(scene: Scene):
    await scene.bind(maxDuration=2, lastMinVoice=await scene.prompt("last", 1.0), recordFlag="true")
    mine, theirs = await scene.talking()
    begin = now()
    await mine.wait_until(CallState.ENDED, 3 * MINUTE_S)
    assert now() - theirs.moments[CallState.TALKING] == pytest.approx(2 * MINUTE_S, abs=0.25)
    for who, call, other in (("A", mine, "B"), ("B", theirs, "A")):
        assert_heard(
            who,
            call,
            begin,
            span(0, MINUTE_S, other),
            span(MINUTE_S, MINUTE_S + 1.0, "last"),
            span(MINUTE_S + 1.05, 2 * MINUTE_S - 0.05, other),
        )
    record = await scene.record()
    assert record["ulFailReason"] == 8010
    (mix,) = await scene.recording(record)
    assert_holds("recording", mix, span(0, MINUTE_S, "A", "B"))
    assert_holds("recording", mix, span(MINUTE_S, MINUTE_S + 1.0, "last"))


async def test_a_customer_ends_a_call_that_talks(scene: Scene):
    await scene.bind()
    mine, theirs = await scene.talking()
    session_id = await scene.session_id()
    answer = await scene.rest.stop_call(session_id)
    assert answer == {"resultcode": "0", "resultdesc": "Success"}
    await asyncio.gather(mine.wait_until(CallState.ENDED), theirs.wait_until(CallState.ENDED))
    assert (await scene.record())["ulFailReason"] == 8017
    with pytest.raises(RestRefused) as refused:
        await scene.rest.stop_call(session_id)
    assert refused.value.code == "1020152"


async def test_a_customer_ends_a_call_that_rings_with_a_waiting_tone(scene: Scene):
    await scene.bind(preVoice={"callerHintTone": await scene.prompt("wait")})
    mine, theirs = await scene.ringing()
    begin = now()
    await theirs.ring()
    await until(begin + 1.0)
    await scene.rest.stop_call(await scene.session_id())
    await asyncio.gather(mine.wait_until(CallState.ENDED), theirs.wait_until(CallState.ENDED))
    assert_heard("A", mine, begin, span(0, 1.0, "wait"))
    assert mine.end_status == 480
