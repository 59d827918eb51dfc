"""Calls whose parties, networks or store do what they should not, or at the worst moment."""

from maskline.domain.error import StoreBusy
from maskline.domain.release import ReleaseCode
from maskline.protocols.sip.event import (
    Acknowledged,
    Answered,
    EndReceived,
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


async def test_an_answer_the_store_has_no_room_for_is_not_on_the_record(stage, monkeypatch):
    def busy(*_):
        raise StoreBusy

    await ringing_call(stage)
    monkeypatch.setattr(stage.store, "save_call", busy)
    stage.callee.do("answer", SDP)
    assert (await stage.caller.until(Rejected)).status == 503
    await stage.callee.until(EndReceived)
    record = await stage.record()
    assert record.end.release is ReleaseCode.VOICE_PORTS_EXHAUSTED
    assert not record.is_answered


async def test_an_answer_without_sdp_ends_the_call_instead_of_leaving_it_silent(stage):
    await ringing_call(stage)
    stage.callee.do("answer", b"")
    assert (await stage.caller.until(Rejected)).status == 502
    await stage.callee.until(EndReceived)
    assert (await stage.record()).end.release is ReleaseCode.CALLEE_NETWORK
