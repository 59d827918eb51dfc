"""An AXB call from INVITE to record, with real SIP in memory (`spec/axb.md` 8, 9, 13)."""

import asyncio
import json

import pytest
from tests.unit.planes.call.story import (
    CALLEE_HOST,
    SDP,
    A,
    B,
    X,
    answered_call,
    events,
)

from maskline.domain.binding import CallDirection
from maskline.domain.release import HungUpBy, ReleaseCode
from maskline.planes.media.engine import Side
from maskline.planes.media.silent import Flow as MediaFlow
from maskline.protocols.sip.event import (
    Answered,
    CancelReceived,
    EndReceived,
    InfoReceived,
    InviteReceived,
    OfferAnswered,
    OfferRejected,
    ProgressReceived,
    Rejected,
    Ringing,
)


async def test_a_bound_caller_reaches_the_partner_and_both_hear_each_other(stage):
    await stage.bind()
    await answered_call(stage)
    [call] = stage.engine.calls.values()
    assert call.flow is MediaFlow.BOTH
    assert call.peers[Side.CALLER].port == 40000
    assert call.peers[Side.CALLEE].port == 50000
    stage.caller.do("end")
    await stage.callee.until(EndReceived)
    record = await stage.record()
    assert record.end.release is ReleaseCode.NORMAL
    assert record.end.hung_up_by is HungUpBy.CALLER
    assert (record.call.caller, record.call.x, record.call.callee) == (A, X, B)
    assert record.is_answered
    assert not stage.engine.calls
    assert events(stage) == ["callin", "callout", "alerting", "answer", "disconnect", "fee"]


async def test_the_callee_may_hang_up_too(stage):
    await stage.bind()
    await answered_call(stage)
    stage.callee.do("end")
    await stage.caller.until(EndReceived)
    assert (await stage.record()).end.hung_up_by is HungUpBy.CALLEE


async def test_b_who_dials_x_reaches_a(stage):
    await stage.bind()
    stage.caller.dial(caller=B)
    invite = await stage.callee.until(InviteReceived)
    assert invite.request.uri.startswith(f"sip:{A}@")
    stage.callee.do("reject", 486)
    await stage.caller.until(Rejected)
    await stage.record()


async def test_nothing_of_the_caller_reaches_the_callee_and_the_reverse(stage):
    await stage.bind()
    headers = (
        ("P-Asserted-Identity", f'"Alice Secret" <sip:{A}@home.alice.example>'),
        ("Diversion", f"<sip:{A}@home.alice.example>"),
        ("X-Alice", "alice-private"),
        ("Subject", "alice-subject"),
    )
    stage.caller.dial(headers=headers)
    invite = (await stage.callee.until(InviteReceived)).request
    stage.callee.do("ring", 183, body=SDP)
    stage.callee.do("answer", SDP, headers=(("X-Bob", "bob-private"),))
    await stage.caller.until(Answered)
    assert invite.uri == f"sip:{B}@{CALLEE_HOST}:5060"
    assert invite.from_.uri.startswith(f"sip:{X}@maskline.example")
    stage.callee.do("end")
    await stage.caller.until(EndReceived)
    await stage.record()
    at_callee = stage.wires.bytes_to(stage.callee.shell.flow)
    own_call_id = stage.caller.session.call_id.encode()
    for secret in (A.encode(), A[3:].encode(), b"lice", own_call_id, b"192.0.2.10", b"198.51.100.7",
                   b"secret", b"40000"):  # fmt: skip
        assert secret not in at_callee
    at_caller = stage.wires.bytes_to(stage.caller.shell.flow)
    for secret in (B.encode(), B[3:].encode(), b"ob", b"192.0.2.20", b"198.51.100.9", b"private",
                   invite.call_id.encode(), b"50000"):  # fmt: skip
        assert secret not in at_caller.replace(b"alice-private", b"").replace(b"probe", b"")


@pytest.mark.parametrize(
    ("status", "release", "seen_by_caller"),
    [
        (486, ReleaseCode.BUSY, 486),
        (480, ReleaseCode.NO_ANSWER, 480),
        (603, ReleaseCode.CALLEE_REJECTED, 603),
        (403, ReleaseCode.CALL_REFUSED, 603),
        (404, ReleaseCode.UNKNOWN_CALLEE, 404),
        (500, ReleaseCode.CALLEE_NETWORK, 502),
    ],
)
async def test_a_partner_who_cannot_or_will_not_answer(stage, status, release, seen_by_caller):
    await stage.bind()
    stage.caller.dial()
    await stage.callee.until(InviteReceived)
    stage.callee.do("reject", status)
    refused = await stage.caller.until(Rejected)
    record = await stage.record()
    assert refused.status == seen_by_caller
    assert refused.q850 == release.q850
    assert (record.end.release, record.end.sip_status) == (release, status)
    assert record.end.q850 > 0
    assert events(stage) == ["callin", "callout", "disconnect", "fee"]


