"""Calls over a link that loses, doubles and reorders: both ends always come to the same end."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.protocols.sip.sip_net import ANSWER, OFFER, Net, Node, Quality

from maskline.protocols.sip.event import (
    AckMissed,
    Acknowledged,
    Answered,
    EndReceived,
    Event,
    InviteReceived,
    OfferReceived,
    Ringing,
    SessionClosed,
    SessionExpired,
)
from maskline.protocols.sip.session_incoming import IncomingSession

# 64*T1 of the INVITE, as much for its cancellation or BYE, and as much for what absorbs both.
LIMIT_S = 5 * 32 + 10


class Callee:
    """Rings, then answers or refuses as told; answers changes."""

    def __init__(self, net: Net, node: Node, plan: str, *, reliable: bool = False) -> None:
        self.net = net
        self.plan = plan
        self.reliable = reliable
        self.has_left = False
        self.sessions: list[IncomingSession] = []
        node.on_event = self.handle

    def handle(self, event: Event) -> None:
        if isinstance(event, InviteReceived):
            self.sessions.append(event.session)
            event.session.ring(reliable=self.reliable, now=self.net.now)
        elif isinstance(event, OfferReceived):
            event.session.accept_offer(ANSWER, now=self.net.now)

    def decide(self) -> None:
        for session in self.sessions:
            if self.plan == "answer":
                session.answer(ANSWER, now=self.net.now)
            elif self.plan == "refuse":
                session.reject(486, now=self.net.now)

    def leave(self) -> None:
        for session in self.sessions:
            self.has_left = self.has_left or not session.is_closed
            session.end(now=self.net.now)


def has(node: Node, kind: type[Event]) -> bool:
    return any(isinstance(event, kind) for event in node.events)


def check(net: Net, caller: Node, callee: Node, far: Callee) -> None:
    """Nothing is left, each session closed once, and they agree on whether it was answered.

    Who leaves by itself is told nothing any more.
    """
    net.run_until_idle(LIMIT_S)
    for node in (caller, callee):
        closed = [event.session for event in node.events if isinstance(event, SessionClosed)]
        assert len(closed) == len(set(map(id, closed)))
    assert len([e for e in caller.events if isinstance(e, SessionClosed)]) == 1
    for kind in (Answered, Acknowledged, EndReceived, AckMissed, InviteReceived):
        assert len([e for e in callee.events if isinstance(e, kind)]) <= 1
    if has(callee, Acknowledged):
        # An ACK is proof that the caller took the call, unless it had given up before.
        told = has(callee, EndReceived) or has(callee, SessionExpired)
        assert has(caller, Answered) or told or far.has_left
    if has(caller, Answered) and not far.has_left:
        assert has(callee, Acknowledged) or has(callee, AckMissed) or has(callee, EndReceived)


@settings(max_examples=150, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    loss=st.sampled_from([0.0, 0.1, 0.3, 0.5]),
    duplication=st.sampled_from([0.0, 0.3]),
    jitter_s=st.sampled_from([0.0, 0.3, 1.5]),
    plan=st.sampled_from(["answer", "refuse", "ignore"]),
    reliable=st.booleans(),
    decides_after=st.floats(0.0, 4.0),
    caller_leaves_after=st.floats(0.0, 20.0),
    callee_leaves_after=st.floats(0.0, 20.0),
    changes=st.booleans(),
)
def test_both_ends_always_end_and_agree(
    *,
    seed: int,
    loss: float,
    duplication: float,
    jitter_s: float,
    plan: str,
    reliable: bool,
    decides_after: float,
    caller_leaves_after: float,
    callee_leaves_after: float,
    changes: bool,
) -> None:
    net = Net(seed, Quality(0.01, jitter_s, loss, duplication))
    caller, callee = net.node("192.0.2.1"), net.node("192.0.2.2", answer_timeout_s=60.0)
    far = Callee(net, callee, plan, reliable=reliable)
    outgoing = caller.call(callee)
    moments: list[tuple[float, Any]] = [
        (decides_after, far.decide),
        (caller_leaves_after, lambda: outgoing.end(now=net.now)),
        (callee_leaves_after, far.leave),
    ]
    if changes:
        moments.append((decides_after + 3, lambda: change(net, outgoing)))
        moments.append((decides_after + 3, lambda: [change(net, s) for s in far.sessions]))
    for moment, action in sorted(moments, key=lambda entry: entry[0]):
        net.run(max(0.0, moment - net.now))
        action()
    check(net, caller, callee, far)


def change(net: Net, session: Any) -> None:
    if session.state.name == "CONFIRMED":
        session.reinvite(OFFER + b"a=sendonly\r\n", now=net.now)


@pytest.mark.parametrize("seed", range(20))
def test_a_call_over_a_fair_link_is_always_answered(seed: int) -> None:
    """With one packet in five lost, retransmission gets every call through."""
    net = Net(seed, Quality(0.02, 0.1, 0.2, 0.1))
    caller, callee = net.node("192.0.2.1"), net.node("192.0.2.2")
    far = Callee(net, callee, "answer")
    outgoing = caller.call(callee)
    net.run(10)
    far.decide()
    net.run(31)
    assert has(caller, Ringing) or has(caller, Answered)
    assert has(caller, Answered)
    assert has(callee, Acknowledged)
    outgoing.end(now=net.now)
    check(net, caller, callee, far)
