"""Digits: collected, merged, timed, kept from the other party."""

import asyncio

import pytest
from tests.contract.media.party import ignore
from tests.contract.media.phone import (
    CALLEE_HZ,
    CALLER_HZ,
    PROMPT_HZ,
    join,
    listen,
)

from maskline.planes.media.engine import (
    BadMedia,
    CollectEnd,
    DigitPressed,
    DigitRule,
    DigitsCollected,
    PlayEnd,
    PlayEnded,
    Prompt,
    Side,
)

pytestmark = pytest.mark.network

CALLER = frozenset({Side.CALLER})


def collected(digits: str, why: CollectEnd) -> DigitsCollected:
    return DigitsCollected("c", Side.CALLER, digits, why)


async def test_it_ends_with_as_many_digits_as_asked(voice, phones, listener):
    caller, _ = phones
    await join(voice.engine, *phones, listener)
    await voice.engine.collect("c", Side.CALLER, DigitRule(max_digits=3))
    for digit in "5*0":
        await caller.press_key(digit)
    ended, _ = await listener.until(DigitsCollected)
    assert ended == collected("5*0", CollectEnd.COMPLETE)
    assert [press.digit for press in listener.of(DigitPressed)] == list("5*0")
    assert listener.of(DigitPressed)[0].duration_ms == pytest.approx(60, abs=25)


async def test_the_terminator_ends_it_and_is_no_digit(voice, phones, listener):
    caller, _ = phones
    await join(voice.engine, *phones, listener)
    rule = DigitRule(max_digits=9, terminator="#")
    await voice.engine.collect("c", Side.CALLER, rule)
    for digit in "42#":
        await caller.press_key(digit)
    ended, _ = await listener.until(DigitsCollected)
    assert ended == collected("42", CollectEnd.TERMINATOR)


async def test_silence_after_a_digit_ends_it(voice, phones, listener):
    await join(voice.engine, *phones, listener)
    rule = DigitRule(max_digits=9, first_timeout_s=3, next_timeout_s=0.3)
    await voice.engine.collect("c", Side.CALLER, rule)
    await voice.engine.press("c", Side.CALLER, "7", 100)
    pressed = asyncio.get_running_loop().time()
    ended, at = await listener.until(DigitsCollected)
    assert ended == collected("7", CollectEnd.TIMEOUT)
    assert 0.28 < at - pressed < 0.6


async def test_the_wait_for_the_first_digit_begins_after_the_prompt(
    voice, phones, listener, make_prompt
):
    await join(voice.engine, *phones, listener)
    play_id = await voice.engine.play("c", CALLER, Prompt(make_prompt(PROMPT_HZ, 0.4)), 1)
    rule = DigitRule(max_digits=1, first_timeout_s=0.3, cuts=play_id)
    await voice.engine.collect("c", Side.CALLER, rule)
    ended, at = await listener.until(DigitsCollected)
    _, prompt_at = await listener.until(PlayEnded)
    assert ended == collected("", CollectEnd.TIMEOUT)
    assert 0.28 < at - prompt_at < 0.6


async def test_the_first_digit_cuts_the_prompt(voice, phones, listener, make_prompt):
    caller, _ = phones
    await join(voice.engine, *phones, listener)
    play_id = await voice.engine.play("c", CALLER, Prompt(make_prompt(PROMPT_HZ, 0.3)), None)
    rule = DigitRule(max_digits=2, next_timeout_s=0.5, cuts=play_id)
    await voice.engine.collect("c", Side.CALLER, rule)
    assert await listen(0.1, caller) == [{PROMPT_HZ}]
    await caller.press_key("1")
    await listener.until(PlayEnded)
    assert listener.ends() == {play_id: PlayEnd.CUT_BY_DIGIT}
    assert await listen(0.1, caller) == [{CALLEE_HZ}]
    ended, _ = await listener.until(DigitsCollected)
    assert ended == collected("1", CollectEnd.TIMEOUT)


async def test_a_press_that_comes_in_two_ways_counts_once(voice, phones, listener):
    caller, _ = phones
    await join(voice.engine, *phones, listener)
    rule = DigitRule(max_digits=3, next_timeout_s=0.6)
    await voice.engine.collect("c", Side.CALLER, rule)
    for _ in range(2):
        await caller.press_key("8")
        await voice.engine.press("c", Side.CALLER, "8", 60)
    ended, _ = await listener.until(DigitsCollected)
    assert ended == collected("88", CollectEnd.TIMEOUT)
    assert len(listener.of(DigitPressed)) == 2


async def test_keys_pressed_before_do_not_count(voice, phones, listener):
    await join(voice.engine, *phones, listener)
    await phones[0].press_key("1")
    await listener.until(DigitPressed)
    await voice.engine.collect("c", Side.CALLER, DigitRule(max_digits=1, first_timeout_s=2))
    await phones[0].press_key("2")
    ended, _ = await listener.until(DigitsCollected)
    assert ended == collected("2", CollectEnd.COMPLETE)


