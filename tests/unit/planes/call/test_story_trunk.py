"""Which trunk an AXB call takes, and what happens when it fails."""

import asyncio

import pytest
from tests.unit.planes.call.story import (
    CALLEE_HOST,
    SDP,
    SPARE_HOST,
    B,
    events,
)

from maskline.domain.release import ReleaseCode
from maskline.domain.trunk import Trunk
from maskline.protocols.sip.event import (
    Answered,
    InviteReceived,
    Rejected,
    Ringing,
)


async def test_a_trunk_that_answers_503_gives_way_to_the_next(stage):
    await stage.bind()
    await stage.trunks(
        Trunk(name="in", host="192.0.2.10", prefixes=("+999",)),
        Trunk(name="first", host=CALLEE_HOST, priority=1),
        Trunk(name="second", host=SPARE_HOST, priority=2),
    )
    stage.caller.dial()
    await stage.callee.until(InviteReceived)
    stage.callee.do("reject", 503)
    await stage.spare.until(InviteReceived)
    stage.spare.do("answer", SDP)
    await stage.caller.until(Answered)
    stage.caller.do("end")
    await stage.record()
    assert events(stage).count("callout") == 1


async def test_a_503_after_the_callee_rang_rings_nobody_a_second_time(stage):
    await stage.bind()
    await stage.trunks(
        Trunk(name="in", host="192.0.2.10", prefixes=("+999",)),
        Trunk(name="first", host=CALLEE_HOST, priority=1),
        Trunk(name="second", host=SPARE_HOST, priority=2),
    )
    stage.caller.dial()
    await stage.callee.until(InviteReceived)
    stage.callee.do("ring")
    await stage.caller.until(Ringing)
    stage.callee.do("reject", 503)
    assert (await stage.caller.until(Rejected)).status == 502
    assert (await stage.record()).end.release is ReleaseCode.CALLEE_NETWORK
    assert stage.wires.bytes_to(stage.spare.shell.flow) == b""


async def test_a_trunk_that_an_operator_adds_is_used_at_once(stage):
    await stage.store.save_trunk(Trunk(name="new", host=SPARE_HOST, priority=0))
    stage.directory.forget_trunks()
    stage.plane.trunks_changed()
    await asyncio.sleep(0.05)
    assert [line.trunk.name for line in stage.board.candidates(B)] == ["new", "out"]


async def test_a_silent_trunk_gives_way_and_is_tried_last_the_next_time(stage):
    await stage.bind()
    await stage.trunks(
        Trunk(name="in", host="192.0.2.10", prefixes=("+999",)),
        Trunk(name="dead", host="192.0.2.77", priority=1),
        Trunk(name="second", host=SPARE_HOST, priority=2),
    )
    stage.caller.dial()
    await stage.spare.until(InviteReceived)
    assert [line.trunk.name for line in stage.board.candidates(B)] == ["second", "dead"]
    stage.spare.do("reject", 486)
    await stage.caller.until(Rejected)
    assert (await stage.record()).end.release is ReleaseCode.BUSY


async def test_without_a_trunk_for_the_number_the_call_cannot_be_routed(stage):
    await stage.bind()
    await stage.trunks(Trunk(name="in", host="192.0.2.10", prefixes=("+999",)))
    stage.caller.dial()
    assert (await stage.caller.until(Rejected)).status == 480
    assert (await stage.record()).end.release is ReleaseCode.NO_ROUTE
    assert events(stage) == ["callin", "disconnect", "fee"]


async def test_a_stranger_gets_no_answer_at_all(stage):
    await stage.bind()
    stage.spare.dial()
    with pytest.raises(TimeoutError):
        await stage.spare.until(Rejected, timeout=0.1)
    assert stage.wires.bytes_to(stage.spare.shell.flow) == b""
    assert stage.plane.counters.strangers >= 1
