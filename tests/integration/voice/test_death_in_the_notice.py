"""A media process that dies while both are told that they are recorded."""

import asyncio
import os
import signal

import pytest
from tests.integration.voice import daemon
from tests.integration.voice.scene import Scene, assert_heard, now, until

from maskline.lab.phone_call import CallState
from maskline.lab.timeline import span
from maskline.planes.media.embedded import EmbeddedEngine

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]

HINT_S = 1.0

END_S = 6.0
"""The rest of the notice and, at rtpengine, one command and three pings without an answer."""


def media_pid(scene: Scene) -> int:
    engine = scene.stage.platform.engine
    if isinstance(engine, EmbeddedEngine):
        assert engine.worker_pid is not None
        return engine.worker_pid
    return daemon.find_pid()


async def test_the_record_names_the_media_and_not_the_recording(scene: Scene):
    await scene.manage.change_app(scene.app_key, {"may_record": True})
    await scene.bind(recordFlag="true", recordHintTone=await scene.prompt("hint", HINT_S))
    mine, theirs = await scene.talking()
    begin = now()
    await until(begin + 0.8 * HINT_S)
    os.kill(media_pid(scene), signal.SIGKILL)
    async with asyncio.timeout(END_S):
        await asyncio.gather(mine.wait_until(CallState.ENDED), theirs.wait_until(CallState.ENDED))
    assert_heard("A", mine, begin, span(0, 0.75 * HINT_S, "hint"))
    record = await scene.record()
    assert (record["ulFailReason"], record["recordFlag"]) == (8020, 0)
