import pytest

from maskline.protocols.sip.error import SipParseError
from maskline.protocols.sip.message import Headers, Request, Response, build_response
from maskline.protocols.sip.parse import parse_message


def invite() -> Request:
    return Request(
        "INVITE",
        "sip:+8617012345678@192.0.2.10",
        [
            ("Via", "SIP/2.0/UDP 192.0.2.20:5060;branch=z9hG4bK1;rport"),
            ("Via", "SIP/2.0/UDP proxy.example.com;branch=z9hG4bK0"),
            ("Record-Route", "<sip:192.0.2.20;lr>"),
            ("From", '"A" <sip:+8613800000001@192.0.2.20>;tag=a'),
            ("To", "<sip:+8617012345678@192.0.2.10>"),
            ("Call-ID", "abc@192.0.2.20"),
            ("CSeq", "7 INVITE"),
            ("Timestamp", "54"),
            ("Contact", "<sip:a@192.0.2.20>"),
            ("Diversion", "<tel:+8613900000009>"),
            ("Max-Forwards", "70"),
            ("Supported", "100rel, Timer"),
            ("Content-Type", "Application/SDP;x=y"),
        ],
        b"v=0\r\n",
    )


class TestReading:
    def test_values_are_read_on_demand(self):
        request = invite()
        assert request.via.branch == "z9hG4bK1"
        assert [via.host for via in request.vias] == ["192.0.2.20", "proxy.example.com"]
        assert request.call_id == "abc@192.0.2.20"
        assert (request.cseq.number, request.cseq.method) == (7, "INVITE")
        assert (request.from_.display, request.from_tag, request.to_tag) == ("A", "a", None)
        assert request.contact is not None
        assert request.contact.uri == "sip:a@192.0.2.20"
        assert request.max_forwards == 70
        assert request.content_type == "application/sdp"
        assert request.options("Supported") == {"100rel", "timer"}

    def test_a_value_is_read_once_and_again_after_a_change(self):
        request = invite()
        before = request.via
        assert request.via is before
        request.headers.replace_first("Via", "SIP/2.0/TCP other")
        assert request.via.host == "other"

    def test_the_target_follows_the_uri(self):
        request = invite()
        assert request.target.number == "+8617012345678"
        assert request.target is request.target
        request.uri = "tel:+1"
        assert request.target.scheme == "tel"

    def test_the_top_hop_of_several_on_one_line(self):
        request = Request("OPTIONS", "sip:h", [("Via", "SIP/2.0/UDP a, SIP/2.0/UDP b")])
        assert request.via.host == "a"

    def test_what_is_absent(self):
        request = Request("OPTIONS", "sip:h")
        assert request.contact is None
        assert request.max_forwards is None
        assert request.content_type == ""
        assert request.options("Require") == frozenset()
        for read in ("via", "call_id", "cseq", "from_", "to"):
            with pytest.raises(SipParseError):
                getattr(request, read)

    def test_a_contact_of_star_is_no_address(self):
        assert Request("REGISTER", "sip:h", [("Contact", "*")]).contact is None

    def test_options_must_be_tokens(self):
        with pytest.raises(SipParseError):
            Request("OPTIONS", "sip:h", [("Require", "<x>")]).options("Require")


class TestWriting:
    def test_what_is_written_is_read_the_same(self):
        request = invite()
        read = parse_message(request.to_bytes())
        read.headers.remove("Content-Length")
        assert read == request

    def test_content_length_is_the_bodys_whatever_was_said(self):
        request = Request("OPTIONS", "sip:h", [("Content-Length", "999")], b"ab")
        assert request.to_bytes() == b"OPTIONS sip:h SIP/2.0\r\nContent-Length: 2\r\n\r\nab"

    def test_bytes_that_are_no_utf8_come_back(self):
        raw = invite().to_bytes().replace(b"Timestamp: 54", b"Subject: \xff\xfe")
        assert parse_message(raw).to_bytes() == raw

    @pytest.mark.parametrize("break_", ["\r\n", "\r", "\n"])
    def test_no_line_break_gets_into_a_message(self, break_: str):
        bad = f"x{break_}Evil: 1"
        with pytest.raises(ValueError, match="line break"):
            Request("OPTIONS", "sip:h", [("Subject", bad)]).to_bytes()
        with pytest.raises(ValueError, match="line break"):
            Response(200, bad).to_bytes()
        with pytest.raises(ValueError, match="line"):
            Request("OPTIONS", f"sip:{bad}", []).to_bytes()
        with pytest.raises(ValueError, match="line"):
            Request(bad, "sip:h", []).to_bytes()

    @pytest.mark.parametrize(
        ("method", "uri"), [("A B", "sip:h"), ("", "sip:h"), ("A", ""), ("A", "x y")]
    )
    def test_the_request_line_has_three_words(self, method: str, uri: str):
        with pytest.raises(ValueError, match="three words"):
            Request(method, uri).to_bytes()

    @pytest.mark.parametrize("status", [99, 700])
    def test_a_status_has_three_digits_and_a_class(self, status: int):
        with pytest.raises(ValueError, match="status"):
            Response(status, "x").to_bytes()


