"""What the caller hears in place of ring-back (`spec/axb.md` 4.1 `preVoice`)."""

import asyncio

import pytest

from maskline.domain.application import ApplicationPrompts
from maskline.domain.binding import VoiceOptions
from maskline.domain.release import ReleaseCode
from maskline.domain.trunk import Trunk
from maskline.planes.media.engine import CannotPlay, PlayEnd, Side
from maskline.planes.media.silent import Flow as MediaFlow
from maskline.protocols.sip.event import (
    Acknowledged,
    Answered,
    CancelReceived,
    InviteReceived,
    ProgressReceived,
    Rejected,
    Ringing,
)

WAITING = VoiceOptions(a_waiting_tone="wait.wav")
SDP = (
    b"v=0\r\no=bob 7 7 IN IP4 198.51.100.9\r\ns=private\r\nc=IN IP4 198.51.100.9\r\nt=0 0\r\n"
    b"m=audio 50000 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n"
)


async def hang_up(stage):
    stage.caller.do("end")
    return await stage.record()


async def test_the_caller_hears_it_from_the_forwarding_to_the_answer(stage):
    await stage.bind(voice=WAITING)
    stage.caller.dial()
    early = await stage.caller.until(ProgressReceived)
    play = await stage.engine.until_heard("wait.wav")
    assert (early.status, play.to, play.times) == (183, {Side.CALLER}, None)
    await stage.callee.until(InviteReceived)
    stage.callee.do("answer", SDP)
    answered = await stage.caller.until(Answered)
    assert answered.body == early.body
    assert stage.engine.deeds == ["play wait.wav", "stop wait.wav", "bridge"]
    await hang_up(stage)


async def test_ringing_is_told_but_early_media_of_the_callee_is_not_heard(stage):
    await stage.bind(voice=WAITING)
    stage.caller.dial()
    await stage.callee.until(InviteReceived)
    stage.callee.do("ring", 183, body=SDP)
    stage.callee.do("ring", 180)
    rings = await stage.caller.until(Ringing)
    assert b"m=audio" in rings.body
    [call] = stage.engine.calls.values()
    assert call.flow is MediaFlow.NONE
    assert call.peers[Side.CALLEE].port == 50000
    assert (await hang_up(stage)).end.release is ReleaseCode.CALLER_GAVE_UP_RINGING
    assert stage.engine.names() == ["wait.wav"]


async def test_the_other_party_of_the_binding_has_a_tone_of_its_own(stage):
    await stage.bind(voice=VoiceOptions(a_waiting_tone="gone.wav", b_waiting_tone="wait.wav"))
    stage.caller.dial(caller="+8613900003003")
    await stage.engine.until_heard("wait.wav")
    await stage.callee.until(InviteReceived)
    await hang_up(stage)


async def test_a_tone_that_the_binding_names_and_that_is_gone_ends_the_call_first(stage):
    await stage.bind(voice=VoiceOptions(a_waiting_tone="gone.wav"))
    stage.caller.dial()
    assert (await stage.caller.until(Rejected)).status == 500
    assert (await stage.record()).end.release is ReleaseCode.NO_PROMPT
    assert stage.wires.bytes_to(stage.callee.shell.flow) == b""


async def test_a_tone_that_cannot_be_played_leaves_the_real_ring_back(stage, ring):
    stage.engine.refusals["wait.wav"] = CannotPlay
    await stage.bind(voice=WAITING)
    rings = await ring()
    stage.callee.do("ring", 183, body=SDP)
    await stage.caller.until(ProgressReceived)
    [call] = stage.engine.calls.values()
    assert call.flow is MediaFlow.EARLY
    # A phone that is given early media makes no ring-back of its own.
    assert (rings.status, rings.body) == (180, b"")
    await hang_up(stage)


async def test_a_tone_that_breaks_gives_way_to_the_real_ring_back(stage, ring):
    await stage.bind(voice=WAITING)
    await ring()
    stage.engine.finish(await stage.engine.until_heard("wait.wav"), PlayEnd.FAILED)
    await asyncio.sleep(0.01)
    stage.callee.do("ring", 183, body=SDP)
    await asyncio.sleep(0.02)
    assert "early" in stage.engine.deeds
    await hang_up(stage)


async def test_a_caller_without_an_offer_hears_none(stage):
    await stage.bind(voice=WAITING)
    stage.caller.dial(body=None)
    await stage.callee.until(InviteReceived)
    stage.callee.do("ring")
    await stage.caller.until(Ringing)
    assert stage.engine.plays == []
    await hang_up(stage)


async def test_it_goes_on_over_the_next_trunk(stage):
    await stage.bind(voice=WAITING)
    await stage.trunks(
        Trunk(name="in", host="192.0.2.10", prefixes=("+999",)),
        Trunk(name="first", host="192.0.2.20", priority=1),
        Trunk(name="second", host="192.0.2.30", priority=2),
    )
    stage.caller.dial()
    await stage.callee.until(InviteReceived)
    stage.callee.do("reject", 503)
    await stage.spare.until(InviteReceived)
    stage.spare.do("answer", SDP)
    await stage.caller.until(Answered)
    assert stage.engine.deeds == ["play wait.wav", "stop wait.wav", "bridge"]
    await hang_up(stage)


async def test_a_caller_who_gives_up_ends_it(stage):
    await stage.bind(voice=WAITING)
    stage.caller.dial()
    await stage.callee.until(InviteReceived)
    await stage.engine.until_heard("wait.wav")
    stage.callee.do("ring", 183)
    await stage.caller.until(ProgressReceived)
    stage.caller.do("end")
    await stage.callee.until(CancelReceived)
    assert (await stage.record()).end.release is ReleaseCode.CALLER_GAVE_UP_BEFORE_RINGING
    assert not stage.engine.calls


class TestTheApplications:
    @pytest.fixture
    def application_prompts(self):
        return ApplicationPrompts(waiting_tone="wait.wav")

    async def test_is_heard_where_the_binding_names_none(self, stage):
        await stage.bind()
        stage.caller.dial()
        await stage.engine.until_heard("wait.wav")
        await stage.callee.until(InviteReceived)
        stage.callee.do("answer", SDP)
        await stage.callee.until(Acknowledged)
        await hang_up(stage)
