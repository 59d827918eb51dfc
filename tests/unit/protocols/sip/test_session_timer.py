"""Session timers, both roles (RFC 4028)."""

from tests.unit.protocols.sip.sip_net import ANSWER, OFFER, Net, Node, Peer, standing_call

from maskline.protocols.sip.event import InviteReceived, Rejected, SessionExpired

TIMER = ("Supported", "timer")
CONTACT = ("Contact", "<sip:peer@192.0.2.9>")


def answered_by_peer(net: Net, caller: Node, peer: Peer, expires: str, *more: str) -> None:
    headers = [CONTACT, ("Session-Expires", expires), *(("Allow", allow) for allow in more)]
    caller.call(peer)
    peer.answer(peer.last("INVITE"), 200, caller, headers=headers, body=ANSWER)
    caller.events.clear()


def test_the_caller_refreshes_by_update_and_the_call_lives_on(
    net: Net, caller: Node, callee: Node
) -> None:
    standing_call(net, caller, callee, session_expires=120)
    net.run(600)
    updates = callee.got("UPDATE")
    assert len(updates) == 10  # every half interval
    assert updates[0].headers.get("Session-Expires") == "120;refresher=uac"
    assert caller.kinds() == callee.kinds() == []


def test_a_peer_without_update_is_refreshed_by_reinvite_with_the_same_sdp(
    net: Net, caller: Node, peer: Peer
) -> None:
    answered_by_peer(net, caller, peer, "100;refresher=uac", "INVITE, ACK, BYE")
    net.run(50)
    refresh = peer.last("INVITE")
    assert (refresh.body, refresh.cseq.number) == (OFFER, 2)
    headers = [CONTACT, ("Session-Expires", "100;refresher=uac")]
    peer.answer(refresh, 200, caller, headers=headers, body=ANSWER)
    assert caller.kinds() == []
    net.run(50)
    assert peer.last("INVITE").cseq.number == 3


def test_a_refresh_nobody_answers_ends_the_call(net: Net, caller: Node, peer: Peer) -> None:
    answered_by_peer(net, caller, peer, "100;refresher=uac", "UPDATE")
    net.run(83)
    assert caller.take(SessionExpired)
    assert peer.last("BYE").headers.get("Reason") == "SIP;cause=408"
    net.run(33)
    assert caller.kinds() == ["SessionClosed"]
    assert caller.is_idle()


def test_a_call_the_peer_does_not_refresh_expires_a_third_early(
    net: Net, caller: Node, peer: Peer
) -> None:
    answered_by_peer(net, caller, peer, "90;refresher=uas")
    net.run(59.5)
    assert caller.kinds() == []
    net.run(1)
    assert caller.take(SessionExpired)
    assert peer.last("BYE")


def test_without_session_expires_in_the_answer_there_is_no_limit(
    net: Net, caller: Node, peer: Peer
) -> None:
    caller.call(peer)
    peer.answer(peer.last("INVITE"), 200, caller, body=ANSWER)
    net.run(40)
    assert caller.endpoint.timer_count == 0


def test_too_short_an_interval_is_refused_with_ours(net: Net, callee: Node, peer: Peer) -> None:
    headers = [TIMER, ("Session-Expires", "60")]
    peer.request("INVITE", callee, branch="a", body=OFFER, headers=headers)
    assert peer.last(422).headers.get("Min-SE") == "90"
    assert callee.kinds() == []


def test_a_422_is_followed_by_a_longer_interval(net: Net, caller: Node, peer: Peer) -> None:
    caller.call(peer, session_expires=200)
    first = peer.last("INVITE")
    peer.answer(first, 422, caller, headers=[("Min-SE", "600")])
    again = peer.last("INVITE")
    assert again.headers.get("Session-Expires") == "600"
    assert again.headers.get("Min-SE") == "600"
    assert (again.call_id, again.from_tag) == (first.call_id, first.from_tag)
    assert again.cseq.number == 2
    peer.answer(again, 422, caller, headers=[("Min-SE", "500")])
    assert caller.take(Rejected).status == 422


def test_the_interval_of_the_peer_is_capped_by_ours(net: Net, callee: Node, peer: Peer) -> None:
    headers = [TIMER, ("Session-Expires", "7200"), ("Min-SE", "120")]
    peer.request("INVITE", callee, branch="a", body=OFFER, headers=headers)
    callee.take(InviteReceived).session.answer(ANSWER, now=net.now)
    net.run()
    ok = peer.last(200)
    assert ok.headers.get("Session-Expires") == "1800;refresher=uac"
    assert ok.headers.get("Require") == "timer"


def test_a_peer_without_timers_behind_a_proxy_with_them_is_refreshed_by_us(
    net: Net, callee: Node, peer: Peer
) -> None:
    headers = [("Session-Expires", "100"), ("Allow", "INVITE, UPDATE")]
    peer.request("INVITE", callee, branch="a", body=OFFER, headers=headers)
    callee.take(InviteReceived).session.answer(ANSWER, now=net.now)
    net.run()
    ok = peer.last(200)
    assert ok.headers.get("Session-Expires") == "100;refresher=uas"
    assert ok.headers.get("Require") is None
    peer.request("ACK", callee, branch="b", to_header=ok.headers.get("To"))
    net.run(50)
    assert peer.last("UPDATE")


def test_switched_off_nothing_is_said_of_timers(net: Net, peer: Peer) -> None:
    node = net.node("192.0.2.1", session_expires=0)
    node.call(peer)
    invite = peer.last("INVITE")
    assert "Session-Expires" not in invite.headers
    assert invite.headers.get("Supported") == "100rel"


def test_a_session_header_that_cannot_be_read_is_refused_or_ignored(
    net: Net, caller: Node, callee: Node, peer: Peer
) -> None:
    headers = [TIMER, ("Session-Expires", "soon")]
    peer.request("INVITE", callee, branch="a", body=OFFER, headers=headers)
    assert peer.last(400)
    answered_by_peer(net, caller, peer, "soon")
    net.run(40)
    assert caller.endpoint.timer_count == 0
    assert caller.endpoint.session_count == 1


def test_an_expired_call_ends_at_both_ends_at_once(net: Net, caller: Node, callee: Node) -> None:
    outgoing, incoming = standing_call(net, caller, callee, session_expires=90)
    net.filter = lambda message: getattr(message, "method", "") != "UPDATE"
    net.run(62)
    assert outgoing.is_closed
    assert incoming.is_closed
    assert "SessionExpired" in caller.kinds() + callee.kinds()
    net.run_until_idle(60)
