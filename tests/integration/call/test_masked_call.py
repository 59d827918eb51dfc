"""A masked call between two phones of the lab: speech, keys, hold, both directions, privacy."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from maskline.lab.demo.stage import Stage
from maskline.lab.hearing import hears_only
from maskline.lab.leak import find_leaks, secrets_of
from maskline.lab.phone import Phone
from maskline.lab.phone_audio import Sound
from maskline.lab.phone_call import CallState, PhoneCall
from maskline.lab.rest import RestClient
from maskline.protocols.rtp.g711 import Law

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]

A, B = "+8613811110001", "+8613911110002"


@dataclass
class Pair:
    """A and B bound to X, with a phone each."""

    stage: Stage
    a: Phone
    b: Phone

    async def talk(self, *, offers: bool = True) -> tuple[PhoneCall, PhoneCall]:
        mine = await self.a.dial(
            self.stage.tenant.numbers[0],
            via=self.stage.carrier.address,
            display="Alice Private",
            offers=offers,
        )
        theirs = await self.b.next_call()
        await theirs.ring()
        await theirs.answer()
        await mine.wait_until(CallState.TALKING)
        mine.speak(Sound.tone(440))
        theirs.speak(Sound.tone(660))
        await asyncio.gather(mine.heard(0.3), theirs.heard(0.3))
        return mine, theirs


async def bind(stage: Stage) -> None:
    app = stage.tenant.application
    async with RestClient(stage.url, app.app_key, app.secret) as rest:
        await rest.bind(callerNum=A, calleeNum=B, relationNum=stage.tenant.numbers[0])


@pytest.fixture
async def pair(stage: Stage) -> AsyncIterator[Pair]:
    await bind(stage)
    async with await Phone.start(A) as a, await Phone.start(B) as b:
        await b.register(stage.carrier.address)
        yield Pair(stage, a, b)


async def test_each_hears_the_other_alone_and_b_sees_x(pair: Pair):
    mine, theirs = await pair.talk()
    heard = await asyncio.gather(mine.heard(0.4), theirs.heard(0.4))
    assert hears_only(heard[0], 660)
    assert hears_only(heard[1], 440)
    assert theirs.number == pair.stage.tenant.numbers[0]


async def test_neither_phone_receives_a_trace_of_the_other(pair: Pair):
    mine, theirs = await pair.talk()
    await theirs.hang_up()
    await mine.wait_until(CallState.ENDED)
    assert find_leaks(secrets_of(mine, A), theirs.messages) == []
    assert find_leaks(secrets_of(theirs, B), mine.messages) == []
    assert mine.audio.sources.isdisjoint({("127.0.0.1", theirs.audio.port)})
    assert theirs.audio.sources.isdisjoint({("127.0.0.1", mine.audio.port)})


async def test_without_an_offer_in_the_invite_both_still_hear_each_other(pair: Pair):
    mine, theirs = await pair.talk(offers=False)
    heard = await asyncio.gather(mine.heard(0.4), theirs.heard(0.4))
    assert hears_only(heard[0], 660)
    assert hears_only(heard[1], 440)


async def test_keys_pressed_by_a_arrive_once_each_at_b(pair: Pair):
    mine, theirs = await pair.talk()
    mine.press("42#")
    await theirs.heard(1.0)
    assert [key.digit for key in theirs.audio.keys] == ["4", "2", "#"]


async def test_hold_silences_the_other_and_resume_brings_it_back(pair: Pair):
    mine, _theirs = await pair.talk()
    assert await mine.hold()
    await asyncio.sleep(0.1)
    with pytest.raises(TimeoutError):
        await mine.audio.listen(0.1, 0.3)
    assert await mine.resume()
    await mine.heard(0.3)
    assert hears_only(await mine.heard(0.3), 660)


async def test_phones_without_a_law_in_common_are_transcoded(stage: Stage):
    await bind(stage)
    async with (
        await Phone.start(A, laws=[Law.A]) as a,
        await Phone.start(B, laws=[Law.MU]) as b,
    ):
        await b.register(stage.carrier.address)
        mine, theirs = await Pair(stage, a, b).talk()
        heard = await asyncio.gather(mine.heard(0.4), theirs.heard(0.4))
        assert hears_only(heard[0], 660)
        assert hears_only(heard[1], 440)


async def test_an_unbind_does_not_cut_the_call(pair: Pair):
    mine, _theirs = await pair.talk()
    app = pair.stage.tenant.application
    async with RestClient(pair.stage.url, app.app_key, app.secret) as rest:
        await rest.unbind(relationNum=pair.stage.tenant.numbers[0])
    assert hears_only(await mine.heard(0.4), 660)
    assert mine.state is CallState.TALKING


async def test_a_stop_of_the_platform_ends_the_call_and_tells_it(pair: Pair):
    mine, theirs = await pair.talk()
    await pair.stage.platform.close()
    await mine.wait_until(CallState.ENDED)
    await theirs.wait_until(CallState.ENDED)
