"""CANCEL and its races (RFC 3261 9, 13.2.2.4)."""

from tests.unit.protocols.sip.sip_net import ANSWER, OFFER, Message, Net, Node, Peer

from maskline.protocols.sip.authentication import Account
from maskline.protocols.sip.event import CancelReceived, EndReceived, InviteReceived, Rejected
from maskline.protocols.sip.session_state import SessionState


def test_a_cancelled_call_ends_both_ends(net: Net, caller: Node, callee: Node) -> None:
    outgoing = caller.call(callee)
    incoming = callee.take(InviteReceived).session
    incoming.ring(now=net.now)
    net.run()
    outgoing.end(q850=16, text="caller gave up", now=net.now)
    net.run()
    cancelled = callee.take(CancelReceived)
    assert (cancelled.session, cancelled.q850, cancelled.sip_cause) == (incoming, 16, None)
    assert callee.kinds() == ["SessionClosed"]
    assert caller.kinds() == ["Ringing", "SessionClosed"]
    net.run_until_idle(40)
    ok, gone = caller.got(200)[0], caller.got(487)[0]
    assert ok.to_tag == gone.to_tag


def test_cancel_is_held_until_a_provisional_response(net: Net, caller: Node, peer: Peer) -> None:
    outgoing = caller.call(peer)
    outgoing.end(now=net.now)
    net.run()
    assert outgoing.state is SessionState.CANCEL_HELD
    assert peer.got("CANCEL") == []
    invite = peer.last("INVITE")
    peer.answer(invite, 100, caller)
    cancel = peer.last("CANCEL")
    assert cancel.via.branch == invite.via.branch
    assert (cancel.cseq.number, cancel.uri) == (invite.cseq.number, invite.uri)
    assert cancel.to_tag is None
    peer.answer(cancel, 200, caller)
    peer.answer(invite, 487, caller)
    assert caller.kinds() == ["SessionClosed"]
    net.run_until_idle(40)


def test_cancel_is_held_again_after_the_invite_was_sent_with_credentials(
    net: Net, caller: Node, peer: Peer
) -> None:
    outgoing = caller.call(peer, credentials=Account("trunk", "secret"))
    peer.answer(peer.last("INVITE"), 100, caller)
    headers = [("WWW-Authenticate", 'Digest realm="r", nonce="n"')]
    peer.answer(peer.last("INVITE"), 401, caller, headers=headers)
    outgoing.end(now=net.now)
    net.run()
    assert peer.got("CANCEL") == []
    peer.answer(peer.last("INVITE"), 100, caller)
    assert peer.last("CANCEL").cseq.number == 2


def test_a_held_cancel_is_never_sent_when_the_call_is_refused(
    net: Net, caller: Node, peer: Peer
) -> None:
    caller.call(peer).end(now=net.now)
    peer.answer(peer.last("INVITE"), 486, caller)
    assert peer.got("CANCEL") == []
    assert caller.kinds() == ["SessionClosed"]


def test_a_200_that_crosses_the_cancel_is_acknowledged_and_ended(
    net: Net, caller: Node, callee: Node
) -> None:
    outgoing = caller.call(callee)
    incoming = callee.take(InviteReceived).session
    outgoing.end(q850=16, now=net.now)
    incoming.answer(ANSWER, now=net.now)
    net.run()
    assert callee.got("CANCEL")
    assert callee.kinds() == ["Acknowledged", "EndReceived", "SessionClosed"]
    assert caller.kinds() == ["SessionClosed"]
    net.run_until_idle(40)


def test_a_200_to_a_held_cancel_is_acknowledged_and_ended(
    net: Net, caller: Node, peer: Peer
) -> None:
    caller.call(peer).end(now=net.now)
    peer.answer(peer.last("INVITE"), 200, caller, body=ANSWER)
    assert peer.got("CANCEL") == []
    assert [m.method for m in peer.inbox] == ["INVITE", "ACK", "BYE"]
    peer.answer(peer.last("BYE"), 200, caller)
    assert caller.kinds() == ["SessionClosed"]