class TestMarkSource:
    """RFC 3261 18.2.1, RFC 3581 4."""

    def test_rport_asked_for(self):
        request = invite()
        request.mark_source("198.51.100.1", 4711)
        assert (request.via.received, request.via.rport) == ("198.51.100.1", 4711)
        assert request.headers.get_all("Via") == [
            "SIP/2.0/UDP 192.0.2.20:5060;branch=z9hG4bK1;rport=4711;received=198.51.100.1",
            "SIP/2.0/UDP proxy.example.com;branch=z9hG4bK0",
        ]

    def test_the_address_differs(self):
        request = Request("OPTIONS", "sip:h", [("Via", "SIP/2.0/UDP a, SIP/2.0/UDP b")])
        request.mark_source("192.0.2.1", 5060)
        assert request.headers.get("Via") == "SIP/2.0/UDP a;received=192.0.2.1, SIP/2.0/UDP b"

    @pytest.mark.parametrize(
        ("sent_by", "source"), [("192.0.2.1", "192.0.2.1"), ("[2001:DB8::1]", "2001:db8::1")]
    )
    def test_nothing_to_say(self, sent_by: str, source: str):
        request = Request("OPTIONS", "sip:h", [("Via", f"SIP/2.0/UDP {sent_by}")])
        request.mark_source(source, 5060)
        assert request.headers.get("Via") == f"SIP/2.0/UDP {sent_by}"

    @pytest.mark.parametrize("forged", [";received=203.0.113.9", ";received=203.0.113.9;rport=9"])
    def test_a_sender_cannot_lead_the_answer_elsewhere(self, forged: str):
        request = Request("OPTIONS", "sip:h", [("Via", f"SIP/2.0/UDP 192.0.2.1{forged}")])
        request.mark_source("192.0.2.1", 5060)
        assert "203.0.113.9" not in str(request.headers.get("Via"))
        assert request.via.received in (None, "192.0.2.1")
        assert request.via.rport in (None, 5060)


class TestAnswering:
    """RFC 3261 8.2.6."""

    def test_an_answer_copies_what_it_has_to_and_nothing_else(self):
        answer = build_response(invite(), 180, to_tag="b")
        assert answer.headers.items() == [
            ("Via", "SIP/2.0/UDP 192.0.2.20:5060;branch=z9hG4bK1;rport"),
            ("Via", "SIP/2.0/UDP proxy.example.com;branch=z9hG4bK0"),
            ("From", '"A" <sip:+8613800000001@192.0.2.20>;tag=a'),
            ("To", "<sip:+8617012345678@192.0.2.10>;tag=b"),
            ("Call-ID", "abc@192.0.2.20"),
            ("CSeq", "7 INVITE"),
        ]
        assert (answer.status, answer.reason) == (180, "Ringing")

    def test_trying_has_the_timestamp_and_no_tag(self):
        answer = build_response(invite(), 100)
        assert answer.headers.get("Timestamp") == "54"
        assert answer.to_tag is None

    def test_what_forms_a_dialog_has_the_route(self):
        answer = build_response(
            invite(),
            200,
            to_tag="b",
            headers=[("Contact", "<sip:192.0.2.10>")],
            body=b"v=0\r\n",
            content_type="application/sdp",
            record_route=True,
        )
        assert answer.headers.get("Record-Route") == "<sip:192.0.2.20;lr>"
        assert answer.headers.get("Contact") == "<sip:192.0.2.10>"
        assert answer.content_type == "application/sdp"
        assert answer.to_bytes().endswith(b"Content-Length: 5\r\n\r\nv=0\r\n")

    def test_a_tag_that_is_there_stays(self):
        request = invite()
        request.headers.set("To", "<sip:b@h>;tag=old")
        assert build_response(request, 200, to_tag="new").to_tag == "old"

    @pytest.mark.parametrize("to", ["sip:b@h", "sip:b@h;user=phone", "<sip:b@h;x=1>"])
    def test_a_tag_is_the_headers_with_and_without_brackets(self, to: str):
        request = invite()
        request.headers.set("To", to)
        assert build_response(request, 200, to_tag="new").to_tag == "new"

    @pytest.mark.parametrize(
        ("status", "phrase"), [(486, "Busy Here"), (499, "Bad Request"), (699, "Busy Everywhere")]
    )
    def test_phrases(self, status: int, phrase: str):
        assert build_response(invite(), status).reason == phrase

    def test_a_phrase_of_ones_own(self):
        assert build_response(invite(), 403, "No").reason == "No"


def test_a_log_of_messages_shows_no_numbers():
    assert repr(invite()) == "<Request INVITE body=5>"
    assert repr(Response(200, "OK")) == "<Response 200 body=0>"


def test_messages_compare_by_what_they_say():
    assert invite() == invite()
    assert invite() != Request("INVITE", "sip:h")
    assert Response(200, "OK", Headers()) == Response(200, "OK")
    assert Response(200, "OK") != Response(200, "Fine")
