"""Encrypted legs: two calls back to back, so that each is the other's encrypted party."""

import asyncio

import pytest
from tests.contract.media.party import ALAW, ignore, talk

from maskline.planes.media.engine import (
    DtlsIdentity,
    LocalMedia,
    MediaPeer,
    Protection,
    SdesKey,
    Side,
    Unable,
)
from maskline.protocols.rtp.tone import hears_tone

pytestmark = pytest.mark.network

KINDS = {Protection.SDES: SdesKey, Protection.DTLS: DtlsIdentity}


def as_peer(local: LocalMedia) -> MediaPeer:
    return MediaPeer(local.address, local.port, ALAW, 101, keying=local.keying)


@pytest.mark.parametrize("protection", [Protection.SDES, Protection.DTLS])
@pytest.mark.parametrize("offered", list(Side))
async def test_audio_crosses_an_encrypted_leg(start_rtpengine, make_party, protection, offered):
    engine = await start_rtpengine()
    caller, callee = make_party(), make_party()
    # The encrypted leg is `offered` by the first call and answered by the other side of the second.
    first = await engine.open("first", ignore)
    second = await engine.open("second", ignore)
    plain, answering = offered.other, offered.other
    plain_local = first.caller if plain is Side.CALLER else first.callee
    far_local = second.callee if answering is Side.CALLER else second.caller
    caller.target = (plain_local.address, plain_local.port)
    callee.target = (far_local.address, far_local.port)
    await engine.connect("first", plain, caller.peer())
    ours = await engine.secure("first", offered, protection)
    assert isinstance(ours.keying, KINDS[protection])
    theirs = await engine.connect("second", answering, as_peer(ours))
    assert isinstance(theirs.keying, KINDS[protection])
    await engine.connect("second", answering.other, callee.peer())
    again = await engine.connect("first", offered, as_peer(theirs))
    assert (again.address, again.port) == (ours.address, ours.port)
    if protection is Protection.SDES:
        assert again.keying == ours.keying
    for name in ("first", "second"):
        await engine.bridge(name)
    async with asyncio.timeout(8):  # a handshake repeats what was lost after a second
        at_caller, at_callee = [], []
        while not (hears_tone(at_caller, 620) and hears_tone(at_callee, 440)):
            at_caller, at_callee = await talk(caller, callee, 0.5)


async def test_only_one_side_can_be_offered_encryption(start_rtpengine):
    engine = await start_rtpengine()
    await engine.open("c", ignore)
    await engine.secure("c", Side.CALLEE, Protection.SDES)
    with pytest.raises(Unable):
        await engine.secure("c", Side.CALLER, Protection.SDES)


async def test_keys_in_descriptions_are_for_one_side_only(start_rtpengine, make_party):
    # With two, rtpengine hands one party's key to the other.
    engine = await start_rtpengine()
    opened = await engine.open("c", ignore)
    offered = await engine.secure("c", Side.CALLEE, Protection.SDES)
    key = SdesKey(1, "AES_CM_128_HMAC_SHA1_80", bytes(30))
    with pytest.raises(Unable):
        await engine.connect("c", Side.CALLER, make_party().peer(keying=key))
    assert isinstance(offered.keying, SdesKey)
    assert await engine.connect("c", Side.CALLER, make_party().peer()) == opened.caller


async def test_the_two_ways_of_encrypting_can_meet_in_one_call(start_rtpengine, make_party):
    engine = await start_rtpengine()
    caller, callee = make_party(), make_party()
    for name in ("keys", "middle", "handshake"):
        await engine.open(name, ignore)
    # caller -> keys =SDES=> middle =DTLS=> handshake -> callee
    by_keys = await engine.secure("keys", Side.CALLEE, Protection.SDES)
    by_handshake = await engine.secure("middle", Side.CALLEE, Protection.DTLS)
    answer = await engine.connect("handshake", Side.CALLER, as_peer(by_handshake))
    await engine.connect("middle", Side.CALLEE, as_peer(answer))
    answer = await engine.connect("middle", Side.CALLER, as_peer(by_keys))
    await engine.connect("keys", Side.CALLEE, as_peer(answer))
    local = await engine.connect("keys", Side.CALLER, caller.peer())
    caller.target = (local.address, local.port)
    local = await engine.connect("handshake", Side.CALLEE, callee.peer())
    callee.target = (local.address, local.port)
    for name in ("keys", "middle", "handshake"):
        await engine.bridge(name)
    async with asyncio.timeout(8):
        at_caller, at_callee = [], []
        while not (hears_tone(at_caller, 620) and hears_tone(at_callee, 440)):
            at_caller, at_callee = await talk(caller, callee, 0.5)
