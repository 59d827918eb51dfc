"""What the phones hear, as a page of the console plays it."""

import asyncio

import aiohttp
import pytest
from tests.integration.sandbox.rig import DeveloperAtWork

from maskline.lab.demo.stage import Stage
from maskline.lab.hearing import find_tones
from maskline.protocols.rtp.g711 import Law, decode
from maskline.sandbox.live_audio import HEAD
from maskline.sandbox.voice import LISTEN_S, VOICES

pytestmark = [pytest.mark.network, pytest.mark.enable_socket, pytest.mark.timeout(90)]

ONE_TURN = round(2 * 8_000 * (LISTEN_S + 0.4))
"""Bytes of both channels in which each phone has said its word."""


async def _read(answer: aiohttp.ClientResponse, count: int) -> bytes:
    async with asyncio.timeout(20):
        return await answer.content.readexactly(count)


async def test_a_is_left_and_hears_b_while_b_is_right_and_hears_a(stage: Stage):
    x = stage.tenant.numbers[0]
    async with aiohttp.ClientSession() as http:
        developer = DeveloperAtWork(stage, http)
        await developer.start(stage.tenant.application.app_key)
        await developer.bind(x)
        url = f"{developer.url}{developer.path}/audio"
        async with http.get(url, headers=developer.headers) as answer:
            assert answer.content_type == "audio/wav"
            assert await _read(answer, len(HEAD)) == HEAD
            await developer.behave("b", "answers")
            await developer.use("a", "dial", number=x)
            await developer.wait_for_state("a", "talking")
            stereo = await _loud(answer)
            for channel, (phone, other) in enumerate((("a", "b"), ("b", "a"))):
                tones = find_tones(decode(Law.A, stereo[channel::2]))
                assert any(tone.is_at(VOICES[other]) for tone in tones), phone
                assert not any(tone.is_at(VOICES[phone]) for tone in tones), phone
            view = await developer.ask("GET", f"{developer.path}/phones/a")
            assert view["hears"] == ["b"]
            await developer.ask("DELETE", developer.path)
            async with asyncio.timeout(20):
                await answer.content.read()


async def _loud(answer: aiohttp.ClientResponse) -> bytes:
    """A turn of sound, after the silence of the set-up. Raises TimeoutError."""
    async with asyncio.timeout(20):
        while max(map(abs, decode(Law.A, await answer.content.readexactly(640)))) < 1_000:
            pass
    await _read(answer, ONE_TURN)
    return await _read(answer, ONE_TURN)
