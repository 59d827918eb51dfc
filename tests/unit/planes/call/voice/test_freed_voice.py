"""Ended calls that spoke and recorded are freed without the collector, as all are."""

import asyncio
import gc

import pytest
from tests.garbage import without_collector

from maskline.domain.application import ApplicationPrompts
from maskline.domain.binding import VoiceOptions
from maskline.planes.call.live_call import LiveCall
from maskline.planes.call.recorder import CallRecorder
from maskline.planes.call.voice import CallVoice
from maskline.planes.media.engine import CannotRecord


@pytest.fixture
def application_prompts():
    return ApplicationPrompts(service_abnormal="sorry.wav")


@pytest.mark.parametrize("is_failing", [False, True])
async def test_a_recorded_call_leaves_nothing_behind(stage, answer, is_failing):
    voice = VoiceOptions(record=True, record_hint_tone="hint.wav", a_waiting_tone="wait.wav")
    await stage.bind(voice=voice)
    if is_failing:
        stage.engine.refusals["record"] = CannotRecord
    with without_collector():
        await answer()
        stage.engine.finish(await stage.engine.until_heard("hint.wav"))
        if is_failing:
            stage.engine.finish(await stage.engine.until_heard("sorry.wav"))
        else:
            stage.caller.do("end")
        await stage.record()
        stage.caller.session = stage.callee.session = None
        await asyncio.sleep(5)
        kinds = (LiveCall, CallVoice, CallRecorder)
        left = [type(thing).__name__ for thing in gc.get_objects() if isinstance(thing, kinds)]
    assert left == []
