"""Phones that call each other, and everybody else, through the lab's carrier."""

import pytest

from maskline.lab.carrier import Carrier
from maskline.lab.hearing import hears_only
from maskline.lab.phone import Phone
from maskline.lab.phone_audio import Sound
from maskline.lab.phone_call import CallFailed, CallState
from maskline.lab.public import TONE_HZ

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]

A, B = "+8613800000001", "+8613800000002"


@pytest.fixture
async def carrier():
    carrier = await Carrier.start()
    yield carrier
    await carrier.close()


@pytest.fixture
async def a():
    async with await Phone.start(A) as phone:
        yield phone


async def test_a_registered_phone_is_reached_under_its_number(carrier: Carrier, a: Phone):
    async with await Phone.start(B) as b:
        await b.register(carrier.address)
        assert list(carrier.registrations) == [B]
        mine = await a.dial("13800000002", via=carrier.address)
        theirs = await b.next_call()
        theirs.speak(Sound.tone(660))
        await theirs.answer()
        await mine.wait_until(CallState.TALKING)
        await mine.heard(0.2)
        assert hears_only(await mine.heard(0.3), 660)
        await theirs.hang_up()
        await mine.wait_until(CallState.ENDED)


async def test_the_carrier_stays_on_the_path_of_the_call(carrier: Carrier, a: Phone):
    mine = await a.dial("+8613800000123", via=carrier.address)
    await mine.wait_until(CallState.TALKING)
    await mine.hang_up()
    titles = [m.title for m in carrier.trace if m.is_sent]
    assert titles.count("BYE") == 1
    assert titles.count("ACK") == 1


async def test_whoever_has_not_registered_answers_with_a_tone(carrier: Carrier, a: Phone):
    mine = await a.dial("+8613800000123", via=carrier.address)
    await mine.wait_until(CallState.TALKING)
    await mine.heard(0.2)
    assert hears_only(await mine.heard(0.3), TONE_HZ)


@pytest.mark.parametrize("status", [404, 486, 503, 603])
async def test_a_number_that_ends_in_a_status_refuses_with_it(
    carrier: Carrier, a: Phone, status: int
):
    mine = await a.dial(f"+8613800000{status}", via=carrier.address)
    with pytest.raises(CallFailed, match=str(status)):
        await mine.wait_until(CallState.TALKING)


async def test_0999_rings_until_the_caller_gives_up(carrier: Carrier, a: Phone):
    mine = await a.dial("+8613800000999", via=carrier.address)
    await mine.wait_until(CallState.RINGING)
    await mine.hang_up()
    assert mine.state is CallState.ENDED


async def test_a_call_of_a_phone_to_any_other_number_is_the_platforms(carrier: Carrier, a: Phone):
    async with await Phone.start("+8617000000001") as platform:
        carrier.platform = platform.address
        await a.dial("+8617000000001", via=carrier.address)
        call = await platform.next_call()
        assert call.dialled == "+8617000000001"
        outgoing = await platform.dial("+8613800000486", via=carrier.address)
        with pytest.raises(CallFailed, match="486"):
            await outgoing.wait_until(CallState.TALKING)
