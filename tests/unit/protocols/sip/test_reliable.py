"""Reliable provisional responses, both roles (RFC 3262)."""

import pytest
from tests.unit.protocols.sip.sip_net import ANSWER, OFFER, Net, Node, Peer

from maskline.protocols.sip.event import (
    AckMissed,
    Answered,
    InviteReceived,
    OfferAnswered,
    ProgressReceived,
    Ringing,
)
from maskline.protocols.sip.session_incoming import IncomingSession
from maskline.protocols.sip.stack import EndpointBusy

REQUIRED = [("Require", "100rel")]


def ringing(
    net: Net, callee: Node, peer: Peer, body: bytes | None = OFFER, reply: bytes | None = None
) -> IncomingSession:
    """A call whose peer requires 100rel and was sent one 183."""
    peer.request("INVITE", callee, branch="a", body=body or b"", headers=REQUIRED)
    incoming = callee.take(InviteReceived).session
    incoming.ring(183, body=reply, now=net.now)
    net.run()
    return incoming


def prack(callee: Node, peer: Peer, *, step: int = 0, cseq: int = 2, body: bytes = b"") -> None:
    """Acknowledge the last reliable response, or with `step` one that never was."""
    response = peer.last(183)
    rack = f"{int(response.headers.get('RSeq')) + step} 1 INVITE"
    peer.request(
        "PRACK",
        callee,
        branch=f"p{cseq}",
        cseq=cseq,
        to_header=response.headers.get("To"),
        headers=[("RAck", rack)],
        body=body,
    )


def test_a_peer_that_requires_it_gets_reliable_responses_again_until_prack(
    net: Net, callee: Node, peer: Peer
) -> None:
    ringing(net, callee, peer)
    net.run(1.8)
    first, second, third = peer.got(183)
    assert first == second == third
    assert first.headers.get("Require") == "100rel"
    prack(callee, peer)
    assert peer.last(200).cseq.method == "PRACK"
    net.run(20)
    assert len(peer.got(183)) == 3


def test_a_prack_of_something_else_is_refused(net: Net, callee: Node, peer: Peer) -> None:
    ringing(net, callee, peer)
    prack(callee, peer, step=1)
    assert peer.last(481).cseq.method == "PRACK"


def test_a_prack_that_cannot_be_read_is_refused(net: Net, callee: Node, peer: Peer) -> None:
    ringing(net, callee, peer)
    to = peer.last(183).headers.get("To")
    peer.request("PRACK", callee, branch="p", cseq=2, to_header=to)
    assert peer.last(400).cseq.method == "PRACK"


def test_the_next_response_waits_for_the_prack_and_counts_up(
    net: Net, callee: Node, peer: Peer
) -> None:
    incoming = ringing(net, callee, peer)
    incoming.ring(180, now=net.now)
    net.run()
    assert peer.got(180) == []
    prack(callee, peer)
    rseq = int(peer.last(183).headers.get("RSeq"))
    assert int(peer.last(180).headers.get("RSeq")) == rseq + 1


def test_more_waiting_responses_than_allowed_are_refused(
    net: Net, callee: Node, peer: Peer
) -> None:
    incoming = ringing(net, callee, peer)
    for _ in range(4):
        incoming.ring(180, now=net.now)
    with pytest.raises(EndpointBusy):
        incoming.ring(180, now=net.now)


def test_the_answer_waits_for_the_prack_of_early_sdp(net: Net, callee: Node, peer: Peer) -> None:
    incoming = ringing(net, callee, peer, reply=ANSWER)
    incoming.answer(ANSWER, now=net.now)
    net.run()
    assert peer.got(200) == []
    prack(callee, peer)
    assert [ok.cseq.method for ok in peer.got(200)] == ["PRACK", "INVITE"]


def test_the_answer_does_not_wait_for_the_prack_of_plain_ringing(
    net: Net, callee: Node, peer: Peer
) -> None:
    incoming = ringing(net, callee, peer)
    incoming.answer(ANSWER, now=net.now)
    net.run(3)
    assert peer.last(200).cseq.method == "INVITE"
    assert len(peer.got(183)) == 1


def test_a_response_that_is_never_acknowledged_ends_the_call(
    net: Net, callee: Node, peer: Peer
) -> None:
    ringing(net, callee, peer)
    net.run(33)
    assert peer.last(504)
    assert callee.take(AckMissed)
    assert callee.kinds() == ["SessionClosed"]


def test_an_early_offer_of_ours_is_answered_in_prack(net: Net, callee: Node, peer: Peer) -> None:
    incoming = ringing(net, callee, peer, body=None, reply=OFFER)
    prack(callee, peer, body=ANSWER)
    assert callee.take(OfferAnswered).body == ANSWER
    assert incoming.remote_sdp == ANSWER


def test_a_second_offer_in_prack_is_refused(net: Net, callee: Node, peer: Peer) -> None:
    ringing(net, callee, peer, reply=ANSWER)
    prack(callee, peer, body=OFFER)
    assert peer.last(488).cseq.method == "PRACK"


def test_a_peer_that_merely_can_gets_it_when_asked_for(
    net: Net, caller: Node, callee: Node
) -> None:
    caller.call(callee)
    incoming = callee.take(InviteReceived).session
    incoming.ring(180, now=net.now)
    net.run()
    assert not caller.take(Ringing).reliable
    incoming.ring(183, body=ANSWER, reliable=True, now=net.now)
    net.run()
    assert caller.take(ProgressReceived).reliable
    assert callee.got("PRACK")
    incoming.answer(b"", now=net.now)
    net.run()
    assert caller.take(Answered).body == b""


def test_a_repeated_or_reordered_reliable_response_is_told_once(
    net: Net, caller: Node, peer: Peer
) -> None:
    caller.call(peer)
    invite = peer.last("INVITE")
    contact = ("Contact", "<sip:peer@192.0.2.9>")
    for rseq in ("7", "7", "9", "8", "x"):
        headers = [contact, *REQUIRED, ("RSeq", rseq)]
        peer.answer(invite, 183, caller, headers=headers, body=ANSWER)
    assert {p.headers.get("RAck") for p in peer.got("PRACK")} == {"7 1 INVITE", "8 1 INVITE"}
    assert caller.kinds() == ["ProgressReceived", "ProgressReceived"]


def test_after_a_reliable_answer_an_update_can_change_the_call_before_it_is_answered(
    net: Net, caller: Node, callee: Node
) -> None:
    outgoing = caller.call(callee)
    incoming = callee.take(InviteReceived).session
    incoming.ring(183, body=ANSWER, reliable=True, now=net.now)
    net.run()
    incoming.update(b"v=0 early", now=net.now)
    net.run()
    assert caller.kinds() == ["ProgressReceived", "OfferReceived"]
    outgoing.accept_offer(b"v=0 early too", now=net.now)
    net.run()
    assert callee.take(OfferAnswered).body == b"v=0 early too"


def test_an_invite_without_offer_does_not_ask_for_reliability(
    net: Net, caller: Node, peer: Peer
) -> None:
    caller.call(peer, None)
    assert "100rel" not in peer.last("INVITE").headers.get("Supported", "")
