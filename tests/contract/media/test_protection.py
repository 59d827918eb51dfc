"""Encrypted sides, judged by what is heard and by what is on the wire."""

import asyncio
import secrets
from collections.abc import Callable

import pytest
from tests.contract.media.party import ALAW, ULAW
from tests.contract.media.phone import (
    CALLEE_HZ,
    CALLER_HZ,
    PROMPT_HZ,
    Listener,
    Phone,
    VoiceEngine,
    listen,
    open_recording,
    record_rule,
    tones_in,
)

from maskline.planes.media.engine import (
    BadMedia,
    DigitRule,
    DigitsCollected,
    MediaEngine,
    Prompt,
    Protection,
    SdesKey,
    Side,
    Unable,
)
from maskline.planes.media.srtp import Guard
from maskline.protocols.rtp.rtcp import parse_compound
from maskline.protocols.sdp.security import KEY_BYTES

pytestmark = pytest.mark.network

SUITE = "AES_CM_128_HMAC_SHA1_80"
HEARS = {Side.CALLER: CALLEE_HZ, Side.CALLEE: CALLER_HZ}


class SealedSocket:
    """A phone's socket that encrypts what it sends and decrypts what comes."""

    def __init__(self, plain, guard: Guard) -> None:
        self._plain = plain
        self.guard = guard
        self.wire: list[bytes] = []
        self.unopened = 0

    def sendto(self, data: bytes, target: tuple[str, int]) -> None:
        sealed = self.guard.seal(data)
        assert sealed is not None
        self._plain.sendto(sealed, target)

    def recv(self, size: int) -> bytes:
        data = self._plain.recv(size)
        self.wire.append(data)
        opened = self.guard.unseal(data)
        self.unopened += opened is None
        return opened or b""

    def __getattr__(self, name: str):
        return getattr(self._plain, name)


def new_key(suite: str = SUITE, tag: int = 1) -> SdesKey:
    return SdesKey(tag, suite, secrets.token_bytes(KEY_BYTES[suite]))


def put_keys(phone: Phone, ours: SdesKey | None, theirs: SdesKey) -> SealedSocket:
    """Let a phone encrypt under `theirs`, its own key, and decrypt what comes under `ours`."""
    assert ours is not None
    sealed = SealedSocket(phone.rtp, Guard(ours, theirs))
    phone.rtp = sealed
    return sealed


async def join_encrypted(
    engine: MediaEngine,
    phones: tuple[Phone, Phone],
    sides: set[Side],
    suite: str = SUITE,
    listener: Listener | None = None,
) -> dict[Side, SealedSocket]:
    """Connect two phones as the call plane does: offer the callee, take its answer, answer."""
    caller, callee = phones
    wires: dict[Side, SealedSocket] = {}
    # What is sent before its key is known cannot be decrypted later.
    caller.is_silent = callee.is_silent = True
    await asyncio.sleep(0.03)
    opened = await engine.open("c", listener or Listener())
    caller.target = (opened.caller.address, opened.caller.port)
    callee.target = (opened.callee.address, opened.callee.port)
    theirs = None
    if Side.CALLEE in sides:
        offered = (await engine.secure("c", Side.CALLEE, Protection.SDES)).keying
        assert isinstance(offered, SdesKey)
        theirs = new_key(offered.suite, offered.tag)
        wires[Side.CALLEE] = put_keys(callee, offered, theirs)
    local = await engine.connect("c", Side.CALLEE, callee.peer(keying=theirs))
    if theirs is not None:
        assert local.keying == offered
    theirs = None
    if Side.CALLER in sides:
        theirs = new_key(suite, tag=7)
    local = await engine.connect("c", Side.CALLER, caller.peer(keying=theirs))
    if theirs is not None:
        assert isinstance(local.keying, SdesKey)
        assert (local.keying.tag, local.keying.suite) == (7, suite)
        assert local.keying.key != theirs.key
        wires[Side.CALLER] = put_keys(caller, local.keying, theirs)
    await engine.bridge("c")
    caller.is_silent = callee.is_silent = False
    return wires


@pytest.fixture
async def sdes(voice: VoiceEngine) -> VoiceEngine:
    """An engine that encrypts under keys from the description."""
    if Protection.SDES not in voice.engine.abilities.protections:
        pytest.skip("this engine does not encrypt")
    return voice


@pytest.mark.parametrize(
    "sides", [{Side.CALLER}, {Side.CALLEE}, set(Side)], ids=["caller", "callee", "both"]
)
async def test_both_hear_each_other_whoever_is_encrypted(sdes, phones, sides):
    wires = await join_encrypted(sdes.engine, phones, sides)
    assert await listen(0.2, *phones) == [{CALLEE_HZ}, {CALLER_HZ}]
    for side in sides:
        assert wires[side].wire
        assert wires[side].unopened == 0
        assert phones[side.value].arrived


@pytest.mark.parametrize("suite", KEY_BYTES)
async def test_every_suite_that_a_caller_may_offer(sdes, phones, suite):
    await join_encrypted(sdes.engine, phones, {Side.CALLER}, suite)
    assert await listen(0.2, *phones) == [{CALLEE_HZ}, {CALLER_HZ}]


async def test_the_sides_have_keys_of_their_own(sdes, phones):
    wires = await join_encrypted(sdes.engine, phones, set(Side))
    await listen(0.1, *phones)
    caller, callee = wires[Side.CALLER], wires[Side.CALLEE]
    assert all(caller.guard.unseal(data) is None for data in callee.wire)
    assert all(callee.guard.unseal(data) is None for data in caller.wire)


