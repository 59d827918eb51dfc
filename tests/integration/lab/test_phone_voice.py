"""What two phones of the lab can do with their keys, their hold and their ears."""

import asyncio
import time

import pytest

from maskline.lab.hearing import find_tones, hears_only
from maskline.lab.key_tone import key_frequencies
from maskline.lab.phone import Phone
from maskline.lab.phone_audio import Sound
from maskline.lab.phone_call import CallState, HoldWay, KeyWay, PhoneCall
from maskline.protocols.rtp.tone import make_tone
from maskline.protocols.sdp.error import NoCommonProfile
from maskline.protocols.sdp.model import AudioMedia, Codec

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]

A, B = "+8613800000001", "+8613800000002"


async def talk(a: Phone, b: Phone) -> tuple[PhoneCall, PhoneCall]:
    mine = await a.dial(B, via=b.address)
    theirs = await b.next_call()
    await theirs.answer()
    await mine.wait_until(CallState.TALKING)
    return mine, theirs


async def test_keys_by_info_arrive_once_each():
    async with await Phone.start(A) as a, await Phone.start(B) as b:
        mine, theirs = await talk(a, b)
        mine.press("7", way=KeyWay.INFO)
        mine.press("#", way=KeyWay.INFO)
        await theirs.heard(0.3)
        assert theirs.info_keys == ["7", "#"]
        assert not theirs.audio.keys


async def test_a_phone_without_telephone_events_says_keys_in_its_audio():
    async with await Phone.start(A, knows_events=False) as a, await Phone.start(B) as b:
        mine, theirs = await talk(a, b)
        with pytest.raises(ValueError, match="not negotiated"):
            mine.press("5")
        await theirs.heard(0.2)
        mine.press("5", 400, KeyWay.SOUND)
        tones = find_tones((await theirs.audio.listen(0.8, 3.0))[1600:])
        assert all(any(tone.is_at(hertz) for tone in tones) for hertz in key_frequencies("5"))


@pytest.mark.parametrize("way", list(HoldWay))
async def test_whoever_is_on_hold_is_not_sent_to_and_sends_nothing(way: HoldWay):
    async with await Phone.start(A) as a, await Phone.start(B) as b:
        mine, theirs = await talk(a, b)
        theirs.speak(Sound.tone(660))
        await mine.heard(0.2)
        assert await mine.hold(way)
        assert theirs.is_held_by_peer
        await asyncio.sleep(0.1)
        count = mine.audio.packets_heard
        await asyncio.sleep(0.3)
        assert mine.audio.packets_heard == count
        assert await mine.resume()
        await mine.heard(0.2)
        assert hears_only(await mine.heard(0.3), 660)


async def test_a_phone_that_holds_by_sendonly_goes_on_playing():
    async with await Phone.start(A) as a, await Phone.start(B) as b:
        mine, theirs = await talk(a, b)
        mine.speak(Sound.tone(440))
        await mine.hold(HoldWay.SENDONLY)
        await theirs.heard(0.2)
        assert hears_only(await theirs.heard(0.3), 440)


async def test_the_time_of_what_was_heard_is_kept_with_its_gaps():
    async with await Phone.start(A) as a, await Phone.start(B) as b:
        mine, theirs = await talk(a, b)
        begin = time.monotonic()
        theirs.speak(Sound(make_tone(660, 0.5), loops=False))
        await asyncio.sleep(0.8)
        await mine.hold()
        await asyncio.sleep(0.5)
        samples, is_there = mine.audio.timed.between(begin, begin + 1.3)
        assert hears_only(find_tones(samples[800:3200]), 660)
        assert find_tones(samples[4800:6400]) == []
        assert is_there[:5600].all()
        assert not is_there[8000:].any()
        assert mine.moments[CallState.TALKING] <= begin


async def test_secure_phones_hear_each_other_and_nobody_hears_them():
    async with (
        await Phone.start(A, is_secure=True) as a,
        await Phone.start(B, is_secure=True) as b,
    ):
        mine, theirs = await talk(a, b)
        theirs.speak(Sound.tone(660))
        mine.speak(Sound.tone(440))
        await mine.heard(0.2)
        assert hears_only(await mine.heard(0.3), 660)
        assert hears_only(theirs.heard_last(0.3), 440)
        assert any(b"RTP/SAVP" in traced.data for traced in mine.messages)
        theirs.audio.connect(
            AudioMedia("127.0.0.1", mine.audio.port, (Codec(8, "PCMA"),)), sends=True
        )
        with pytest.raises(TimeoutError):
            await mine.audio.listen(0.3, 0.5)


async def test_a_secure_phone_takes_no_plain_call():
    async with await Phone.start(A) as a, await Phone.start(B, is_secure=True) as b:
        await a.dial(B, via=b.address)
        theirs = await b.next_call()
        with pytest.raises(NoCommonProfile):
            await theirs.answer()
