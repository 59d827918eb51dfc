"""re-INVITE and UPDATE both ways, and what happens when both ends want one (RFC 3261 14)."""

from collections.abc import Callable

import pytest
from tests.unit.protocols.sip.sip_net import (
    ANSWER,
    OFFER,
    Net,
    Node,
    Peer,
    standing_call,
)

from maskline.protocols.sip.event import (
    Event,
    InviteReceived,
    OfferAnswered,
    OfferReceived,
    OfferRejected,
    OfferWithdrawn,
    SessionExpired,
)
from maskline.protocols.sip.session import Session
from maskline.protocols.sip.session_state import SessionState

HOLD = b"v=0\r\no=- 1 2 IN IP4 192.0.2.1\r\na=sendonly\r\n"
HELD = b"v=0\r\no=- 2 2 IN IP4 192.0.2.2\r\na=recvonly\r\n"

Verb = Callable[..., None]


@pytest.mark.parametrize("verb", [Session.reinvite, Session.update])
def test_the_caller_changes_a_call(net: Net, caller: Node, callee: Node, verb: Verb) -> None:
    outgoing, incoming = standing_call(net, caller, callee)
    verb(outgoing, HOLD, now=net.now)
    net.run()
    assert callee.take(OfferReceived).body == HOLD
    incoming.accept_offer(HELD, now=net.now)
    net.run(5)
    assert caller.take(OfferAnswered).body == HELD
    assert (incoming.remote_sdp, incoming.local_sdp) == (HOLD, HELD)
    assert (outgoing.remote_sdp, outgoing.local_sdp) == (HELD, HOLD)
    assert caller.kinds() == callee.kinds() == []
    assert callee.endpoint.counters.retransmitted == caller.endpoint.counters.retransmitted == 0


def test_the_callee_changes_a_call_and_is_refused(net: Net, caller: Node, callee: Node) -> None:
    outgoing, incoming = standing_call(net, caller, callee)
    incoming.reinvite(HOLD, now=net.now)
    net.run()
    caller.take(OfferReceived)
    outgoing.reject_offer(488, now=net.now)
    net.run()
    assert callee.take(OfferRejected).status == 488
    assert incoming.state is outgoing.state is SessionState.CONFIRMED
    assert incoming.local_sdp == ANSWER


def test_an_offer_nobody_answers_is_refused_in_time(net: Net, caller: Node, callee: Node) -> None:
    outgoing, incoming = standing_call(net, caller, callee)
    outgoing.reinvite(HOLD, now=net.now)
    net.run(9)
    assert callee.kinds() == ["OfferReceived", "OfferWithdrawn"]
    assert caller.take(OfferRejected).status == 488
    incoming.accept_offer(HELD, now=net.now)
    assert incoming.state is SessionState.CONFIRMED


def test_an_answer_to_an_offer_that_was_withdrawn_is_not_given_to_the_next(
    net: Net, caller: Node, callee: Node
) -> None:
    outgoing, incoming = standing_call(net, caller, callee)
    outgoing.reinvite(HOLD, now=net.now)
    net.run(9)
    first = callee.take(OfferReceived)
    outgoing.reinvite(HOLD, now=net.now)
    net.run()
    second = callee.events[-1]
    assert isinstance(second, OfferReceived)
    incoming.accept_offer(ANSWER, cseq=first.cseq, now=net.now)
    incoming.reject_offer(488, cseq=first.cseq, now=net.now)
    incoming.accept_offer(HELD, cseq=second.cseq, now=net.now)
    net.run()
    assert caller.take(OfferRejected).status == 488
    assert caller.take(OfferAnswered).body == HELD


def test_offers_that_cross_are_tried_again_and_both_go_through(
    net: Net, caller: Node, callee: Node
) -> None:
    def accept(event: Event) -> None:
        if isinstance(event, OfferReceived):
            event.session.accept_offer(ANSWER, now=net.now)

    outgoing, incoming = standing_call(net, caller, callee)
    caller.on_event = callee.on_event = accept
    outgoing.reinvite(HOLD, now=net.now)
    incoming.reinvite(HELD, now=net.now)
    net.run(10)
    assert caller.got(491)
    assert callee.got(491)
    assert caller.take(OfferAnswered)
    assert callee.take(OfferAnswered)


