"""Calls whose parties, networks or store do what they should not, or at the worst moment."""

import asyncio
from dataclasses import replace

import pytest

from maskline.domain.error import StoreBusy
from maskline.domain.release import ReleaseCode
from maskline.domain.trunk import Trunk
from maskline.planes.media.engine import AudioCodec, MediaLost, MediaResumed, Side
from maskline.protocols.sip.event import (
    Acknowledged,
    Answered,
    EndReceived,
    InviteReceived,
    OfferAnswered,
    OfferReceived,
    OfferWithdrawn,
    Rejected,
    Ringing,
    SessionTimedOut,
    TimeoutPhase,
)
from maskline.protocols.sip.flow import Flow
from maskline.protocols.sip.message import Request
from maskline.services.store import BindLimits

CALLEE = Flow("udp", "192.0.2.20", 5060)
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


async def test_a_change_of_the_binding_counts_from_the_next_call(stage):
    await answered_call(stage)
    bound = await stage.store.binding("k", "b1")
    assert bound is not None
    changed = replace(bound, user_data="trip-8", b="+8613900005005")
    await stage.store.modify(changed, BindLimits(pairs=5000), bound.modified_at)
    stage.caller.do("end")
    await stage.callee.until(EndReceived)
    record = await stage.record()
    assert (record.call.user_data, record.call.callee) == (bound.user_data, bound.b)


async def test_an_asserted_identity_that_cannot_be_read_is_as_good_as_none(stage):
    await stage.bind()
    stage.caller.dial(headers=(("P-Asserted-Identity", '"Al, <sip:x@y>'),))
    await stage.callee.until(InviteReceived)
    stage.callee.do("reject", 486)
    await stage.caller.until(Rejected)
    await stage.record()
    assert [line.calls for line in stage.board.lines] == [0, 0]


async def test_nobody_is_rung_over_the_next_trunk_for_a_caller_who_has_gone(stage):
    await stage.trunks(
        Trunk(name="in", host="192.0.2.10", prefixes=("+999",)),
        Trunk(name="first", host="192.0.2.20", priority=1),
        Trunk(name="second", host="192.0.2.30", priority=2),
    )
    await stage.bind()
    stage.caller.dial()
    await stage.callee.until(InviteReceived)
    stage.callee.do("reject", 503)
    stage.caller.do("end")
    assert (await stage.record()).end.release is ReleaseCode.CALLER_GAVE_UP_BEFORE_RINGING
    assert stage.wires.bytes_to(stage.spare.shell.flow) == b""


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


async def test_a_caller_who_was_timed_out_while_the_callee_answered_leaves_nobody_alone(stage):
    await answered_call(stage)
    [live] = stage.plane._calls.values()
    live.inbox.post(SessionTimedOut(live.caller, TimeoutPhase.NO_ANSWER))
    await stage.callee.until(EndReceived)
    assert (await stage.record()).end.release is ReleaseCode.CALLER_NETWORK


async def test_a_time_out_of_ours_is_no_answer_on_both_sides_of_the_record(stage):
    await ringing_call(stage)
    refused = await stage.caller.until(Rejected)
    end = (await stage.record()).end
    assert (refused.status, refused.q850) == (end.sip_status, end.q850) == (480, 19)


@pytest.mark.parametrize("hanging", ["route", "save_call"])
async def test_a_worker_that_stops_while_the_store_hangs_leaves_no_party_hanging(
    stage, monkeypatch, hanging
):
    monkeypatch.setattr("maskline.planes.call.plane.HANG_UP_S", 0.05)
    forever = asyncio.get_running_loop().create_future()
    if hanging == "route":
        monkeypatch.setattr(stage.store, "route", lambda *_: forever)
        await stage.bind()
        stage.caller.dial()
    else:
        await ringing_call(stage)
        monkeypatch.setattr(stage.store, "save_call", lambda *_: forever)
        stage.callee.do("answer", SDP)
    await asyncio.sleep(0.02)
    await stage.plane.close()
    assert (await stage.caller.until(Rejected)).status == 500
    if hanging == "save_call":
        await stage.callee.until(EndReceived)


async def test_a_call_held_by_offer_is_resumed_by_a_reinvite_that_asks_for_ours(stage):
    await answered_call(stage)
    [media] = stage.engine.calls.values()
    stage.caller.do("reinvite", SDP + b"a=sendonly\r\n")
    await stage.caller.until(OfferAnswered)
    assert not media.peers[Side.CALLER].receives
    stage.caller.do("reinvite", b"")
    offer = await stage.caller.until(OfferAnswered)
    assert b"a=sendrecv" in offer.body
    stage.caller.do("end")
    await stage.record()


