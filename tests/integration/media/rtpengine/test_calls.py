"""Calls over a real rtpengine, judged by listening."""

import asyncio

import pytest
from tests.contract.media.party import ULAW, bridge, ignore, talk, until

from maskline.planes.media.engine import (
    DigitPressed,
    MediaEvent,
    PlayEnd,
    PlayEnded,
    Prompt,
    Side,
)
from maskline.protocols.rtp.tone import hears_tone

pytestmark = pytest.mark.network


async def test_both_hear_each_other_and_the_sums_tell_what_came(start_rtpengine, make_party):
    engine = await start_rtpengine()
    caller, callee = make_party(), make_party()
    await bridge(engine, caller, callee)
    at_caller, at_callee = await talk(caller, callee)
    assert hears_tone(at_caller, 620)
    assert hears_tone(at_callee, 440)
    sums = await engine.close("c")
    assert sums.caller.received_packets == 25
    assert sums.caller.received_octets == 25 * 160


@pytest.mark.parametrize("event", [101, 96])
async def test_laws_and_types_of_digits_are_translated(start_rtpengine, make_party, event):
    events: list[MediaEvent] = []
    engine = await start_rtpengine()
    caller, callee = make_party(), make_party(ULAW, telephone_event=event)
    await bridge(engine, caller, callee, events.append)
    at_caller, at_callee = await talk(caller, callee)
    assert hears_tone(at_caller, 620)
    assert hears_tone(at_callee, 440)
    await caller.press("5")
    await callee.press("7")

    def has_both_keys() -> bool:
        caller.listen()
        callee.listen()
        return bool(caller.keys and callee.keys) and len(events) == 2

    await until(has_both_keys)
    assert callee.keys == ["5"]
    assert caller.keys == ["7"]
    assert {event.digit for event in events if isinstance(event, DigitPressed)} == {"5", "7"}


async def test_a_prompt_is_heard_before_the_callee_is_known_and_ends_by_itself(
    start_rtpengine, make_party, make_prompt
):
    events: list[MediaEvent] = []
    engine = await start_rtpengine()
    caller = make_party()
    opened = await engine.open("c", events.append)
    caller.target = (opened.caller.address, opened.caller.port)
    assert await engine.connect("c", Side.CALLER, caller.peer()) == opened.caller
    play = await engine.play("c", frozenset({Side.CALLER}), Prompt(make_prompt(900, 0.3)), 1)
    await until(lambda: events)
    assert events == [PlayEnded("c", play, PlayEnd.FINISHED)]
    heard = caller.listen()
    assert hears_tone(heard, 900)
    assert 0.25 * 8000 <= len(heard) <= 0.35 * 8000


async def test_nothing_passes_before_early_and_early_is_one_way(start_rtpengine, make_party):
    engine = await start_rtpengine()
    caller, callee = make_party(), make_party()
    opened = await engine.open("c", ignore)
    caller.target = (opened.caller.address, opened.caller.port)
    callee.target = (opened.callee.address, opened.callee.port)
    await engine.connect("c", Side.CALLEE, callee.peer())
    await engine.connect("c", Side.CALLER, caller.peer())
    at_caller, at_callee = await talk(caller, callee, 0.2)
    assert not at_caller
    assert not at_callee
    await engine.early("c")
    at_caller, at_callee = await talk(caller, callee, 0.2)
    assert hears_tone(at_caller, 620)
    assert not at_callee
    await engine.bridge("c")
    other = make_party()
    other.target = callee.target
    assert await engine.connect("c", Side.CALLEE, other.peer()) == opened.callee
    at_caller, at_callee = await talk(caller, other, 0.3)
    assert hears_tone(at_callee, 440)
    await asyncio.sleep(0)
