"""What the stories of AXB calls have in common: who calls whom, and how a call is answered."""

import json
from datetime import UTC, datetime

from maskline.domain.notice import Purpose
from maskline.protocols.sip.event import (
    Acknowledged,
    Answered,
    InviteReceived,
    Ringing,
)
from maskline.protocols.sip.flow import Flow

PLATFORM = Flow("udp", "192.0.2.1", 5060)
A, B, X = "+8613900001001", "+8613900003003", "+8617000002001"
CALLEE_HOST, SPARE_HOST = "192.0.2.20", "192.0.2.30"
START = datetime(2026, 1, 2, tzinfo=UTC)
SDP = (
    b"v=0\r\no=bob 7 7 IN IP4 198.51.100.9\r\ns=private\r\nc=IN IP4 198.51.100.9\r\nt=0 0\r\n"
    b"m=audio 50000 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n"
)


async def answered_call(stage):
    """Alice dials X, Bob's phone rings and is answered."""
    stage.caller.dial()
    await stage.callee.until(InviteReceived)
    stage.callee.do("ring")
    await stage.caller.until(Ringing)
    stage.callee.do("answer", SDP)
    answered = await stage.caller.until(Answered)
    await stage.callee.until(Acknowledged)
    return answered


def events(stage):
    """The event types queued for the customer, in order, and then whether the record follows."""
    return [
        json.loads(body)["eventType"] if purpose is Purpose.STATUS else "fee"
        for purpose, body in stage.queued()
    ]
