"""The torture messages of RFC 4475 and RFC 5118, each with what becomes of it here."""

from pathlib import Path

import pytest

from maskline.protocols.sdp import parse_sdp
from maskline.protocols.sip.error import SipParseError
from maskline.protocols.sip.header import NameAddr, parse_retry_after
from maskline.protocols.sip.message import Request, Response, build_response
from maskline.protocols.sip.parse import StreamParser, parse_message
from maskline.protocols.sip.uri import SipUri

TORTURE = Path(__file__).parent / "torture"


def load(name: str) -> bytes:
    return (TORTURE / f"{name}.sip").read_bytes()


def request(name: str) -> Request:
    message = parse_message(load(name))
    assert isinstance(message, Request)
    return message


def response(name: str) -> Response:
    message = parse_message(load(name))
    assert isinstance(message, Response)
    return message


def refusal(name: str) -> SipParseError:
    with pytest.raises(SipParseError) as caught:
        parse_message(load(name))
    return caught.value


def test_every_message_of_both_documents_is_here():
    assert len(list(TORTURE.glob("*.sip"))) == 49 + 11


class TestValidMessages:
    """RFC 4475 3.1.1."""

    def test_wsinv_white_space_and_folds_everywhere(self):
        invite = request("wsinv")
        assert invite.method == "INVITE"
        assert SipUri.parse(invite.uri).params == {"unknownparam": None}
        assert (invite.to.uri, invite.to_tag) == (
            "sip:vivekg@chair-dnrc.example.com",
            "1918181833n",
        )
        assert (invite.from_.display, invite.from_tag) == ('J Rosenberg \\"', "98asjd8")
        assert invite.max_forwards == 68
        assert invite.cseq.number == 9
        assert [via.branch for via in invite.vias] == ["390skdjuw", "z9hG4bK9ikj8", "z9hG4bK30239"]
        assert [via.transport for via in invite.vias] == ["UDP", "TCP", "UDP"]
        assert invite.headers.get("Subject") == ""
        assert (
            invite.headers.get("newfangledheader") == "newfangled value continued newfangled value"
        )
        assert invite.headers.get("UnknownHeaderWithUnusualValue") == ";;,,;;,;"
        assert invite.contact is not None
        assert invite.contact.display == 'Quoted string ""'
        assert invite.contact.params == {"newparam": "newvalue", "secondparam": None, "q": "0.33"}
        assert [media.kind for media in parse_sdp(invite.body).media] == ["audio", "video"]

    def test_intmeth_all_characters_the_grammar_has(self):
        odd = request("intmeth")
        assert odd.method == "!interesting-Method0123456789_*+`.%indeed'~"
        uri = SipUri.parse(odd.uri)
        assert uri.user == "1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*"
        assert uri.password == "&it+has=1,weird!*pas$wo~d_too.(doesn't-it)"
        assert uri.host == "example.com"
        assert odd.to.display == "BEL:\x07 NUL:\x00 DEL:\x7f"
        assert odd.from_.display == "token1~` token2'+_ token3*%!.-"
        assert odd.from_.params["fromparam''~+*_!.-%"] == '"работающий"'
        assert odd.from_tag == "_token~1'+`*%!-."
        assert odd.call_id == "intmeth.word%ZK-!.*_+'@word`~)(><:\\/\"][?}{"
        assert odd.via.branch == "z9hG4bK-.!%66*_+`'~"
        assert odd.headers.get("extensionHeader-!.%*+_`'~") == "\ufeff大停電"

    def test_esc01_escapes_are_undone_once(self):
        invite = request("esc01")
        assert SipUri.parse(invite.uri).user == "sips:user@example.com"
        assert SipUri.parse(invite.to.uri).user == "user"
        assert SipUri.parse(invite.from_.uri).user == "I have spaces"
        assert invite.contact is not None
        contact = SipUri.parse(invite.contact.uri)
        assert contact.is_loose
        assert contact.params["name"] == "value%41"

    def test_escnull_a_null_does_not_end_a_user(self):
        register = request("escnull")
        assert SipUri.parse(register.to.uri).user == "null-\0-null"
        contacts = [NameAddr.parse(value) for value in register.headers.values("Contact")]
        assert [SipUri.parse(contact.uri).user for contact in contacts] == ["\0", "\0\0"]

    def test_esc02_percent_is_no_escape_outside_uris(self):
        odd = request("esc02")
        assert odd.method == odd.cseq.method == "RE%47IST%45R"
        assert odd.to.display == "%Z%45"
        assert odd.via.branch == "z9hG4bK209%fzsnel234"
        assert len(odd.headers.values("Contact")) == 2

    def test_lwsdisp_no_space_before_the_bracket(self):
        assert request("lwsdisp").from_.display == "caller"

    def test_longreq_long_values(self):
        invite = request("longreq")
        assert len(invite.vias) == 34
        assert invite.vias[-1].received == "192.0.2.5"
        assert invite.to.display.startswith("I have a user name of extremeextreme")
        assert len(invite.call_id) > 100
        assert invite.content_type == "application/sdp"

    def test_dblreq_what_follows_the_first_message_is_ignored(self):
        register = request("dblreq")
        assert register.method == "REGISTER"
        assert register.body == b""

    def test_dblreq_on_a_stream_is_two_messages(self):
        stream = StreamParser()
        stream.receive(load("dblreq"))
        methods = [message.method for message in iter(stream.next_message, None)]
        assert methods == ["REGISTER", "INVITE"]

    def test_semiuri_semicolon_in_the_user_part(self):
        options = request("semiuri")
        uri = SipUri.parse(options.uri)
        assert (uri.user, uri.host, uri.params) == ("user;par=u@example.net", "example.com", {})
        assert len(options.headers.values("Accept")) == 6

    def test_transports_unknown_ones_too(self):
        vias = request("transports").vias
        assert [via.transport for via in vias] == ["UDP", "SCTP", "TLS", "UNKNOWN", "TCP"]

    def test_mpart01_binary_body_is_kept_byte_for_byte(self):
        message = request("mpart01")
        assert message.content_type == "multipart/mixed"
        assert b"\xff\xfe\x80" in message.body
        assert message.body.endswith(b"--7a9cbec02ceef655--\r\n")

    def test_unreason_reason_phrase_in_cyrillic(self):
        ok = response("unreason")
        assert ok.status == 200
        assert ok.reason.startswith("= 2**3 * 5**2 но сто")

    def test_noreason_empty_reason_phrase(self):
        assert (response("noreason").status, response("noreason").reason) == (100, "")


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("clerr", 400),
        ("ncl", 400),
        ("scalar02", 400),
        ("quotbal", 400),
        ("ltgtruri", 400),
        ("lwsruri", 400),
        ("lwsstart", 400),
        ("trws", 400),
        ("escruri", 400),
        ("regbadct", 400),
        ("baddn", 400),
        ("badvers", 505),
        ("mismatch01", 400),
        ("mismatch02", 400),
        ("unkscm", 416),
        ("novelsc", 416),
        ("multi01", 400),
        ("mcl01", 400),
    ],
)
def test_malformed_requests_are_refused_and_can_be_answered(name: str, status: int):
    """RFC 4475 3.1.2 and 3.3."""
    error = refusal(name)
    assert error.status == status
    assert error.request is not None
    answer = build_response(error.request, error.status, to_tag="ours").to_bytes()
    assert answer.startswith(b"SIP/2.0 %d " % status)
    assert f"Call-ID: {error.request.call_id}\r\n".encode() in answer