def test_who_made_the_call_id_backs_off_for_2_to_4_s(net: Net, caller: Node, peer: Peer) -> None:
    outgoing = caller.call(peer)
    peer.answer(peer.last("INVITE"), 200, caller, body=ANSWER)
    outgoing.reinvite(HOLD, now=net.now)
    net.run()
    start = net.now
    peer.answer(peer.last("INVITE"), 491, caller)
    net.run(5)
    again = peer.times[[m.cseq.number for m in peer.inbox].index(3)]
    assert 2.1 <= again - start <= 4.1


def test_the_other_side_backs_off_for_2_s_at_most(net: Net, callee: Node, peer: Peer) -> None:
    stand_with_peer(net, callee, peer)
    (session,) = callee.endpoint._stack.sessions.values()
    for attempt in (1, 2, 3):
        if attempt == 1:
            session.reinvite(HOLD, now=net.now)
            net.run()
        start = net.now
        peer.answer(peer.last("INVITE"), 491, callee)
        net.run(3)
        if attempt < 3:
            again = peer.last("INVITE").cseq
            first = [getattr(m, "cseq", None) == again for m in peer.inbox].index(True)
            assert peer.times[first] - start <= 2.1
    assert callee.take(OfferRejected).status == 491


def test_a_second_change_waits_for_the_first_and_the_newest_wins(
    net: Net, caller: Node, callee: Node
) -> None:
    outgoing, incoming = standing_call(net, caller, callee)
    outgoing.reinvite(HOLD, now=net.now)
    outgoing.reinvite(b"v=0 second", now=net.now)
    outgoing.reinvite(b"v=0 third", now=net.now)
    net.run()
    assert caller.take(OfferRejected).status == 491
    assert callee.take(OfferReceived).body == HOLD
    incoming.accept_offer(HELD, now=net.now)
    net.run()
    assert callee.take(OfferReceived).body == b"v=0 third"


def test_a_change_that_overlaps_an_unanswered_one_gets_500_with_retry_after(
    net: Net, callee: Node, peer: Peer
) -> None:
    to = stand_with_peer(net, callee, peer)
    peer.request("INVITE", callee, branch="c", cseq=2, to_header=to, body=HOLD)
    peer.request("UPDATE", callee, branch="d", cseq=3, to_header=to, body=HELD)
    refused = peer.last(500)
    assert refused.cseq.method == "UPDATE"
    assert 0 <= int(refused.headers.get("Retry-After")) <= 10


def test_a_change_that_is_cancelled_is_withdrawn(net: Net, callee: Node, peer: Peer) -> None:
    to = stand_with_peer(net, callee, peer)
    peer.request("INVITE", callee, branch="c", cseq=2, to_header=to, body=HOLD)
    callee.take(OfferReceived)
    peer.request("CANCEL", callee, branch="c", cseq=2, to_header=to)
    assert callee.take(OfferWithdrawn)
    assert peer.last(487).cseq.number == 2
    assert callee.endpoint.session_count == 1


def test_a_refresh_without_news_is_answered_inside(net: Net, callee: Node, peer: Peer) -> None:
    to = stand_with_peer(net, callee, peer)
    peer.request("UPDATE", callee, branch="c", cseq=2, to_header=to)
    assert (peer.last(200).cseq.method, peer.last(200).body) == ("UPDATE", b"")
    peer.request("INVITE", callee, branch="d", cseq=3, to_header=to, body=OFFER)
    assert (peer.last(200).cseq.method, peer.last(200).body) == ("INVITE", ANSWER)
    assert callee.kinds() == []


def test_a_reinvite_without_offer_asks_for_one(net: Net, callee: Node, peer: Peer) -> None:
    to = stand_with_peer(net, callee, peer)
    peer.request("INVITE", callee, branch="c", cseq=2, to_header=to)
    asked = callee.take(OfferReceived)
    assert asked.body == b""
    asked.session.accept_offer(HELD, now=net.now)
    net.run()
    assert peer.last(200).body == HELD
    peer.request("ACK", callee, branch="d", cseq=2, to_header=to, body=HOLD)
    assert callee.take(OfferAnswered).body == HOLD
    net.run(5)
    assert callee.endpoint.counters.retransmitted == 0


def test_a_new_contact_moves_the_target(net: Net, callee: Node, peer: Peer) -> None:
    to = stand_with_peer(net, callee, peer)
    moved = net.peer("192.0.2.10")
    headers = [("Contact", "<sip:peer@192.0.2.10>")]
    peer.request("UPDATE", callee, branch="c", cseq=2, to_header=to, headers=headers, contact=False)
    (session,) = callee.endpoint._stack.sessions.values()
    session.end(now=net.now)
    net.run()
    assert moved.last("BYE").uri == "sip:peer@192.0.2.10"


