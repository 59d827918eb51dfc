import pytest

from maskline.protocols.sip.error import SipParseError
from maskline.protocols.sip.grammar import (
    format_params,
    is_token,
    parse_params,
    parse_port,
    quote,
    split_values,
    unquote,
)


@pytest.mark.parametrize("text", ["INVITE", "x-%41", "a.b!c'd~e"])
def test_tokens(text: str):
    assert is_token(text)


@pytest.mark.parametrize("text", ["", "a b", "a:b", "a\n", "é"])
def test_what_is_no_token(text: str):
    assert not is_token(text)


def test_params_keep_their_order_case_and_quotes():
    params = parse_params('; Tag = aB ;lr;text="a;b, \\"c\\""')
    assert params == {"tag": "aB", "lr": None, "text": '"a;b, \\"c\\""'}
    assert format_params(params) == ';tag=aB;lr;text="a;b, \\"c\\""'


@pytest.mark.parametrize(
    "text", [";", ";a;;b", ";a=", ";=b", ";a=b=c", ';a="b', ";a b", "a", ";a;A"]
)
def test_bad_params(text: str):
    with pytest.raises(SipParseError):
        parse_params(text)


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("", []),
        (" , ,", []),
        ("a", ["a"]),
        ("a, b ,c", ["a", "b", "c"]),
        ('"a,b" <sip:c,d@e>, <sip:f>', ['"a,b" <sip:c,d@e>', "<sip:f>"]),
        ('"\\"," <sip:a>;x="1,2",sip:b', ['"\\"," <sip:a>;x="1,2"', "sip:b"]),
    ],
)
def test_commas_split_except_in_quotes_and_brackets(line: str, values: list[str]):
    assert split_values(line) == values


@pytest.mark.parametrize("line", ['"a, b', "<sip:a, <b", 'a, "'])
def test_what_opens_must_close(line: str):
    with pytest.raises(SipParseError):
        split_values(line)


def test_quoting_is_undone():
    text = 'a "quoted" \\ word'
    assert unquote(quote(text)) == text
    assert unquote("bare") == "bare"


def test_ports_end_at_65535():
    assert parse_port(None) is None
    assert parse_port("65535") == 65535
    with pytest.raises(SipParseError):
        parse_port("65536")
