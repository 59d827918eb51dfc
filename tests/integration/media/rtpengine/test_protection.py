"""Encrypted legs: two calls back to back, so that each is the other's encrypted party."""

import asyncio
import secrets

import pytest
from tests.contract.media.party import ALAW, ULAW, ignore, talk

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
from maskline.protocols.sdp.security import KEY_BYTES

pytestmark = pytest.mark.network

SUITE = "AES_CM_128_HMAC_SHA1_80"
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


async def test_only_one_side_can_be_offered_a_handshake(start_rtpengine):
    engine = await start_rtpengine()
    await engine.open("c", ignore)
    await engine.secure("c", Side.CALLEE, Protection.DTLS)
    for protection in (Protection.SDES, Protection.DTLS):
        with pytest.raises(Unable):
            await engine.secure("c", Side.CALLER, protection)


def new_key(tag: int = 1, suite: str = SUITE) -> SdesKey:
    return SdesKey(tag, suite, secrets.token_bytes(KEY_BYTES[suite]))


async def test_no_party_is_ever_told_a_key_of_the_other(start_rtpengine, make_party):
    engine = await start_rtpengine()
    caller, callee, third = make_party(), make_party(), make_party()
    theirs: dict[Side, set[bytes]] = {side: set() for side in Side}
    told: dict[Side, set[bytes]] = {side: set() for side in Side}

    async def connect(side, party, key, **options) -> SdesKey:
        theirs[side].add(key.key)
        local = await engine.connect("c", side, party.peer(keying=key, **options))
        assert isinstance(local.keying, SdesKey)
        assert (local.keying.tag, local.keying.suite) == (key.tag, key.suite)
        told[side].add(local.keying.key)
        return local.keying

    async def offer(side) -> SdesKey:
        keying = (await engine.secure("c", side, Protection.SDES)).keying
        assert isinstance(keying, SdesKey)
        told[side].add(keying.key)
        return keying

    await engine.open("c", ignore)
    first = new_key()
    early = await connect(Side.CALLER, caller, first)
    offered = await offer(Side.CALLEE)
    assert await connect(Side.CALLEE, callee, new_key()) == offered
    await engine.bridge("c")
    # The next trunk is rung, then the caller changes its port, key, suite and law.
    await engine.secure("c", Side.CALLEE, Protection.NONE)
    assert (await offer(Side.CALLEE)).key != offered.key
    await connect(Side.CALLEE, third, new_key())
    assert await connect(Side.CALLER, caller, first) == early
    again = await connect(Side.CALLER, make_party(), first, codec=ULAW)
    assert again == early
    await connect(Side.CALLER, caller, new_key(3))
    await connect(Side.CALLER, caller, new_key(2, "AEAD_AES_256_GCM"))
    # The callee offers by itself, and both at once are asked for another offer.
    await connect(Side.CALLEE, third, new_key(5))
    await connect(Side.CALLEE, third, new_key(4, "AES_CM_128_HMAC_SHA1_32"), telephone_event=96)
    for side in Side:
        await offer(side)
    assert len(told[Side.CALLER]) >= 3
    assert not told[Side.CALLER] & told[Side.CALLEE]
    assert not (told[Side.CALLER] | told[Side.CALLEE]) & (theirs[Side.CALLER] | theirs[Side.CALLEE])


async def test_both_sides_can_be_offered_keys(start_rtpengine, make_party):
    engine = await start_rtpengine()
    caller, callee = make_party(), make_party()
    for name in ("left", "middle", "right"):
        await engine.open(name, ignore)
    # caller -> left =keys=> middle =keys=> right -> callee, all offered by the middle
    for side, name, answering in (
        (Side.CALLER, "left", Side.CALLEE),
        (Side.CALLEE, "right", Side.CALLER),
    ):
        ours = await engine.secure("middle", side, Protection.SDES)
        answer = await engine.connect(name, answering, as_peer(ours))
        assert await engine.connect("middle", side, as_peer(answer)) == ours
    local = await engine.connect("left", Side.CALLER, caller.peer())
    caller.target = (local.address, local.port)
    local = await engine.connect("right", Side.CALLEE, callee.peer())
    callee.target = (local.address, local.port)
    for name in ("left", "middle", "right"):
        await engine.bridge(name)
    at_caller, at_callee = await talk(caller, callee, 0.5)
    assert hears_tone(at_caller, 620)
    assert hears_tone(at_callee, 440)


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
