"""Recordings, judged by what is in the file."""

import asyncio
from pathlib import Path

import pytest
from tests.contract.media.party import ULAW
from tests.contract.media.phone import (
    CALLEE_HZ,
    CALLER_HZ,
    PROMPT_HZ,
    join,
    open_recording,
    record_rule,
    tones_in,
)

from maskline.planes.media.engine import (
    BadMedia,
    CannotRecord,
    PlayEnded,
    Prompt,
    RecordFile,
    RecordRule,
    Side,
)
from maskline.protocols.rtp.tone import measure_level

pytestmark = pytest.mark.network

LENGTH_TOLERANCE_S = 0.1
EDGE = 800
"""Samples around a change that are not judged: a tenth of a second."""


def by_tenths(samples) -> list[set[int]]:
    return [tones_in(samples[at : at + 800]) for at in range(0, len(samples) - 799, 800)]


async def test_it_holds_both_parties_mixed_and_is_as_long_as_said(
    voice, phones, listener, tmp_path: Path
):
    await join(voice.engine, *phones, listener)
    await asyncio.sleep(0.1)
    path = tmp_path / "mono.rec"
    begun = asyncio.get_running_loop().time()
    await voice.engine.record("c", record_rule(path))
    await asyncio.sleep(0.9)
    length = await voice.engine.stop_record("c")
    assert length == pytest.approx(asyncio.get_running_loop().time() - begun, abs=0.05)
    done = await voice.recorded()
    assert done.path == str(path)
    assert done.duration_s == pytest.approx(length, abs=LENGTH_TOLERANCE_S)
    (mix,) = open_recording(path)
    assert len(mix) / 8000 == pytest.approx(done.duration_s, abs=0.001)
    assert tones_in(mix[EDGE:-EDGE]) == {CALLER_HZ, CALLEE_HZ}
    assert listener.events == []


async def test_each_party_has_a_channel_where_asked(voice, make_phone, listener, tmp_path: Path):
    phones = make_phone(CALLER_HZ), make_phone(CALLEE_HZ, ULAW)
    await join(voice.engine, *phones, listener)
    path = tmp_path / "stereo.rec"
    await voice.engine.record("c", record_rule(path, channels=2))
    await asyncio.sleep(0.6)
    await voice.engine.stop_record("c")
    await voice.recorded()
    first, second = open_recording(path)
    assert len(first) == len(second)
    assert tones_in(first[EDGE:-EDGE]) == {CALLER_HZ}
    assert tones_in(second[EDGE:-EDGE]) == {CALLEE_HZ}
    for samples in (first, second):
        assert measure_level(samples[EDGE:-EDGE]) == pytest.approx(-12, abs=1)


async def test_what_was_blocked_is_not_in_it(voice, phones, listener, tmp_path: Path):
    await join(voice.engine, *phones, listener)
    path = tmp_path / "blocked.rec"
    await voice.engine.record("c", record_rule(path))
    await asyncio.sleep(0.4)
    await voice.engine.block("c", Side.CALLER, blocked=True)
    await asyncio.sleep(0.5)
    await voice.engine.stop_record("c")
    await voice.recorded()
    (mix,) = open_recording(path)
    assert tones_in(mix[EDGE : 3200 - EDGE]) == {CALLER_HZ, CALLEE_HZ}
    assert tones_in(mix[3200 + EDGE : 3200 + EDGE + 1600]) == {CALLEE_HZ}


async def test_a_prompt_is_in_it_where_it_was_heard(
    voice, phones, listener, make_prompt, tmp_path: Path
):
    if not voice.traits.records_prompts:
        pytest.skip("this engine records what the parties send only")
    await join(voice.engine, *phones, listener)
    path = tmp_path / "prompt.rec"
    await voice.engine.record("c", record_rule(path))
    await asyncio.sleep(0.3)
    await voice.engine.play("c", frozenset(Side), Prompt(make_prompt(PROMPT_HZ, 0.4)), 1)
    await listener.until(PlayEnded)
    await asyncio.sleep(0.3)
    await voice.engine.stop_record("c")
    await voice.recorded()
    (mix,) = open_recording(path)
    heard = by_tenths(mix)
    both = {CALLER_HZ, CALLEE_HZ}
    assert heard[1] == heard[-2] == both
    assert heard[4] == heard[5] == {PROMPT_HZ}
    # Heard by both, and there once: as loud as it was.
    assert measure_level(mix[4 * 800 : 6 * 800]) == pytest.approx(-12, abs=1)


async def test_a_hold_is_silence_in_it(voice, phones, listener, tmp_path: Path):
    caller, _ = phones
    await join(voice.engine, *phones, listener)
    path = tmp_path / "hold.rec"
    await voice.engine.record("c", record_rule(path))
    await asyncio.sleep(0.3)
    await voice.engine.connect("c", Side.CALLER, caller.peer(sends=False, receives=False))
    await asyncio.sleep(0.4)
    await voice.engine.connect("c", Side.CALLER, caller.peer())
    await asyncio.sleep(0.3)
    length = await voice.engine.stop_record("c")
    done = await voice.recorded()
    assert done.duration_s == pytest.approx(length, abs=LENGTH_TOLERANCE_S)
    (mix,) = open_recording(path)
    heard = by_tenths(mix)
    assert heard[1] == heard[8] == {CALLER_HZ, CALLEE_HZ}
    assert heard[4] == heard[5] == set()


async def test_it_ends_by_itself_at_its_limit(voice, phones, listener, tmp_path: Path):
    await join(voice.engine, *phones, listener)
    path = tmp_path / "limit.rec"
    await voice.engine.record("c", record_rule(path, limit_s=0.5))
    done = await voice.recorded()
    assert done.duration_s == pytest.approx(0.5, abs=LENGTH_TOLERANCE_S)
    assert await voice.engine.stop_record("c") == pytest.approx(0.5, abs=LENGTH_TOLERANCE_S)


async def test_it_ends_with_its_call(voice, phones, listener, tmp_path: Path):
    await join(voice.engine, *phones, listener)
    path = tmp_path / "closed.rec"
    await voice.engine.record("c", record_rule(path))
    await asyncio.sleep(0.5)
    await voice.engine.close("c")
    done = await voice.recorded()
    assert done.duration_s == pytest.approx(0.5, abs=LENGTH_TOLERANCE_S)


async def test_one_after_the_other_but_not_two_at_once(voice, phones, listener, tmp_path: Path):
    await join(voice.engine, *phones, listener)
    assert await voice.engine.stop_record("c") == 0
    await voice.engine.record("c", record_rule(tmp_path / "first.rec"))
    with pytest.raises(BadMedia):
        await voice.engine.record("c", record_rule(tmp_path / "second.rec"))
    await asyncio.sleep(0.3)
    await voice.engine.stop_record("c")
    await voice.engine.record("c", record_rule(tmp_path / "third.rec"))
    await asyncio.sleep(0.3)
    await voice.engine.stop_record("c")
    await voice.recorded(2)
    assert {Path(done.path).name for done in voice.done} == {"first.rec", "third.rec"}
    assert all(tones_in(open_recording(Path(done.path))[0]) for done in voice.done)


async def test_a_file_that_cannot_be_made_is_said_at_once(voice, phones, listener, tmp_path: Path):
    await join(voice.engine, *phones, listener)
    rule = record_rule(tmp_path / "missing.rec")
    file = RecordFile(str(tmp_path / "no" / "such.rec"), rule.file.head, rule.file.key)
    with pytest.raises(CannotRecord):
        await voice.engine.record("c", RecordRule(file=file, limit_s=1))
    await voice.engine.record("c", rule)
