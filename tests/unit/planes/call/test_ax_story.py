"""AX calls from INVITE to record, with real SIP in memory (`spec/ax.md` 1, 9, 10, 15)."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from maskline.domain.application import Mode
from maskline.domain.binding import AxBinding, Onward, OnwardKind
from maskline.domain.error import StoreBusy
from maskline.domain.notice import Purpose
from maskline.domain.release import ReleaseCode
from maskline.domain.trunk import Trunk
from maskline.protocols.sip.event import (
    Acknowledged,
    Answered,
    EndReceived,
    InviteReceived,
    Rejected,
    Ringing,
)
from maskline.services.store import BindLimits, Page, RecordFilter

A, B, C, X = "+8613900001001", "+8613900003003", "+8613900004004", "+8617000002001"
START = datetime(2026, 1, 2, tzinfo=UTC)
SDP = (
    b"v=0\r\no=bob 7 7 IN IP4 198.51.100.9\r\ns=private\r\nc=IN IP4 198.51.100.9\r\nt=0 0\r\n"
    b"m=audio 50000 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n"
)


@pytest.fixture
def mode():
    return Mode.AX


@pytest.fixture
async def ax(stage):
    """The stage with A bound to X, and a second caller on the phone that is to spare.

    The application remembers callers.
    """
    application = await stage.store.application("k")
    await stage.store.save_application(replace(application, remembers_callers=True))
    binding = AxBinding(
        binding_id="b1", app_key="k", x=X, a=A, user_data="order", created_at=START,
        modified_at=START,
    )  # fmt: skip
    await stage.store.bind(binding, BindLimits(pairs=1), START, None)
    await stage.trunks(
        Trunk(name="in", host="192.0.2.10", prefixes=("+999",)),
        Trunk(name="in-too", host="192.0.2.30", prefixes=("+998",)),
        Trunk(name="out", host="192.0.2.20", priority=1),
    )
    return stage


async def set_callee(stage, number, *, lasts_s=60.0, **fields):
    now = datetime.now(UTC)
    onward = Onward(number=number, expires_at=now + timedelta(seconds=lasts_s), **fields)
    await stage.store.set_onward("k", "b1", OnwardKind.TEMPORARY_CALLEE, onward, now)


async def ringing(stage, caller):
    """Somebody dials X and the callee's phone rings."""
    stage.caller.dial(caller=caller)
    invite = await stage.callee.until(InviteReceived)
    stage.callee.do("ring")
    await stage.caller.until(Ringing)
    return invite


async def records(stage, count):
    async with asyncio.timeout(3):
        while True:
            found = await stage.store.call_records(RecordFilter(), Page())
            if len(found.rows) >= count and not stage.plane.live_calls:
                return found.rows
            await asyncio.sleep(0.005)


def told(stage):
    return [json.loads(body) for purpose, body in stage.queued() if purpose is Purpose.STATUS]


async def test_b_dials_x_and_reaches_a_who_sees_x(ax):
    invite = await ringing(ax, B)
    assert invite.request.uri.startswith(f"sip:{A}@")
    assert invite.request.from_.uri.startswith(f"sip:{X}@")
    ax.callee.do("answer", SDP)
    await ax.caller.until(Answered)
    await ax.callee.until(Acknowledged)
    ax.caller.do("end")
    await ax.callee.until(EndReceived)
    record = await ax.record()
    assert record.end.release is ReleaseCode.NORMAL
    assert (record.call.caller, record.call.callee, record.call.role) == (B, A, "B")
    assert [event["eventType"] for event in told(ax)] == [
        "callin", "callout", "alerting", "answer", "disconnect",
    ]  # fmt: skip


async def test_a_dials_x_and_reaches_the_temporary_callee_under_its_user_data(ax):
    await set_callee(ax, C, user_data="this call")
    invite = await ringing(ax, A)
    assert invite.request.uri.startswith(f"sip:{C}@")
    ax.callee.do("reject", 486)
    await ax.caller.until(Rejected)
    record = await ax.record()
    assert (record.call.callee, record.call.role) == (C, "A")
    assert {event["statusInfo"]["userData"] for event in told(ax)} == {"this call"}


async def test_a_call_goes_on_when_its_temporary_callee_expires(ax):
    await set_callee(ax, C)
    await ringing(ax, A)
    await set_callee(ax, C, lasts_s=-1.0)
    ax.callee.do("answer", SDP)
    await ax.caller.until(Answered)
    await ax.callee.until(Acknowledged)
    ax.caller.do("end")
    await ax.callee.until(EndReceived)
    assert (await ax.record()).end.release is ReleaseCode.NORMAL


