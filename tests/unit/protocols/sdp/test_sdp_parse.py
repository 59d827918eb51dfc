import pytest

from maskline.protocols.sdp import (
    AudioMedia,
    Codec,
    Direction,
    NoAudio,
    NoCommonAddress,
    NoCommonProfile,
    Origin,
    SdpLimits,
    SdpParseError,
    parse_sdp,
)

CARRIER = b"""v=0\r
o=SBC 3875461245 3875461246 IN IP4 198.51.100.20\r
s=secret session name\r
i=about\r
c=IN IP4 198.51.100.20\r
t=0 0\r
m=audio 31722 RTP/AVP 8 0 18 96 101\r
a=rtpmap:8 PCMA/8000\r
a=rtpmap:18 G729/8000\r
a=fmtp:18 annexb=no\r
a=rtpmap:96 opus/48000/2\r
a=rtpmap:101 telephone-event/8000\r
a=fmtp:101 0-15\r
a=rtcp:31729\r
a=ptime:30\r
a=sendonly\r
m=video 0 RTP/AVP 31\r
"""


def sdp(*lines: str) -> bytes:
    return "\r\n".join(["v=0", "c=IN IP4 192.0.2.1", *lines, ""]).encode()


def audio(*lines: str) -> AudioMedia:
    found = parse_sdp(sdp(*lines)).audio
    assert found is not None
    return found


def test_a_carriers_offer():
    session = parse_sdp(CARRIER)
    assert session.origin == Origin("3875461245", "3875461246")
    assert session.audio == AudioMedia(
        address="198.51.100.20",
        port=31722,
        codecs=(
            Codec(8, "PCMA"),
            Codec(0, "PCMU"),
            Codec(18, "G729", fmtp="annexb=no"),
            Codec(96, "opus", 48000, 2),
        ),
        telephone_event=101,
        direction=Direction.SENDONLY,
        ptime=30,
        protocol="RTP/AVP",
        rtcp_port=31729,
    )
    assert [(m.kind, m.port, m.protocol, m.formats) for m in session.media][1] == (
        "video",
        0,
        "RTP/AVP",
        ("31",),
    )


def test_nothing_that_names_the_sender_is_kept():
    assert "secret session name" not in repr(parse_sdp(CARRIER))
    assert "SBC" not in repr(parse_sdp(CARRIER))


class TestTolerance:
    def test_line_feeds_alone(self):
        assert parse_sdp(CARRIER.replace(b"\r\n", b"\n")) == parse_sdp(CARRIER)

    def test_lines_missing_and_out_of_order(self):
        session = parse_sdp(b"v=0\nm=audio 4000 RTP/AVP 8\na=sendrecv\nc=IN IP4 192.0.2.1")
        assert session.origin is None
        assert session.audio == AudioMedia("192.0.2.1", 4000, (Codec(8, "PCMA"),))

    def test_lines_nobody_knows(self):
        assert audio("x=1", "m=audio 4000 RTP/AVP 8", "a=x-odd:1", "a=candidate:1 1", "nonsense")

    @pytest.mark.parametrize("line", ["a=ptime:0", "a=ptime:x", "a=ptime:", "a=ptime:9000"])
    def test_a_packet_time_beyond_reason(self, line: str):
        assert audio("m=audio 4000 RTP/AVP 8", line).ptime is None

    @pytest.mark.parametrize("line", ["a=rtcp:0", "a=rtcp:99999", "a=rtcp:x"])
    def test_an_rtcp_port_beyond_reason(self, line: str):
        assert audio("m=audio 4000 RTP/AVP 8", line).rtcp_port is None

    def test_an_rtcp_port_with_an_address(self):
        assert audio("m=audio 4000 RTP/AVP 8", "a=rtcp:4001 IN IP4 192.0.2.9").rtcp_port == 4001

    def test_a_bad_fmtp_is_none(self):
        assert audio("m=audio 4000 RTP/AVP 8", "a=fmtp:8").codecs == (Codec(8, "PCMA"),)

    def test_a_static_type_may_be_another_codec(self):
        assert audio("m=audio 4000 RTP/AVP 8", "a=rtpmap:8 L16/16000").codecs == (
            Codec(8, "L16", 16000),
        )

    @pytest.mark.parametrize(
        "line", ["a=rtpmap:x PCMA/8000", "a=rtpmap:200 X/8000", "a=rtpmap:97 X"]
    )
    def test_a_bad_rtpmap_is_no_codec(self, line: str):
        assert audio("m=audio 4000 RTP/AVP 8 97 200", line).codecs == (Codec(8, "PCMA"),)


