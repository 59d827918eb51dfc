"""Calls over a real rtpengine, judged by listening."""

import asyncio
from pathlib import Path

import pytest
from tests.contract.media.party import ULAW, bridge, ignore, talk, until

from maskline.planes.media.engine import (
    CannotPlay,
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


@pytest.mark.parametrize("has_folder", [True, False])
async def test_a_prompt_comes_packet_by_packet_and_not_in_bursts(
    start_rtpengine, make_party, make_prompt, has_folder
):
    # Of a WAV file rtpengine sends what it reads at once up to 0.28 s early.
    events: list[MediaEvent] = []
    engine = await start_rtpengine(**({} if has_folder else {"recording_dir": None}))
    assert engine.abilities.records == has_folder
    caller = make_party()
    opened = await engine.open("c", events.append)
    caller.target = (opened.caller.address, opened.caller.port)
    await engine.connect("c", Side.CALLER, caller.peer())
    prompt = Prompt(make_prompt(900, 0.6))
    loop = asyncio.get_running_loop()
    begun = loop.time()
    await engine.play("c", frozenset({Side.CALLER}), prompt, 2)
    lateness: list[float] = []
    while not events:
        known = len(caller.heard)
        caller.listen()
        since = loop.time() - begun
        lateness += [since - 0.02 * number for number in range(known, len(caller.heard))]
        await asyncio.sleep(0.002)
    assert len(lateness) == 60
    assert min(lateness) > -0.06
    assert loop.time() - begun == pytest.approx(1.24, abs=0.05)


@pytest.mark.parametrize("seconds", [0.3, 8.0])
async def test_a_prompt_that_the_daemon_cannot_read_is_sent_to_it_if_it_is_short(
    start_rtpengine, make_party, make_prompt, tmp_path, seconds
):
    engine = await start_rtpengine(recording_dir=None)
    caller = make_party()
    await engine.open("c", ignore)
    await engine.connect("c", Side.CALLER, caller.peer())
    path = Path(make_prompt(900, seconds))
    to = frozenset({Side.CALLER})
    play = await engine.play("c", to, Prompt(str(path)), 1)
    await engine.stop("c", play)
    path.unlink()
    if seconds < 1:
        await engine.play("c", to, Prompt(str(path)), 1)
        await until(lambda: hears_tone(caller.listen(), 900))
    else:
        with pytest.raises(CannotPlay):
            await engine.play("c", to, Prompt(str(path)), 1)


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
