import pytest

from maskline.protocols.sip.error import SipParseError
from maskline.protocols.sip.header import (
    CSeq,
    NameAddr,
    RAck,
    Reason,
    SessionExpires,
    Via,
    media_type,
    parse_number,
    parse_retry_after,
    parse_rseq,
    parse_tag,
)


class TestVia:
    def test_parts(self):
        via = Via.parse("SIP/2.0/udp 192.0.2.1:5070;branch=z9hG4bK1;rport;received=192.0.2.9")
        assert (via.transport, via.host, via.port) == ("UDP", "192.0.2.1", 5070)
        assert (via.branch, via.received) == ("z9hG4bK1", "192.0.2.9")
        assert via.wants_rport
        assert via.rport is None

    def test_rport_filled_in(self):
        assert Via.parse("SIP/2.0/UDP h;rport=5062").rport == 5062

    @pytest.mark.parametrize("value", ["", "x", "-1", "999999"])
    def test_rport_that_is_no_port(self, value: str):
        assert Via("UDP", "h", None, {"rport": value}).rport is None

    def test_text(self):
        text = "SIP/2.0/TLS [2001:db8::1]:5061;branch=z9hG4bK1;rport"
        assert str(Via.parse(text)) == text

    @pytest.mark.parametrize(
        "value",
        [
            "",
            "SIP/2.0/UDP",
            "SIP/2.0 h",
            "SIP/2.0/UDP h:99999",
            "SIP/2.0/UDP h:x",
            "SIP/2.0/UDP 2001:db8::1",
            "SIP/2.0/UDP h;a=1;a=2",
            "HTTP/1.1/TCP h",
        ],
    )
    def test_bad(self, value: str):
        with pytest.raises(SipParseError):
            Via.parse(value)


class TestNameAddr:
    @pytest.mark.parametrize(
        ("value", "display", "uri", "tag"),
        [
            ("<sip:a@b>", "", "sip:a@b", None),
            ("sip:a@b;tag=1", "", "sip:a@b", "1"),
            ("<sip:a@b;tag=uri>;tag=1", "", "sip:a@b;tag=uri", "1"),
            ('"A \\"B\\"" <sip:a@b>;tag=1', 'A "B"', "sip:a@b", "1"),
            ("A B <sip:a@b>", "A B", "sip:a@b", None),
            ("张三 <sip:a@b>", "张三", "sip:a@b", None),
            ("<tel:+8613800000001>;tag=x", "", "tel:+8613800000001", "x"),
            ("tel:+8613800000001;tag=x", "", "tel:+8613800000001", "x"),
        ],
    )
    def test_parts(self, value: str, display: str, uri: str, tag: str | None):
        address = NameAddr.parse(value)
        assert (address.display, address.uri, address.tag) == (display, uri, tag)

    @pytest.mark.parametrize(
        "value",
        [
            "",
            "<>",
            "sip:a@b?x=y",
            "sip:a@b, sip:c@d",
            "<sip:a@b",
            "sip:a@b>",
            '"A <sip:a@b>',
            "<sip:a@b> x",
            "<sip:a@b>;",
            "<sip:a@b>;tag=1;tag=2",
            "<no scheme>",
        ],
    )
    def test_bad(self, value: str):
        with pytest.raises(SipParseError):
            NameAddr.parse(value)

    def test_text_is_always_quoted_and_bracketed(self):
        address = NameAddr('A "B"', "sip:a@b;x=y", {"tag": "1"})
        assert str(address) == '"A \\"B\\"" <sip:a@b;x=y>;tag=1'

    def test_lists(self):
        addresses = [NameAddr.parse(value) for value in ('"A" <sip:a@b>', "<tel:+1>")]
        assert [address.uri for address in addresses] == ["sip:a@b", "tel:+1"]


