"""What a client transaction sends when nobody, or somebody late, answers (RFC 3261 17.1)."""

import pytest
from tests.unit.protocols.sip.sip_net import OFFER, Net, Node, Peer

from maskline.protocols.sip.event import Rejected, RequestAnswered, SessionTimedOut, TimeoutPhase
from maskline.protocols.sip.header import NameAddr


def ping(net: Net, node: Node, peer: Peer, transport: str = "udp") -> None:
    node.endpoint.request(
        method="OPTIONS",
        target="sip:192.0.2.9",
        flow=peer.flow(transport),  # type: ignore[arg-type]
        from_=NameAddr("", "sip:ping@192.0.2.1"),
        to="sip:192.0.2.9",
        now=net.now,
        owner="ping",
    )


def test_timer_a_doubles_without_cap_until_timer_b_ends_it(
    net: Net, caller: Node, peer: Peer
) -> None:
    caller.call(peer)
    net.run(40)
    moments = [round(t, 2) for t in peer.moments("INVITE")]
    assert moments == [0.01, 0.51, 1.51, 3.51, 7.51, 15.51, 31.51]
    assert caller.take(SessionTimedOut).phase is TimeoutPhase.NO_RESPONSE
    assert caller.kinds() == ["SessionClosed"]
    assert caller.is_idle()


def test_a_provisional_response_stops_timers_a_and_b(net: Net, caller: Node, peer: Peer) -> None:
    caller.call(peer)
    peer.answer(peer.last("INVITE"), 100, caller)
    net.run(100)
    assert len(peer.got("INVITE")) == 1
    assert caller.kinds() == []


def test_an_invite_that_never_gets_a_final_response_is_cancelled(
    net: Net, caller: Node, peer: Peer
) -> None:
    caller.call(peer)
    peer.answer(peer.last("INVITE"), 180, caller)
    net.run(191)
    assert caller.take(SessionTimedOut).phase is TimeoutPhase.NO_FINAL_RESPONSE
    net.run(40)
    assert len(peer.got("CANCEL")) == 11  # timer E: 500 ms doubling to 4 s
    assert caller.kinds() == ["Ringing", "SessionClosed"]
    assert caller.is_idle()


def test_timer_d_acknowledges_a_repeated_refusal_for_32_s(
    net: Net, caller: Node, peer: Peer
) -> None:
    caller.call(peer)
    invite = peer.last("INVITE")
    peer.answer(invite, 486, caller)
    ack = peer.last("ACK")
    assert ack.via.branch == invite.via.branch
    assert (ack.cseq.number, ack.uri) == (invite.cseq.number, invite.uri)
    assert ack.to_tag == "peer-tag"
    net.run(30)
    peer.answer(invite, 486, caller)
    assert len(peer.got("ACK")) == 2
    net.run(3)
    peer.answer(invite, 486, caller)
    assert len(peer.got("ACK")) == 2
    assert caller.endpoint.counters.stray_responses == 1
    assert caller.take(Rejected).status == 486


def test_timer_m_acknowledges_a_repeated_2xx_for_32_s(net: Net, caller: Node, peer: Peer) -> None:
    caller.call(peer)
    invite = peer.last("INVITE")
    peer.answer(invite, 200, caller, body=OFFER)
    first = peer.last("ACK")
    assert first.via.branch != invite.via.branch
    net.run(30)
    peer.answer(invite, 200, caller, body=OFFER)
    assert peer.got("ACK") == [first, first]
    net.run(3)
    peer.answer(invite, 200, caller, body=OFFER)
    assert len(peer.got("ACK")) == 2


def test_timer_e_doubles_to_t2_until_timer_f_ends_it(net: Net, caller: Node, peer: Peer) -> None:
    ping(net, caller, peer)
    net.run(40)
    moments = [round(t, 2) for t in peer.moments("OPTIONS")]
    assert moments == [0.01, 0.51, 1.51, 3.51, 7.51, 11.51, 15.51, 19.51, 23.51, 27.51, 31.51]
    answered = caller.take(RequestAnswered)
    assert (answered.owner, answered.status, answered.response) == ("ping", 408, None)
    assert caller.is_idle()


def test_in_proceeding_timer_e_fires_every_t2(net: Net, caller: Node, peer: Peer) -> None:
    ping(net, caller, peer)
    net.run()
    peer.answer(peer.last("OPTIONS"), 100, caller)
    net.run(9)
    assert [round(t, 2) for t in peer.moments("OPTIONS")] == [0.01, 0.51, 4.51, 8.51]


def test_timer_k_absorbs_repeated_answers_for_t4(net: Net, caller: Node, peer: Peer) -> None:
    ping(net, caller, peer)
    net.run()
    for _ in range(2):
        peer.answer(peer.last("OPTIONS"), 200, caller)
    assert caller.take(RequestAnswered).status == 200
    assert caller.kinds() == []
    assert caller.endpoint.transaction_count == 1
    net.run(5)
    assert caller.is_idle()


@pytest.mark.parametrize("status", [200, 404])
def test_on_a_stream_nothing_is_repeated_nor_kept(
    net: Net, caller: Node, peer: Peer, status: int
) -> None:
    ping(net, caller, peer, "tcp")
    net.run(10)
    assert len(peer.got("OPTIONS")) == 1
    peer.answer(peer.last("OPTIONS"), status, caller, transport="tcp")
    assert caller.take(RequestAnswered).status == status
    assert caller.is_idle()


def test_a_broken_connection_answers_with_503(net: Net, caller: Node, peer: Peer) -> None:
    ping(net, caller, peer, "tcp")
    net.run()
    caller.endpoint.flow_failed(peer.flow("tcp"), net.now)
    net.run()
    assert caller.take(RequestAnswered).status == 503
    assert caller.is_idle()


def test_a_response_without_transaction_is_dropped(net: Net, caller: Node, peer: Peer) -> None:
    caller.call(peer)
    invite = peer.last("INVITE")
    forged = invite.via
    invite.headers.replace_first("Via", str(forged).replace(forged.branch or "", "z9hG4bKother"))
    peer.answer(invite, 200, caller, body=OFFER)
    assert caller.kinds() == []
    assert caller.endpoint.counters.stray_responses == 1
