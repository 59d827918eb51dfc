"""Tone matrix of the verbs that no mode uses yet, on the engines themselves."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from tests.integration.voice import daemon
from tests.integration.voice.parties import CALL, Parties
from tests.integration.voice.scene import assert_heard, now, until

from maskline.bootstrap.media import build_engine
from maskline.lab.key_tone import make_key_tones
from maskline.lab.timeline import span
from maskline.planes.media.engine import (
    CollectEnd,
    DigitPressed,
    DigitRule,
    DigitsCollected,
    PlayEnd,
    Side,
)
from maskline.settings import MediaSection, PortRange, RtpengineSection, Settings

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]

BOTH = frozenset(Side)
TO_CALLER, TO_CALLEE = frozenset({Side.CALLER}), frozenset({Side.CALLEE})


@pytest.fixture
async def parties(
    engine: str, tmp_path: Path, new_port: Callable[[], int]
) -> AsyncIterator[Parties]:
    async with AsyncExitStack() as stack:
        first = new_port()
        settings = Settings(
            media=MediaSection(engine=engine, ports=PortRange(first, first + 3))  # type: ignore[arg-type]
        )
        if engine == "rtpengine":
            section = await stack.enter_async_context(daemon.rtpengine(tmp_path, new_port))
            settings = Settings(
                media=MediaSection(engine="rtpengine"), rtpengine=RtpengineSection(**section)
            )
        made = build_engine(settings, lambda _: None)
        await made.start()
        stack.push_async_callback(made.aclose)
        parties = Parties(made, tmp_path)
        stack.push_async_callback(parties.close)
        yield parties


async def test_a_whisper_is_heard_by_b_alone_while_a_hears_the_waiting_tone(parties: Parties):
    engine, opened = parties.engine, await parties.open()
    await parties.connect(opened, Side.CALLER)
    wait = await engine.play(CALL, TO_CALLER, parties.prompt("wait", 0.5), None)
    begin = now()
    await until(begin + 1.0)
    await parties.connect(opened, Side.CALLEE)
    whisper = await engine.play(CALL, TO_CALLEE, parties.prompt("whisper"), 1)
    whispered = now() - begin
    assert (await parties.ended(whisper)).why is PlayEnd.FINISHED
    await engine.stop(CALL, wait)
    await engine.bridge(CALL)
    bridged = now() - begin
    assert bridged - whispered == pytest.approx(1.0, abs=0.3)
    await until(begin + bridged + 1.0)
    assert (await parties.ended(wait)).why is PlayEnd.STOPPED
    end = bridged + 1.0
    assert_heard("A", parties.a, begin, span(0, bridged, "wait"), span(bridged, end, "B"))
    assert_heard(
        "B", parties.b, begin, span(whispered, bridged, "whisper"), span(bridged, end, "A")
    )


async def test_a_prompt_to_both_silences_the_conversation_as_often_as_asked(parties: Parties):
    await parties.talk()
    begin = now()
    await until(begin + 1.0)
    play = await parties.engine.play(CALL, BOTH, parties.prompt("last", 0.6), 2)
    played = now() - begin
    assert (await parties.ended(play)).why is PlayEnd.FINISHED
    ended = now() - begin
    assert ended - played == pytest.approx(1.2, abs=0.3)
    await until(begin + ended + 1.0)
    for who, audio, other in (("A", parties.a, "B"), ("B", parties.b, "A")):
        assert_heard(
            who,
            audio,
            begin,
            span(0, played, other),
            span(played, ended, "last"),
            span(ended, ended + 1.0, other),
        )


async def test_a_later_prompt_takes_the_place_of_an_earlier(parties: Parties):
    await parties.talk()
    engine = parties.engine
    first = await engine.play(CALL, TO_CALLER, parties.prompt("wait"), None)
    begin = now()
    await until(begin + 0.9)
    second = await engine.play(CALL, TO_CALLER, parties.prompt("hint"), None)
    changed = now() - begin
    assert (await parties.ended(first)).why is PlayEnd.STOPPED
    await until(begin + changed + 0.9)
    await engine.stop(CALL, second)
    assert_heard(
        "A",
        parties.a,
        begin,
        span(0, changed, "wait"),
        span(changed, changed + 0.9, "hint"),
    )
    assert_heard("B", parties.b, begin, span(0, changed + 0.9, "A"))


async def test_a_blocked_party_is_not_heard_and_hears(parties: Parties):
    await parties.talk()
    begin = now()
    await until(begin + 0.9)
    await parties.engine.block(CALL, Side.CALLER, True)
    blocked = now() - begin
    await until(begin + blocked + 0.9)
    await parties.engine.block(CALL, Side.CALLER, False)
    freed = now() - begin
    await until(begin + freed + 0.9)
    assert_heard("A", parties.a, begin, span(0, freed + 0.9, "B"))
    assert_heard(
        "B",
        parties.b,
        begin,
        span(0, blocked, "A"),
        span(blocked, freed),
        span(freed, freed + 0.9, "A"),
    )


@pytest.mark.parametrize("way", ["events", "sound", "signalling"])
async def test_digits_are_collected_however_they_travel(parties: Parties, way: str):
    await parties.talk(None if way == "sound" else 101)
    engine = parties.engine
    await asyncio.sleep(0.3)
    rule = DigitRule(max_digits=8, terminator="#", first_timeout_s=4, next_timeout_s=2)
    await engine.collect(CALL, Side.CALLER, rule)
    # rtpengine misses a key whose very first packet is the first after it was told to listen.
    await asyncio.sleep(0.05)
    if way == "sound":
        parties.a.interject(make_key_tones("1590#", 120, 120))
    for digit in "1590#":
        if way == "events":
            parties.a.press(digit, 80)
        elif way == "signalling":
            await engine.press(CALL, Side.CALLER, digit, 100)
    told = await parties.told(DigitsCollected)
    assert (told.side, told.digits, told.why) == (Side.CALLER, "1590", CollectEnd.TERMINATOR)
    pressed = [event.digit for event in parties.events if isinstance(event, DigitPressed)]
    assert pressed == list("1590#")
    assert not parties.b.keys


async def test_a_key_that_is_not_collected_reaches_the_other(parties: Parties):
    await parties.talk()
    await asyncio.sleep(0.2)
    for digit in "42":
        parties.a.press(digit, 80)
    await parties.told(DigitPressed, lambda event: event.digit == "2")
    await asyncio.sleep(0.2)
    assert [key.digit for key in parties.b.keys] == ["4", "2"]


async def test_the_first_digit_cuts_the_prompt(parties: Parties):
    await parties.talk()
    engine = parties.engine
    play = await engine.play(CALL, TO_CALLER, parties.prompt("hint", 3.0), 1)
    begin = now()
    rule = DigitRule(max_digits=1, cuts=play)
    await engine.collect(CALL, Side.CALLER, rule)
    await until(begin + 1.0)
    parties.a.press("7", 80)
    assert (await parties.ended(play)).why is PlayEnd.CUT_BY_DIGIT
    cut = now() - begin
    assert (await parties.told(DigitsCollected)).digits == "7"
    await until(begin + cut + 1.0)
    assert_heard("A", parties.a, begin, span(0, 1.0, "hint"), span(cut, cut + 1.0, "B"))


async def test_without_a_digit_collecting_ends_after_the_first_time_out(parties: Parties):
    await parties.talk()
    begin = now()
    await parties.engine.collect(
        CALL, Side.CALLEE, DigitRule(max_digits=4, first_timeout_s=0.8, next_timeout_s=0.5)
    )
    told = await parties.told(DigitsCollected)
    assert (told.side, told.digits, told.why) == (Side.CALLEE, "", CollectEnd.TIMEOUT)
    assert now() - begin == pytest.approx(0.8, abs=0.3)
