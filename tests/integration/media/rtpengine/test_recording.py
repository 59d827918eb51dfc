"""Recordings over a real rtpengine: how long they are, what is in them, what is left behind."""

import asyncio
from pathlib import Path

import pytest
from tests.contract.media.party import ULAW, bridge, talk, until
from tests.contract.media.phone import open_recording, record_rule
from tests.integration.media.rtpengine.daemon import NOTE_KEY

from maskline.planes.media.engine import (
    CannotRecord,
    Prompt,
    RecordingDone,
    RecordRule,
    Side,
)
from maskline.planes.media.rtpengine import converter_link
from maskline.planes.media.rtpengine.engine import RtpengineEngine
from maskline.planes.media.rtpengine.recording import Notes
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


LOUD = 1000
"""A sample of this size is no silence."""


async def test_silence_keeps_its_place_and_nothing_is_left_in_clear(
    start_rtpengine, make_party, tmp_path, daemon
):
    done: list[RecordingDone] = []
    engine = await start_rtpengine(on_recorded=done.append)
    caller, callee = make_party(), make_party()
    await bridge(engine, caller, callee)
    loop = asyncio.get_running_loop()
    began = loop.time()
    await engine.record("c", make_rule(tmp_path))
    await asyncio.sleep(0.5)
    spoke_after_s = loop.time() - began
    for _ in range(25):
        await caller.speak(440, 0.02)
        await asyncio.sleep(0.016)
    await asyncio.sleep(0.5)
    await engine.close("c")
    await until(lambda: done)
    (mixed,) = open_recording(Path(done[0].path))
    onset = next(at for at, sample in enumerate(mixed) if abs(sample) > LOUD)
    assert onset / 8000 == pytest.approx(spoke_after_s, abs=0.1)
    assert hears_tone(mixed[onset : onset + 3000], 440)
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
    after = RtpengineEngine(daemon.settings(), done.append, NOTE_KEY)
    await after.start()
    await until(lambda: done)
    await after.aclose()
    assert 0.4 < done[0].duration_s < 0.6
    (mixed,) = open_recording(Path(done[0].path))
    assert measure_level(mixed[800:3200]) > -20


def left_in(folder: Path) -> list[str]:
    """What of recordings is in the daemon's folder."""
    found = [*folder.glob("pcaps/*"), *folder.glob("metadata/*"), *folder.glob("maskline/*.job")]
    return [path.name for path in found]


async def test_a_file_that_finds_no_room_is_made_later(
    start_rtpengine, make_party, tmp_path, daemon, monkeypatch
):
    monkeypatch.setattr(converter_link, "RETRY_DELAYS_S", (0.2,))
    done: list[RecordingDone] = []
    engine = await start_rtpengine(on_recorded=done.append)
    caller, callee = make_party(), make_party()
    await bridge(engine, caller, callee)
    spool = tmp_path / "spool"
    spool.mkdir()
    rule = make_rule(spool)
    await engine.record("c", rule)
    await talk(caller, callee, 0.3)
    Path(rule.file.path).unlink()
    spool.rmdir()
    await engine.close("c")
    await asyncio.sleep(0.3)
    assert done == []
    assert engine.unfinished() == [rule.file.path]
    assert len(left_in(daemon.folder)) == 3
    spool.mkdir()
    await until(lambda: done)
    assert done[0].duration_s > 0.05
    assert engine.unfinished() == []
    assert left_in(daemon.folder) == []


async def test_a_converter_that_dies_again_and_again_costs_no_recording(
    start_rtpengine, make_party, tmp_path, monkeypatch
):
    monkeypatch.setattr(converter_link, "RETRY_DELAYS_S", (0.05,))
    able = converter_link.CONVERTER
    monkeypatch.setattr(converter_link, "CONVERTER", ("-c", "import sys; sys.stdin.read(1)"))
    done: list[RecordingDone] = []
    engine = await start_rtpengine(on_recorded=done.append)
    caller, callee = make_party(), make_party()
    await bridge(engine, caller, callee)
    rule = make_rule(tmp_path)
    await engine.record("c", rule)
    await talk(caller, callee, 0.2)
    await engine.close("c")
    await asyncio.sleep(0.5)
    assert done == []
    assert engine.unfinished() == [rule.file.path]
    monkeypatch.setattr(converter_link, "CONVERTER", able)
    await until(lambda: done)
    assert len(open_recording(Path(rule.file.path))[0]) == round(done[0].duration_s * 8000)


async def test_a_converter_that_hangs_is_replaced(
    start_rtpengine, make_party, tmp_path, monkeypatch
):
    monkeypatch.setattr(converter_link, "RETRY_DELAYS_S", (0.05,))
    usual = converter_link.MAKE_TIMEOUT_S, converter_link.CONVERTER
    began = tmp_path / "began"
    hanging = f"import time; open({str(began)!r}, 'w'); time.sleep(60)"
    monkeypatch.setattr(converter_link, "MAKE_TIMEOUT_S", 0.5)
    monkeypatch.setattr(converter_link, "CONVERTER", ("-c", hanging))
    done: list[RecordingDone] = []
    engine = await start_rtpengine(on_recorded=done.append)
    caller, callee = make_party(), make_party()
    await bridge(engine, caller, callee)
    rule = make_rule(tmp_path)
    await engine.record("c", rule)
    await talk(caller, callee, 0.2)
    await engine.close("c")
    await until(began.exists)
    monkeypatch.setattr(converter_link, "MAKE_TIMEOUT_S", usual[0])
    monkeypatch.setattr(converter_link, "CONVERTER", usual[1])
    await until(lambda: done, 15.0)
    assert len(open_recording(Path(rule.file.path))[0]) == round(done[0].duration_s * 8000)


async def test_a_note_shows_no_key_and_is_of_use_to_no_other_run(
    start_rtpengine, make_party, tmp_path, daemon
):
    engine = await start_rtpengine()
    await bridge(engine, make_party(), make_party())
    rule = make_rule(tmp_path)
    await engine.record("c", rule)
    (note,) = (daemon.folder / "maskline").glob("*.job")
    assert rule.file.key not in note.read_bytes()
    assert [job.key for job in Notes(daemon.folder, NOTE_KEY).take()] == [rule.file.key]
    assert Notes(daemon.folder, bytes(32)).take() == []
    assert not note.exists()


async def test_a_recording_that_cannot_begin_leaves_nothing_and_captures_nothing(
    start_rtpengine, make_party, tmp_path, daemon, monkeypatch
):
    def fail(*_: object) -> None:
        raise CannotRecord("full")

    engine = await start_rtpengine()
    caller, callee = make_party(), make_party()
    await bridge(engine, caller, callee)
    rule = make_rule(tmp_path)
    monkeypatch.setattr(Notes, "write", fail)
    with pytest.raises(CannotRecord):
        await engine.record("c", rule)
    await talk(caller, callee, 0.1)
    assert left_in(daemon.folder) == []
    assert not Path(rule.file.path).exists()
    monkeypatch.undo()
    await engine.record("c", rule)
    await talk(caller, callee, 0.1)
    assert await engine.stop_record("c") > 0.02
