import pytest

from maskline.protocols.sip.error import SipParseError
from maskline.protocols.sip.uri import SipUri, parse_request_uri


def test_parts():
    uri = SipUri.parse("sip:alice:secret@Example.COM:5070;transport=UDP;lr?Subject=hi&X=%20")
    assert (uri.scheme, uri.user, uri.password) == ("sip", "alice", "secret")
    assert (uri.host, uri.port) == ("example.com", 5070)
    assert uri.params == {"transport": "UDP", "lr": None}
    assert uri.headers == (("Subject", "hi"), ("X", " "))
    assert uri.is_loose


def test_a_uri_without_a_user():
    uri = SipUri.parse("sip:192.0.2.1")
    assert (uri.user, uri.host, uri.port) == (None, "192.0.2.1", None)


@pytest.mark.parametrize("text", ["sip:h;transport=UDP", "sip:h;Transport=udp"])
def test_the_transport_is_compared_without_case(text: str):
    assert SipUri.parse(text).transport == "udp"


def test_no_transport():
    assert SipUri.parse("SIPS:h").transport is None


def test_an_escaped_plus_is_a_plus():
    assert SipUri.parse("sip:%2B8613800000001@h").user == "+8613800000001"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("sip:+8613800000001@h", "+8613800000001"),
        ("sip:%2B86138%300000001@h;user=phone", "+8613800000001"),
        ("sip:+86-138-0000-0001@h", "+8613800000001"),
        ("sip:+8613800000001;npdi;rn=+86@h;user=phone", "+8613800000001"),
        ("tel:+86(138)0000.0001", "+8613800000001"),
        ("tel:7042;phone-context=example.com", "7042"),
        ("sip:*67#@h", "*67#"),
        ("sip:a.b-c@h", "a.b-c"),
        ("sip:h", ""),
    ],
)
def test_number(text: str, number: str):
    assert SipUri.parse(text).number == number


@pytest.mark.parametrize(
    "text",
    [
        "sip:alice@example.com",
        "sips:alice:pw@example.com:5061;lr;transport=tls",
        "sip:[2001:db8::1]:5060",
        "sip:a%3Ab%40c@example.com;x=%3B?h=%3D",
        "tel:+8613800000001;phone-context=%2B86",
    ],
)
def test_text_comes_back(text: str):
    assert SipUri.parse(str(SipUri.parse(text))) == SipUri.parse(text)


def test_a_user_that_needs_escapes_gets_them():
    assert str(SipUri("sip", "a@b c", "h")) == "sip:a%40b%20c@h"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "sip:",
        "sip:a@",
        "sip:@h",
        "sip:h:x",
        "sip:h:65536",
        "sip:a b@h",
        "sip:h;",
        "sip:h;;lr",
        "sip:h;lr;LR",
        "sip:%4@h",
        "sip:%zz@h",
        "sip:2001:db8::1",
        "sip:a@h\r\n",
        "sip:h?a",
        "<sip:h>",
        "tel:",
        "tel:+86 138",
        "no scheme",
        "ſip:h",
        "sip:h:٣",
    ],
)
def test_bad(text: str):
    with pytest.raises(SipParseError) as caught:
        SipUri.parse(text)
    assert caught.value.status == 400


@pytest.mark.parametrize("text", ["http://example.com", "urn:service:sos", "mailto:a@b"])
def test_other_schemes_are_416(text: str):
    with pytest.raises(SipParseError) as caught:
        SipUri.parse(text)
    assert caught.value.status == 416


@pytest.mark.parametrize("text", ["sip:h", "sips:a@h;user=phone", "tel:+1", "sip:a?b@h"])
def test_request_uris(text: str):
    assert parse_request_uri(text) == SipUri.parse(text)


@pytest.mark.parametrize("text", ["sip:h;a;a", "sip:h?Route=x", "sip:%4@h", "<sip:h>", "sip:a b@h"])
def test_bad_request_uris(text: str):
    with pytest.raises(SipParseError):
        parse_request_uri(text)