def test_a_cancel_nobody_follows_up_closes_the_session_after_32_s(
    net: Net, caller: Node, peer: Peer
) -> None:
    outgoing = caller.call(peer)
    peer.answer(peer.last("INVITE"), 100, caller)
    outgoing.end(now=net.now)
    net.run()
    peer.answer(peer.last("CANCEL"), 200, caller)
    net.run(31)
    assert caller.kinds() == []
    net.run(2)
    assert caller.kinds() == ["SessionClosed"]
    assert caller.is_idle()


def test_a_cancel_of_nothing_is_answered_481(net: Net, callee: Node, peer: Peer) -> None:
    peer.request("CANCEL", callee, branch="nothing")
    assert peer.last(481).cseq.method == "CANCEL"
    assert callee.is_idle()


def test_a_repeated_cancel_is_answered_again_and_told_once(
    net: Net, callee: Node, peer: Peer
) -> None:
    peer.request("INVITE", callee, branch="a", body=OFFER)
    for _ in range(2):
        headers = [("Reason", 'SIP;cause=200;text="Call completed elsewhere"')]
        peer.request("CANCEL", callee, branch="a", headers=headers)
    assert len(peer.got(200)) == 2
    assert len(peer.got(487)) == 1
    assert callee.kinds() == ["InviteReceived", "CancelReceived", "SessionClosed"]
    callee.take(InviteReceived)
    assert callee.take(CancelReceived).sip_cause == 200


def test_a_cancel_after_the_answer_changes_nothing(net: Net, callee: Node, peer: Peer) -> None:
    peer.request("INVITE", callee, branch="a", body=OFFER)
    incoming = callee.take(InviteReceived).session
    incoming.answer(ANSWER, now=net.now)
    net.run()
    peer.request("CANCEL", callee, branch="a")
    assert peer.last(200).cseq.method == "CANCEL"
    assert incoming.state is SessionState.ANSWERED
    assert callee.kinds() == []


def test_the_end_of_an_answered_call_waits_for_the_ack(
    net: Net, caller: Node, callee: Node
) -> None:
    def is_no_ack(message: Message) -> bool:
        return getattr(message, "method", "") != "ACK"

    caller.call(callee)
    incoming = callee.take(InviteReceived).session
    net.filter = is_no_ack
    incoming.answer(ANSWER, now=net.now)
    net.run()
    incoming.end(now=net.now)
    net.run(2)
    assert incoming.state is SessionState.LEAVING
    assert caller.got("BYE") == []
    net.filter = None
    net.run(5)
    assert caller.got("BYE")
    assert callee.kinds() == ["SessionClosed"]


def test_a_late_refusal_after_giving_up_is_not_reported(net: Net, caller: Node, peer: Peer) -> None:
    outgoing = caller.call(peer)
    invite = peer.last("INVITE")
    peer.answer(invite, 180, caller)
    outgoing.end(now=net.now)
    net.run()
    peer.answer(invite, 603, caller)
    assert caller.kinds() == ["Ringing", "SessionClosed"]
    assert not any(isinstance(event, Rejected) for event in caller.events)


def test_a_bye_that_overtakes_the_200_ends_the_call_and_the_200_is_acknowledged(
    net: Net, caller: Node, peer: Peer
) -> None:
    caller.call(peer)
    invite = peer.last("INVITE")
    peer.answer(invite, 180, caller)
    peer.request(
        "BYE",
        caller,
        branch="bye",
        uri=invite.contact.uri,
        call_id=invite.call_id,
        from_=f"{invite.headers.get('To')};tag=peer-tag",
        to_header=invite.headers.get("From"),
        headers=[("Reason", "Q.850;cause=16")],
    )
    assert peer.last(200).cseq.method == "BYE"
    assert caller.take(EndReceived).q850 == 16
    peer.answer(invite, 200, caller, body=ANSWER)
    assert peer.last("ACK").cseq.number == invite.cseq.number
    peer.answer(peer.last("BYE"), 481, caller)
    assert caller.kinds() == ["Ringing", "SessionClosed"]
    net.run_until_idle(70)
