import pytest

from maskline.protocols.ng.notice import MAX_CALLS_A_NOTICE, KeyLogged, parse_key, parse_teardown

LOG = (
    b'{"callid":"S","source_tag":"A","tags":["A","B"],"type":"DTMF","timestamp":1795164321,'
    b'"source_ip":"192.0.2.1","event":11,"duration":120,"volume":10}'
)
CALL = b"<?xml version='1.0'?><methodCall><methodName>teardown</methodName><params>%b</params>"


def test_a_key_of_the_log():
    assert parse_key(LOG) == KeyLogged("S", "A", "#", 120)


@pytest.mark.parametrize(
    "data",
    [b"", b"{}", b"[]", LOG.replace(b"11", b"16"), LOG.replace(b"DTMF", b"X"), LOG + b" " * 9000],
)
def test_what_is_no_key_is_passed_over(data):
    assert parse_key(data) is None


def test_a_teardown_names_calls():
    body = CALL % b"<param><value><string>a&amp;b</string></value></param>"
    assert parse_teardown(body) == ["a&b"]


def test_other_calls_and_floods_name_nothing_more():
    assert parse_teardown(b"<methodName>other</methodName><string>a</string>") == []
    many = CALL % (b"<string>a</string>" * 100)
    assert len(parse_teardown(many)) == MAX_CALLS_A_NOTICE
    assert parse_teardown(CALL % (b"<string>a</string>" * 1000)) == []
