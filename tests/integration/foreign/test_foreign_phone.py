"""Masked calls with phones that are not ours: each hears the other's tone, and only that."""

from typing import Any

import pytest

from maskline.lab.hearing import hears_only
from maskline.lab.phone import Phone
from maskline.lab.phone_audio import Sound
from maskline.lab.phone_call import CallState

pytestmark = [pytest.mark.foreign, pytest.mark.network, pytest.mark.enable_socket]

A, B = "+8613811110001", "+8613911110002"
ALL_EVENTS = ["callin", "callout", "alerting", "answer", "disconnect"]


async def told(foreigners: Any) -> list[str]:
    receiver = foreigners.stage.receiver
    pushes = await receiver.wait_for(lambda got: any(b'"fee"' in push.body for push in got), 8.0)
    events = [push.json() for push in pushes]
    return [event["eventType"] for event in events if "statusInfo" in event]


async def test_pjsip_calls_pjsip(foreigners: Any):
    await foreigners.bind()
    far = await foreigners.pjsip(B, 660, dials=False)
    await foreigners.route(far.port)
    near = await foreigners.pjsip(A, 440, dials=True)
    await near.finish()
    await far.finish()
    assert hears_only(near.heard(), 660)
    assert hears_only(far.heard(), 440)
    assert await told(foreigners) == ALL_EVENTS


async def test_pjsip_calls_our_phone(foreigners: Any):
    await foreigners.bind()
    async with await Phone.start(B) as b:
        await foreigners.route(b.address[1])
        near = await foreigners.pjsip(A, 440, dials=True)
        call = await b.next_call()
        assert call.number == foreigners.x
        call.speak(Sound.tone(660))
        await call.ring()
        await call.answer()
        await call.heard(0.4)
        assert hears_only(await call.heard(0.4), 440)
        await call.wait_until(CallState.ENDED)
        await near.finish()
        assert hears_only(near.heard(), 660)


async def test_our_phone_calls_baresip(foreigners: Any):
    await foreigners.bind()
    far = await foreigners.baresip(B, 660, seconds=5)
    await foreigners.route(far.port)
    async with await Phone.start(A) as a:
        call = await a.dial(foreigners.x, via=foreigners.stage.sip)
        await call.wait_until(CallState.TALKING)
        call.speak(Sound.tone(440))
        await call.heard(0.5)
        assert hears_only(await call.heard(0.5), 660)
        await call.heard(0.5)
        await call.hang_up()
    await far.finish()
    assert hears_only(far.heard(), 440)
