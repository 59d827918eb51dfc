"""Hold and resume by another `connect`, judged by what is heard."""

import asyncio

import pytest
from tests.contract.media.phone import (
    CALLEE_HZ,
    CALLER_HZ,
    PROMPT_HZ,
    join,
    listen,
)

from maskline.planes.media.engine import PlayEnd, PlayEnded, Prompt, Side

pytestmark = pytest.mark.network


async def test_a_party_on_hold_hears_nothing_and_is_heard_again_after_it(voice, phones, listener):
    caller, callee = phones
    await join(voice.engine, caller, callee, listener)
    await voice.engine.connect("c", Side.CALLER, caller.peer(sends=False, receives=False))
    assert await listen(0.15, *phones) == [set(), set()]
    await voice.engine.connect("c", Side.CALLER, caller.peer())
    assert await listen(0.15, *phones) == [{CALLEE_HZ}, {CALLER_HZ}]


async def test_who_is_held_can_hear_a_tone_of_ours_meanwhile(voice, phones, listener, make_prompt):
    caller, callee = phones
    await join(voice.engine, caller, callee, listener)
    await voice.engine.connect("c", Side.CALLER, caller.peer(receives=False))
    waiting = await voice.engine.play(
        "c", frozenset({Side.CALLEE}), Prompt(make_prompt(PROMPT_HZ, 0.2)), None
    )
    assert await listen(0.15, *phones) == [set(), {PROMPT_HZ}]
    await voice.engine.connect("c", Side.CALLER, caller.peer())
    await voice.engine.stop("c", waiting)
    assert await listen(0.15, *phones) == [{CALLEE_HZ}, {CALLER_HZ}]


async def test_a_prompt_goes_on_unheard_while_its_listener_is_on_hold(
    voice, phones, listener, make_prompt
):
    caller, callee = phones
    await join(voice.engine, caller, callee, listener)
    begun = asyncio.get_running_loop().time()
    await voice.engine.play("c", frozenset({Side.CALLER}), Prompt(make_prompt(PROMPT_HZ, 0.8)), 1)
    await voice.engine.connect("c", Side.CALLER, caller.peer(receives=False))
    assert await listen(0.2, *phones) == [set(), {CALLER_HZ}]
    await voice.engine.connect("c", Side.CALLER, caller.peer())
    assert await listen(0.2, *phones) == [{PROMPT_HZ}, {CALLER_HZ}]
    ended, at = await listener.until(PlayEnded)
    assert ended.why is PlayEnd.FINISHED
    assert 0.78 < at - begun < 1.2
