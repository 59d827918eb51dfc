from typing import Any

import pytest

from maskline.protocols.sdp import (
    AudioMedia,
    Codec,
    Direction,
    Origin,
    build_answer,
    build_offer,
    parse_sdp,
)

PCMA = Codec(8, "PCMA")
PCMU = Codec(0, "PCMU")


def offer(**changes: Any) -> bytes:
    fields: dict[str, Any] = {
        "address": "192.0.2.10",
        "port": 20000,
        "codecs": (PCMA, PCMU),
        "telephone_event": 101,
        "direction": Direction.SENDRECV,
        "session_id": 7,
        "version": 8,
    }
    return build_offer(**(fields | changes))


def answer(offered: bytes, **changes: Any) -> bytes:
    fields: dict[str, Any] = {
        "address": "192.0.2.10",
        "port": 20000,
        "codecs": (PCMA,),
        "telephone_event": None,
        "direction": Direction.SENDRECV,
        "session_id": 7,
        "version": 8,
    }
    return build_answer(parse_sdp(offered), **(fields | changes))


def test_an_offer_to_the_letter():
    assert offer() == (
        b"v=0\r\n"
        b"o=- 7 8 IN IP4 192.0.2.10\r\n"
        b"s=-\r\n"
        b"c=IN IP4 192.0.2.10\r\n"
        b"t=0 0\r\n"
        b"m=audio 20000 RTP/AVP 8 0 101\r\n"
        b"a=rtpmap:8 PCMA/8000\r\n"
        b"a=rtpmap:0 PCMU/8000\r\n"
        b"a=rtpmap:101 telephone-event/8000\r\n"
        b"a=fmtp:101 0-15\r\n"
        b"a=ptime:20\r\n"
        b"a=sendrecv\r\n"
    )


def test_what_is_offered_is_read_the_same():
    codec = Codec(96, "opus", 48000, 2, "useinbandfec=1")
    session = parse_sdp(
        offer(codecs=(codec,), address="2001:db8::1", direction=Direction.SENDONLY, ptime=30)
    )
    assert session.origin == Origin("7", "8")
    assert session.audio == AudioMedia("2001:db8::1", 20000, (codec,), 101, Direction.SENDONLY, 30)


def test_without_telephone_events_and_packet_time():
    assert b"telephone-event" not in offer(telephone_event=None)
    assert b"ptime" not in offer(ptime=None)


def test_an_answer_has_the_offers_streams_in_their_order():
    """RFC 3264 6."""
    offered = (
        b"v=0\r\nc=IN IP4 192.0.2.1\r\nm=video 5000 RTP/AVP 31 32\r\nm=audio 4000 RTP/AVP 8\r\n"
        b"m=audio 4002 RTP/SAVP 0\r\nm=image 4004 udptl t38\r\n"
    )
    lines = answer(offered).split(b"\r\n")
    assert [line for line in lines if line.startswith(b"m=")] == [
        b"m=video 0 RTP/AVP 31",
        b"m=audio 20000 RTP/AVP 8",
        b"m=audio 0 RTP/SAVP 0",
        b"m=image 0 udptl t38",
    ]


def test_an_answer_has_nothing_of_the_offerer():
    offered = (
        b"v=0\r\no=alice 1 2 IN IP4 198.51.100.7\r\ns=alice\r\ni=alice\r\ne=alice@example.com\r\n"
        b"p=+8613800000001\r\nc=IN IP4 198.51.100.7\r\na=X-alice:1\r\nm=audio 4000 RTP/AVP 8\r\n"
        b"i=alice\r\na=fmtp:8 alice\r\na=X-alice:1\r\na=cname:alice\r\n"
    )
    text = answer(offered)
    assert b"alice" not in text
    assert b"198.51.100.7" not in text
    assert b"138" not in text


def test_an_offer_that_has_no_audio_to_accept():
    with pytest.raises(ValueError, match="no audio"):
        answer(b"v=0\r\nm=video 5000 RTP/AVP 31\r\n")


@pytest.mark.parametrize(
    "changes",
    [
        {"codecs": ()},
        {"codecs": (Codec(96, "x\r\na=evil"),)},
        {"codecs": (Codec(96, "x", fmtp="y\na=evil"),)},
        {"address": "192.0.2.1\r\na=evil"},
    ],
)
def test_what_would_break_a_line_is_refused(changes: dict[str, Any]):
    with pytest.raises(ValueError, match=r"codec|line break"):
        offer(**changes)
