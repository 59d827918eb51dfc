"""Route sets, targets, CSeq and forks (RFC 3261 12, 13.2.2.4)."""

import pytest
from tests.unit.protocols.sip.sip_net import ANSWER, OFFER, Net, Node, Peer

from maskline.protocols.sip.dialog import next_hop
from maskline.protocols.sip.event import Answered, InviteReceived, Ringing
from maskline.protocols.sip.flow import Flow

CONTACT = ("Contact", "<sip:peer@192.0.2.9:5070>")


def answer_with_route(net: Net, caller: Node, peer: Peer, *routes: str) -> None:
    headers = [CONTACT, *(("Record-Route", route) for route in routes)]
    caller.call(peer)
    peer.answer(peer.last("INVITE"), 200, caller, headers=headers, body=ANSWER)


def test_a_loose_route_is_followed_in_reverse_by_the_caller(
    net: Net, caller: Node, peer: Peer
) -> None:
    first, last = net.peer("192.0.2.11"), net.peer("192.0.2.10")
    answer_with_route(net, caller, peer, "<sip:192.0.2.10;lr>, <sip:192.0.2.11;lr>")
    ack = first.last("ACK")
    assert ack.uri == "sip:peer@192.0.2.9:5070"
    assert ack.headers.get_all("Route") == ["<sip:192.0.2.11;lr>", "<sip:192.0.2.10;lr>"]
    assert last.inbox == []


def test_a_strict_route_takes_the_request_uri(net: Net, caller: Node, peer: Peer) -> None:
    strict = net.peer("192.0.2.11")
    answer_with_route(net, caller, peer, "<sip:192.0.2.10;lr>", "<sip:192.0.2.11>")
    ack = strict.last("ACK")
    assert ack.uri == "sip:192.0.2.11"
    assert ack.headers.get_all("Route") == ["<sip:192.0.2.10;lr>", "<sip:peer@192.0.2.9:5070>"]


def test_the_callee_follows_the_route_in_order_and_gives_it_back(
    net: Net, callee: Node, peer: Peer
) -> None:
    proxy = net.peer("192.0.2.10")
    headers = [("Record-Route", "<sip:192.0.2.10;lr>"), ("Record-Route", "<sip:192.0.2.11;lr>")]
    peer.request("INVITE", callee, branch="a", body=OFFER, headers=headers)
    incoming = callee.take(InviteReceived).session
    incoming.answer(ANSWER, now=net.now)
    net.run()
    ok = peer.last(200)
    assert ok.headers.get_all("Record-Route") == ["<sip:192.0.2.10;lr>", "<sip:192.0.2.11;lr>"]
    peer.request("ACK", callee, branch="b", to_header=ok.headers.get("To"))
    incoming.end(now=net.now)
    net.run()
    bye = proxy.last("BYE")
    assert bye.headers.get_all("Route") == ["<sip:192.0.2.10;lr>", "<sip:192.0.2.11;lr>"]
    assert bye.uri == "sip:peer@192.0.2.9:5060"


def test_a_route_that_cannot_be_read_is_left_out_of_an_answered_call(
    net: Net, caller: Node, peer: Peer
) -> None:
    caller.call(peer)
    contact = ("Contact", "<sip:peer@192.0.2.9:5060>")
    headers = [contact, ("Record-Route", "no address at all")]
    peer.answer(peer.last("INVITE"), 200, caller, headers=headers, body=ANSWER)
    assert caller.take(Answered)
    assert peer.last("ACK").headers.get("Route") is None


def test_requests_out_of_order_are_refused(net: Net, callee: Node, peer: Peer) -> None:
    peer.request("INVITE", callee, branch="a", cseq=7, body=OFFER)
    callee.take(InviteReceived).session.answer(ANSWER, now=net.now)
    net.run()
    to = peer.last(200).headers.get("To")
    peer.request("ACK", callee, branch="b", cseq=7, to_header=to)
    peer.request("INFO", callee, branch="c", cseq=7, to_header=to)
    assert peer.last(500).cseq.method == "INFO"
    peer.request("INFO", callee, branch="d", cseq=9, to_header=to)
    assert peer.last(200).cseq.method == "INFO"


def test_early_dialogs_of_a_fork_are_told_apart(net: Net, caller: Node, peer: Peer) -> None:
    caller.call(peer)
    invite = peer.last("INVITE")
    peer.answer(invite, 180, caller, to_tag="desk")
    peer.answer(invite, 180, caller, to_tag="mobile")
    assert caller.take(Ringing)
    assert caller.take(Ringing)
    peer.answer(invite, 200, caller, to_tag="desk", body=ANSWER)
    assert peer.last("ACK").to_tag == "desk"
    assert caller.kinds() == ["Answered"]


def test_a_second_2xx_of_a_fork_is_acknowledged_and_ended(
    net: Net, caller: Node, peer: Peer
) -> None:
    outgoing = caller.call(peer)
    invite = peer.last("INVITE")
    peer.answer(invite, 200, caller, to_tag="desk", body=ANSWER)
    peer.answer(invite, 200, caller, to_tag="mobile", body=ANSWER)
    assert [ack.to_tag for ack in peer.got("ACK")] == ["desk", "mobile"]
    assert [bye.to_tag for bye in peer.got("BYE")] == ["mobile"]
    peer.answer(invite, 200, caller, to_tag="mobile", body=ANSWER)
    assert len(peer.got("ACK")) == 3
    assert len(peer.got("BYE")) == 1
    assert caller.kinds() == ["Answered"]
    peer.answer(peer.last("BYE"), 200, caller, to_tag="mobile")
    outgoing.end(now=net.now)
    net.run()
    assert peer.last("BYE").to_tag == "desk"


def test_more_forks_than_allowed_are_not_reported(net: Net, peer: Peer) -> None:
    caller = net.node("192.0.2.1", max_early_dialogs=2)
    caller.call(peer)
    for tag in "abc":
        peer.answer(peer.last("INVITE"), 180, caller, to_tag=tag)
    assert caller.kinds() == ["Ringing", "Ringing"]


@pytest.mark.parametrize(
    ("hop", "known", "expected"),
    [
        ("sip:a@192.0.2.7", "udp", Flow("udp", "192.0.2.7", 5060)),
        ("sip:a@192.0.2.7:5080;transport=TCP", "udp", Flow("tcp", "192.0.2.7", 5080)),
        ("sip:a@192.0.2.7;transport=tcp", "tls", Flow("tls", "192.0.2.7", 5061)),
        ("sip:a@[2001:db8::7]:5080", "udp", Flow("udp", "2001:db8::7", 5080)),
        ("sips:a@192.0.2.7", "tcp", Flow("tls", "192.0.2.7", 5061)),
        ("<sip:192.0.2.7:5099;lr>", "udp", Flow("udp", "192.0.2.7", 5099)),
    ],
)
def test_an_address_is_followed(hop: str, known: str, expected: Flow) -> None:
    assert next_hop(hop, Flow(known, "192.0.2.1", 4711)) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize("hop", ["sip:a@example.com", "tel:+861", "not a uri", "<sip:>"])
def test_a_name_leads_back_to_the_known_flow(hop: str) -> None:
    known = Flow("tcp", "192.0.2.1", 4711)
    assert next_hop(hop, known) == known


def test_the_open_connection_to_the_same_host_is_used_until_it_is_lost() -> None:
    known = Flow("tcp", "192.0.2.1", 4711)
    hop = "sip:a@192.0.2.1:5060;transport=tcp"
    assert next_hop(hop, known) == known
    assert next_hop(hop, known, reuse=False) == Flow("tcp", "192.0.2.1", 5060)
