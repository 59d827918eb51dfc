"""The tone matrix with a PJSIP phone in the place of one of the lab's."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from tests.integration.foreign.phones import Foreigners
from tests.integration.voice.scene import VOICES, A, B, Scene, assert_holds, seconds

from maskline.lab.phone_call import CallState
from maskline.lab.timeline import listen, merged, span
from maskline.lab.wav import Channel

pytestmark = [pytest.mark.foreign, pytest.mark.network, pytest.mark.enable_socket]

SHORTEST_S = 0.5
"""What is heard for less is an edge between two voices."""

TALK_S = 3.6


@pytest.fixture
async def scene(scene: Scene) -> Scene:
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
    scene: Scene, foreigners: Foreigners
):
    near = await foreigners.pjsip(A, round(VOICES["A"]), dials=True, talks_s=1.0 + TALK_S)
    theirs = await scene.b.next_call()
    scene.say(theirs, "B")
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
    (mix,) = await scene.recording(await scene.record())
    assert_holds("recording", mix, span(0, seconds(mix), "A", "B"))


async def test_pjsip_is_called_hears_the_notice_and_talks(scene: Scene, foreigners: Foreigners):
    far = await foreigners.pjsip(B, round(VOICES["B"]), dials=False, rings_s=2.0)
    await foreigners.route(far.port)
    mine = await scene.dial()
    await mine.wait_until(CallState.TALKING)
    await asyncio.sleep(1.0 + TALK_S)
    await mine.hang_up()
    await far.finish()
    heard, _ = mine.audio.timed.between(
        mine.moments[CallState.DIALLING], mine.moments[CallState.ENDED]
    )
    assert order(heard) == [["wait"], ["hint"], ["B"]]
    assert order(far.samples()) == [["hint"], ["A"]]
    (mix,) = await scene.recording(await scene.record())
    assert_holds("recording", mix, span(0, seconds(mix), "A", "B"))
