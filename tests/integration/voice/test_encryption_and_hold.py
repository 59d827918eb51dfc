"""Tone matrix of legs that are encrypted, and of each way to put the other on hold."""

import pytest
from tests.integration.voice.scene import (
    A,
    Scene,
    assert_heard,
    assert_holds,
    assert_silent,
    now,
    seconds,
    until,
)

from maskline.lab.phone import Phone
from maskline.lab.phone_call import CallState, HoldWay
from maskline.lab.timeline import span

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]


async def test_a_caller_who_encrypts_hears_prompts_and_b_and_is_recorded(scene: Scene):
    await scene.manage.change_app(scene.app_key, {"may_record": True})
    await scene.bind(
        preVoice={"callerHintTone": await scene.prompt("wait", 0.7)},
        recordFlag="true",
        recordHintTone=await scene.prompt("hint"),
    )
    async with await Phone.start(A, is_secure=True) as secure:
        mine = await secure.dial(scene.x, via=scene.stage.carrier.address)
        scene.say(mine, "A")
        theirs = await scene.b.next_call()
        scene.say(theirs, "B")
        ringing = now()
        await theirs.ring()
        await until(ringing + 1.2)
        await theirs.answer()
        await mine.wait_until(CallState.TALKING)
        begin = now()
        await until(begin + 4.6)
        await mine.hang_up()
    assert_heard("A before the answer", mine, ringing, span(0, 1.2, "wait"))
    assert_heard("A", mine, begin, span(0, 1.0, "hint"), span(1.1, 4.6, "B"))
    assert_heard("B", theirs, begin, span(0, 1.0, "hint"), span(1.1, 4.6, "A"))
    assert not any(b"a=crypto" in traced.data for traced in theirs.messages)
    (mix,) = await scene.recording(await scene.record())
    assert_holds("recording", mix, span(0, seconds(mix), "A", "B"))


@pytest.mark.parametrize("way", list(HoldWay))
async def test_b_puts_a_on_hold_and_takes_the_call_back(scene: Scene, way: HoldWay):
    await scene.bind()
    mine, theirs = await scene.talking()
    begin = now()
    await until(begin + 0.9)
    assert await theirs.hold(way)
    held = now() - begin
    await until(begin + held + 1.0)
    assert await theirs.resume()
    resumed = now() - begin
    await until(begin + resumed + 1.0)
    assert_heard("A", mine, begin, span(0, held, "B"), span(resumed, resumed + 1.0, "B"))
    assert_heard("B", theirs, begin, span(0, held, "A"), span(resumed, resumed + 1.0, "A"))
    assert_silent(theirs, begin + held + 0.15, begin + resumed)
    if way is HoldWay.INACTIVE:
        assert_silent(mine, begin + held + 0.15, begin + resumed)
