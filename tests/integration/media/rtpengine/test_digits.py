"""Keys of a party on a real rtpengine: collected, kept private, heard as tones."""

import asyncio

import pytest
from tests.contract.media.party import bridge, until

from maskline.planes.media.engine import (
    CollectEnd,
    DigitRule,
    DigitsCollected,
    MediaEvent,
    PlayEnd,
    PlayEnded,
    Prompt,
    Side,
)
from maskline.planes.media.rtpengine.voice import RELEASE_EVENTS_AFTER_S
from maskline.protocols.rtp.tone import make_tone, measure_tone

pytestmark = pytest.mark.network


async def press(party, digit):
    """As fast as a finger: by the time that the key is said to take."""
    party.sender.press(digit, 100)
    while party.sender.is_pressing:
        await party.speak(440, 0.02)
        await asyncio.sleep(0.016)


async def test_digits_are_private_while_collected_and_cut_the_prompt(
    start_rtpengine, make_party, make_prompt
):
    events: list[MediaEvent] = []
    engine = await start_rtpengine()
    caller, callee = make_party(), make_party()
    await bridge(engine, caller, callee, events.append)
    play = await engine.play("c", frozenset({Side.CALLER}), Prompt(make_prompt(900, 0.5)), None)
    await engine.collect("c", Side.CALLER, DigitRule(max_digits=4, terminator="#", cuts=play))
    for digit in "12#":
        await asyncio.sleep(0.05)
        await press(caller, digit)
    await until(lambda: any(isinstance(event, DigitsCollected) for event in events))
    assert DigitsCollected("c", Side.CALLER, "12", CollectEnd.TERMINATOR) in events
    assert PlayEnded("c", play, PlayEnd.CUT_BY_DIGIT) in events
    # The key that ends a collection is told at the first of three packets that end it.
    await asyncio.sleep(RELEASE_EVENTS_AFTER_S + 0.05)
    callee.listen()
    assert callee.keys == []
    await press(caller, "9")
    await until(lambda: callee.listen() is not None and callee.keys)
    assert callee.keys == ["9"]


async def test_tones_count_as_digits_of_a_party_without_events(start_rtpengine, make_party):
    events: list[MediaEvent] = []
    engine = await start_rtpengine()
    caller, callee = make_party(), make_party()
    opened = await engine.open("c", events.append)
    caller.target = (opened.caller.address, opened.caller.port)
    await engine.connect("c", Side.CALLER, caller.peer(telephone_event=None))
    await engine.connect("c", Side.CALLEE, callee.peer())
    await engine.bridge("c")
    await engine.collect("c", Side.CALLER, DigitRule(max_digits=1))
    low, high = make_tone(697, 0.2), make_tone(1477, 0.2)
    tones = [a + b for a, b in zip(low, high, strict=True)]
    for begin in range(0, len(tones), 160):
        for packet in caller.sender.frame(tones[begin : begin + 160]):
            caller.rtp.sendto(packet, caller.target)
        await asyncio.sleep(0.02)
    await caller.speak(440, 0.1)
    await until(lambda: any(isinstance(event, DigitsCollected) for event in events))
    assert DigitsCollected("c", Side.CALLER, "3", CollectEnd.COMPLETE) in events
    heard = callee.listen()
    assert measure_tone(heard, 697) < -40
    assert measure_tone(heard, 1477) < -40


@pytest.mark.parametrize("side", list(Side))
async def test_keys_are_told_also_where_the_other_party_takes_none(
    start_rtpengine, make_party, side
):
    events: list[MediaEvent] = []
    engine = await start_rtpengine()
    parties = {Side.CALLER: make_party(), Side.CALLEE: make_party()}
    opened = await engine.open("c", events.append)
    for each, local in ((Side.CALLER, opened.caller), (Side.CALLEE, opened.callee)):
        parties[each].target = (local.address, local.port)
        event = 101 if each is side else None
        await engine.connect("c", each, parties[each].peer(telephone_event=event))
    await engine.bridge("c")
    await press(parties[side], "8")
    await until(lambda: events)
    assert events[0].digit == "8"
    parties[side.other].listen()
    assert parties[side.other].keys == []
