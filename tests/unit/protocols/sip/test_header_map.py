import pytest

from maskline.protocols.sip.error import SipParseError
from maskline.protocols.sip.header_map import Headers, canonical_name


@pytest.mark.parametrize(
    ("given", "canonical"),
    [
        ("call-id", "Call-ID"),
        ("CALL-ID", "Call-ID"),
        ("cAlL-iD", "Call-ID"),
        ("i", "Call-ID"),
        ("V", "Via"),
        ("cseq", "CSeq"),
        ("Via ", "Via"),
        ("x-MY-header", "X-My-Header"),
    ],
)
def test_names_have_one_spelling(given: str, canonical: str):
    assert canonical_name(given) == canonical


@pytest.mark.parametrize("name", ["", " Via", "a b", "a:b", "a\r\nb", "Vía"])
def test_names_are_tokens(name: str):
    with pytest.raises(SipParseError):
        Headers().add(name, "x")


def test_lines_keep_their_order_and_the_first_one_is_got():
    headers = Headers([("v", "1"), ("X-One", "a"), ("Via", "2")])
    assert headers.get("via") == "1"
    assert headers.get_all("VIA") == ["1", "2"]
    assert headers.items() == [("Via", "1"), ("X-One", "a"), ("Via", "2")]
    assert len(headers) == 3


def test_absent_lines():
    headers = Headers()
    assert headers.get("Via") is None
    assert headers.get("Via", "none") == "none"
    assert headers.get_all("Via") == []
    assert "Via" not in headers


def test_values_are_split_over_all_lines():
    headers = Headers([("Route", "<sip:a,b>, <sip:c>"), ("Route", "<sip:d>")])
    assert headers.values("route") == ["<sip:a,b>", "<sip:c>", "<sip:d>"]


def test_a_change_is_seen_after_a_read():
    headers = Headers([("Via", "1"), ("To", "x"), ("Via", "2")])
    assert headers.get("Via") == "1"
    headers.prepend("v", "0")
    assert headers.get("Via") == "0"
    headers.replace_first("Via", "9")
    assert headers.get_all("Via") == ["9", "1", "2"]
    headers.set("Via", "7")
    assert headers.items() == [("Via", "7"), ("To", "x")]
    headers.remove("via")
    assert headers.get("Via") is None
    headers.set("Via", "8")
    assert headers.items() == [("To", "x"), ("Via", "8")]


def test_replacing_what_is_not_there_is_an_error():
    with pytest.raises(KeyError):
        Headers().replace_first("Via", "x")


def test_repeated_names():
    headers = Headers([("Via", "1"), ("v", "2"), ("To", "x")])
    assert headers.repeated() == {"Via"}
    assert Headers([("To", "x")]).repeated() == frozenset()


def test_a_copy_is_its_own():
    headers = Headers([("To", "x")])
    other = headers.copy()
    other.add("Via", "1")
    assert "Via" not in headers
    assert headers == Headers([("t", "x")])
    assert headers != other


def test_a_log_of_headers_shows_no_values():
    assert "8613800000001" not in repr(Headers([("To", "<tel:+8613800000001>")]))
