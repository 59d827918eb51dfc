import pytest

from maskline.protocols.sip.error import SipParseError
from maskline.protocols.sip.limits import MessageLimits
from maskline.protocols.sip.message import Request
from maskline.protocols.sip.parse import KeepAlive, StreamParser


def options(number: int, body: bytes = b"") -> bytes:
    return Request(
        "OPTIONS",
        "sip:h",
        [
            ("Via", "SIP/2.0/TCP h;branch=z9hG4bK1"),
            ("From", "<sip:a@h>;tag=a"),
            ("To", "<sip:b@h>"),
            ("Call-ID", "c"),
            ("CSeq", f"{number} OPTIONS"),
        ],
        body,
    ).to_bytes()


def numbers(stream: StreamParser) -> list[int | KeepAlive]:
    """What is ready: the CSeq number of each message, and the keep-alives."""
    return [
        message if isinstance(message, KeepAlive) else message.cseq.number
        for message in iter(stream.next_message, None)
    ]


def test_messages_behind_each_other():
    stream = StreamParser()
    stream.receive(options(1, b"\r\n\r\nOPTIONS") + options(2) + options(3)[:20])
    assert numbers(stream) == [1, 2]
    stream.receive(options(3)[20:])
    assert numbers(stream) == [3]


def test_one_byte_at_a_time():
    stream = StreamParser()
    seen: list[int | KeepAlive] = []
    for byte in b"\r\n\r\n" + options(1, b"body") + b"\r\n\r\n\r\n" + options(2):
        stream.receive(bytes([byte]))
        seen += numbers(stream)
    assert seen == [KeepAlive.PING, 1, KeepAlive.PING, 2]


def test_a_blank_line_alone_is_no_ping():
    stream = StreamParser()
    stream.receive(b"\r\n")
    assert numbers(stream) == []
    stream.receive(options(1))
    assert numbers(stream) == [1]


def test_a_malformed_message_does_not_lose_the_next():
    stream = StreamParser()
    stream.receive(options(1).replace(b"Call-ID: c", b"Call-ID: c\r\nTo: <sip:x@y>") + options(2))
    with pytest.raises(SipParseError) as caught:
        stream.next_message()
    assert caught.value.request is not None
    assert not stream.is_broken
    assert numbers(stream) == [2]


@pytest.mark.parametrize(
    "length",
    [
        b"",
        b"Content-Length: x\r\n",
        b"Content-Length: 0\r\nl: 0\r\n",
        b"X: y\nContent-Length: 0\r\n",
    ],
)
def test_without_one_length_the_stream_is_lost(length: bytes):
    stream = StreamParser()
    stream.receive(options(1).replace(b"Content-Length: 0\r\n", length) + options(2))
    for _ in range(2):
        with pytest.raises(SipParseError) as caught:
            stream.next_message()
        assert caught.value.request is not None
    assert stream.is_broken
    stream.receive(options(3))


@pytest.mark.parametrize("length", [b"l:4\r\n", b"CONTENT-LENGTH :\r\n 4 \r\n"])
def test_spellings_of_the_length(length: bytes):
    stream = StreamParser()
    stream.receive(options(1, b"body").replace(b"Content-Length: 4\r\n", length) + options(2))
    assert numbers(stream) == [1, 2]


@pytest.mark.parametrize(
    ("limits", "data", "status"),
    [
        (MessageLimits(head_bytes=100), b"x" * 101, 513),
        (MessageLimits(head_bytes=100), options(1), 513),
        (MessageLimits(body_bytes=3), options(1, b"body"), 413),
        (MessageLimits(stream_bytes=100), b"x" * 101, 513),
    ],
)
def test_limits_break_the_stream(limits: MessageLimits, data: bytes, status: int):
    stream = StreamParser(limits)
    stream.receive(data)
    with pytest.raises(SipParseError) as caught:
        stream.next_message()
    assert caught.value.status == status
    assert stream.is_broken
