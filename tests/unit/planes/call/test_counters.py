"""What is counted of a call."""

from maskline.domain.release import ReleaseCode
from maskline.protocols.sip.event import Acknowledged, InviteReceived, Rejected, Ringing


async def test_a_call_is_counted_by_mode_and_end_and_its_waits_are_measured(stage):
    await stage.bind()
    stage.caller.dial()
    await stage.callee.until(InviteReceived)
    stage.callee.do("ring")
    await stage.caller.until(Ringing)
    stage.callee.do("ring")
    stage.callee.do("reject", 486)
    await stage.caller.until(Rejected)
    await stage.record()
    counters = stage.plane.counters
    assert counters.ended == {("axb", ReleaseCode.BUSY): 1}
    assert not counters.answered
    assert sum(counters.routed.counts) == sum(counters.set_up.counts) == 1


async def test_an_answered_call_without_ringing_has_a_set_up_delay_too(stage):
    await stage.bind()
    stage.caller.dial()
    await stage.callee.until(InviteReceived)
    stage.callee.do("answer", stage.caller.session.local_sdp)
    await stage.callee.until(Acknowledged)
    stage.caller.do("end")
    await stage.record()
    assert stage.plane.counters.answered == {"axb": 1}
    assert sum(stage.plane.counters.set_up.counts) == 1


async def test_a_number_that_is_not_ours_has_no_mode(stage):
    stage.caller.dial("+8617000009999")
    await stage.caller.until(Rejected)
    assert stage.plane.counters.ended == {("", ReleaseCode.UNKNOWN_CALLEE): 1}
