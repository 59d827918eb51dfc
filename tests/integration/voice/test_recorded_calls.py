"""Tone matrix of recorded calls: what A and B heard, and what the downloaded file holds."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from tests.integration.voice.scene import (
    LENGTH_TOLERANCE_S,
    Scene,
    assert_heard,
    assert_holds,
    assert_silent,
    now,
    seconds,
    until,
)

from maskline.lab.phone_call import CallState, HoldWay
from maskline.lab.timeline import span

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]

HINT_S = 1.0


@pytest.fixture
async def scene(scene: Scene) -> Scene:
    await scene.manage.change_app(scene.app_key, {"may_record": True})
    return scene


async def test_both_hear_the_hint_then_each_other_and_the_file_holds_what_they_said(scene: Scene):
    await scene.bind(recordFlag="true", recordHintTone=await scene.prompt("hint", HINT_S))
    mine, theirs = await scene.talking()
    begin = now()
    await until(begin + HINT_S + 3.6)
    await mine.hang_up()
    ended = now()
    for who, call, other in (("A", mine, "B"), ("B", theirs, "A")):
        assert_heard(
            who, call, begin, span(0, HINT_S, "hint"), span(HINT_S + 0.1, HINT_S + 3.6, other)
        )
    record = await scene.record()
    (mix,) = await scene.recording(record)
    assert seconds(mix) == pytest.approx(ended - begin - HINT_S, abs=0.3)
    assert_holds("recording", mix, span(0, seconds(mix), "A", "B"))


async def test_who_holds_during_the_hint_hears_it_again_before_the_recording(scene: Scene):
    await scene.bind(recordFlag="true", recordHintTone=await scene.prompt("hint", HINT_S))
    mine, theirs = await scene.talking()
    begin = now()
    await until(begin + 0.8)
    assert await theirs.hold(HoldWay.SENDONLY)
    held = now() - begin
    await until(begin + HINT_S + 0.6)
    assert await theirs.resume()
    resumed = now() - begin
    told = resumed + HINT_S
    await until(begin + told + 3.6)
    await mine.hang_up()
    assert_heard("A", mine, begin, span(0, HINT_S, "hint"), span(told + 0.1, told + 3.6, "B"))
    again = span(resumed, told, "hint")
    assert_heard(
        "B", theirs, begin, span(0, held, "hint"), again, span(told + 0.1, told + 3.6, "A")
    )
    assert_silent(mine, begin + HINT_S + 0.15, begin + told - 0.1)
    (mix,) = await scene.recording(await scene.record())
    assert seconds(mix) == pytest.approx(3.6, abs=0.3)
    assert_holds("recording", mix, span(0, seconds(mix), "A", "B"))


async def test_in_stereo_each_party_has_a_channel(make_scene: Any):
    scene = await make_scene(recording={"channels": "stereo"})
    await scene.manage.change_app(scene.app_key, {"may_record": True})
    await scene.bind(recordFlag="true")
    mine, _ = await scene.talking()
    begin = now()
    await until(begin + 3.6)
    await mine.hang_up()
    of_a, of_b = await scene.recording(await scene.record())
    assert seconds(of_a) == pytest.approx(3.6, abs=0.3)
    assert_holds("caller's channel", of_a, span(0, 3.5, "A"))
    assert_holds("callee's channel", of_b, span(0, 3.5, "B"))


async def test_a_recording_is_as_long_as_the_call_record_says(scene: Scene):
    await scene.bind(recordFlag="true")
    mine, theirs = await scene.talking()
    await until(now() + 3.4)
    answered, ended = theirs.moments[CallState.TALKING], now()
    await mine.hang_up()
    record = await scene.record()
    (mix,) = await scene.recording(record)
    assert seconds(mix) == pytest.approx(ended - answered, abs=LENGTH_TOLERANCE_S)
    # The record counts in whole seconds.
    told = _moment(record["callEndTime"]) - _moment(record["recordStartTime"])
    assert abs(told - seconds(mix)) < 1 + LENGTH_TOLERANCE_S


async def test_who_is_on_hold_hears_nothing_and_the_file_keeps_the_time(scene: Scene):
    await scene.bind(recordFlag="true")
    mine, theirs = await scene.talking()
    begin = now()
    await until(begin + 1.5)
    assert await mine.hold(HoldWay.SENDONLY)
    held = now() - begin
    await until(begin + held + 1.5)
    assert await mine.resume()
    resumed = now() - begin
    await until(begin + resumed + 1.5)
    await mine.hang_up()
    assert_heard("A", mine, begin, span(0, held, "B"), span(resumed, resumed + 1.5, "B"))
    assert_heard("B", theirs, begin, span(0, resumed + 1.5, "A"))
    assert_silent(mine, begin + held + 0.15, begin + resumed)
    (mix,) = await scene.recording(await scene.record())
    assert seconds(mix) == pytest.approx(resumed + 1.5, abs=0.3)
    assert_holds("recording", mix, span(0, held, "A", "B"), span(resumed, resumed + 1.4, "A", "B"))


async def test_a_party_that_falls_silent_leaves_the_other_alone_in_the_file(scene: Scene):
    await scene.bind(recordFlag="true")
    mine, _ = await scene.talking()
    begin = now()
    await until(begin + 1.5)
    mine.speak(None)
    await until(begin + 3.5)
    await mine.hang_up()
    (mix,) = await scene.recording(await scene.record())
    assert_holds("recording", mix, span(0, 1.5, "A", "B"), span(1.5, 3.4, "B"))


async def test_a_call_under_three_seconds_leaves_no_file(scene: Scene):
    await scene.bind(recordFlag="true")
    mine, _ = await scene.talking()
    await asyncio.sleep(1.5)
    await mine.hang_up()
    record = await scene.record()
    assert record["recordFlag"] == 0
    assert not record.get("recordObjectName")
    await asyncio.sleep(1.0)
    assert _recordings(scene) == []


async def test_the_file_on_disk_plays_nowhere(scene: Scene):
    await scene.bind(recordFlag="true")
    mine, _ = await scene.talking()
    await asyncio.sleep(3.5)
    await mine.hang_up()
    served = await scene.recording_file(await scene.record())
    kept = _recordings(scene)
    assert kept
    for path in kept:
        sealed = path.read_bytes()
        assert b"WAVE" not in sealed
        assert served[4000:4032] not in sealed


def _recordings(scene: Scene) -> list[Path]:
    folder = scene.stage.settings.store.data_path / "recordings"
    return [path for path in folder.rglob("*") if path.is_file()]


def _moment(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()
