"""How requests are refused that no session has to see (RFC 3261 8.2, 11, 16.3)."""

import pytest
from tests.unit.protocols.sip.sip_net import CALLER, OFFER, Net, Node, Peer, standing_call

from maskline.protocols.sip.config import EndpointConfig
from maskline.protocols.sip.endpoint import DROP, SipEndpoint
from maskline.protocols.sip.event import InviteReceived
from maskline.protocols.sip.flow import Flow
from maskline.protocols.sip.header import NameAddr
from maskline.protocols.sip.message import Request
from maskline.protocols.sip.stack import EndpointBusy


def test_options_says_what_we_can_without_keeping_anything(callee: Node, peer: Peer) -> None:
    peer.request("OPTIONS", callee, branch="a")
    ok = peer.last(200)
    assert ok.options("Allow") >= {"invite", "ack", "cancel", "bye", "prack", "update", "info"}
    assert ok.options("Supported") == {"100rel", "timer"}
    assert ok.headers.get("Accept") == "application/sdp"
    assert ok.to_tag
    assert callee.is_idle()


@pytest.mark.parametrize("method", ["REGISTER", "REFER", "SUBSCRIBE", "NOTIFY", "MESSAGE"])
def test_methods_we_know_but_do_not_do_are_not_allowed(
    callee: Node, peer: Peer, method: str
) -> None:
    peer.request(method, callee, branch="a")
    assert "INVITE" in peer.last(405).headers.get("Allow")


def test_unknown_methods_are_not_implemented(callee: Node, peer: Peer) -> None:
    peer.request("BREW", callee, branch="a")
    assert peer.last(501)


@pytest.mark.parametrize("method", ["BYE", "UPDATE", "INFO", "PRACK"])
def test_requests_that_belong_to_no_dialog_get_481(callee: Node, peer: Peer, method: str) -> None:
    peer.request(method, callee, branch="a")
    peer.request(method, callee, branch="b", to_header="<sip:x@y>;tag=unknown")
    assert len(peer.got(481)) == 2
    assert callee.endpoint.counters.unknown_dialogs == 1
    assert callee.is_idle()


def test_refer_within_a_call_is_not_allowed(net: Net, caller: Node, callee: Node) -> None:
    standing_call(net, caller, callee)
    invite, ok = callee.got("INVITE")[0], caller.got(200)[0]
    refer = Request("REFER", "sip:x@192.0.2.2", invite.headers.copy())
    refer.headers.set("CSeq", "9 REFER")
    refer.headers.set("To", ok.headers.get("To") or "")
    refer.headers.remove("Content-Type")
    callee.endpoint.receive(refer.to_bytes(), caller.flow(), net.now)
    net.run()
    assert caller.got(405)
    assert callee.kinds() == []


@pytest.mark.parametrize(
    ("status", "headers", "expected"),
    [
        (420, [("Require", "100rel, teleport, timer")], ("Unsupported", "teleport")),
        (415, [("Content-Encoding", "gzip")], ("Accept", "application/sdp")),
        (400, [("Require", "a b")], None),
    ],
)
def test_an_invite_we_cannot_follow_is_refused(
    callee: Node,
    peer: Peer,
    status: int,
    headers: list[tuple[str, str]],
    expected: tuple[str, str] | None,
) -> None:
    peer.request("INVITE", callee, branch="a", body=OFFER, headers=headers)
    refused = peer.last(status)
    if expected is not None:
        assert refused.headers.get(expected[0]) == expected[1]
    assert callee.is_idle()


def test_a_body_that_is_no_sdp_is_refused(net: Net, callee: Node, peer: Peer) -> None:
    request = Request("INVITE", "sip:x@192.0.2.2", invite_lines(), b"--x")
    request.headers.add("Content-Type", "multipart/mixed;boundary=x")
    peer.send(request, callee)
    assert peer.last(415)
    net.run(40)
    assert callee.is_idle()


def test_an_invite_without_contact_is_refused(callee: Node, peer: Peer) -> None:
    peer.request("INVITE", callee, branch="a", body=OFFER, contact=False)
    assert peer.last(400).reason == "Missing Contact"


def test_a_request_that_went_through_too_many_hops_is_refused(callee: Node, peer: Peer) -> None:
    lines = [("Max-Forwards", "0") if n == "Max-Forwards" else (n, v) for n, v in invite_lines()]
    peer.send(Request("INVITE", "sip:x@192.0.2.2", lines), callee)
    assert peer.last(483)


def test_the_same_invite_over_another_path_is_merged(net: Net, callee: Node, peer: Peer) -> None:
    peer.request("INVITE", callee, branch="left", body=OFFER)
    peer.request("INVITE", callee, branch="right", body=OFFER)
    assert peer.last(482)
    assert callee.endpoint.counters.merged == 1
    incoming = callee.take(InviteReceived).session
    assert callee.kinds() == []
    incoming.reject(404, now=net.now)
    net.run(40)
    peer.request("INVITE", callee, branch="later", body=OFFER)
    assert callee.take(InviteReceived)


def test_over_the_bound_of_sessions_a_call_is_told_to_come_back(net: Net, peer: Peer) -> None:
    node = net.node("192.0.2.1", max_sessions=1, retry_after_s=7)
    peer.request("INVITE", node, branch="a", body=OFFER)
    peer.request("INVITE", node, branch="b", call_id="another", body=OFFER)
    assert peer.last(503).headers.get("Retry-After") == "7"
    assert node.endpoint.counters.refused_busy == 1
    with pytest.raises(EndpointBusy):
        node.call(peer)
    assert node.kinds() == ["InviteReceived"]


