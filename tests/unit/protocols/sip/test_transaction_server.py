"""What a server transaction repeats, absorbs and forgets (RFC 3261 17.2, RFC 6026)."""

from tests.unit.protocols.sip.sip_net import ANSWER, OFFER, Net, Node, Peer

from maskline.protocols.sip.event import AckMissed, Acknowledged, InviteReceived
from maskline.protocols.sip.flow import Flow
from maskline.protocols.sip.message import Request


def acknowledge(peer: Peer, node: Node, invite: Request, status: int) -> None:
    """The ACK of a refusal has the branch of the INVITE, that of a 2xx its own."""
    branch = (invite.via.branch or "").removeprefix("z9hG4bK")
    to = peer.last(status).headers.get("To")
    assert to is not None
    peer.request("ACK", node, branch=branch if status >= 300 else f"{branch}-ack", to_header=to)


def test_trying_goes_out_at_once_and_the_last_provisional_again(
    net: Net, callee: Node, peer: Peer
) -> None:
    peer.request("INVITE", callee, branch="a", body=OFFER)
    assert peer.last(100).to_tag is None
    peer.request("INVITE", callee, branch="a", body=OFFER)
    assert len(peer.got(100)) == 2
    callee.take(InviteReceived).session.ring(now=net.now)
    net.run()
    peer.request("INVITE", callee, branch="a", body=OFFER)
    assert len(peer.got(180)) == 2
    assert callee.kinds() == []


def test_timer_g_repeats_a_refusal_until_the_ack_and_timer_i_absorbs_more(
    net: Net, callee: Node, peer: Peer
) -> None:
    invite = peer.request("INVITE", callee, branch="a", body=OFFER)
    callee.take(InviteReceived).session.reject(486, now=net.now)
    start = net.now
    net.run(4)
    assert [round(t - start, 2) for t in peer.moments(486)] == [0.01, 0.51, 1.51, 3.51]
    acknowledge(peer, callee, invite, 486)
    net.run(3)
    acknowledge(peer, callee, invite, 486)
    assert len(peer.got(486)) == 4
    assert callee.endpoint.counters.stray_acks == 0
    net.run(3)
    assert callee.is_idle()


def test_timer_h_ends_the_wait_for_an_ack(net: Net, callee: Node, peer: Peer) -> None:
    peer.request("INVITE", callee, branch="a", body=OFFER)
    callee.take(InviteReceived).session.reject(486, now=net.now)
    net.run(31)
    assert callee.endpoint.transaction_count == 1
    net.run(2)
    assert len(peer.got(486)) == 11
    assert callee.is_idle()


def test_a_2xx_is_repeated_until_its_ack_even_on_a_stream(
    net: Net, callee: Node, peer: Peer
) -> None:
    invite = peer.request("INVITE", callee, branch="a", body=OFFER, transport="tcp")
    callee.take(InviteReceived).session.answer(ANSWER, now=net.now)
    net.run(1.6)
    assert len(peer.got(200)) == 3
    to = peer.last(200).headers.get("To") or ""
    peer.request("ACK", callee, branch="b", to_header=to, transport="tcp")
    assert callee.take(Acknowledged)
    net.run(10)
    assert len(peer.got(200)) == 3
    assert invite.method == "INVITE"


def test_timer_l_absorbs_a_repeated_invite_after_the_2xx(
    net: Net, callee: Node, peer: Peer
) -> None:
    invite = peer.request("INVITE", callee, branch="a", body=OFFER)
    callee.take(InviteReceived).session.answer(ANSWER, now=net.now)
    net.run()
    acknowledge(peer, callee, invite, 200)
    peer.request("INVITE", callee, branch="a", body=OFFER)
    assert len(peer.got(200)) == 1
    assert callee.kinds() == ["Acknowledged"]
    net.run(33)
    assert callee.endpoint.transaction_count == 0


def test_a_2xx_that_is_never_acknowledged_ends_in_bye(net: Net, callee: Node, peer: Peer) -> None:
    peer.request("INVITE", callee, branch="a", body=OFFER)
    callee.take(InviteReceived).session.answer(ANSWER, now=net.now)
    net.run(33)
    assert len(peer.got(200)) == 11
    assert callee.take(AckMissed)
    assert peer.last("BYE").uri == "sip:peer@192.0.2.9:5060"
    net.run(40)
    assert callee.kinds() == ["SessionClosed"]
    assert callee.is_idle()


def test_timer_j_repeats_the_answer_to_a_bye(net: Net, callee: Node, peer: Peer) -> None:
    invite = peer.request("INVITE", callee, branch="a", body=OFFER)
    callee.take(InviteReceived).session.answer(ANSWER, now=net.now)
    net.run()
    acknowledge(peer, callee, invite, 200)
    to = peer.last(200).headers.get("To") or ""
    for _ in range(3):
        peer.request("BYE", callee, branch="c", cseq=2, to_header=to)
    assert len([r for r in peer.got(200) if r.cseq.method == "BYE"]) == 3
    assert callee.kinds() == ["Acknowledged", "EndReceived", "SessionClosed"]
    net.run(33)
    peer.request("BYE", callee, branch="c", cseq=2, to_header=to)
    assert peer.last(481).cseq.method == "BYE"


def test_answers_go_where_via_and_source_say(net: Net, callee: Node) -> None:
    text = (
        "OPTIONS sip:192.0.2.2 SIP/2.0\r\n"
        "Via: SIP/2.0/UDP phone.invalid:5099;branch=z9hG4bKx{}\r\n"
        "From: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\nCall-ID: x\r\nCSeq: 1 OPTIONS\r\n"
        "Content-Length: 0\r\n\r\n"
    )
    source = Flow("udp", "198.51.100.7", 1025)
    callee.endpoint.receive(text.format("").encode(), source, net.now)
    callee.endpoint.receive(text.format(";rport").encode(), source, net.now)
    (by_port, flow_by_port), (by_rport, flow_by_rport) = callee.endpoint.data_to_send()
    assert flow_by_port == Flow("udp", "198.51.100.7", 5099)
    assert flow_by_rport == source
    assert b";received=198.51.100.7" in by_port
    assert b";rport=1025" in by_rport
    assert b";received=198.51.100.7" in by_rport