class TestNumbers:
    def test_cseq(self):
        assert CSeq.parse("4711  INVITE") == CSeq(4711, "INVITE")
        assert str(CSeq(1, "BYE")) == "1 BYE"
        assert CSeq.parse("4294967295 BYE").number == 2**32 - 1

    @pytest.mark.parametrize(
        "value", ["", "1", "INVITE", "-1 BYE", "4294967296 BYE", "1 BYE x", "٣ BYE"]
    )
    def test_bad_cseq(self, value: str):
        with pytest.raises(SipParseError):
            CSeq.parse(value)

    def test_rack_and_rseq(self):
        assert RAck.parse("776656 1 INVITE") == RAck(776656, 1, "INVITE")
        assert str(RAck(1, 2, "INVITE")) == "1 2 INVITE"
        assert parse_rseq("988789") == 988789

    @pytest.mark.parametrize("value", ["", "1 INVITE", "1 x INVITE", "9999999999 1 INVITE"])
    def test_bad_rack(self, value: str):
        with pytest.raises(SipParseError):
            RAck.parse(value)

    @pytest.mark.parametrize("value", ["", "-1", "1.5", "٣", "²", "256"])
    def test_bad_number(self, value: str):
        with pytest.raises(SipParseError):
            parse_number(value, 255, "Bad Max-Forwards")

    @pytest.mark.parametrize(
        ("value", "seconds"),
        [
            ("120", 120),
            ("18000;duration=3600", 18000),
            ("120 (I'm in a meeting)", 120),
            ("soon", None),
        ],
    )
    def test_retry_after(self, value: str, seconds: int | None):
        assert parse_retry_after(value) == seconds


class TestReason:
    def test_q850(self):
        reason = Reason.parse('q.850 ;cause=16 ;text="Terminated; normally"')
        assert reason == Reason("Q.850", 16, "Terminated; normally")
        assert str(reason) == 'Q.850;cause=16;text="Terminated; normally"'

    def test_sip(self):
        assert Reason.parse("SIP;cause=200") == Reason("SIP", 200)

    @pytest.mark.parametrize("cause", ["x", "9999", '"16"'])
    def test_a_cause_beyond_reason_is_none(self, cause: str):
        assert Reason.parse(f"Q.850;cause={cause}").cause is None

    def test_bad(self):
        with pytest.raises(SipParseError):
            Reason.parse("; cause=16")


class TestSessionExpires:
    def test_parts(self):
        assert SessionExpires.parse("1800;refresher=UAS") == SessionExpires(1800, "uas")
        assert SessionExpires.parse("90") == SessionExpires(90)
        assert SessionExpires.parse("90;refresher=me").refresher is None
        assert str(SessionExpires(1800, "uac")) == "1800;refresher=uac"
        assert str(SessionExpires(90)) == "90"

    @pytest.mark.parametrize("value", ["", "x", "-1", "99999999999"])
    def test_bad(self, value: str):
        with pytest.raises(SipParseError):
            SessionExpires.parse(value)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("application/sdp", "application/sdp"),
        ("Application / SDP ; charset=utf-8", "application/sdp"),
        ("nonsense", "nonsense"),
    ],
)
def test_media_type(value: str, kind: str):
    assert media_type(value) == kind


class TestTag:
    @pytest.mark.parametrize(
        ("value", "tag"),
        [
            ("<sip:a@b>;tag=x1", "x1"),
            ("<sip:a@b>", ""),
            ("sip:a@b;tag=x1;other", "x1"),
            ('"A; tag=no" <sip:a@b;tag=uri>;x;TAG=x1', "x1"),
        ],
    )
    def test_it_is_the_headers_own(self, value: str, tag: str):
        assert parse_tag(value) == tag

    @pytest.mark.parametrize("value", ["<sip:a@b>;tag", "sip:a@b;tag", "<sip:a@b>;tag;x=1"])
    def test_a_tag_that_says_nothing_is_refused(self, value: str):
        with pytest.raises(SipParseError):
            parse_tag(value)
