"""Masked calls with encrypted speech, between phones of ours and of others."""

from typing import Any

import pytest
from tests.integration.foreign.phones import A, B

from maskline.domain.trunk import Protection
from maskline.lab.demo.tenant import TRUNK
from maskline.lab.hearing import hears_only
from maskline.lab.phone import Phone
from maskline.lab.phone_audio import Sound
from maskline.lab.phone_call import CallState, PhoneCall
from maskline.services.administration_request import TrunkChange

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]


async def encrypt(foreigners: Any) -> None:
    """Have the demo's carrier encrypt: calls that come over it must be encrypted."""
    change = TrunkChange(protection=Protection.SDES)
    await foreigners.stage.platform.administration.change_trunk(TRUNK, change)
    await foreigners.stage.learn_trunks()


async def refused(foreigners: Any, phone: Phone) -> tuple[int | None, str]:
    """Dial X; the status of the refusal, and its Warning."""
    call = await phone.dial(foreigners.x, via=foreigners.stage.sip)
    await call.wait_until(CallState.ENDED)
    lines = [line for message in phone.trace for line in message.data.decode().splitlines()]
    warnings = [line for line in lines if line.startswith("Warning:")]
    return call.end_status, warnings[-1] if warnings else ""


def on_the_wire(phone: Phone, word: bytes) -> bool:
    return any(word in message.data for message in phone.trace)


async def connected(foreigners: Any, a: Phone, b: Phone) -> tuple[PhoneCall, PhoneCall]:
    mine = await a.dial(foreigners.x, via=foreigners.stage.sip)
    theirs = await b.next_call()
    await theirs.ring()
    await theirs.answer()
    await mine.wait_until(CallState.TALKING)
    mine.speak(Sound.tone(440))
    theirs.speak(Sound.tone(660))
    return mine, theirs


async def assert_both_heard(mine: PhoneCall, theirs: PhoneCall) -> None:
    await mine.heard(0.4)
    assert hears_only(await mine.heard(0.4), 660)
    assert hears_only(await theirs.heard(0.4), 440)
    await mine.hang_up()


@pytest.mark.parametrize(("a_encrypts", "b_encrypts"), [(True, False), (False, True), (True, True)])
async def test_each_leg_is_encrypted_for_itself(
    foreigners: Any,
    a_encrypts: bool,  # noqa: FBT001 - a column
    b_encrypts: bool,  # noqa: FBT001 - a column
):
    await foreigners.bind()
    async with (
        await Phone.start(A, is_secure=a_encrypts) as a,
        await Phone.start(B, is_secure=b_encrypts) as b,
    ):
        protection = Protection.SDES if b_encrypts else Protection.NONE
        await foreigners.route(b.address[1], protection)
        await assert_both_heard(*await connected(foreigners, a, b))
        assert on_the_wire(a, b"a=crypto") is a_encrypts
        assert on_the_wire(b, b"a=crypto") is b_encrypts


async def test_speech_stays_encrypted_over_hold_and_resume(foreigners: Any):
    await foreigners.bind()
    async with await Phone.start(A, is_secure=True) as a, await Phone.start(B) as b:
        await foreigners.route(b.address[1])
        mine, theirs = await connected(foreigners, a, b)
        await mine.hold()
        await mine.resume()
        await assert_both_heard(mine, theirs)


async def test_a_caller_in_clear_is_refused_where_the_trunk_encrypts(foreigners: Any):
    await foreigners.bind()
    await encrypt(foreigners)
    async with await Phone.start(A) as a:
        status, warning = await refused(foreigners, a)
    assert status == 488
    assert " 302 " in warning


async def test_a_callee_in_clear_on_a_trunk_that_encrypts_is_not_connected(foreigners: Any):
    await foreigners.bind()
    async with await Phone.start(A) as a, await Phone.start(B) as b:
        await foreigners.route(b.address[1], Protection.SDES)
        call = await a.dial(foreigners.x, via=foreigners.stage.sip)
        theirs = await b.next_call()
        assert on_the_wire(b, b"RTP/SAVP")
        await theirs.reject(488)
        await call.wait_until(CallState.ENDED)
        assert call.end_status not in {None, 200}
        assert not on_the_wire(a, b"SIP/2.0 200")


@pytest.mark.foreign
async def test_pjsip_encrypts_and_our_phone_does_not(foreigners: Any):
    await foreigners.bind()
    async with await Phone.start(B) as b:
        await foreigners.route(b.address[1])
        near = await foreigners.pjsip(A, 440, dials=True, is_secure=True)
        call = await b.next_call()
        call.speak(Sound.tone(660))
        await call.ring()
        await call.answer()
        await call.heard(0.4)
        assert hears_only(await call.heard(0.4), 440)
        await call.wait_until(CallState.ENDED)
        await near.finish()
        assert hears_only(near.heard(), 660)
        assert not on_the_wire(b, b"a=crypto")


@pytest.mark.foreign
async def test_pjsip_calls_pjsip_over_trunks_that_encrypt(foreigners: Any):
    await foreigners.bind()
    await encrypt(foreigners)
    far = await foreigners.pjsip(B, 660, dials=False, is_secure=True)
    await foreigners.route(far.port, Protection.SDES)
    near = await foreigners.pjsip(A, 440, dials=True, is_secure=True)
    await near.finish()
    await far.finish()
    assert hears_only(near.heard(), 660)
    assert hears_only(far.heard(), 440)


@pytest.mark.foreign
async def test_our_phone_calls_a_baresip_that_encrypts(foreigners: Any):
    await foreigners.bind()
    far = await foreigners.baresip(B, 660, seconds=5, is_secure=True)
    await foreigners.route(far.port, Protection.SDES)
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