class TestStreams:
    def test_values_of_the_stream_win_over_those_of_the_session(self):
        found = audio(
            "a=inactive", "a=ptime:20", "m=audio 4000 RTP/AVP 8", "c=IN IP4 192.0.2.2", "a=recvonly"
        )
        assert (found.address, found.direction, found.ptime) == (
            "192.0.2.2",
            Direction.RECVONLY,
            20,
        )

    def test_the_first_stream_that_is_not_refused_is_taken(self):
        session = parse_sdp(
            sdp("m=video 5000 RTP/AVP 31", "m=audio 0 RTP/AVP 8", "m=audio 4002 RTP/AVP 0")
        )
        assert session.audio is not None
        assert session.audio.position == 2
        assert session.audio.port == 4002

    def test_telephone_events_at_another_rate_are_none_of_ours(self):
        found = audio(
            "m=audio 4000 RTP/AVP 8 110 101",
            "a=rtpmap:110 telephone-event/48000",
            "a=rtpmap:101 TELEPHONE-EVENT/8000",
        )
        assert found.telephone_event == 101
        assert found.codecs == (Codec(8, "PCMA"),)

    def test_a_payload_type_listed_twice_is_one_codec(self):
        assert audio("m=audio 4000 RTP/AVP 8 8").codecs == (Codec(8, "PCMA"),)

    @pytest.mark.parametrize(
        ("lines", "is_hold"),
        [
            (("m=audio 4000 RTP/AVP 8",), False),
            (("m=audio 4000 RTP/AVP 8", "a=recvonly"), False),
            (("m=audio 4000 RTP/AVP 8", "a=sendonly"), True),
            (("m=audio 4000 RTP/AVP 8", "a=inactive"), True),
            (("m=audio 4000 RTP/AVP 8", "c=IN IP4 0.0.0.0"), True),
            (("m=audio 4000 RTP/AVP 8", "c=IN IP6 ::"), True),
        ],
    )
    def test_hold(self, lines: tuple[str, ...], is_hold: bool):  # noqa: FBT001 # a column
        assert audio(*lines).is_hold is is_hold


class TestWhatCannotBeUsed:
    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"v=1\r\n",
            b"hello",
            sdp("m=audio x RTP/AVP 8"),
            sdp("m=audio 4000 RTP/AVP"),
            sdp("m=audio 70000 RTP/AVP 8"),
            sdp("m=audio"),
        ],
    )
    def test_no_session_description(self, data: bytes):
        with pytest.raises(SdpParseError) as caught:
            parse_sdp(data)
        warning = '399 h "Session description not understood"'
        assert (caught.value.status, caught.value.warning("h")) == (400, warning)

    @pytest.mark.parametrize(
        "limits",
        [
            SdpLimits(message_bytes=100),
            SdpLimits(line_count=5),
            SdpLimits(line_bytes=20),
            SdpLimits(media_count=1),
            SdpLimits(format_count=3),
        ],
    )
    def test_limits(self, limits: SdpLimits):
        with pytest.raises(SdpParseError):
            parse_sdp(CARRIER, limits)

    @pytest.mark.parametrize("lines", [(), ("m=video 4000 RTP/AVP 31",), ("m=audio 0 RTP/AVP 8",)])
    def test_no_audio(self, lines: tuple[str, ...]):
        session = parse_sdp(sdp(*lines))
        assert session.audio is None
        with pytest.raises(NoAudio) as caught:
            session.require_audio()
        assert caught.value.status == 488
        assert caught.value.warning("pbx") == '304 pbx "Media type not available"'

    @pytest.mark.parametrize("protocol", ["RTP/SAVP", "RTP/AVPF", "UDP/TLS/RTP/SAVPF", "udp"])
    def test_audio_over_another_transport(self, protocol: str):
        session = parse_sdp(sdp(f"m=audio 4000 {protocol} 8"))
        assert session.audio is None
        with pytest.raises(NoCommonProfile) as caught:
            session.require_audio()
        assert caught.value.warning_code == 302

    @pytest.mark.parametrize(
        "connection",
        [
            "IN IP4 example.com",
            "IN IP4 224.2.36.42/127",
            "IN IP4 224.2.36.42",
            "IN IP6 ff15::101",
            "IN IP4 2001:db8::1",
            "ATM NSAP 47",
            "IN IP4",
            "IN IP9 192.0.2.1",
            "IN IP4 192.0.2.1\0",
        ],
    )
    def test_audio_at_what_is_no_single_address(self, connection: str):
        session = parse_sdp(sdp("m=audio 4000 RTP/AVP 8", f"c={connection}"))
        assert session.audio is None
        with pytest.raises(NoCommonAddress) as caught:
            session.require_audio()
        assert caught.value.warning_code == 301

    def test_audio_that_is_fine(self):
        assert parse_sdp(sdp("m=audio 4000 RTP/AVP 8")).require_audio().port == 4000
