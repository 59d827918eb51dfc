"""Ended calls are freed by counting references: the collector's runs would stop live ones."""

import asyncio
import gc

import pytest
from tests.garbage import without_collector

from maskline.planes.call.audio import CallAudio
from maskline.planes.call.inbox import Inbox
from maskline.planes.call.journal import CallJournal
from maskline.planes.call.live_call import LiveCall
from maskline.planes.call.over import CallOver
from maskline.planes.call.voice import CallVoice
from maskline.protocols.sip.event import (
    Acknowledged,
    Answered,
    CancelReceived,
    EndReceived,
    InviteReceived,
    Rejected,
    Ringing,
)

SDP = (
    b"v=0\r\no=- 7 7 IN IP4 198.51.100.9\r\ns=-\r\nc=IN IP4 198.51.100.9\r\nt=0 0\r\n"
    b"m=audio 50000 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n"
)
KINDS = (LiveCall, CallAudio, CallJournal, CallVoice, Inbox, CallOver)


async def talk(stage):
    stage.caller.dial()
    await stage.callee.until(InviteReceived)
    stage.callee.do("answer", SDP)
    await stage.caller.until(Answered)
    await stage.callee.until(Acknowledged)
    stage.caller.do("end")
    await stage.callee.until(EndReceived)


async def give_up(stage):
    stage.caller.dial()
    await stage.callee.until(InviteReceived)
    stage.callee.do("ring")
    await stage.caller.until(Ringing)
    stage.caller.do("end")
    await stage.callee.until(CancelReceived)


async def be_refused(stage):
    stage.caller.dial()
    await stage.callee.until(InviteReceived)
    stage.callee.do("reject", 486)
    await stage.caller.until(Rejected)


async def be_unknown(stage):
    stage.caller.dial(caller="+8613911119999")
    await stage.caller.until(Rejected)


@pytest.mark.parametrize("course", [talk, give_up, be_refused, be_unknown])
async def test_nothing_of_an_ended_call_waits_for_the_collector(stage, course):
    await stage.bind()
    with without_collector():
        for _ in range(3):
            stage.caller.session = stage.callee.session = None
            await course(stage)
        async with asyncio.timeout(2):
            while stage.plane.live_calls:  # noqa: ASYNC110 - nobody signals it
                await asyncio.sleep(0.005)
        await asyncio.sleep(5)
        left = [type(thing).__name__ for thing in gc.get_objects() if isinstance(thing, KINDS)]
    assert left == []