@pytest.mark.parametrize(
    "name",
    [
        "badinv01",  # no Via to send an answer along
        "scalarlg",  # responses are never answered
        "bigcode",
        "insuf",  # no Call-ID, From or To to put into an answer
    ],
)
def test_malformed_messages_that_no_answer_can_be_built_for_are_dropped(name: str):
    assert refusal(name).request is None


class TestInvalidButHarmless:
    """RFC 4475 3.1.2: an element may be liberal here, and we are."""

    def test_baddate_a_date_is_never_read(self):
        assert request("baddate").method == "INVITE"

    def test_badaspec_spaces_inside_the_brackets(self):
        assert request("badaspec").to.uri == "sip:t.watson@example.org"


class TestWhatTheTransactionUserJudges:
    """RFC 4475 3.2 to 3.4: well formed, so that the layers above can answer."""

    def test_badbranch_a_branch_of_the_cookie_alone(self):
        assert request("badbranch").via.branch == "z9hG4bK"

    def test_unksm2_unknown_schemes_in_addresses(self):
        register = request("unksm2")
        assert register.to.uri == "isbn:2983792873"
        with pytest.raises(SipParseError) as caught:
            SipUri.parse(register.to.uri)
        assert caught.value.status == 416

    def test_bext01_unknown_extensions_are_listed(self):
        assert request("bext01").options("Require") == {
            "nothingsupportsthis",
            "nothingsupportsthiseither",
        }

    def test_invut_unknown_body(self):
        assert request("invut").content_type == "application/unknownformat"

    def test_regaut01_unknown_authorization(self):
        assert request("regaut01").headers.get("Authorization") == (
            "NoOneKnowsThisScheme opaque-data=here"
        )

    def test_bcast_a_response_with_two_hops(self):
        assert [via.host for via in response("bcast").vias] == ["192.0.2.198", "255.255.255.255"]

    def test_zeromf(self):
        assert request("zeromf").max_forwards == 0

    def test_cparam01_a_parameter_of_the_header(self):
        contact = request("cparam01").contact
        assert contact is not None
        assert (contact.uri, contact.params) == (
            "sip:+19725552222@gw1.example.net",
            {"unknownparam": None},
        )

    def test_cparam02_a_parameter_of_the_uri(self):
        contact = request("cparam02").contact
        assert contact is not None
        assert contact.params == {}
        assert SipUri.parse(contact.uri).params == {"unknownparam": None}

    def test_regescrt_headers_in_a_bracketed_uri(self):
        contact = request("regescrt").contact
        assert contact is not None
        assert SipUri.parse(contact.uri).headers == (("Route", "<sip:sip.example.com>"),)

    def test_sdp01_an_accept_we_never_meet(self):
        assert request("sdp01").headers.values("Accept") == ["text/nobodyKnowsThis"]

    def test_inv2543_no_tag_no_branch_no_length_no_hops_left(self):
        invite = request("inv2543")
        assert invite.from_tag is None
        assert invite.via.branch is None
        assert invite.max_forwards is None
        assert invite.to.params == {"user": "phone"}
        assert invite.body.endswith(b"RTP/AVP 0\r\n")

    def test_scalarlg_a_retry_after_beyond_reason_is_no_advice(self):
        assert parse_retry_after("949302838503028349304023988") is None


