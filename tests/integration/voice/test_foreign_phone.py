"""The tone matrix with a PJSIP phone in the place of one of the lab's."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from tests.integration.foreign.phones import Foreigners
from tests.integration.voice.scene import (
    GUARD_S,
    MINUTE_S,
    VOICES,
    A,
    B,
    Scene,
    assert_heard,
    assert_holds,
    seconds,
)

from maskline.lab.phone_call import CallState
from maskline.lab.timeline import listen, merged, span
from maskline.lab.wav import Channel

pytestmark = [pytest.mark.foreign, pytest.mark.network, pytest.mark.enable_socket]

SHORTEST_S = 0.5
"""What is heard for less is an edge between two voices."""

TALK_S = 3.6


@pytest.fixture
async def recorded(scene: Scene) -> Scene:
    """Bound, with a waiting tone, a notice and a recording."""
    await scene.manage.change_app(scene.app_key, {"may_record": True})
    await scene.bind(
        preVoice={"callerHintTone": await scene.prompt("wait", 0.7)},
        recordFlag="true",
        recordHintTone=await scene.prompt("hint"),
    )
    return scene


@pytest.fixture
async def foreigners(
    scene: Scene, tmp_path: Path, new_port: Callable[[], int]
) -> AsyncIterator[Foreigners]:
    foreigners = Foreigners(scene.stage, tmp_path, new_port)
    yield foreigners
    await foreigners.close()


def order(samples: Channel) -> list[list[str]]:
    """Who was heard one after the other, silence left out."""
    parts = merged(listen(samples, VOICES))
    return [
        sorted(one.heard) for one in parts if one.heard and one.end_s - one.begin_s > SHORTEST_S
    ]


async def test_pjsip_waits_with_a_tone_hears_the_notice_and_talks(
    recorded: Scene, foreigners: Foreigners
):
    near = await foreigners.pjsip(A, round(VOICES["A"]), dials=True, talks_s=1.0 + TALK_S)
    theirs = await recorded.b.next_call()
    recorded.say(theirs, "B")
    await theirs.ring()
    await asyncio.sleep(2.0)
    await theirs.answer()
    await theirs.wait_until(CallState.ENDED, 10.0)
    await near.finish()
    assert order(near.samples()) == [["wait"], ["hint"], ["B"]]
    heard, _ = theirs.audio.timed.between(
        theirs.moments[CallState.TALKING], theirs.moments[CallState.ENDED]
    )
    assert order(heard) == [["hint"], ["A"]]
    (mix,) = await recorded.recording(await recorded.record())
    assert_holds("recording", mix, span(0, seconds(mix), "A", "B"))


async def test_pjsip_is_called_hears_the_notice_and_talks(recorded: Scene, foreigners: Foreigners):
    far = await foreigners.pjsip(B, round(VOICES["B"]), dials=False, rings_s=2.0)
    await foreigners.route(far.port)
    mine = await recorded.dial()
    await mine.wait_until(CallState.TALKING)
    await asyncio.sleep(1.0 + TALK_S)
    await mine.hang_up()
    await far.finish()
    heard, _ = mine.audio.timed.between(
        mine.moments[CallState.DIALLING], mine.moments[CallState.ENDED]
    )
    assert order(heard) == [["wait"], ["hint"], ["B"]]
    assert order(far.samples()) == [["hint"], ["A"]]
    (mix,) = await recorded.recording(await recorded.record())
    assert_holds("recording", mix, span(0, seconds(mix), "A", "B"))


async def test_pjsip_is_told_why_it_is_refused(scene: Scene, foreigners: Foreigners):
    prompt = await scene.prompt("refusal", 1.5)
    await scene.manage.change_app(scene.app_key, {"prompts": {"no_binding": prompt}})
    near = await foreigners.pjsip(A, round(VOICES["A"]), dials=True)
    async with asyncio.timeout(10.0):
        assert await near.process.wait() == 1, "it was answered"
    assert order(near.samples()) == [["refusal"]]


async def test_pjsip_hears_the_last_minute_and_then_the_other_until_the_cut(
    short_minutes: None, scene: Scene, foreigners: Foreigners
):
    await scene.bind(maxDuration=2, lastMinVoice=await scene.prompt("last", 0.8))
    near = await foreigners.pjsip(A, round(VOICES["A"]), dials=True, talks_s=10.0)
    theirs = await scene.b.next_call()
    scene.say(theirs, "B")
    await theirs.answer()
    await theirs.wait_until(CallState.ENDED, 3 * MINUTE_S)
    await near.finish()
    heard = [sorted(one.heard) for one in merged(listen(near.samples(), VOICES)) if one.heard]
    rest = iter(heard)
    assert all(part in rest for part in (["B"], ["last"], ["B"])), heard
    assert (await scene.record())["ulFailReason"] == 8010


async def test_pjsip_puts_on_hold_and_takes_the_call_back(scene: Scene, foreigners: Foreigners):
    await scene.bind()
    near = await foreigners.pjsip(A, round(VOICES["A"]), dials=True, talks_s=4.5, hold=(1.5, 3.0))
    theirs = await scene.b.next_call()
    scene.say(theirs, "B")
    await theirs.answer()
    await theirs.wait_until(CallState.ENDED, 10.0)
    await near.finish()
    begin = theirs.moments[CallState.TALKING]
    parts = [one for one in merged(listen(near.samples(), VOICES)) if "B" in one.heard]
    assert len(parts) == 2
    assert parts[1].begin_s - parts[0].end_s > 1.0
    assert_heard("B after the hold", theirs, begin + 3.2, span(0, 1.0, "A"))
    heard, _ = theirs.audio.timed.between(begin, begin + 1.5)
    assert_holds("B before the hold", heard, span(0, 1.5, "A"), guard_s=GUARD_S)


async def test_keys_of_pjsip_reach_the_other(scene: Scene, foreigners: Foreigners):
    await scene.bind()
    near = await foreigners.pjsip(A, round(VOICES["A"]), dials=True, talks_s=3.0, keys="42#")
    theirs = await scene.b.next_call()
    await theirs.answer()
    await theirs.wait_until(CallState.ENDED, 10.0)
    await near.finish()
    assert [key.digit for key in theirs.audio.keys] == list("42#")
