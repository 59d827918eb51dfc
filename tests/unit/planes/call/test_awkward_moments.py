"""Calls whose parties, networks or store do what they should not, or at the worst moment."""

from maskline.protocols.sip.event import (
    Acknowledged,
    Answered,
    InviteReceived,
    Rejected,
    Ringing,
)

SDP = (
    b"v=0\r\no=bob 7 7 IN IP4 198.51.100.9\r\ns=-\r\nc=IN IP4 198.51.100.9\r\nt=0 0\r\n"
    b"m=audio 50000 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n"
)


async def ringing_call(stage):
    """Alice dials X and hears Bob's phone ring."""
    await stage.bind()
    stage.caller.dial()
    await stage.callee.until(InviteReceived)
    stage.callee.do("ring")
    await stage.caller.until(Ringing)


async def answered_call(stage):
    """They talk."""
    await ringing_call(stage)
    stage.callee.do("answer", SDP)
    await stage.caller.until(Answered)
    await stage.callee.until(Acknowledged)


async def test_an_asserted_identity_that_cannot_be_read_is_as_good_as_none(stage):
    await stage.bind()
    stage.caller.dial(headers=(("P-Asserted-Identity", '"Al, <sip:x@y>'),))
    await stage.callee.until(InviteReceived)
    stage.callee.do("reject", 486)
    await stage.caller.until(Rejected)
    await stage.record()
    assert [line.calls for line in stage.board.lines] == [0, 0]