async def test_a_without_a_temporary_callee_and_a_caller_to_remember_is_refused_8019(ax):
    ax.caller.dial(caller=A)
    refused = await ax.caller.until(Rejected)
    assert refused.status == 404
    assert (await ax.record()).end.release is ReleaseCode.NOBODY_TO_CALL_BACK
    assert [event["eventType"] for event in told(ax)] == ["callin", "disconnect"]


async def test_a_calls_back_who_called_last_although_nobody_answered(ax):
    for caller in (C, B):
        await ringing(ax, caller)
        ax.callee.do("reject", 486)
        await ax.caller.until(Rejected)
        ax.callee.session = None
    assert (await ax.store.route(X, A)).last_caller == Onward(number=B)
    invite = await ringing(ax, A)
    assert invite.request.uri.startswith(f"sip:{B}@")
    assert (await ax.store.route(X, A)).last_caller == Onward(number=B)


async def test_a_caller_who_is_not_put_through_is_not_remembered(ax):
    await ax.trunks(Trunk(name="in", host="192.0.2.10", prefixes=("+999",)))
    ax.caller.dial(caller=B)
    await ax.caller.until(Rejected)
    await ax.record()
    assert (await ax.store.route(X, A)).last_caller is None


async def test_a_store_that_keeps_no_caller_costs_no_call(ax, monkeypatch):
    async def full(*_):
        raise StoreBusy

    monkeypatch.setattr(ax.store, "set_onward", full)
    await ringing(ax, B)
    ax.callee.do("answer", SDP)
    await ax.caller.until(Answered)
    ax.callee.do("end")
    await ax.caller.until(EndReceived)
    assert (await ax.record()).end.release is ReleaseCode.NORMAL


@pytest.mark.parametrize("second", [C, A])
async def test_a_second_call_through_x_is_refused_as_busy(ax, second):
    await set_callee(ax, C)
    await ringing(ax, B)
    ax.spare.dial(caller=second)
    refused = await ax.spare.until(Rejected)
    assert (refused.status, refused.q850) == (486, 17)
    ax.callee.do("answer", SDP)
    await ax.caller.until(Answered)
    ax.caller.do("end")
    await ax.callee.until(EndReceived)
    by_caller = {record.call.caller: record for record in await records(ax, 2)}
    busy, talk = by_caller[second], by_caller[B]
    assert talk.end.release is ReleaseCode.NORMAL
    assert busy.end.release is ReleaseCode.BUSY
    assert (busy.call.binding_id, busy.call.user_data) == ("b1", "order")
    assert busy.call.forwarded_at is None
    assert (busy.end.sip_status, busy.end.q850) == (0, 0)


async def test_a_busy_caller_is_not_remembered(ax):
    await ringing(ax, B)
    ax.spare.dial(caller=C)
    await ax.spare.until(Rejected)
    assert (await ax.store.route(X, A)).last_caller == Onward(number=B)


async def give_up(stage):
    stage.caller.do("end")


async def reject(stage):
    stage.callee.do("reject", 603)


async def stop(stage):
    [live] = stage.plane._calls.values()
    stage.plane.stop(live.session_id)


async def wait_for_the_time_out(stage):
    await asyncio.sleep(0)


@pytest.mark.parametrize("end", [give_up, reject, stop, wait_for_the_time_out])
async def test_x_is_free_again_however_a_call_ends(ax, end):
    await ringing(ax, B)
    await end(ax)
    await records(ax, 1)
    assert len(ax.services.busy) == 0
    ax.callee.session = None
    await ringing(ax, C)
    ax.callee.do("reject", 486)
    await ax.caller.until(Rejected)
    assert len(ax.services.busy) == 0


async def test_x_is_free_again_after_a_story_that_broke_off(ax, monkeypatch):
    def broken(*_):
        raise RuntimeError("a bug in the last verb of a call")

    await ringing(ax, B)
    [story] = ax.plane._stories
    [live] = ax.plane._calls.values()
    monkeypatch.setattr(type(live), "hang_up", broken)
    ax.caller.do("end")
    with pytest.raises(RuntimeError):
        await story
    await asyncio.sleep(0)
    assert len(ax.services.busy) == 0
