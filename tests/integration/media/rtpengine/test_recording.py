"""Recordings over a real rtpengine: how long they are, what is in them, what is left behind."""

import asyncio
from pathlib import Path

import pytest
from tests.contract.media.party import ULAW, bridge, talk, until
from tests.contract.media.phone import open_recording, record_rule

from maskline.planes.media.engine import (
    Prompt,
    RecordingDone,
    RecordRule,
    Side,
)
from maskline.planes.media.rtpengine.engine import RtpengineEngine
from maskline.protocols.rtp.tone import hears_tone, measure_level

pytestmark = pytest.mark.network


def make_rule(folder: Path, channels=1, limit_s=60.0) -> RecordRule:
    return record_rule(folder / "one.mlr", channels=channels, limit_s=limit_s)


async def test_what_both_heard_is_recorded_prompts_included(
    start_rtpengine, make_party, make_prompt, tmp_path
):
    done: list[RecordingDone] = []
    engine = await start_rtpengine(on_recorded=done.append)
    caller, callee = make_party(), make_party(ULAW)
    await bridge(engine, caller, callee)
    await talk(caller, callee, 0.2)
    await engine.record("c", make_rule(tmp_path, channels=2))
    for _ in range(25):
        await asyncio.gather(caller.speak(440, 0.02), callee.speak(620, 0.02))
        await asyncio.sleep(0.016)
    await engine.play("c", frozenset({Side.CALLER}), Prompt(make_prompt(900, 0.4)), 1)
    for _ in range(20):
        await asyncio.gather(caller.speak(440, 0.02), callee.speak(620, 0.02))
        await asyncio.sleep(0.016)
    length = await engine.stop_record("c")
    await until(lambda: done)
    assert done == [RecordingDone(str(tmp_path / "one.mlr"), length)]
    first, second = open_recording(Path(done[0].path))
    assert len(first) == len(second) == round(length * 8000)
    assert hears_tone(first[800:3200], 440)
    assert hears_tone(second[800:3200], 620)
    assert hears_tone(first[-2000:-800], 440)
    assert hears_tone(second[-2000:-800], 900)


async def test_silence_keeps_its_place_and_nothing_is_left_in_clear(
    start_rtpengine, make_party, tmp_path, daemon
):
    done: list[RecordingDone] = []
    engine = await start_rtpengine(on_recorded=done.append)
    caller, callee = make_party(), make_party()
    await bridge(engine, caller, callee)
    await engine.record("c", make_rule(tmp_path))
    await asyncio.sleep(0.5)
    for _ in range(25):
        await caller.speak(440, 0.02)
        await asyncio.sleep(0.016)
    await asyncio.sleep(0.5)
    await engine.close("c")
    await until(lambda: done)
    (mixed,) = open_recording(Path(done[0].path))
    assert measure_level(mixed[:3600]) < -60
    assert hears_tone(mixed[4800:7200], 440)
    assert measure_level(mixed[-3000:]) < -60
    assert not list((daemon.folder / "pcaps").iterdir())
    assert not list((daemon.folder / "metadata").iterdir())
    assert not list((daemon.folder / "maskline").glob("*.job"))


async def test_a_limit_ends_it(start_rtpengine, make_party, tmp_path):
    done: list[RecordingDone] = []
    engine = await start_rtpengine(on_recorded=done.append)
    caller, callee = make_party(), make_party()
    await bridge(engine, caller, callee)
    await engine.record("c", make_rule(tmp_path, limit_s=0.3))
    await talk(caller, callee, 0.3)
    await until(lambda: done)
    assert done[0].duration_s == 0.3
    assert await engine.stop_record("c") == 0.3


async def test_a_recording_survives_the_death_of_its_engine(
    start_rtpengine, make_party, tmp_path, daemon
):
    done: list[RecordingDone] = []
    engine = await start_rtpengine()
    caller, callee = make_party(), make_party()
    await bridge(engine, caller, callee)
    await engine.record("c", make_rule(tmp_path))
    for _ in range(25):
        await asyncio.gather(caller.speak(440, 0.02), callee.speak(620, 0.02))
        await asyncio.sleep(0.016)
    engine._calls.clear()  # as if it had been killed: nothing is ended in order
    await engine.aclose()
    after = RtpengineEngine(daemon.settings(), done.append)
    await after.start()
    await until(lambda: done)
    await after.aclose()
    assert 0.4 < done[0].duration_s < 0.6
    (mixed,) = open_recording(Path(done[0].path))
    assert measure_level(mixed[800:3200]) > -20
