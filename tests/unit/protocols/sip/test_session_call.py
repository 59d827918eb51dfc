"""Calls as both ends see them on a good link."""

import pytest
from tests.unit.protocols.sip.sip_net import ANSWER, OFFER, Net, Node, Peer, standing_call

from maskline.protocols.sip.event import (
    Acknowledged,
    Answered,
    CancelReceived,
    EndReceived,
    InfoReceived,
    InviteReceived,
    ProgressReceived,
    Rejected,
    Ringing,
    SessionClosed,
    SessionTimedOut,
    TimeoutPhase,
    TransportFailed,
)
from maskline.protocols.sip.session_state import SessionState
from maskline.protocols.sip.stack import SipStateError


def test_a_call_rings_is_answered_and_ended_by_the_caller(
    net: Net, caller: Node, callee: Node
) -> None:
    outgoing = caller.call(callee, owner="leg")
    incoming = callee.take(InviteReceived).session
    assert (incoming.remote_sdp, incoming.has_offer) == (OFFER, True)
    incoming.ring(now=net.now)
    net.run()
    assert caller.take(Ringing).body == b""
    incoming.ring(183, body=ANSWER, now=net.now)
    net.run()
    progress = caller.take(ProgressReceived)
    assert (progress.status, progress.body, progress.reliable) == (183, ANSWER, False)
    incoming.answer(ANSWER, now=net.now)
    net.run()
    answered = caller.take(Answered)
    assert answered.session is outgoing
    assert (answered.session.owner, answered.body) == ("leg", ANSWER)
    assert callee.take(Acknowledged).body == b""
    outgoing.end(q850=16, now=net.now)
    net.run()
    assert callee.take(EndReceived).q850 == 16
    assert callee.take(SessionClosed).session is incoming
    assert caller.take(SessionClosed).session is outgoing
    assert caller.kinds() == callee.kinds() == []
    net.run_until_idle(40)


def test_the_callee_ends_the_call(net: Net, caller: Node, callee: Node) -> None:
    outgoing, incoming = standing_call(net, caller, callee)
    incoming.end(now=net.now)
    net.run()
    assert caller.take(EndReceived).session is outgoing
    assert callee.kinds() == ["SessionClosed"]
    net.run_until_idle(40)


def test_a_refusal_carries_status_and_cause(net: Net, caller: Node, callee: Node) -> None:
    caller.call(callee)
    incoming = callee.take(InviteReceived).session
    headers = [("Retry-After", "20")]
    incoming.reject(486, "Busy", headers=headers, q850=17, now=net.now)
    net.run()
    rejected = caller.take(Rejected)
    assert (rejected.status, rejected.reason) == (486, "Busy")
    assert (rejected.q850, rejected.retry_after) == (17, 20)
    assert caller.kinds() == callee.kinds() == ["SessionClosed"]
    net.run_until_idle(40)


def test_ending_an_unanswered_incoming_call_declines_it(
    net: Net, caller: Node, callee: Node
) -> None:
    caller.call(callee)
    callee.take(InviteReceived).session.end(q850=21, now=net.now)
    net.run()
    rejected = caller.take(Rejected)
    assert (rejected.status, rejected.q850) == (603, 21)


def test_a_call_without_offer_is_offered_to_in_the_answer(
    net: Net, caller: Node, callee: Node
) -> None:
    outgoing = caller.call(callee, None)
    incoming = callee.take(InviteReceived).session
    assert not incoming.has_offer
    incoming.answer(OFFER, now=net.now)
    net.run()
    assert caller.take(Answered).body == OFFER
    assert outgoing.state is SessionState.ANSWERED
    outgoing.acknowledge(ANSWER, now=net.now)
    net.run()
    assert callee.take(Acknowledged).body == ANSWER
    assert incoming.remote_sdp == ANSWER


def test_an_offer_in_the_answer_that_nobody_answers_ends_the_call(
    net: Net, caller: Node, callee: Node
) -> None:
    caller.call(callee, None)
    callee.take(InviteReceived).session.answer(OFFER, now=net.now)
    net.run(9)
    assert callee.take(EndReceived)
    assert caller.kinds() == ["Answered", "SessionClosed"]


def test_info_passes_within_the_dialog(net: Net, caller: Node, callee: Node) -> None:
    outgoing, incoming = standing_call(net, caller, callee)
    outgoing.info("application/dtmf-relay", b"Signal=5", now=net.now)
    net.run()
    info = callee.take(InfoReceived)
    assert info.session is incoming
    assert (info.content_type, info.body) == ("application/dtmf-relay", b"Signal=5")
    assert caller.got(200)[-1].cseq.method == "INFO"


