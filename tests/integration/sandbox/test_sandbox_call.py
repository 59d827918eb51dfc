"""A developer tries AXB by the management API alone: real phones, real SIP, what B sees."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from tests.integration.sandbox.rig import DeveloperAtWork, Events, Refused

from maskline.domain.application import Mode
from maskline.lab.demo.stage import Stage
from maskline.lab.hearing import find_tones
from maskline.protocols.rtp.g711 import Law, decode
from maskline.sandbox.live_audio import HEAD
from maskline.sandbox.voice import LISTEN_S, VOICES

pytestmark = [pytest.mark.network, pytest.mark.enable_socket, pytest.mark.timeout(90)]

ONE_TURN = round(2 * 8_000 * (LISTEN_S + 0.4))
"""Bytes of both channels in which each phone has said its word."""


@pytest.fixture
async def developer(stage: Stage) -> AsyncIterator[DeveloperAtWork]:
    async with aiohttp.ClientSession() as http:
        developer = DeveloperAtWork(stage, http)
        await developer.start(stage.tenant.application.app_key)
        yield developer


async def test_a_dials_x_b_sees_nothing_else_both_hear_each_other_and_all_is_told(
    stage: Stage, developer: DeveloperAtWork
):
    x = stage.tenant.numbers[0]
    sent = await developer.bind(x)
    assert sent["answer"]["body"]["resultcode"] == "0"
    assert "…" in sent["request"]["headers"]["X-AKSK"]
    assert stage.tenant.application.secret not in str(sent)
    await developer.use("a", "dial", number=x)
    b = await developer.wait_for_state("b", "ringing")
    assert b["shows"]["number"] == x
    assert developer.number("a")[3:] not in str(b["shows"])
    await developer.use("b", "answer")
    await developer.wait_for_state("a", "talking")
    url = f"{developer.url}{developer.path}/audio"
    async with developer.http.get(url, headers=developer.headers) as sound:
        assert sound.content_type == "audio/wav"
        assert await sound.content.readexactly(len(HEAD)) == HEAD
        _check_voices(await _a_turn(sound))
        a = await developer.ask("GET", f"{developer.path}/phones/a")
        assert a["hears"] == ["b"]
    await developer.use("a", "digits", digits="42#")
    await developer.wait_for_events(lambda events: _digits(events) == "42#")
    await developer.use("b", "hangup")
    a = await developer.wait_for_state("a", "idle")
    assert a["last_end"]["is_by_peer"]
    events = await developer.wait_for_events(lambda events: "fee" in _pushed(events))
    assert _pushed(events) == ["callin", "callout", "alerting", "answer", "disconnect", "fee"]
    pushes = [event["detail"] for event in events if event["kind"] == "push"]
    assert {push["signature"] for push in pushes} == {"valid"}
    assert {push["body_signature"] for push in pushes} == {"valid"}
    assert [event["sequence"] for event in events] == list(range(1, len(events) + 1))


async def test_bounds_are_told_with_a_next_step_and_the_end_undoes_what_was_changed(
    stage: Stage, developer: DeveloperAtWork
):
    store, x, before = stage.platform.store, stage.tenant.numbers[0], stage.tenant.application
    elsewhere = stage.tenant.applications[Mode.AX].numbers[0]
    for number in ("+8613900002011", elsewhere):
        with pytest.raises(Refused) as refused:
            await developer.use("a", "dial", number=number)
        assert (refused.value.status, refused.value.error["code"]) == (409, "not_your_number")
    with pytest.raises(Refused) as refused:
        await developer.start(before.app_key)
    assert refused.value.error["code"] == "run_exists"
    assert developer.run["run_id"] in refused.value.error["hint"]

    await developer.bind(x)
    during = await store.application(before.app_key)
    assert during is not None
    assert "/sandbox/receiver/" in str(during.status_url)
    await developer.ask("DELETE", developer.path)
    assert await store.application(before.app_key) == before
    with pytest.raises(Refused) as refused:
        await developer.ask("GET", developer.path)
    assert refused.value.status == 404
    await developer.start(before.app_key, receiver="own")
    assert (await developer.bind(x))["answer"]["body"]["resultcode"] == "0"
    assert await store.application(before.app_key) == before


async def _a_turn(sound: aiohttp.ClientResponse) -> bytes:
    """A turn of sound, after the silence of the set-up. Raises TimeoutError."""
    async with asyncio.timeout(30):
        while max(map(abs, decode(Law.A, await sound.content.readexactly(640)))) < 1_000:
            pass
        await sound.content.readexactly(ONE_TURN)
        return await sound.content.readexactly(ONE_TURN)


def _check_voices(stereo: bytes) -> None:
    """A is left and hears B, B is right and hears A."""
    for channel, (phone, other) in enumerate((("a", "b"), ("b", "a"))):
        tones = find_tones(decode(Law.A, stereo[channel::2]))
        assert any(tone.is_at(VOICES[other]) for tone in tones), phone
        assert not any(tone.is_at(VOICES[phone]) for tone in tones), phone


def _digits(events: Events) -> str:
    return "".join(event["detail"]["digits"] for event in events if event["kind"] == "keys")


def _pushed(events: Events) -> list[str]:
    return [event["detail"]["body"]["eventType"] for event in events if event["kind"] == "push"]
