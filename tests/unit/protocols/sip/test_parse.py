import contextlib
import time
from collections.abc import Callable

import pytest

from maskline.protocols.sip.error import SipParseError
from maskline.protocols.sip.limits import MessageLimits
from maskline.protocols.sip.message import Request, Response
from maskline.protocols.sip.parse import parse_message

REQUEST = (
    b"INVITE sip:b@192.0.2.10 SIP/2.0\r\n"
    b"Via: SIP/2.0/UDP 192.0.2.20;branch=z9hG4bK1\r\n"
    b"From: <sip:a@192.0.2.20>;tag=a\r\n"
    b"To: <sip:b@192.0.2.10>\r\n"
    b"Call-ID: c\r\n"
    b"CSeq: 1 INVITE\r\n"
    b"Contact: <sip:a@192.0.2.20>\r\n"
    b"Content-Length: 4\r\n"
    b"\r\n"
    b"body"
)
RESPONSE = REQUEST.replace(b"INVITE sip:b@192.0.2.10 SIP/2.0", b"SIP/2.0 200 OK")


def refusal(data: bytes, limits: MessageLimits | None = None) -> SipParseError:
    with pytest.raises(SipParseError) as caught:
        parse_message(data, limits or MessageLimits())
    return caught.value


def test_a_request():
    request = parse_message(REQUEST)
    assert isinstance(request, Request)
    assert (request.method, request.uri, request.body) == ("INVITE", "sip:b@192.0.2.10", b"body")


def test_a_response():
    response = parse_message(RESPONSE)
    assert isinstance(response, Response)
    assert (response.status, response.reason, response.body) == (200, "OK", b"body")


def test_a_response_without_a_space_behind_its_status():
    response = parse_message(RESPONSE.replace(b"200 OK", b"200"))
    assert isinstance(response, Response)
    assert (response.status, response.reason) == (200, "")


def test_blank_lines_before_a_message_are_skipped():
    assert parse_message(b"\r\n\r\n" + REQUEST) == parse_message(REQUEST)


def test_compact_names_are_expanded():
    compact = REQUEST.replace(b"Via:", b"v:").replace(b"Call-ID:", b"I :").replace(b"Contact", b"m")
    assert parse_message(compact) == parse_message(REQUEST)


class TestBody:
    """RFC 3261 18.3."""

    def test_without_a_length_it_is_the_rest(self):
        assert parse_message(REQUEST.replace(b"Content-Length: 4\r\n", b"")).body == b"body"

    def test_what_follows_it_is_ignored(self):
        assert parse_message(REQUEST + b"more").body == b"body"

    def test_a_shorter_one_is_refused(self):
        error = refusal(REQUEST[:-1])
        assert error.status == 400
        assert error.request is not None

    @pytest.mark.parametrize("length", [b"-1", b"x", b"", b"4 4", b"99999999999999"])
    def test_a_length_that_is_none(self, length: bytes):
        assert refusal(REQUEST.replace(b"Content-Length: 4", b"Content-Length: " + length))


class TestMandatoryHeaders:
    """RFC 3261 8.1.1, 8.2.2."""

    @pytest.mark.parametrize("name", [b"Via", b"From", b"To", b"Call-ID", b"CSeq"])
    def test_a_message_without_one_is_dropped(self, name: bytes):
        assert refusal(REQUEST.replace(name + b":", b"X:")).request is None

    @pytest.mark.parametrize("name", [b"Via", b"From", b"To", b"CSeq", b"Contact"])
    def test_one_that_is_empty(self, name: bytes):
        start = REQUEST.index(name + b":")
        end = REQUEST.index(b"\r\n", start)
        assert refusal(REQUEST[:start] + name + b": " + REQUEST[end:]).status == 400
        assert refusal(REQUEST[:start] + name + b": , ," + REQUEST[end:]).status == 400

    @pytest.mark.parametrize(
        "line",
        [
            b"From: <sip:x@y>;tag=z",
            b"To: <sip:x@y>",
            b"i: d",
            b"CSeq: 1 INVITE",
            b"l: 4",
            b"Max-Forwards: 1\r\nMax-Forwards: 1",
            b"Session-Expires: 90\r\nx: 90",
        ],
    )
    def test_one_that_may_stand_once_stands_twice(self, line: bytes):
        error = refusal(REQUEST.replace(b"\r\n\r\n", b"\r\n" + line + b"\r\n\r\n"))
        assert error.reason == "Repeated Header"
        assert error.request is not None

    def test_the_method_is_the_one_of_the_cseq(self):
        assert refusal(REQUEST.replace(b"1 INVITE", b"1 BYE")).reason == "CSeq Method Mismatch"
        assert parse_message(RESPONSE.replace(b"1 INVITE", b"1 BYE")).cseq.method == "BYE"

    def test_max_forwards_is_one_byte(self):
        bad = REQUEST.replace(b"Content-Length", b"Max-Forwards: 256\r\nContent-Length")
        assert refusal(bad).reason == "Bad Max-Forwards"