async def test_private_digits_do_not_reach_the_other_who_still_hears_the_party(
    voice, phones, listener
):
    caller, callee = phones
    await join(voice.engine, *phones, listener)
    await voice.engine.collect("c", Side.CALLER, DigitRule(max_digits=2))
    await caller.press_key("3")
    assert await listen(0.1, callee) == [{CALLER_HZ}]
    await caller.press_key("4")
    await listener.until(DigitsCollected)
    # What is pressed at once may be the last digit's second report.
    await asyncio.sleep(0.3)
    assert callee.digits() == set()
    await caller.press_key("6")
    await listener.until(DigitPressed, 3)
    await asyncio.sleep(0.05)
    assert callee.digits() == {6}


async def test_digits_that_are_not_private_pass(voice, phones, listener):
    caller, callee = phones
    await join(voice.engine, *phones, listener)
    rule = DigitRule(max_digits=1, is_private=False)
    await voice.engine.collect("c", Side.CALLER, rule)
    await caller.press_key("3")
    await listener.until(DigitsCollected)
    await asyncio.sleep(0.05)
    assert callee.digits() == {3}


async def test_tones_count_where_no_events_were_negotiated_and_are_not_heard(
    voice, make_phone, listener
):
    caller, callee = make_phone(CALLER_HZ, telephone_event=None), make_phone(CALLEE_HZ)
    await join(voice.engine, caller, callee, listener)
    await voice.engine.collect("c", Side.CALLER, DigitRule(max_digits=2))
    start = asyncio.get_running_loop().time() + 0.05
    await caller.sing_key("5")
    await caller.sing_key("9", 0.06)
    ended, at = await listener.until(DigitsCollected)
    assert ended == collected("59", CollectEnd.COMPLETE)
    assert callee.tones(start, at) == set()
    # The end of a tone is kept from the other too.
    await asyncio.sleep(0.5)
    assert await listen(0.15, caller, callee) == [{CALLEE_HZ}, {CALLER_HZ}]


async def test_speech_is_no_digit(voice, make_phone, listener):
    caller, callee = make_phone(CALLER_HZ, telephone_event=None), make_phone(CALLEE_HZ)
    await join(voice.engine, caller, callee, listener)
    rule = DigitRule(max_digits=1, first_timeout_s=0.6, is_private=False)
    await voice.engine.collect("c", Side.CALLER, rule)
    assert await listen(0.2, callee) == [{CALLER_HZ}]
    ended, _ = await listener.until(DigitsCollected)
    assert ended == collected("", CollectEnd.TIMEOUT)


async def test_it_can_be_stopped_and_begun_anew(voice, phones, listener):
    await join(voice.engine, *phones, listener)
    await voice.engine.stop_collect("c", Side.CALLER)
    await voice.engine.collect("c", Side.CALLER, DigitRule(max_digits=3))
    await voice.engine.press("c", Side.CALLER, "1", 100)
    await voice.engine.collect("c", Side.CALLER, DigitRule(max_digits=3))
    await voice.engine.press("c", Side.CALLER, "2", 100)
    await voice.engine.stop_collect("c", Side.CALLER)
    assert listener.of(DigitsCollected) == [
        collected("1", CollectEnd.STOPPED),
        collected("2", CollectEnd.STOPPED),
    ]


async def test_both_sides_are_collected_each_by_its_own(voice, phones, listener):
    await join(voice.engine, *phones, listener)
    await voice.engine.collect("c", Side.CALLER, DigitRule(max_digits=1))
    await voice.engine.collect("c", Side.CALLEE, DigitRule(max_digits=1))
    await voice.engine.press("c", Side.CALLEE, "2", 100)
    await voice.engine.press("c", Side.CALLER, "1", 100)
    assert {(end.side, end.digits) for end in listener.of(DigitsCollected)} == {
        (Side.CALLEE, "2"),
        (Side.CALLER, "1"),
    }


async def test_it_ends_with_its_call_without_a_word(voice, phones, listener):
    await join(voice.engine, *phones, listener)
    rule = DigitRule(max_digits=1, first_timeout_s=0.1)
    await voice.engine.collect("c", Side.CALLER, rule)
    await voice.engine.close("c")
    await asyncio.sleep(0.15)
    assert listener.events == []


async def test_a_rule_that_cannot_end_and_what_is_no_key_are_refused(voice):
    engine = voice.engine
    await engine.open("c", ignore)
    for bad in (
        DigitRule(max_digits=0),
        DigitRule(max_digits=1, terminator="x"),
        DigitRule(max_digits=1, first_timeout_s=0),
        DigitRule(max_digits=1, next_timeout_s=-1),
    ):
        with pytest.raises(BadMedia):
            await engine.collect("c", Side.CALLER, bad)
    for bad_key in ("", "12", "x"):
        with pytest.raises(BadMedia):
            await engine.press("c", Side.CALLER, bad_key, 100)
