"""What every media engine promises."""

import asyncio

import pytest
from tests.contract.media.party import (
    ALAW,
    ignore,
)

from maskline.planes.media.engine import (
    CALL_ID_MAX_CHARS,
    BadMedia,
    CallExists,
    ClosedMedia,
    DigitRule,
    EngineBusy,
    EngineFailed,
    EngineGone,
    LocalMedia,
    MediaEngine,
    MediaEvent,
    MediaLost,
    MediaPeer,
    OpenedMedia,
    Prompt,
    Protection,
    RecordFile,
    RecordRule,
    Side,
    Unable,
    UnknownCall,
)
from maskline.planes.media.silent import SilentEngine

pytestmark = pytest.mark.network

RULE = RecordRule(file=RecordFile("/nowhere/x.rec", b"", bytes(16)), limit_s=1)


class TestEveryEngine:
    async def test_a_call_goes_from_open_to_its_sums(self, engine: MediaEngine):
        opened = await engine.open("call", ignore)
        assert opened.caller.port > 0
        assert opened.callee.port > 0
        peer = MediaPeer("127.0.0.1", 4000, ALAW, telephone_event=101)
        await engine.connect("call", Side.CALLER, peer)
        await engine.early("call")
        await engine.connect("call", Side.CALLEE, peer)
        await engine.bridge("call")
        await engine.block("call", Side.CALLER, blocked=True)
        await engine.block("call", Side.CALLER, blocked=False)
        assert await engine.close("call") == ClosedMedia()

    async def test_a_closed_call_is_unknown_and_closing_it_again_is_no_error(
        self, engine: MediaEngine
    ):
        await engine.open("call", ignore)
        await engine.close("call")
        assert await engine.close("call") == ClosedMedia()
        with pytest.raises(UnknownCall):
            await engine.bridge("call")
        await engine.open("call", ignore)

    async def test_no_call_is_adopted_that_the_engine_was_not_told_of(self, engine: MediaEngine):
        local = LocalMedia("127.0.0.1", 4000)
        peers = dict.fromkeys(Side, MediaPeer("127.0.0.1", 4002, ALAW, None))
        for keepsake in (b"", b"\xc1", b"\x93\x01\x02\x03"):
            opened = OpenedMedia(local, local)
            assert not await engine.adopt("call", keepsake, opened, peers, ignore)
        with pytest.raises(UnknownCall):
            await engine.bridge("call")

    async def test_every_verb_wants_an_open_call(self, engine: MediaEngine):
        for verb in (
            engine.connect("no", Side.CALLER, MediaPeer("127.0.0.1", 4000, ALAW, None)),
            engine.early("no"),
            engine.bridge("no"),
            engine.block("no", Side.CALLER, blocked=True),
            engine.play("no", frozenset(Side), Prompt("/x.wav"), 1),
            engine.stop("no", "1"),
            engine.collect("no", Side.CALLER, DigitRule(max_digits=1)),
            engine.record("no", RULE),
            engine.stop_record("no"),
            engine.secure("no", Side.CALLER, Protection.NONE),
            engine.stop_collect("no", Side.CALLER),
            engine.press("no", Side.CALLER, "1", 100),
        ):
            with pytest.raises(UnknownCall):
                await verb

    async def test_an_id_is_used_once_and_has_a_bound(self, engine: MediaEngine):
        await engine.open("call", ignore)
        with pytest.raises(CallExists):
            await engine.open("call", ignore)
        for bad in ("", "x" * (CALL_ID_MAX_CHARS + 1)):
            with pytest.raises(BadMedia):
                await engine.open(bad, ignore)

    async def test_a_far_end_that_cannot_be_is_refused(self, engine: MediaEngine):
        await engine.open("call", ignore)
        for address, port in (("phone.example", 4000), ("127.0.0.1", 0), ("0.0.0.0", 4000)):
            with pytest.raises(BadMedia):
                await engine.connect(
                    "call", Side.CALLER, MediaPeer(address, port, ALAW, telephone_event=None)
                )
        held = MediaPeer("0.0.0.0", 4000, ALAW, None, sends=False, receives=False)
        await engine.connect("call", Side.CALLER, held)

    async def test_calls_have_a_bound_and_closing_one_makes_room(self, engine: MediaEngine):
        for n in range(3):
            await engine.open(str(n), ignore)
        with pytest.raises(EngineBusy):
            await engine.open("3", ignore)
        await engine.close("0")
        await engine.open("3", ignore)

    async def test_an_encryption_it_does_not_have_is_refused(self, engine: MediaEngine):
        opened = await engine.open("call", ignore)
        assert await engine.secure("call", Side.CALLER, Protection.NONE) == opened.caller
        for protection in set(Protection) - engine.abilities.protections:
            with pytest.raises(Unable):
                await engine.secure("call", Side.CALLER, protection)

    async def test_closing_the_engine_makes_no_events(self, engine: MediaEngine):
        events: list[MediaEvent] = []
        await engine.open("call", events.append)
        await engine.aclose()
        await asyncio.sleep(0.02)
        assert events == []

    async def test_an_engine_that_is_closed_is_gone(self, engine: MediaEngine):
        await engine.open("call", ignore)
        await engine.aclose()
        await engine.aclose()
        with pytest.raises(EngineGone):
            await engine.open("other", ignore)
        with pytest.raises(EngineGone):
            await engine.bridge("call")
        assert await engine.close("call") == ClosedMedia()


class TestSilentEngine:
    async def test_events_can_be_given_to_the_calls(self):
        engine = SilentEngine()
        await engine.start()
        heard: list[MediaEvent] = []
        await engine.open("a", heard.append)
        await engine.open("b", heard.append)
        engine.emit(MediaLost("a", Side.CALLER))
        engine.emit(EngineFailed(None))
        assert heard == [MediaLost("a", Side.CALLER), EngineFailed(None), EngineFailed(None)]
        with pytest.raises(UnknownCall):
            engine.emit(MediaLost("c", Side.CALLER))