async def test_a_party_under_a_wrong_key_is_not_heard_and_its_packets_are_counted(sdes, phones):
    caller, _ = phones
    wires = await join_encrypted(sdes.engine, phones, {Side.CALLER})
    guard = wires[Side.CALLER].guard
    wires[Side.CALLER].guard = Guard(guard.theirs, new_key())
    assert await listen(0.2, *phones) == [{CALLEE_HZ}, set()]
    caller.is_silent = True
    closed = await sdes.engine.close("c")
    if sdes.traits.counts_forgeries:
        assert closed.caller.invalid >= 10
        assert closed.caller.received_packets == 0


async def test_a_party_that_speaks_in_clear_on_an_encrypted_side_is_not_heard(sdes, phones):
    caller, _ = phones
    wires = await join_encrypted(sdes.engine, phones, {Side.CALLER})
    caller.rtp = wires[Side.CALLER]._plain
    assert (await listen(0.2, *phones))[1] == set()


async def test_a_new_key_within_the_call(sdes, phones):
    caller, _ = phones
    wires = await join_encrypted(sdes.engine, phones, {Side.CALLER})
    await listen(0.1, *phones)
    caller.is_silent = True
    theirs = new_key(tag=2)
    local = await sdes.engine.connect("c", Side.CALLER, caller.peer(keying=theirs))
    assert isinstance(local.keying, SdesKey)
    wires[Side.CALLER].guard.agree(local.keying, theirs)
    caller.is_silent = False
    assert await listen(0.2, *phones) == [{CALLEE_HZ}, {CALLER_HZ}]


async def test_a_hold_with_the_same_key_breaks_nothing(sdes, phones):
    caller, _ = phones
    wires = await join_encrypted(sdes.engine, phones, {Side.CALLER})
    theirs = wires[Side.CALLER].guard.ours
    held = await sdes.engine.connect("c", Side.CALLER, caller.peer(keying=theirs, receives=False))
    assert held.keying == wires[Side.CALLER].guard.theirs
    assert (await listen(0.1, *phones))[0] == set()
    await sdes.engine.connect("c", Side.CALLER, caller.peer(keying=theirs))
    assert await listen(0.2, *phones) == [{CALLEE_HZ}, {CALLER_HZ}]


async def test_an_encrypted_party_hears_prompts_and_its_digits_are_passed(
    sdes, phones, make_prompt: Callable[[float, float], str]
):
    caller, callee = phones
    await join_encrypted(sdes.engine, phones, {Side.CALLER})
    await sdes.engine.play("c", frozenset({Side.CALLER}), Prompt(make_prompt(PROMPT_HZ, 0.6)), 1)
    assert (await listen(0.2, *phones))[0] == {PROMPT_HZ}
    await caller.press_key("5")
    assert callee.digits() == {5}


@pytest.mark.parametrize("law", [ALAW, ULAW], ids=["alaw", "ulaw"])
async def test_what_is_encrypted_on_both_sides_is_recorded_and_its_keys_are_heard(
    sdes, make_phone, tmp_path, law
):
    caller = make_phone(CALLER_HZ, law)
    callee = make_phone(CALLEE_HZ, telephone_event=96)
    listener = Listener()
    await join_encrypted(sdes.engine, (caller, callee), set(Side), listener=listener)
    path = tmp_path / "encrypted.rec"
    await sdes.engine.record("c", record_rule(path, channels=2))
    assert await listen(0.3, caller, callee) == [{CALLEE_HZ}, {CALLER_HZ}]
    await sdes.engine.collect("c", Side.CALLER, DigitRule(max_digits=1))
    await caller.press_key("7")
    await listener.until(DigitsCollected)
    assert callee.digits() == set()
    await sdes.engine.stop_record("c")
    await sdes.recorded()
    channels = open_recording(path)
    assert [tones_in(channel[800:2000]) for channel in channels] == [{CALLER_HZ}, {CALLEE_HZ}]


async def test_a_key_that_cannot_be_used_is_refused(sdes, phones):
    caller, _ = phones
    await sdes.engine.open("c", Listener())
    with pytest.raises(BadMedia):
        await sdes.engine.connect("c", Side.CALLER, caller.peer(keying=SdesKey(1, SUITE, b"short")))


async def test_what_an_engine_does_not_do_it_says(voice, phones):
    await voice.engine.open("c", Listener())
    for protection in set(Protection) - voice.engine.abilities.protections:
        with pytest.raises(Unable):
            await voice.engine.secure("c", Side.CALLEE, protection)


async def test_each_far_end_is_offered_a_key_of_its_own(sdes):
    await sdes.engine.open("c", Listener())
    first = await sdes.engine.secure("c", Side.CALLEE, Protection.SDES)
    again = await sdes.engine.secure("c", Side.CALLEE, Protection.SDES)
    assert again == first
    none = await sdes.engine.secure("c", Side.CALLEE, Protection.NONE)
    assert none.keying is None
    other = await sdes.engine.secure("c", Side.CALLEE, Protection.SDES)
    assert other.keying != first.keying


async def test_reports_of_the_embedded_engine_are_encrypted(start_embedded, phones):
    caller, _ = phones
    engine = await start_embedded()
    wires = await join_encrypted(engine, phones, {Side.CALLER})
    await asyncio.sleep(0.6)
    reports = caller.reports()
    assert reports
    opened = [wires[Side.CALLER].guard.unseal_report(data) for data in reports]
    assert all(data and parse_compound(data) for data in opened)
