"""What ended is freed by reference counting alone: the cyclic collector has nothing to find."""

import gc
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from tests.garbage import without_collector
from tests.unit.protocols.sip.sip_net import ANSWER, OFFER, Message, Net, Node, standing_call

from maskline.protocols.sip.authentication import Account
from maskline.protocols.sip.event import Answered, InviteReceived, OfferReceived
from maskline.protocols.sip.message import Request


@pytest.fixture(autouse=True)
def left_before() -> Iterator[Counter[str]]:
    """What tests before this one keep alive, without the collector from here on."""
    with without_collector():
        yield objects_of_calls()


def objects_of_calls() -> Counter[str]:
    """How many objects of each class of the SIP core are alive."""
    counts = Counter(
        type(found).__qualname__
        for found in gc.get_objects()
        if str(type(found).__module__).startswith("maskline.protocols.sip.")
    )
    # The heap keeps stopped timers, which hold nothing, until enough of them are there to sweep.
    del counts["Timer"]
    return counts


def answered_and_ended_by_the_caller(net: Net, caller: Node, callee: Node) -> None:
    outgoing, _ = standing_call(net, caller, callee)
    outgoing.end(now=net.now)


def answered_and_ended_by_the_callee(net: Net, caller: Node, callee: Node) -> None:
    _, incoming = standing_call(net, caller, callee)
    incoming.end(now=net.now)


def changed_both_ways(net: Net, caller: Node, callee: Node) -> None:
    outgoing, incoming = standing_call(net, caller, callee)
    for change, other, node in (
        (outgoing.reinvite, incoming, callee),
        (incoming.update, outgoing, caller),
        (incoming.reinvite, outgoing, caller),
    ):
        change(OFFER + b"a=x-%d\r\n" % id(change), now=net.now)
        net.run()
        node.take(OfferReceived)
        other.accept_offer(ANSWER, now=net.now)
        net.run()
    outgoing.info("text/plain", b"hello", now=net.now)
    net.run()
    outgoing.end(now=net.now)


def cancelled(net: Net, caller: Node, callee: Node) -> None:
    outgoing = caller.call(callee)
    callee.take(InviteReceived).session.ring(now=net.now)
    net.run()
    outgoing.end(now=net.now)


def refused(net: Net, caller: Node, callee: Node) -> None:
    caller.call(callee)
    callee.take(InviteReceived).session.reject(486, now=net.now)


def answered_after_a_reliable_ring(net: Net, caller: Node, callee: Node) -> None:
    outgoing = caller.call(callee)
    incoming = callee.take(InviteReceived).session
    incoming.ring(body=ANSWER, reliable=True, now=net.now)
    net.run()
    incoming.answer(b"", now=net.now)
    net.run()
    outgoing.end(now=net.now)


def refused_to_a_caller_with_credentials(net: Net, caller: Node, callee: Node) -> None:
    caller.call(callee, credentials=Account("trunk", "secret"))
    headers = [("WWW-Authenticate", 'Digest realm="r", nonce="n"')]
    callee.take(InviteReceived).session.reject(401, headers=headers, now=net.now)
    net.run()
    callee.take(InviteReceived).session.reject(403, now=net.now)


def nobody_there(net: Net, caller: Node, callee: Node) -> None:
    net.filter = is_nothing
    caller.call(callee)


def nobody_answers(net: Net, caller: Node, callee: Node) -> None:
    caller.call(callee)
    callee.take(InviteReceived).session.ring(now=net.now)


def the_ack_is_lost(net: Net, caller: Node, callee: Node) -> None:
    net.filter = is_no_ack
    caller.call(callee)
    callee.take(InviteReceived).session.answer(ANSWER, now=net.now)


def is_no_ack(message: Message) -> bool:
    return not (isinstance(message, Request) and message.method == "ACK")


def is_nothing(_message: Message) -> bool:
    return False


def the_call_expires(net: Net, caller: Node, callee: Node) -> None:
    outgoing = caller.call(callee, session_expires=90)
    callee.take(InviteReceived).session.answer(ANSWER, now=net.now)
    net.run()
    assert caller.take(Answered).session is outgoing
    net.filter = is_nothing


def offered_in_the_answer(net: Net, caller: Node, callee: Node) -> None:
    outgoing = caller.call(callee, body=None)
    callee.take(InviteReceived).session.answer(OFFER, now=net.now)
    net.run()
    outgoing.acknowledge(ANSWER, now=net.now)
    net.run()
    outgoing.end(now=net.now)


def a_value_that_breaks_a_line(net: Net, caller: Node, callee: Node) -> None:
    with pytest.raises(ValueError, match="line break"):
        caller.call(callee, headers=[("X-Name", "a\r\nb")])


_OF_SESSIONS = {
    "IncomingSession",
    "OutgoingSession",
    "SessionTimer",
    "OfferExchange",
    "Dialog",
    "DialogRequest",
    "Request",
    "Response",
    "Headers",
}

Course = Callable[[Net, Node, Node], None]


@pytest.mark.parametrize(
    "course",
    [
        answered_and_ended_by_the_caller,
        answered_and_ended_by_the_callee,
        changed_both_ways,
        cancelled,
        refused,
        answered_after_a_reliable_ring,
        refused_to_a_caller_with_credentials,
        nobody_there,
        nobody_answers,
        the_ack_is_lost,
        the_call_expires,
        offered_in_the_answer,
        a_value_that_breaks_a_line,
    ],
)
def test_nothing_of_a_call_is_left(net: Net, caller: Node, callee: Node, course: Course) -> None:
    before = objects_of_calls()
    course(net, caller, callee)
    net.run_until_idle(400)
    forget_what_was_told(caller, callee)
    assert objects_of_calls() == before


@pytest.mark.parametrize("leaver", ["caller", "callee"])
def test_what_waits_for_its_timers_holds_no_session(
    net: Net, caller: Node, callee: Node, left_before: Counter[str], leaver: str
) -> None:
    outgoing, incoming = standing_call(net, caller, callee)
    (outgoing if leaver == "caller" else incoming).end(now=net.now)
    del outgoing, incoming
    net.run(1)
    forget_what_was_told(caller, callee)
    assert caller.endpoint.transaction_count + callee.endpoint.transaction_count == 4
    assert _OF_SESSIONS.isdisjoint(objects_of_calls() - left_before)


def forget_what_was_told(*nodes: Node) -> None:
    """The test's own references, to events and to parsed messages."""
    for node in nodes:
        node.events.clear()
        node.inbox.clear()