def test_streams_need_no_retransmission(net: Net, caller: Node, callee: Node) -> None:
    outgoing, _ = standing_call(net, caller, callee, transport="tcp")
    outgoing.end(now=net.now)
    net.run()
    net.run_until_idle(40)
    assert caller.endpoint.counters.retransmitted == 0
    assert callee.got("INVITE")[0].via.transport == "TCP"


def test_an_early_bye_of_the_caller_counts_as_cancel(net: Net, callee: Node, peer: Peer) -> None:
    peer.request("INVITE", callee, branch="a", body=OFFER)
    callee.take(InviteReceived).session.ring(now=net.now)
    net.run()
    tag = peer.last(180).to_tag
    to_header = f"<sip:+8613800000001@example.com>;tag={tag}"
    peer.request(
        "BYE",
        callee,
        branch="b",
        cseq=2,
        to_header=to_header,
        headers=[("Reason", "Q.850;cause=31")],
    )
    assert callee.take(CancelReceived).q850 == 31
    assert peer.last(487).cseq.method == "INVITE"
    assert peer.last(200).cseq.method == "BYE"


def test_the_early_loss_of_a_connection_fails_both_ends(
    net: Net, caller: Node, callee: Node
) -> None:
    caller.call(callee, transport="tcp")
    callee.take(InviteReceived)
    caller.endpoint.flow_failed(callee.flow("tcp"), net.now)
    callee.endpoint.flow_failed(caller.flow("tcp"), net.now)
    net.run()
    assert caller.take(TransportFailed)
    assert callee.take(TransportFailed)
    assert caller.kinds() == callee.kinds() == ["SessionClosed"]
    net.run_until_idle(40)


def test_a_call_nobody_answers_rings_every_minute_and_is_given_up(
    net: Net, callee: Node, peer: Peer
) -> None:
    peer.request("INVITE", callee, branch="a", body=OFFER)
    callee.take(InviteReceived).session.ring(181, now=net.now)
    net.run(299)
    assert [round(moment) for moment in peer.moments(181)] == [0, 60, 120, 180, 240]
    net.run(2)
    assert peer.last(480)
    assert callee.take(SessionTimedOut).phase is TimeoutPhase.NO_ANSWER
    assert callee.kinds() == ["SessionClosed"]


def test_verbs_are_harmless_after_the_end_and_refused_before_their_time(
    net: Net, caller: Node, callee: Node
) -> None:
    outgoing, incoming = standing_call(net, caller, callee)
    with pytest.raises(SipStateError, match="ring while CONFIRMED"):
        incoming.ring(now=net.now)
    with pytest.raises(SipStateError, match="acknowledge while CONFIRMED"):
        outgoing.acknowledge(ANSWER, now=net.now)
    outgoing.end(now=net.now)
    net.run()
    for session in (outgoing, incoming):
        session.end(now=net.now)
        session.reinvite(OFFER, now=net.now)
        session.info("text/plain", b"", now=net.now)
        session.accept_offer(ANSWER, now=net.now)
        session.reject_offer(488, now=net.now)
    incoming.ring(now=net.now)
    incoming.answer(ANSWER, now=net.now)
    incoming.reject(486, now=net.now)
    outgoing.acknowledge(ANSWER, now=net.now)
    assert caller.endpoint.data_to_send() == callee.endpoint.data_to_send() == []


def test_nothing_of_one_side_of_a_relay_reaches_the_other(
    net: Net, caller: Node, callee: Node
) -> None:
    """What the platform sends is its own, down to tags and branches."""
    middle = net.node("192.0.2.3")
    caller.call(middle)
    first = middle.take(InviteReceived)
    second = middle.endpoint.invite(
        target="sip:+8613900000002@192.0.2.2",
        flow=callee.flow(),
        from_=first.request.from_.__class__("", "sip:+8617000000001@192.0.2.3"),
        to="sip:+8613900000002@192.0.2.2",
        body=b"v=0\r\n",
        now=net.now,
    )
    net.run()
    seen = callee.got("INVITE")[0]
    told = caller.got(100)[0].to_bytes() + seen.to_bytes()
    assert second.call_id == seen.call_id != first.request.call_id
    assert seen.from_tag != first.request.from_tag
    assert b"192.0.2.1" not in seen.to_bytes()
    assert b"192.0.2.2" not in caller.got(100)[0].to_bytes().split(b"To:")[0]
    assert told.count(b"maskline") >= 2
