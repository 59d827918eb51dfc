"""Sessions that outlive the program: kept, restored, and found by their peers."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.protocols.sip.sip_net import ANSWER, OFFER, Net, Node, Peer, standing_call

from maskline.protocols.sip.error import SipParseError
from maskline.protocols.sip.event import (
    Answered,
    EndReceived,
    InviteReceived,
    OfferReceived,
    Rejected,
    SessionClosed,
    SessionExpired,
)
from maskline.protocols.sip.flow import Flow
from maskline.protocols.sip.session import Session
from maskline.protocols.sip.session_incoming import IncomingSession
from maskline.protocols.sip.session_snapshot import (
    MAX_CSEQ,
    IncomingInvite,
    LegSnapshot,
    OutgoingInvite,
    SessionSnapshot,
)


def again(net: Net, node: Node, **config: Any) -> Node:
    """The same host after a crash: nothing is left but its address."""
    return net.node(node.host, **config)


def restored(node: Node, kept: SessionSnapshot, elapsed_s: float = 3.0) -> Session:
    # Through bytes, as whoever keeps it does.
    packed = msgspec.msgpack.encode(kept)
    kept = msgspec.msgpack.decode(packed, type=SessionSnapshot)
    return node.endpoint.restore(kept, elapsed_s=elapsed_s, now=node.net.now)


def test_the_callers_session_is_ended_by_a_bye_that_the_callee_takes(
    net: Net, caller: Node, callee: Node
) -> None:
    outgoing, _ = standing_call(net, caller, callee)
    kept = outgoing.snapshot()
    caller = again(net, caller)
    restored(caller, kept).end(q850=41, now=net.now)
    net.run()
    bye = callee.got("BYE")[-1]
    assert bye.cseq.number == kept.local_cseq + 4001
    assert callee.take(EndReceived).q850 == 41
    assert caller.take(SessionClosed)
    net.run_until_idle(60)


def test_the_callees_session_is_ended_by_a_bye_that_the_caller_takes(
    net: Net, caller: Node, callee: Node
) -> None:
    _, incoming = standing_call(net, caller, callee)
    kept = incoming.snapshot()
    callee = again(net, callee)
    restored(callee, kept).end(now=net.now)
    net.run()
    assert caller.take(EndReceived)
    net.run_until_idle(60)


def test_the_peer_ends_a_restored_session(net: Net, caller: Node, callee: Node) -> None:
    outgoing, incoming = standing_call(net, caller, callee)
    callee = again(net, callee)
    session = restored(callee, incoming.snapshot())
    outgoing.end(now=net.now)
    net.run()
    assert callee.take(EndReceived).session is session
    assert callee.got("BYE")
    assert caller.got(200)[-1].cseq.method == "BYE"
    net.run_until_idle(60)


def test_a_bye_that_was_sent_into_the_void_is_answered_when_it_is_repeated(
    net: Net, caller: Node, callee: Node
) -> None:
    outgoing, incoming = standing_call(net, caller, callee)
    kept = incoming.snapshot()
    del net.hosts[callee.host]
    outgoing.end(now=net.now)
    net.run(5)
    callee = again(net, callee)
    restored(callee, kept, elapsed_s=5.0)
    net.run(5)
    assert callee.take(EndReceived)
    assert caller.take(SessionClosed)


def test_a_session_kept_just_before_its_200_stands_as_if_it_had_been_sent(
    net: Net, caller: Node, callee: Node
) -> None:
    outgoing = caller.call(callee, session_expires=120)
    incoming = callee.take(InviteReceived).session
    kept = incoming.snapshot()
    incoming.answer(ANSWER, now=net.now)
    net.run()
    assert (kept.interval, kept.is_refresher) == (120, incoming.snapshot().is_refresher)
    callee = again(net, callee)
    restored(callee, kept).end(now=net.now)
    net.run()
    assert caller.take(EndReceived).session is outgoing


def test_a_change_of_the_session_is_offered_to_a_restored_one(
    net: Net, caller: Node, callee: Node
) -> None:
    outgoing, incoming = standing_call(net, caller, callee)
    callee = again(net, callee)
    session = restored(callee, incoming.snapshot())
    outgoing.reinvite(OFFER + b"a=inactive\r\n", now=net.now)
    net.run()
    assert callee.take(OfferReceived).session is session
    session.accept_offer(ANSWER + b"a=inactive\r\n", now=net.now)
    net.run()
    session.reinvite(ANSWER, now=net.now)
    net.run()
    assert caller.take(OfferReceived)


@pytest.mark.parametrize("is_known", [True, False])
def test_a_party_is_asked_whether_it_still_knows_the_session(
    net: Net, caller: Node, callee: Node, *, is_known: bool
) -> None:
    outgoing, incoming = standing_call(net, caller, callee)
    kept = outgoing.snapshot()
    if not is_known:
        incoming.end(now=net.now)
        net.hosts.pop(caller.host)
        net.run(40)
    caller = again(net, caller)
    restored(caller, kept, elapsed_s=40).refresh(now=net.now)
    net.run(1)
    assert caller.kinds() == ([] if is_known else ["SessionExpired", "SessionClosed"])
    del outgoing


def test_a_restored_session_is_refreshed_as_was_agreed(
    net: Net, caller: Node, callee: Node
) -> None:
    outgoing, _ = standing_call(net, caller, callee, session_expires=120)
    kept = outgoing.snapshot()
    caller = again(net, caller)
    restored(caller, kept)
    net.run(310)
    assert len(callee.got("UPDATE")) == 5
    assert caller.kinds() == callee.kinds() == []


def test_a_peer_that_was_to_refresh_and_does_not_is_noticed(
    net: Net, caller: Node, callee: Node
) -> None:
    _, incoming = standing_call(net, caller, callee, session_expires=120)
    callee = again(net, callee)
    kept = msgspec.structs.replace(incoming.snapshot(), is_refresher=False)
    net.hosts.pop(caller.host)
    restored(callee, kept)
    net.run(89)
    assert callee.take(SessionExpired)


def test_a_bye_goes_by_the_route_to_the_target_of_the_peer(
    net: Net, callee: Node, peer: Peer
) -> None:
    route = "<sip:192.0.2.9:5060;lr>"
    peer.request("INVITE", callee, branch="1", headers=[("Record-Route", route)], body=OFFER)
    session = callee.take(InviteReceived).session
    session.answer(ANSWER, now=net.now)
    net.run()
    callee = again(net, callee)
    restored(callee, session.snapshot()).end(now=net.now)
    net.run()
    bye = peer.last("BYE")
    assert bye.headers.get("Route") == route
    assert bye.uri == f"sip:peer@{peer.host}:{peer.port}"
    assert (bye.from_tag, bye.to_tag) == (session.local_tag, "peer-tag")
    assert bye.call_id == "call-1"


def test_over_a_stream_a_new_connection_is_made_to_the_target(
    net: Net, callee: Node, peer: Peer
) -> None:
    peer.request("INVITE", callee, branch="1", body=OFFER, transport="tcp")
    session = callee.take(InviteReceived).session
    session.answer(ANSWER, now=net.now)
    net.run()
    kept = msgspec.structs.replace(session.snapshot(), flow=Flow("tcp", peer.host, 40_404))
    callee = again(net, callee)
    assert restored(callee, kept).established().flow == peer.flow("tcp")


texts = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=20)


@given(
    local_tag=texts.filter(str.isalnum),
    remote_tag=texts.filter(str.isalnum),
    call_id=texts,
    cseq=st.integers(0, MAX_CSEQ),
    elapsed_s=st.floats(-1e6, 1e9),
)
def test_every_bye_has_the_tags_of_its_dialog_and_a_higher_cseq(
    local_tag: str, remote_tag: str, call_id: str, cseq: int, elapsed_s: float
) -> None:
    net = Net()
    node, peer = net.node("192.0.2.1"), net.peer("192.0.2.9")
    kept = SessionSnapshot(
        call_id=call_id,
        local=f"<sip:us@192.0.2.1>;tag={local_tag}",
        local_tag=local_tag,
        remote=f"<sip:them@192.0.2.9>;tag={remote_tag}",
        remote_tag=remote_tag,
        target="sip:them@192.0.2.9:5060",
        routes=(),
        flow=peer.flow(),
        local_cseq=cseq,
        remote_cseq=None,
        is_outgoing=True,
        interval=0,
        is_refresher=False,
        peer_allow="",
        local_sdp=b"",
        remote_sdp=b"",
    )
    restored(node, kept, elapsed_s).end(now=0.0)
    net.run()
    bye = peer.last("BYE")
    assert (bye.from_tag, bye.to_tag, bye.call_id) == (local_tag, remote_tag, call_id)
    assert bye.cseq.number <= MAX_CSEQ
    assert bye.cseq.number > cseq or cseq > MAX_CSEQ - 2000


# INVITEs that nobody answered


def test_an_invite_that_was_left_unanswered_is_refused(
    net: Net, caller: Node, callee: Node
) -> None:
    caller.call(callee)
    incoming = callee.take(InviteReceived).session
    incoming.ring(now=net.now)
    net.run()
    kept = incoming.invite_snapshot()
    callee = again(net, callee)
    callee.endpoint.give_up(kept, q850=41, now=net.now)
    net.run()
    rejected = caller.take(Rejected)
    assert (rejected.status, rejected.q850) == (500, 41)
    assert rejected.response is not None
    assert rejected.response.to_tag == incoming.local_tag
    net.run_until_idle(60)


def test_an_invite_that_rings_is_taken_back(net: Net, caller: Node, callee: Node) -> None:
    outgoing = caller.call(callee)
    incoming = callee.take(InviteReceived).session
    incoming.ring(now=net.now)
    net.run()
    kept = outgoing.invite_snapshot()
    caller = again(net, caller)
    caller.endpoint.give_up(kept, q850=41, now=net.now)
    net.run()
    assert callee.kinds() == ["CancelReceived", "SessionClosed"]
    assert callee.got("ACK")
    net.run_until_idle(60)


def test_an_invite_that_was_answered_meanwhile_is_acknowledged_and_ended(
    net: Net, caller: Node, callee: Node
) -> None:
    outgoing = caller.call(callee)
    incoming = callee.take(InviteReceived).session
    kept = outgoing.invite_snapshot()
    net.hosts.pop(caller.host)
    incoming.answer(ANSWER, now=net.now)
    net.run(2)
    caller = again(net, caller)
    caller.endpoint.give_up(kept, q850=41, now=net.now)
    net.run(5)
    assert callee.got("ACK")
    assert callee.take(EndReceived)
    net.run_until_idle(60)


def test_a_far_end_that_never_saw_the_invite_leaves_nothing_behind(
    net: Net, caller: Node, callee: Node
) -> None:
    net.filter = lambda message: getattr(message, "method", "") != "INVITE"
    outgoing = caller.call(callee)
    caller = again(net, caller)
    caller.endpoint.give_up(outgoing.invite_snapshot(), q850=41, now=net.now)
    net.run_until_idle(60)
    assert callee.events == []


@pytest.mark.parametrize(
    "kept",
    [
        IncomingInvite("c", (), "<sip:a@b>;tag=1", "<sip:b@a>", 1, "t", Flow("udp", "h", 1)),
        IncomingInvite("c", ("Via",), "", "", 1, "t", Flow("udp", "h", 1)),
        OutgoingInvite("c", "sip:a\r\n", "v", "b", "f", "t", 1, "t", Flow("udp", "h", 1)),
    ],
)
def test_what_cannot_be_read_is_an_error_of_ours(caller: Node, kept: Any) -> None:
    with pytest.raises(SipParseError):
        caller.endpoint.give_up(kept, q850=41, now=0.0)
    assert caller.is_idle()


@given(st.binary(max_size=200))
def test_garbage_is_no_snapshot(data: bytes) -> None:
    try:
        msgspec.msgpack.decode(data, type=LegSnapshot)
    except (msgspec.MsgspecError, ValueError):
        return


def test_an_answer_is_still_told_by_the_session_that_was_kept(
    net: Net, caller: Node, callee: Node
) -> None:
    caller.call(callee)
    incoming: IncomingSession = callee.take(InviteReceived).session
    incoming.snapshot()
    incoming.answer(ANSWER, now=net.now)
    net.run()
    assert caller.take(Answered).body == ANSWER
