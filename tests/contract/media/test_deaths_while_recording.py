"""The embedded engine's processes, killed while a call is recorded."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.contract.media.party import make_embedded, until
from tests.contract.media.phone import (
    CALLEE_HZ,
    CALLER_HZ,
    Traits,
    VoiceEngine,
    join,
    listen,
    open_recording,
    record_rule,
    tones_in,
)

from maskline.planes.media import embedded, recorder_link
from maskline.planes.media.engine import CannotRecord, EngineFailed, RecordingBroke

pytestmark = pytest.mark.network

LOST_S = 1.0
"""Issue: a crash loses at most the last second of a recording."""

CALLS = 12

STAGGER_S = 0.07
"""Between the beginnings of two calls: no divisor of a flush or a segment."""


@pytest.fixture
async def voice(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[VoiceEngine]:
    monkeypatch.setattr(embedded, "FIRST_RESTART_DELAY_S", 0.05)
    monkeypatch.setattr(recorder_link, "FIRST_RESTART_DELAY_S", 0.05)
    done = []
    engine = make_embedded(2 * CALLS, done.append, max_calls=CALLS)
    await engine.start()
    yield VoiceEngine(engine, Traits(), done)
    await engine.aclose()


async def test_a_recording_outlives_the_media_worker(voice, phones, listener, tmp_path: Path):
    await join(voice.engine, *phones, listener)
    path = tmp_path / "cut.rec"
    await voice.engine.record("c", record_rule(path))
    await asyncio.sleep(1.0)
    os.kill(voice.engine.worker_pid, signal.SIGKILL)
    await listener.until(EngineFailed)
    done = await voice.recorded()
    assert done.path == str(path)
    assert 0.3 < done.duration_s <= 1.1
    (mix,) = open_recording(path)
    assert tones_in(mix[800:]) == {CALLER_HZ, CALLEE_HZ}


async def test_a_call_goes_on_when_the_recorder_dies_and_can_be_recorded_again(
    voice, phones, listener, tmp_path: Path
):
    await join(voice.engine, *phones, listener)
    path = tmp_path / "broken.rec"
    await voice.engine.record("c", record_rule(path))
    await asyncio.sleep(0.3)
    old = voice.engine.recorder_pid
    os.kill(old, signal.SIGKILL)
    broke, _ = await listener.until(RecordingBroke)
    assert broke == RecordingBroke("c")
    assert await listen(0.1, *phones) == [{CALLEE_HZ}, {CALLER_HZ}]
    await voice.recorded()
    assert voice.done[0].path == str(path)
    await until(lambda: voice.engine.recorder_pid not in {None, old})
    second = tmp_path / "again.rec"
    await voice.engine.record("c", record_rule(second))
    await asyncio.sleep(0.5)
    length = await voice.engine.stop_record("c")
    done = await voice.recorded(2)
    assert done.path == str(second)
    assert done.duration_s == pytest.approx(length, abs=0.1)
    assert tones_in(open_recording(second)[0][800:]) == {CALLER_HZ, CALLEE_HZ}


async def test_a_recorder_that_dies_loses_at_most_the_last_second_of_any_call(
    voice, listener, tmp_path: Path
):
    loop = asyncio.get_running_loop()
    began: dict[str, float] = {}
    for number in range(CALLS):
        await voice.engine.open(str(number), listener)
        path = tmp_path / f"{number}.rec"
        before = loop.time()
        await voice.engine.record(str(number), record_rule(path))
        began[str(path)] = before
        await asyncio.sleep(max(0.0, before + STAGGER_S - loop.time()))
    await asyncio.sleep(1.0)
    killed_at = loop.time()
    os.kill(voice.engine.recorder_pid, signal.SIGKILL)
    await voice.recorded(CALLS)
    lost = {done.path: killed_at - began[done.path] - done.duration_s for done in voice.done}
    assert lost.keys() == began.keys()
    assert max(lost.values()) <= LOST_S, lost
    assert min(lost.values()) >= 0.0, lost


async def test_a_recording_that_begins_while_the_recorder_is_replaced_waits_for_the_next(
    voice, phones, listener, tmp_path: Path
):
    await join(voice.engine, *phones, listener)
    os.kill(voice.engine.recorder_pid, signal.SIGKILL)
    await until(lambda: voice.engine.recorder_pid is None)
    await voice.engine.record("c", record_rule(tmp_path / "late.rec"))
    await asyncio.sleep(0.3)
    length = await voice.engine.stop_record("c")
    assert (await voice.recorded()).duration_s == pytest.approx(length, abs=0.1)


async def test_without_a_recorder_no_recording_begins(
    voice, phones, listener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(recorder_link, "FIRST_RESTART_DELAY_S", 30.0)
    monkeypatch.setattr(recorder_link, "OPEN_TIMEOUT_S", 0.1)
    await join(voice.engine, *phones, listener)
    os.kill(voice.engine.recorder_pid, signal.SIGKILL)
    await until(lambda: voice.engine.recorder_pid is None)
    with pytest.raises(CannotRecord):
        await voice.engine.record("c", record_rule(tmp_path / "none.rec"))
    assert await voice.engine.stop_record("c") == 0


async def test_closing_the_engine_finishes_what_it_records(voice, phones, listener, tmp_path: Path):
    await join(voice.engine, *phones, listener)
    path = tmp_path / "closed.rec"
    await voice.engine.record("c", record_rule(path))
    await asyncio.sleep(0.5)
    await voice.engine.aclose()
    assert [done.path for done in voice.done] == [str(path)]
    assert voice.done[0].duration_s == pytest.approx(0.5, abs=0.15)
    assert listener.events == []
