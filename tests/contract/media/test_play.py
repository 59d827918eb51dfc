"""Prompts, judged by what is heard."""

import asyncio
from pathlib import Path

import pytest
from tests.contract.media.party import ULAW, ignore
from tests.contract.media.phone import (
    CALLEE_HZ,
    CALLER_HZ,
    OTHER_PROMPT_HZ,
    PROMPT_HZ,
    join,
    listen,
    tones_in,
)

from maskline.planes.media.engine import (
    BadMedia,
    CannotPlay,
    PlayEnd,
    PlayEnded,
    Prompt,
    Side,
)

pytestmark = pytest.mark.network

CALLER, CALLEE, BOTH = frozenset({Side.CALLER}), frozenset({Side.CALLEE}), frozenset(Side)


async def test_a_prompt_is_heard_before_the_answer_by_whom_it_is_for(
    voice, phones, listener, make_prompt
):
    caller, callee = phones
    await join(voice.engine, caller, callee, listener, is_open=False)
    begun = asyncio.get_running_loop().time()
    play_id = await voice.engine.play("c", CALLER, Prompt(make_prompt(PROMPT_HZ, 0.4)), 1)
    assert await listen(0.2, *phones) == [{PROMPT_HZ}, set()]
    ended, at = await listener.until(PlayEnded)
    assert ended == PlayEnded("c", play_id, PlayEnd.FINISHED)
    assert 0.38 < at - begun < 0.7
    assert await listen(0.1, *phones) == [set(), set()]


async def test_it_is_in_place_of_the_other_who_is_heard_again_after_it(
    voice, phones, listener, make_prompt
):
    await join(voice.engine, *phones, listener)
    assert await listen(0.15, *phones) == [{CALLEE_HZ}, {CALLER_HZ}]
    await voice.engine.play("c", CALLER, Prompt(make_prompt(PROMPT_HZ, 0.4)), 1)
    assert await listen(0.2, *phones) == [{PROMPT_HZ}, {CALLER_HZ}]
    await listener.until(PlayEnded)
    assert await listen(0.15, *phones) == [{CALLEE_HZ}, {CALLER_HZ}]


async def test_a_short_prompt_is_repeated_without_a_gap_until_it_is_stopped(
    voice, phones, listener, make_prompt
):
    caller, _ = phones
    await join(voice.engine, *phones, listener)
    # No whole number of frames, and of periods of its tone.
    play_id = await voice.engine.play("c", CALLER, Prompt(make_prompt(PROMPT_HZ, 0.105)), None)
    await asyncio.sleep(0.15)
    start = asyncio.get_running_loop().time()
    await asyncio.sleep(0.5)
    heard = caller.audio(start, start + 0.5)
    assert len(heard) == pytest.approx(4000, abs=480)
    for at in range(0, len(heard) - 160, 160):
        assert tones_in(heard[at : at + 160]) == {PROMPT_HZ}
    await voice.engine.stop("c", play_id)
    await listener.until(PlayEnded)
    assert await listen(0.1, *phones) == [{CALLEE_HZ}, {CALLER_HZ}]
    await voice.engine.stop("c", play_id)
    assert listener.ends() == {play_id: PlayEnd.STOPPED}


async def test_it_is_repeated_as_often_as_asked(voice, phones, listener, make_prompt):
    await join(voice.engine, *phones, listener, is_open=False)
    begun = asyncio.get_running_loop().time()
    await voice.engine.play("c", CALLER, Prompt(make_prompt(PROMPT_HZ, 0.1)), 4)
    _, at = await listener.until(PlayEnded)
    assert 0.38 < at - begun < 0.7
    assert len(phones[0].audio(begun, at)) == pytest.approx(3200, abs=320)


async def test_both_hear_one_prompt_and_none_hears_the_other(voice, phones, listener, make_prompt):
    await join(voice.engine, *phones, listener)
    play_id = await voice.engine.play("c", BOTH, Prompt(make_prompt(PROMPT_HZ, 0.4)), 1)
    assert await listen(0.2, *phones) == [{PROMPT_HZ}, {PROMPT_HZ}]
    await listener.until(PlayEnded)
    assert await listen(0.1, *phones) == [{CALLEE_HZ}, {CALLER_HZ}]
    assert listener.ends() == {play_id: PlayEnd.FINISHED}


