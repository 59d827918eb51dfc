"""The control protocol of rtpengine: what is encoded comes back, and nothing else breaks it."""

from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from maskline.protocols.ng.bencode import BencodeError, decode, encode
from maskline.protocols.ng.exchange import NgExchange
from maskline.protocols.ng.notice import parse_key, parse_teardown

VALUES = st.recursive(
    st.integers(-(2**63), 2**63 - 1) | st.binary(max_size=40),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=20,
)


def as_decoded(value):
    match value:
        case dict():
            return {key.encode(): as_decoded(item) for key, item in value.items()}
        case list():
            return [as_decoded(item) for item in value]
        case _:
            return value


@given(VALUES)
def test_a_value_comes_back(value):
    assert decode(encode(value)) == as_decoded(value)


@given(st.binary(max_size=300) | st.text("dlie0123456789:-a", max_size=80).map(str.encode))
def test_any_bytes_are_a_value_or_an_error(data):
    with suppress(BencodeError):
        decode(data)


@given(st.binary(max_size=200))
def test_any_datagram_leaves_waiting_requests_alone(data):
    exchange = NgExchange("p")
    exchange.ask("ping", {}, 0.0)
    assert exchange.receive(data) is None
    assert exchange.in_flight == 1


@given(st.binary(max_size=400) | st.text(max_size=200).map(str.encode))
def test_any_notice_is_read_or_passed_over(data):
    parse_key(data)
    parse_teardown(b"<methodName>teardown</methodName>" + data)