async def test_a_caller_who_gives_up_before_and_after_ringing(stage):
    await stage.bind()
    stage.caller.dial()
    await stage.callee.until(InviteReceived)
    stage.callee.do("ring", 183)
    await asyncio.sleep(0.02)
    stage.caller.do("end")
    await stage.callee.until(CancelReceived)
    assert (await stage.record()).end.release is ReleaseCode.CALLER_GAVE_UP_BEFORE_RINGING


async def test_a_caller_who_gives_up_before_the_call_is_forwarded(stage, monkeypatch):
    await stage.bind()
    find = stage.store.route

    async def slowly(*key):
        await asyncio.sleep(0.05)
        return await find(*key)

    monkeypatch.setattr(stage.store, "route", slowly)
    stage.caller.dial()
    await asyncio.sleep(0.02)
    stage.caller.do("end")
    record = await stage.record()
    assert record.end.release is ReleaseCode.CALLER_GAVE_UP_BEFORE_FORWARDING
    assert events(stage) == ["callin", "disconnect", "fee"]
    assert stage.wires.bytes_to(stage.callee.shell.flow) == b""


async def test_a_caller_who_gives_up_while_it_rings(stage):
    await stage.bind()
    stage.caller.dial()
    await stage.callee.until(InviteReceived)
    stage.callee.do("ring")
    await stage.caller.until(Ringing)
    stage.caller.do("end")
    await stage.callee.until(CancelReceived)
    record = await stage.record()
    assert record.end.release is ReleaseCode.CALLER_GAVE_UP_RINGING
    assert record.call.alerted_at is not None
    assert record.call.answered_at is None


async def test_a_partner_who_never_answers_ends_with_the_platforms_time_out(stage):
    await stage.bind()
    stage.caller.dial()
    await stage.callee.until(InviteReceived)
    stage.callee.do("ring")
    await stage.callee.until(CancelReceived)
    refused = await stage.caller.until(Rejected)
    record = await stage.record()
    assert (refused.status, refused.q850) == (480, 19)
    assert record.end.release is ReleaseCode.RING_TIMEOUT


async def test_a_third_party_is_refused_and_recorded_without_a_binding(stage):
    stage.caller.dial(caller="+8613911119999")
    refused = await stage.caller.until(Rejected)
    record = await stage.record()
    assert refused.status == 403
    assert record.end.release is ReleaseCode.NO_BINDING
    assert record.call.binding_id is None
    assert events(stage) == ["callin", "disconnect", "fee"]
    assert json.loads(stage.queued()[-1][1])["direction"] == 2


async def test_an_anonymous_caller_is_a_third_party(stage):
    await stage.bind()
    stage.caller.dial(caller="anonymous")
    await stage.caller.until(Rejected)
    assert (await stage.record()).end.release is ReleaseCode.NO_BINDING


async def test_a_forbidden_direction_and_a_landline_caller_are_refused(stage):
    await stage.bind(direction=CallDirection.B_TO_A)
    stage.caller.dial()
    await stage.caller.until(Rejected)
    assert (await stage.record()).end.release is ReleaseCode.DIRECTION_FORBIDDEN


async def test_a_number_that_is_not_ours_is_answered_404_and_leaves_nothing(stage):
    stage.caller.dial(number="+8617099999999")
    assert (await stage.caller.until(Rejected)).status == 404
    assert events(stage) == []


async def test_early_media_of_the_partner_is_passed_on_before_the_answer(stage):
    await stage.bind()
    stage.caller.dial()
    await stage.callee.until(InviteReceived)
    stage.callee.do("ring", 183, body=SDP)
    early = await stage.caller.until(ProgressReceived)
    assert early.status == 183
    assert b"m=audio 9 RTP/AVP 8 96" in early.body
    [call] = stage.engine.calls.values()
    assert call.flow is MediaFlow.EARLY
    stage.callee.do("answer", SDP)
    answered = await stage.caller.until(Answered)
    assert answered.body == early.body
    stage.caller.do("end")
    await stage.record()