class TestIpv6:
    """RFC 5118 4."""

    def test_good_reference(self):
        register = request("ipv6_good")
        assert SipUri.parse(register.uri).host == "[2001:db8::10]"
        assert register.via.host == "[2001:db8::9:1]"

    def test_address_without_brackets(self):
        assert refusal("ipv6_bad").status == 400

    def test_port_inside_the_brackets_belongs_to_the_address(self):
        uri = SipUri.parse(request("port_ambiguous").uri)
        assert (uri.host, uri.port) == ("[2001:db8::10:5070]", None)

    def test_port_behind_the_brackets(self):
        uri = SipUri.parse(request("port_unambiguous").uri)
        assert (uri.host, uri.port) == ("[2001:db8::10]", 5070)

    def test_received_with_and_without_brackets(self):
        assert request("via_received_param_with_delim").via.received == "[2001:db8::9:255]"
        assert request("via_received_param_no_delim").via.received == "2001:db8::9:255"

    def test_address_in_the_session_description(self):
        audio = parse_sdp(request("ipv6_in_sdp").body).audio
        assert audio is not None
        assert audio.address == "2001:db8::20"

    def test_both_families_in_one_message(self):
        hosts = [via.host for via in request("mult_ip_in_header").vias]
        assert hosts == ["[2001:db8::9:1]", "192.0.2.1", "[2001:db8::9:255]"]
        media = parse_sdp(request("mult_ip_in_sdp").body).media
        assert [stream.address for stream in media] == ["192.0.2.1", "2001:db8::1"]

    def test_mapped_addresses(self):
        invite = request("ipv4_mapped_ipv6")
        assert (invite.via.host, invite.via.port) == ("[::ffff:192.0.2.10]", 19823)
        audio = parse_sdp(invite.body).audio
        assert audio is not None
        assert audio.address == "::ffff:192.0.2.2"

    def test_three_colons_of_the_old_grammar(self):
        assert SipUri.parse(request("ipv6_bug_abnf_3_colons").uri).host == "[2001:db8:::192.0.2.1]"