async def test_a_callee_whose_hang_up_overtakes_the_answer_ends_the_call_at_once(stage):
    await ringing_call(stage)
    invite, tag = stage.callee.session.request, stage.callee.session.local_tag
    bye = Request(
        "BYE",
        invite.contact.uri,
        [
            ("Via", f"SIP/2.0/UDP {CALLEE.host}:5060;branch=z9hG4bKbye;rport"),
            ("Max-Forwards", "70"),
            ("From", f"{invite.headers.get('To')};tag={tag}"),
            ("To", invite.headers.get("From")),
            ("Call-ID", invite.call_id),
            ("CSeq", "1 BYE"),
        ],
        b"",
    )
    stage.wires.carry(bye.to_bytes(), CALLEE, Flow("udp", "192.0.2.1", 5060))
    refused = await stage.caller.until(Rejected, timeout=0.3)
    assert (refused.status, refused.q850) == (603, 21)
    assert (await stage.record()).end.release is ReleaseCode.CALLEE_REJECTED


async def test_all_that_the_callees_answer_lets_it_send_is_heard(stage):
    await ringing_call(stage)
    answer = SDP.replace(b"AVP 8 101", b"AVP 8 0 96").replace(b"rtpmap:101", b"rtpmap:96")
    stage.callee.do("answer", answer)
    await stage.caller.until(Answered)
    [media] = stage.engine.calls.values()
    peer = media.peers[Side.CALLEE]
    assert (peer.codec, peer.other_codecs) == (AudioCodec("PCMA", 8), (AudioCodec("PCMU", 0),))
    assert (peer.telephone_event, peer.offered_event) == (96, 101)
    stage.caller.do("end")
    await stage.record()


@pytest.mark.parametrize("side", Side)
async def test_an_offer_that_was_withdrawn_before_its_answer_changes_nothing(stage, side):
    await answered_call(stage)
    [live] = stage.plane._calls.values()
    [media] = stage.engine.calls.values()
    before = media.peers[side]
    session = live.caller if side is Side.CALLER else live.callee
    live.inbox.post(OfferReceived(session, SDP + b"a=inactive\r\n", 2))
    await asyncio.sleep(0.01)
    assert not media.peers[side].sends
    live.inbox.post(OfferWithdrawn(session))
    await asyncio.sleep(0.01)
    assert media.peers[side] == before
    live.inbox.post(OfferWithdrawn(session))
    stage.caller.do("end")
    assert (await stage.record()).end.release is ReleaseCode.NORMAL


async def test_media_that_was_lost_while_it_rang_counts_in_the_talk(stage):
    await ringing_call(stage)
    [session_id] = stage.engine.calls
    stage.engine.emit(MediaLost(session_id, Side.CALLER))
    stage.callee.do("answer", SDP)
    await stage.caller.until(Answered)
    stage.engine.emit(MediaLost(session_id, Side.CALLEE))
    await stage.caller.until(EndReceived)
    assert (await stage.record()).end.release is ReleaseCode.SERVICE_ABNORMAL


async def test_media_that_came_back_is_not_lost(stage):
    await answered_call(stage)
    [session_id] = stage.engine.calls
    for event in (MediaLost, MediaResumed):
        stage.engine.emit(event(session_id, Side.CALLER))
    stage.engine.emit(MediaLost(session_id, Side.CALLEE))
    await asyncio.sleep(0.02)
    assert stage.plane.live_calls == 1
    stage.caller.do("end")
    await stage.record()


async def test_an_offer_that_took_the_place_of_a_withdrawn_one_gets_its_own_answer(stage):
    await answered_call(stage)
    [media] = stage.engine.calls.values()
    [live] = stage.plane._calls.values()
    # The script reads the first when the second is there already.
    live.inbox.post(OfferReceived(live.callee, SDP + b"a=inactive\r\n", 0))
    live.inbox.post(OfferWithdrawn(live.callee))
    shell = stage.callee.shell
    stage.callee.session.reinvite(SDP + b"a=sendonly\r\n", now=shell.now())
    for data, platform in shell.endpoint.data_to_send():
        stage.wires.shells[platform].receive(data, shell.flow)
    answered = await stage.callee.until(OfferAnswered)
    assert b"a=recvonly" in answered.body
    peer = media.peers[Side.CALLEE]
    assert (peer.sends, peer.receives) == (True, False)
    stage.caller.do("end")
    await stage.record()


async def test_an_ack_without_the_answer_to_our_offer_ends_the_call_instead_of_leaving_it_silent(
    stage,
):
    await stage.bind()
    stage.caller.dial(body=None)
    await stage.callee.until(InviteReceived)
    stage.callee.do("answer", SDP)
    await stage.caller.until(Answered)
    stage.caller.do("acknowledge", b"")
    await stage.callee.until(EndReceived)
    assert (await stage.record()).end.release is ReleaseCode.CALLER_NETWORK