async def test_legs_that_chose_different_codecs_each_get_their_own(stage):
    await stage.bind()
    stage.caller.dial(body=SDP.replace(b"8 101", b"0 101"))
    await stage.callee.until(InviteReceived)
    stage.callee.do("answer", SDP)
    answered = await stage.caller.until(Answered)
    assert b"RTP/AVP 0 101" in answered.body
    [call] = stage.engine.calls.values()
    assert call.peers[Side.CALLER].codec.name == "PCMU"
    assert call.peers[Side.CALLEE].codec.name == "PCMA"
    stage.caller.do("end")
    await stage.record()


async def test_a_caller_with_no_common_codec_is_told_so(stage):
    await stage.bind()
    body = SDP.replace(b"RTP/AVP 8 101", b"RTP/AVP 97") + b"a=rtpmap:97 opus/48000/2\r\n"
    stage.caller.dial(body=body)
    refused = await stage.caller.until(Rejected)
    assert refused.status == 488
    assert refused.response.headers.get("Warning", "").startswith("305 maskline.example")
    assert (await stage.record()).end.release is ReleaseCode.CALLER_NETWORK


@pytest.mark.parametrize("body", [b"hello", SDP.replace(b"m=audio 50000", b"m=audio x")])
async def test_a_caller_whose_description_cannot_be_read_is_told_so(stage, body):
    await stage.bind()
    stage.caller.dial(body=body)
    refused = await stage.caller.until(Rejected)
    assert refused.status == 488
    assert refused.response.headers.get("Warning", "").startswith("399 maskline.example")
    assert (await stage.record()).end.release is ReleaseCode.CALLER_NETWORK


async def test_an_invite_without_sdp_gets_our_offer_in_the_200(stage):
    await stage.bind()
    stage.caller.dial(body=None)
    await stage.callee.until(InviteReceived)
    stage.callee.do("answer", SDP)
    answered = await stage.caller.until(Answered)
    assert b"m=audio 9 RTP/AVP 8 0 101" in answered.body
    stage.caller.do("acknowledge", SDP.replace(b"50000", b"40002"))
    await asyncio.sleep(0.02)
    [call] = stage.engine.calls.values()
    assert call.peers[Side.CALLER].port == 40002
    stage.caller.do("end")
    await stage.record()


async def test_a_party_on_hold_is_sent_nothing_and_resumes(stage):
    await stage.bind()
    await answered_call(stage)
    stage.caller.do("reinvite", SDP.replace(b"8 101", b"0 101") + b"a=sendonly\r\n")
    held = await stage.caller.until(OfferAnswered)
    assert b"a=recvonly" in held.body
    [call] = stage.engine.calls.values()
    assert not call.peers[Side.CALLER].receives
    stage.caller.do("reinvite", SDP.replace(b"8 101", b"0 101"))
    await stage.caller.until(OfferAnswered)
    assert call.peers[Side.CALLER].receives
    stage.caller.do("end")
    assert (await stage.record()).end.release is ReleaseCode.NORMAL


async def test_a_change_that_cannot_be_done_is_refused_with_its_reason_and_the_call_goes_on(stage):
    await stage.bind()
    await answered_call(stage)
    stage.caller.do("reinvite", SDP.replace(b"RTP/AVP", b"RTP/SAVP"))
    refused = await stage.caller.until(OfferRejected)
    assert refused.status == 488
    assert b'\r\nWarning: 302 maskline.example "' in stage.wires.bytes_to(stage.caller.shell.flow)
    stage.caller.do("end")
    assert (await stage.record()).end.release is ReleaseCode.NORMAL


async def test_key_presses_in_info_reach_the_other_party_and_nothing_else_does(stage):
    await stage.bind()
    await answered_call(stage)
    stage.caller.do("info", "application/dtmf-relay", b"Signal=5\r\nDuration=100\r\nX=alice\r\n")
    pressed = await stage.callee.until(InfoReceived)
    assert (pressed.content_type, pressed.body) == (
        "application/dtmf-relay",
        b"Signal=5\r\nDuration=100\r\n",
    )
    stage.caller.do("end")
    await stage.record()


@pytest.mark.parametrize(("given", "passed_on"), [(70, 60), (65, 60), (11, 10), (10, None)])
async def test_calls_that_loop_end_and_the_distance_stays_hidden(stage, given, passed_on):
    await stage.bind()
    stage.caller.dial(max_forwards=given)
    if passed_on is None:
        assert (await stage.caller.until(Rejected)).status == 480
    else:
        invite = await stage.callee.until(InviteReceived)
        assert invite.request.max_forwards == passed_on
        stage.callee.do("reject", 486)
    await stage.record()
