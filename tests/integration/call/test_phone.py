"""Two phones of the lab, one calling the other directly."""

import pytest

from maskline.lab.hearing import hears_only
from maskline.lab.phone import Phone
from maskline.lab.phone_audio import Sound
from maskline.lab.phone_call import CallFailed, CallState, PhoneCall
from maskline.protocols.rtp.g711 import Law

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]

A, B = "+8613800000001", "+8613800000002"


@pytest.fixture
async def phones():
    async with await Phone.start(A) as a, await Phone.start(B) as b:
        yield a, b


async def talk(a: Phone, b: Phone, **how: object) -> tuple[PhoneCall, PhoneCall]:
    mine = await a.dial(B, via=b.address, **how)
    theirs = await b.next_call()
    await theirs.ring()
    await theirs.answer()
    await mine.wait_until(CallState.TALKING)
    return mine, theirs


async def test_both_hear_the_tone_of_the_other_and_nothing_else(phones: tuple[Phone, Phone]):
    mine, theirs = await talk(*phones)
    mine.speak(Sound.tone(440))
    theirs.speak(Sound.tone(660))
    await mine.heard(0.2)
    assert hears_only(await mine.heard(0.4), 660)
    assert hears_only(theirs.heard_last(0.3), 440)
    await mine.hang_up()
    await theirs.wait_until(CallState.ENDED)
    assert theirs.is_ended_by_peer


async def test_an_invite_without_sdp_is_answered_with_an_offer(phones: tuple[Phone, Phone]):
    mine, theirs = await talk(*phones, offers=False)
    theirs.speak(Sound.tone(660))
    await mine.heard(0.2)
    assert hears_only(await mine.heard(0.3), 660)


async def test_keys_arrive_once_each(phones: tuple[Phone, Phone]):
    mine, theirs = await talk(*phones)
    mine.press("1#", duration_ms=60)
    await theirs.heard(0.6)
    assert [key.digit for key in theirs.audio.keys] == ["1", "#"]


async def test_hold_stops_the_other_and_resume_lets_it_talk_again(phones: tuple[Phone, Phone]):
    mine, theirs = await talk(*phones)
    theirs.speak(Sound.tone(660))
    await mine.heard(0.2)
    assert await mine.hold()
    assert theirs.is_held_by_peer
    with pytest.raises(TimeoutError):
        await mine.audio.listen(0.1, 0.3)
    assert await mine.resume()
    await mine.heard(0.2)
    assert hears_only(await mine.heard(0.3), 660)


async def test_early_media_is_heard_before_the_answer(phones: tuple[Phone, Phone]):
    a, b = phones
    mine = await a.dial(B, via=b.address)
    theirs = await b.next_call()
    theirs.speak(Sound.tone(660))
    await theirs.ring(183, early=True)
    await mine.heard(0.2)
    assert hears_only(await mine.heard(0.3), 660)
    assert mine.state is CallState.RINGING


async def test_a_refusal_is_seen_with_its_status_and_cause(phones: tuple[Phone, Phone]):
    a, b = phones
    mine = await a.dial(B, via=b.address)
    await (await b.next_call()).reject(486, q850=17)
    with pytest.raises(CallFailed, match="486"):
        await mine.wait_until(CallState.TALKING)
    assert mine.end_cause == 17


async def test_hanging_up_before_the_answer_cancels(phones: tuple[Phone, Phone]):
    a, b = phones
    mine = await a.dial(B, via=b.address)
    theirs = await b.next_call()
    await theirs.ring()
    await mine.wait_until(CallState.RINGING)
    await mine.hang_up()
    await theirs.wait_until(CallState.ENDED)
    assert [m.title for m in mine.messages if m.is_sent] == ["INVITE (SDP)", "CANCEL", "ACK"]


async def test_phones_with_one_law_in_common_use_it():
    async with (
        await Phone.start(A, laws=[Law.A, Law.MU]) as a,
        await Phone.start(B, laws=[Law.MU]) as b,
    ):
        mine, theirs = await talk(a, b)
        mine.speak(Sound.tone(440))
        await theirs.heard(0.2)
        assert hears_only(await theirs.heard(0.3), 440)