class TestWhatIsNoMessage:
    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"\r\n",
            b"\r\n\r\n",
            b"\0\0\0\0",
            b"x",
            b"\r\n\r\n\r\n\r\n",
            REQUEST[: REQUEST.index(b"\r\n\r\n")],
            b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
            b"INVITE\r\n\r\n",
            b"SIP/2.0 200 OK\r\n\r\n",
            b"SIP/3.0" + RESPONSE[7:],
            b"SIP/2.0 2000 OK" + RESPONSE[14:],
            b"SIP/2.0 099 OK" + RESPONSE[14:],
            b"SIP/2.0 700 OK" + RESPONSE[14:],
            b"SIP/2.0 2x0 OK" + RESPONSE[14:],
        ],
    )
    def test_it_is_dropped(self, data: bytes):
        assert refusal(data).request is None

    def test_an_ack_is_never_answered(self):
        assert refusal(REQUEST.replace(b"INVITE", b"ACK").replace(b": 4", b": 5")).request is None

    @pytest.mark.parametrize(
        "line", [b"no colon", b": no name", b"two words: x", b"L\xc3\xa4nge: 4", b"a\0b: x"]
    )
    def test_a_line_that_is_no_header(self, line: bytes):
        error = refusal(REQUEST.replace(b"\r\n\r\n", b"\r\n" + line + b"\r\n\r\n"))
        assert error.status == 400
        assert error.request is not None

    @pytest.mark.parametrize("break_", [b"\n", b"\r"])
    def test_a_lone_line_break_hides_no_header(self, break_: bytes):
        smuggled = REQUEST.replace(b"Call-ID: c", b"Subject: x" + break_ + b"Via: y\r\nCall-ID: c")
        error = refusal(smuggled)
        assert error.reason == "Bad Line Break"
        assert error.request is not None
        assert "Subject" not in error.request.headers
        assert refusal(REQUEST.replace(b"SIP/2.0\r\n", b"SIP/2.0" + break_ + b"X: y\r\n", 1))
        assert refusal(RESPONSE.replace(b"200 OK", b"200 O" + break_ + b"K"))

    @pytest.mark.parametrize("version", [b"SIP/1.0", b"SIP/2.1", b"sip/20.0"])
    def test_another_version(self, version: bytes):
        error = refusal(REQUEST.replace(b"10 SIP/2.0", b"10 " + version))
        assert error.status == 505
        assert error.request is not None

    def test_the_version_in_small_letters(self):
        assert parse_message(REQUEST.replace(b"10 SIP/2.0", b"10 sip/2.0")).call_id == "c"


class TestLimits:
    @pytest.mark.parametrize(
        ("limits", "status", "is_answered"),
        [
            (MessageLimits(message_bytes=100), 513, False),
            (MessageLimits(head_bytes=100), 400, False),
            (MessageLimits(start_line_bytes=20), 414, True),
            (MessageLimits(header_count=5), 400, True),
            (MessageLimits(header_count=4), 400, False),
            (MessageLimits(header_bytes=30), 400, True),
            (MessageLimits(body_bytes=3), 413, True),
        ],
    )
    def test_each(self, limits: MessageLimits, status: int, is_answered: bool):  # noqa: FBT001 # a column
        error = refusal(REQUEST, limits)
        assert error.status == status
        assert (error.request is not None) is is_answered

    @pytest.mark.parametrize("joined", [b"\r\nVia: ", b", "])
    def test_hops(self, joined: bytes):
        hops = joined.join([b"SIP/2.0/UDP h;branch=z9hG4bK2"] * 3)
        long = REQUEST.replace(b"From:", b"Via: " + hops + b"\r\nFrom:")
        assert parse_message(long, MessageLimits(via_count=4)).vias
        assert refusal(long, MessageLimits(via_count=3)).reason == "Too Many Hops Listed"


@pytest.mark.parametrize(
    "attack",
    [
        lambda n: b"Subject:" + b" " * n + b"\r\n x",
        lambda n: b"X: " + b"\r\n ".join([b"a"] * (n // 4)),
        lambda n: b"Contact: " + b"<" * n,
        lambda n: b"Contact: " + b'"' + b"\\" * n,
        lambda n: b"Contact: <sip:a@b>" + b";a" * (n // 2),
        lambda n: b"Contact: a" + b" " * n + b"x",
        lambda n: b"Contact: " + b"a " * (n // 2) + b"<",
        lambda n: b"Contact: sip:" + b"%" * n,
        lambda n: b"Max-Forwards: " + b"9" * n,
        lambda n: b"Route: " + b",<" * (n // 2),
    ],
)
def test_no_header_costs_more_than_its_length(attack: Callable[[int], bytes]):
    """A pattern that backtracks takes a hundred times as long for these 8 kB, or for ever."""
    line = attack(8000)
    data = REQUEST.replace(b"Contact: <sip:a@192.0.2.20>", line)
    costs_s: list[float] = []
    for _ in range(3):  # the collector may run in one of them
        begun = time.process_time()
        with contextlib.suppress(SipParseError):
            parse_message(data)
        costs_s.append(time.process_time() - begun)
    assert min(costs_s) < 0.02