def test_over_the_bound_of_transactions_nothing_new_is_begun(net: Net, peer: Peer) -> None:
    node = net.node("192.0.2.1", max_transactions=1)
    node.call(peer)
    peer.request("INVITE", node, branch="b", body=OFFER)
    assert peer.last(503)
    with pytest.raises(EndpointBusy):
        node.endpoint.request(
            method="OPTIONS",
            target="sip:x",
            flow=peer.flow(),
            from_=CALLER,
            to="sip:x",
            now=net.now,
        )


def test_a_screen_may_refuse_or_drop_before_anything_is_kept(callee: Node, peer: Peer) -> None:
    verdicts = {"OPTIONS": DROP, "INVITE": (403, "Not you")}
    callee.endpoint.screen = lambda request, _: verdicts.get(request.method, DROP)  # type: ignore[assignment]
    peer.request("INVITE", callee, branch="a", body=OFFER)
    assert peer.last(403).reason == "Not you"
    peer.inbox.clear()
    peer.request("OPTIONS", callee, branch="b")
    peer.request("CANCEL", callee, branch="c")
    peer.request("BYE", callee, branch="d", to_header="<sip:x@y>;tag=unknown")
    assert peer.inbox == []
    assert callee.endpoint.counters.screened == 4
    assert callee.is_idle()


def test_requests_within_a_dialog_are_not_screened(net: Net, caller: Node, callee: Node) -> None:
    outgoing, incoming = standing_call(net, caller, callee)
    callee.endpoint.screen = lambda _request, _source: DROP
    outgoing.end(now=net.now)
    net.run()
    assert incoming.is_closed


def test_rubbish_is_answered_when_it_can_be_and_counted(net: Net, callee: Node, peer: Peer) -> None:
    source = peer.flow()
    callee.endpoint.receive(b"\x00\x01rubbish", source, net.now)
    callee.endpoint.receive(b"\r\n\r\n", source, net.now)
    bad = b"INVITE sip:x@y SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKa\r\n"
    bad += b"From: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\n"
    bad += b"Max-Forwards: many\r\n\r\n"
    callee.endpoint.receive(bad, source, net.now)
    net.run()
    assert peer.last(400)
    counters = callee.endpoint.counters
    assert (counters.malformed_dropped, counters.malformed_answered) == (2, 1)
    assert callee.is_idle()


def test_rubbish_of_a_screened_source_is_not_answered(callee: Node, peer: Peer) -> None:
    callee.endpoint.screen = lambda _request, _source: DROP
    bad = b"INVITE sip:x@y SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKa\r\n"
    bad += b"From: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\nCall-ID: x\r\nCSeq: 2 BYE\r\n\r\n"
    callee.endpoint.receive(bad, peer.flow(), 0.0)
    assert callee.endpoint.data_to_send() == []
    assert callee.endpoint.counters.screened == 1


def test_a_stateless_refusal_is_the_same_each_time_and_its_ack_is_dropped(
    callee: Node, peer: Peer
) -> None:
    for _ in range(2):
        peer.request("INVITE", callee, branch="a", headers=[("Require", "teleport")])
    first, second = peer.got(420)
    assert first == second
    peer.request("ACK", callee, branch="a", to_header=first.headers.get("To"))
    assert callee.endpoint.counters.stray_acks == 1


def test_values_with_line_breaks_never_leave(net: Net, caller: Node, peer: Peer) -> None:
    for fields in (
        {"target": "sip:x\r\nX-Evil: 1"},
        {"headers": [("X", "1\r\nX-Evil: 1")]},
        {"from_": NameAddr("a\nb", "sip:a@b")},
    ):
        arguments = {
            "target": "sip:x@y",
            "flow": peer.flow(),
            "from_": CALLER,
            "to": "sip:x@y",
            "body": OFFER,
            "now": net.now,
        }
        with pytest.raises(ValueError, match="line break"):
            caller.endpoint.invite(**{**arguments, **fields})
    assert caller.endpoint.data_to_send() == []
    assert caller.is_idle()


def test_a_transport_without_port_of_ours_borrows_the_address_of_another(
    net: Net, peer: Peer
) -> None:
    endpoint = SipEndpoint(EndpointConfig(local={"udp": ("192.0.2.1", 5060)}), net.token)
    call(net, endpoint, peer.flow("tcp"))
    ((data, _),) = endpoint.data_to_send()
    assert b"Via: SIP/2.0/TCP 192.0.2.1:5060;" in data
    assert b"Contact: <sip:maskline@192.0.2.1:5060>" in data


def test_without_any_address_nothing_is_sent(net: Net, peer: Peer) -> None:
    endpoint = SipEndpoint(EndpointConfig(), net.token)
    with pytest.raises(EndpointBusy, match="no local address"):
        call(net, endpoint, peer.flow())


def call(net: Net, endpoint: SipEndpoint, flow: Flow) -> None:
    endpoint.invite(target="sip:x@y", flow=flow, from_=CALLER, to="sip:x@y", body=None, now=net.now)


def invite_lines() -> list[tuple[str, str]]:
    return [
        ("Via", "SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bKx;rport"),
        ("Max-Forwards", "70"),
        ("From", "<sip:a@b>;tag=1"),
        ("To", "<sip:c@d>"),
        ("Call-ID", "x"),
        ("CSeq", "1 INVITE"),
        ("Contact", "<sip:peer@192.0.2.9>"),
    ]
