"""What is heard and kept when a process of the media dies in the middle of a recorded call."""

import asyncio
import os
import signal

import pytest
from tests.integration.voice.scene import (
    Scene,
    assert_heard,
    assert_holds,
    now,
    seconds,
    until,
)

from maskline.lab.phone_call import CallState
from maskline.lab.timeline import span
from maskline.planes.media.embedded import EmbeddedEngine

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]

END_S = 5.0
"""Issue: calls end within this time of the death of the media process."""

LOST_S = 1.0
"""Issue: a crash loses at most the last second of a recording."""


@pytest.fixture
def engine() -> str:
    return "embedded"


@pytest.fixture
async def scene(scene: Scene) -> Scene:
    await scene.manage.change_app(scene.app_key, {"may_record": True})
    await scene.bind(recordFlag="true")
    return scene


def embedded(scene: Scene) -> EmbeddedEngine:
    engine = scene.stage.platform.engine
    assert isinstance(engine, EmbeddedEngine)
    return engine


async def test_calls_end_when_the_media_process_is_killed_and_the_next_call_works(scene: Scene):
    mine, theirs = await scene.talking()
    begin = now()
    await until(begin + 4.5)
    pid = embedded(scene).worker_pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    killed = now()
    async with asyncio.timeout(END_S):
        await asyncio.gather(mine.wait_until(CallState.ENDED), theirs.wait_until(CallState.ENDED))
    record = await scene.record()
    assert record["ulFailReason"] == 8020
    (mix,) = await scene.recording(record)
    assert killed - begin - LOST_S < seconds(mix) < killed - begin + 0.3
    assert_holds("recording", mix, span(0, seconds(mix), "A", "B"))
    # At once: it waits for the new media process.
    again, others = await scene.talking()
    begin = now()
    await until(begin + 1.0)
    assert_heard("A", again, begin, span(0, 1.0, "B"))
    assert_heard("B", others, begin, span(0, 1.0, "A"))


async def test_when_the_recorder_is_killed_the_call_ends_with_the_closing_prompt(scene: Scene):
    await scene.manage.change_app(
        scene.app_key, {"prompts": {"service_abnormal": await scene.prompt("refusal")}}
    )
    mine, theirs = await scene.talking()
    begin = now()
    await until(begin + 4.5)
    pid = embedded(scene).recorder_pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    killed = now()
    async with asyncio.timeout(END_S):
        await asyncio.gather(mine.wait_until(CallState.ENDED), theirs.wait_until(CallState.ENDED))
    for who, call in (("A", mine), ("B", theirs)):
        assert_heard(who, call, killed, span(0.2, 1.0, "refusal"))
    record = await scene.record()
    assert record["ulFailReason"] == 8041
    (mix,) = await scene.recording(record)
    assert killed - begin - LOST_S < seconds(mix) < killed - begin + 0.3
    assert_holds("recording", mix, span(0, seconds(mix), "A", "B"))
