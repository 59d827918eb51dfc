"""An AXB call from INVITE to record, with real SIP in memory (`spec/axb.md` 8, 9, 13)."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest

from maskline.domain.binding import CallDirection, VoiceOptions
from maskline.domain.notice import Purpose
from maskline.domain.release import HungUpBy, ReleaseCode
from maskline.domain.trunk import Trunk
from maskline.planes.call.limits import CallLimits
from maskline.planes.media.engine import EngineBusy, EngineFailed, MediaLost, Side
from maskline.planes.media.silent import Flow as MediaFlow
from maskline.protocols.sip.event import (
    Acknowledged,
    Answered,
    CancelReceived,
    EndReceived,
    InfoReceived,
    InviteReceived,
    OfferAnswered,
    OfferRejected,
    ProgressReceived,
    Rejected,
    RequestAnswered,
    Ringing,
)
from maskline.protocols.sip.flow import Flow
from maskline.protocols.sip.header import NameAddr

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


async def test_a_running_call_outlives_its_binding(stage):
    await stage.bind()
    await answered_call(stage)
    await stage.store.unbind("k", "b1", START)
    await asyncio.sleep(0.02)
    assert stage.plane.live_calls == 1
    stage.caller.do("end")
    assert (await stage.record()).call.binding_id == "b1"


async def test_an_expired_binding_routes_no_new_call(stage):
    await stage.bind(duration_s=60, expires_at=START + timedelta(seconds=60))
    stage.caller.dial()
    await stage.caller.until(Rejected)
    assert (await stage.record()).end.release is ReleaseCode.NO_BINDING


async def test_max_duration_ends_the_call_for_both(stage, monkeypatch):
    monkeypatch.setattr("maskline.planes.call.talking.SECONDS_A_MINUTE", 0.05)
    await stage.bind(voice=VoiceOptions(max_duration_min=1))
    await answered_call(stage)
    await stage.callee.until(EndReceived)
    await stage.caller.until(EndReceived)
    assert (await stage.record()).end.release is ReleaseCode.MAX_DURATION


async def test_an_operator_may_end_a_call(stage):
    await stage.bind()
    await answered_call(stage)
    [session_id] = stage.engine.calls
    assert stage.plane.stop(session_id)
    await stage.callee.until(EndReceived)
    await stage.caller.until(EndReceived)
    assert (await stage.record()).end.release is ReleaseCode.STOPPED
    assert not stage.plane.stop(session_id)


async def test_an_application_may_end_its_own_calls_only(stage):
    await stage.bind()
    await answered_call(stage)
    [session_id] = stage.engine.calls
    assert not stage.plane.stop(session_id, "another")
    assert not stage.plane.stop("1200_0_0_20240101000000@nowhere", "k")
    assert stage.plane.live_calls == 1
    assert stage.plane.stop(session_id, "k")
    await stage.callee.until(EndReceived)
    assert (await stage.record()).end.release is ReleaseCode.STOPPED
    assert not stage.plane.stop(session_id, "k")


async def test_a_ringing_call_may_be_ended_too(stage):
    await stage.bind()
    stage.caller.dial()
    await stage.callee.until(InviteReceived)
    stage.callee.do("ring")
    await stage.caller.until(Ringing)
    [session_id] = stage.engine.calls
    assert stage.plane.stop(session_id, "k")
    await stage.callee.until(CancelReceived)
    assert (await stage.caller.until(Rejected)).status == 480
    assert (await stage.record()).end.release is ReleaseCode.STOPPED


async def test_lost_media_ends_the_call_only_when_both_sides_are_lost(stage):
    await stage.bind()
    await answered_call(stage)
    [session_id] = stage.engine.calls
    stage.engine.emit(MediaLost(session_id, Side.CALLER))
    await asyncio.sleep(0.02)
    assert stage.plane.live_calls == 1
    stage.engine.emit(MediaLost(session_id, Side.CALLEE))
    assert (await stage.record()).end.release is ReleaseCode.SERVICE_ABNORMAL


async def test_a_dead_media_engine_ends_the_call_with_a_record(stage):
    await stage.bind()
    await answered_call(stage)
    [session_id] = stage.engine.calls
    stage.engine.emit(EngineFailed(session_id))
    await stage.caller.until(EndReceived)
    assert (await stage.record()).end.release is ReleaseCode.SERVICE_ABNORMAL


async def test_exhausted_voice_ports_are_answered_503(stage, monkeypatch):
    await stage.bind()

    async def busy(*_):
        raise EngineBusy

    monkeypatch.setattr(stage.engine, "open", busy)
    stage.caller.dial()
    refused = await stage.caller.until(Rejected)
    assert (refused.status, refused.retry_after) == (503, 5)
    assert (await stage.record()).end.release is ReleaseCode.VOICE_PORTS_EXHAUSTED


async def test_a_store_that_fails_leaves_nobody_hanging(stage, monkeypatch):
    await stage.bind()

    async def broken(*_):
        raise OSError("disk")

    monkeypatch.setattr(stage.store, "route", broken)
    stage.caller.dial()
    assert (await stage.caller.until(Rejected)).status == 500
    await asyncio.sleep(0)
    assert stage.plane.live_calls == 0


async def test_many_calls_go_through_one_x_at_once(stage):
    pairs = [(f"+86139100{n:05}", f"+86139200{n:05}") for n in range(20)]
    for n, (a, b) in enumerate(pairs):
        await stage.bind(binding_id=f"b{n}", a=a, b=b)
    for a, _ in pairs:
        stage.caller.session = None
        stage.caller.dial(caller=a)
    reached = set()
    for _ in pairs:
        invite = await stage.callee.until(InviteReceived)
        reached.add(invite.request.uri[4:18])
        stage.callee.session = invite.session
        stage.callee.do("answer", SDP)
    assert reached == {b for _, b in pairs}
    async with asyncio.timeout(2):
        for _ in pairs:
            await stage.caller.until(Answered)
    assert stage.plane.live_calls == 20


async def test_stopping_refuses_new_calls_and_ends_live_ones_with_a_record(stage):
    await stage.bind()
    await answered_call(stage)
    closing = asyncio.create_task(stage.plane.close())
    await asyncio.sleep(0)
    stage.caller.session = None
    stage.caller.dial()
    assert (await stage.caller.until(Rejected)).status == 503
    await closing
    record = await stage.record()
    assert record.end.release is ReleaseCode.SERVICE_ABNORMAL
    assert record.is_answered


async def test_a_ping_is_answered_503_while_calls_drain_and_200_before(stage):
    await stage.bind()
    await answered_call(stage)
    assert await ping(stage.caller) == 200
    closing = asyncio.create_task(stage.plane.close())
    await asyncio.sleep(0)
    assert await ping(stage.caller) == 503
    assert stage.plane.live_calls == 1
    await closing


async def ping(phone):
    target = f"sip:{PLATFORM.host}:{PLATFORM.port}"
    phone.shell.endpoint.request(
        method="OPTIONS",
        target=target,
        flow=PLATFORM,
        from_=NameAddr("", "sip:edge@192.0.2.10"),
        to=target,
        headers=(),
        body=b"",
        now=phone.shell.now(),
        owner=phone,
    )
    phone.shell.wake()
    return (await phone.until(RequestAnswered)).status


async def test_more_work_than_can_be_done_in_time_is_refused_at_once(stage):
    await stage.bind()
    stage.wires.shells[PLATFORM].backlog_bytes = 10_000_000
    stage.caller.dial()
    refused = await stage.caller.until(Rejected)
    assert (refused.status, refused.retry_after) == (503, 5)
    assert stage.plane.live_calls == 0
    assert events(stage) == []
    stage.wires.shells[PLATFORM].backlog_bytes = 0
    await answered_call_again(stage)
    stage.caller.do("end")
    await stage.record()


async def answered_call_again(stage):
    stage.caller.session = None
    await answered_call(stage)


class TestACeilingOnNewCalls:
    @pytest.fixture
    def limits(self):
        return CallLimits(new_calls_per_s=2, ping_interval_s=0, drain_s=0.1)

    async def test_calls_beyond_the_rate_are_refused(self, stage):
        for _ in range(6):
            stage.caller.session = None
            stage.caller.dial(number="+8617099999999")
            await asyncio.sleep(0)
        answers = [(await stage.caller.until(Rejected)).status for _ in range(6)]
        assert answers.count(503) >= 3
        assert answers.count(404) >= 1
