"""Tone matrix, before B answers: refusals, waiting tones, early media."""

import asyncio

import pytest
from tests.integration.voice.scene import Scene, assert_heard, assert_silent, now, until

from maskline.lab.phone_call import CallFailed, CallState
from maskline.lab.timeline import span

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]


async def test_who_is_not_bound_hears_the_refusal_once_and_then_its_end(scene: Scene):
    await scene.manage.change_app(
        scene.app_key, {"prompts": {"no_binding": await scene.prompt("refusal", 1.5)}}
    )
    mine = await scene.dial()
    await mine.wait_until(CallState.RINGING)
    begin = now()
    with pytest.raises(CallFailed, match="403"):
        await mine.wait_until(CallState.TALKING)
    assert 1.4 < now() - begin < 2.5
    assert_heard("A", mine, begin, span(0, 1.4, "refusal"))
    assert [one.status for one in mine.progress if one.has_audio] == [183]


async def test_an_application_that_may_not_call_is_told_so(scene: Scene):
    await scene.bind()
    await scene.manage.change_app(
        scene.app_key,
        {"may_call": False, "prompts": {"no_permission": await scene.prompt("refusal")}},
    )
    mine = await scene.dial()
    await mine.wait_until(CallState.RINGING)
    begin = now()
    await asyncio.sleep(1.0)
    assert_heard("A", mine, begin, span(0, 1.0, "refusal"))
    with pytest.raises(CallFailed, match="403"):
        await mine.wait_until(CallState.TALKING)
    with pytest.raises(TimeoutError):
        await scene.b.next_call(0.1)


async def test_the_waiting_tone_is_heard_without_a_gap_until_b_answers(scene: Scene):
    await scene.bind(preVoice={"callerHintTone": await scene.prompt("wait", 0.7)})
    mine, theirs = await scene.ringing()
    begin = now()
    await theirs.ring()
    await until(begin + 2.5)
    await theirs.answer()
    await mine.wait_until(CallState.TALKING)
    answered = now()
    await until(answered + 1.5)
    assert_heard("A", mine, begin, span(0, 2.5, "wait"))
    assert_silent(theirs, begin, answered - 0.2)
    assert_heard("A after the answer", mine, answered, span(0, 1.5, "B"))
    assert_heard("B after the answer", theirs, answered, span(0, 1.5, "A"))


async def test_the_waiting_tone_takes_the_place_of_what_b_plays_before_the_answer(scene: Scene):
    await scene.bind(preVoice={"callerHintTone": await scene.prompt("wait")})
    mine, theirs = await scene.ringing()
    begin = now()
    await theirs.ring(183, early=True)
    await until(begin + 1.5)
    assert_heard("A", mine, begin, span(0, 1.5, "wait"))
    assert_silent(theirs, begin, begin + 1.5)


async def test_what_b_plays_before_the_answer_is_heard_by_a_alone(scene: Scene):
    await scene.bind()
    mine, theirs = await scene.ringing()
    await theirs.ring(183, early=True)
    await mine.wait_until(CallState.RINGING)
    begin = now()
    await until(begin + 1.5)
    assert_heard("A", mine, begin, span(0, 1.5, "B"))
    assert_silent(theirs, begin, begin + 1.5)


async def test_each_party_may_have_a_waiting_tone_of_its_own(scene: Scene):
    await scene.bind(preVoice={"calleeHintTone": await scene.prompt("wait")})
    await scene.a.register(scene.stage.carrier.address)
    call = await scene.b.dial(scene.x, via=scene.stage.carrier.address)
    theirs = await scene.a.next_call()
    begin = now()
    await theirs.ring()
    await until(begin + 1.2)
    assert_heard("B", call, begin, span(0, 1.2, "wait"))
