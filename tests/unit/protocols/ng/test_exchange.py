import pytest

from maskline.protocols.ng.bencode import decode
from maskline.protocols.ng.exchange import (
    MAX_IN_FLIGHT,
    MAX_REPEATS,
    REPEAT_AFTER_S,
    NgExchange,
)
from maskline.protocols.ng.message import MAX_DATAGRAM_BYTES, NgError


def test_a_request_is_answered_once():
    exchange = NgExchange("p-")
    cookie, datagram = exchange.ask("ping", {"x": 1}, 0.0)
    assert datagram == cookie + b" d7:command4:ping1:xi1ee"
    reply = exchange.receive(cookie + b" d6:result4:ponge")
    assert reply is not None
    assert reply.is_ok
    assert exchange.receive(cookie + b" d6:result4:ponge") is None
    assert exchange.unexpected == 1
    assert exchange.next_timer() is None


def test_an_error_carries_its_reason():
    exchange = NgExchange("p-")
    cookie, _ = exchange.ask("query", {}, 0.0)
    reply = exchange.receive(cookie + b" d6:result5:error12:error-reason2:noe")
    assert reply is not None
    assert not reply.is_ok
    assert reply.reason == "no"


def test_what_is_not_answered_is_sent_again_under_the_same_cookie_then_given_up():
    exchange = NgExchange("p-")
    cookie, datagram = exchange.ask("ping", {}, 0.0)
    now = 0.0
    for _ in range(MAX_REPEATS):
        now += REPEAT_AFTER_S
        assert exchange.next_timer() == pytest.approx(now)
        assert exchange.handle_timer(now) == ([datagram], [])
    assert exchange.handle_timer(now + REPEAT_AFTER_S) == ([], [cookie])
    assert exchange.in_flight == 0


def test_requests_are_due_in_their_order():
    exchange = NgExchange("p-")
    _, first = exchange.ask("ping", {}, 0.0)
    _, second = exchange.ask("ping", {}, 0.1)
    assert exchange.handle_timer(0.25) == ([first], [])
    assert exchange.handle_timer(0.36) == ([second], [])
    assert exchange.next_timer() == 0.5


def test_garbage_and_strange_cookies_are_counted_and_dropped():
    exchange = NgExchange("p-")
    exchange.ask("ping", {}, 0.0)
    for data in (b"", b"p-1", b"p-1 x", b"p-1 i1e", b"other d6:result4:ponge", b" d6:resulte"):
        assert exchange.receive(data) is None
    assert exchange.unexpected == 6
    assert exchange.in_flight == 1


def test_waiting_and_size_have_bounds():
    exchange = NgExchange("p-")
    with pytest.raises(NgError):
        exchange.ask("offer", {"sdp": bytes(MAX_DATAGRAM_BYTES)}, 0.0)
    for _ in range(MAX_IN_FLIGHT):
        exchange.ask("ping", {}, 0.0)
    with pytest.raises(NgError):
        exchange.ask("ping", {}, 0.0)


def test_commands_are_readable_bencode():
    _, datagram = NgExchange("p-").ask("play media", {"flags": ["all"]}, 0.0)
    body = decode(datagram.partition(b" ")[2])
    assert body == {b"command": b"play media", b"flags": [b"all"]}