async def test_a_later_prompt_takes_the_place_of_an_earlier(voice, phones, listener, make_prompt):
    await join(voice.engine, *phones, listener)
    first = await voice.engine.play("c", CALLER, Prompt(make_prompt(PROMPT_HZ, 0.2)), None)
    second = await voice.engine.play("c", CALLER, Prompt(make_prompt(OTHER_PROMPT_HZ, 0.2)), None)
    assert await listen(0.2, *phones) == [{OTHER_PROMPT_HZ}, {CALLER_HZ}]
    assert listener.ends() == {first: PlayEnd.STOPPED}
    await voice.engine.stop("c", second)
    await listener.until(PlayEnded, 2)


async def test_a_prompt_goes_on_for_whom_still_hears_it(voice, phones, listener, make_prompt):
    await join(voice.engine, *phones, listener)
    first = await voice.engine.play("c", BOTH, Prompt(make_prompt(PROMPT_HZ, 0.2)), None)
    second = await voice.engine.play("c", CALLEE, Prompt(make_prompt(OTHER_PROMPT_HZ, 0.2)), None)
    assert await listen(0.2, *phones) == [{PROMPT_HZ}, {OTHER_PROMPT_HZ}]
    assert listener.ends() == {}
    await voice.engine.stop("c", first)
    assert await listen(0.1, *phones) == [{CALLEE_HZ}, {OTHER_PROMPT_HZ}]
    assert listener.ends() == {first: PlayEnd.STOPPED}
    await voice.engine.stop("c", second)


async def test_one_is_whispered_to_while_the_other_hears_a_tone(
    voice, phones, listener, make_prompt
):
    await join(voice.engine, *phones, listener, is_open=False)
    waiting = await voice.engine.play("c", CALLER, Prompt(make_prompt(OTHER_PROMPT_HZ, 0.2)), None)
    await voice.engine.play("c", CALLEE, Prompt(make_prompt(PROMPT_HZ, 0.35)), 1)
    assert await listen(0.2, *phones) == [{OTHER_PROMPT_HZ}, {PROMPT_HZ}]
    await listener.until(PlayEnded)
    await voice.engine.bridge("c")
    await voice.engine.stop("c", waiting)
    assert await listen(0.1, *phones) == [{CALLEE_HZ}, {CALLER_HZ}]


async def test_a_listener_of_the_other_law_hears_the_same(voice, make_phone, listener, make_prompt):
    caller, callee = make_phone(CALLER_HZ), make_phone(CALLEE_HZ, ULAW)
    await join(voice.engine, caller, callee, listener)
    await voice.engine.play("c", BOTH, Prompt(make_prompt(PROMPT_HZ, 0.4)), 1)
    assert await listen(0.2, caller, callee) == [{PROMPT_HZ}, {PROMPT_HZ}]


async def test_a_prompt_ends_with_its_call_without_a_word(voice, phones, listener, make_prompt):
    await join(voice.engine, *phones, listener)
    await voice.engine.play("c", BOTH, Prompt(make_prompt(PROMPT_HZ, 0.1)), None)
    await voice.engine.close("c")
    await asyncio.sleep(0.15)
    assert listener.events == []


async def test_what_cannot_be_played_is_said_at_once(
    voice, phones, listener, make_prompt, tmp_path: Path
):
    engine = voice.engine
    prompt = Prompt(make_prompt(PROMPT_HZ, 0.1))
    await engine.open("unconnected", ignore)
    with pytest.raises(BadMedia):
        await engine.play("unconnected", CALLER, prompt, 1)
    await join(engine, *phones, listener)
    for to, times in ((frozenset(), 1), (CALLER, 0)):
        with pytest.raises(BadMedia):
            await engine.play("c", to, prompt, times)
    for name, content in (("text.wav", b"no sound"), ("empty.wav", b""), ("missing.wav", None)):
        if content is not None:
            (tmp_path / name).write_bytes(content)
        with pytest.raises(CannotPlay):
            await engine.play("c", CALLER, Prompt(str(tmp_path / name)), 1)
    assert listener.events == []
    assert await listen(0.1, *phones) == [{CALLEE_HZ}, {CALLER_HZ}]