def test_a_peer_that_forgot_the_dialog_ends_the_call(net: Net, caller: Node, callee: Node) -> None:

    outgoing, _ = standing_call(net, caller, callee)
    callee.endpoint._stack.sessions.clear()
    outgoing.update(HOLD, now=net.now)
    net.run()
    assert caller.take(OfferRejected).status == 481
    assert caller.take(SessionExpired)
    net.run()
    assert caller.kinds() == ["SessionClosed"]


def test_the_end_of_the_call_answers_a_waiting_offer(net: Net, caller: Node, callee: Node) -> None:
    outgoing, incoming = standing_call(net, caller, callee)
    outgoing.reinvite(HOLD, now=net.now)
    net.run()
    incoming.end(now=net.now)
    net.run()
    assert caller.got(487)
    assert caller.kinds() == ["OfferRejected", "EndReceived", "SessionClosed"]
    net.run_until_idle(80)


def test_an_offer_whose_connection_broke_is_withdrawn(net: Net, caller: Node, callee: Node) -> None:
    outgoing, incoming = standing_call(net, caller, callee, transport="tcp")
    outgoing.reinvite(HOLD, now=net.now)
    net.run()
    callee.endpoint.flow_failed(caller.flow("tcp"), net.now)
    net.run()
    assert callee.kinds() == ["OfferReceived", "OfferWithdrawn"]
    incoming.accept_offer(HELD, now=net.now)
    assert incoming.state is SessionState.CONFIRMED


def test_a_reinvite_that_the_end_of_the_call_overtook_is_forgotten(
    net: Net, caller: Node, peer: Peer
) -> None:
    outgoing = caller.call(peer)
    peer.answer(peer.last("INVITE"), 200, caller, body=ANSWER)
    outgoing.reinvite(HOLD, now=net.now)
    net.run()
    peer.answer(peer.last("INVITE"), 100, caller)
    outgoing.end(now=net.now)
    net.run()
    peer.answer(peer.last("BYE"), 200, caller)
    net.run_until_idle(40)


def test_an_unanswered_reinvite_is_given_up(net: Net, caller: Node, peer: Peer) -> None:
    outgoing = caller.call(peer)
    peer.answer(peer.last("INVITE"), 200, caller, body=ANSWER)
    caller.events.clear()
    outgoing.reinvite(HOLD, now=net.now)
    net.run()
    peer.answer(peer.last("INVITE"), 100, caller)
    net.run(33)
    peer.answer(peer.last("CANCEL"), 200, caller)
    peer.answer(peer.last("INVITE"), 487, caller)
    assert caller.take(OfferRejected).status == 487
    assert outgoing.state is SessionState.CONFIRMED


def test_the_ack_of_a_reinvite_is_repeated_with_its_2xx(net: Net, caller: Node, peer: Peer) -> None:
    outgoing = caller.call(peer)
    peer.answer(peer.last("INVITE"), 200, caller, body=ANSWER)
    outgoing.reinvite(HOLD, now=net.now)
    net.run()
    again = peer.last("INVITE")
    for _ in range(2):
        peer.answer(again, 200, caller, body=HELD)
    acks = [ack for ack in peer.got("ACK") if ack.cseq.number == again.cseq.number]
    assert len(acks) == 2
    assert acks[0] == acks[1]


def test_an_early_update_with_offer_is_refused_until_the_first_is_answered(
    net: Net, callee: Node, peer: Peer
) -> None:
    peer.request("INVITE", callee, branch="a", body=OFFER)
    callee.take(InviteReceived).session.ring(now=net.now)
    net.run()
    to = peer.last(180).headers.get("To")
    peer.request("UPDATE", callee, branch="b", cseq=2, to_header=to, body=HOLD)
    assert peer.last(500).cseq.method == "UPDATE"


def stand_with_peer(net: Net, callee: Node, peer: Peer) -> str:
    """A call from the peer that stands; returns the To header for requests within it."""
    peer.request("INVITE", callee, branch="a", body=OFFER)
    callee.take(InviteReceived).session.answer(ANSWER, now=net.now)
    net.run()
    to: str = peer.last(200).headers.get("To")
    peer.request("ACK", callee, branch="b", to_header=to)
    callee.events.clear()
    return to
