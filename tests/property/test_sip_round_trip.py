"""What is written is read the same, for anything the grammar can say."""

import string

from hypothesis import given
from hypothesis import strategies as st

from maskline.protocols.sip.grammar import quote, split_values, unquote
from maskline.protocols.sip.header import CSeq, NameAddr, Reason, Via
from maskline.protocols.sip.header_map import canonical_name
from maskline.protocols.sip.message import Request, Response
from maskline.protocols.sip.parse import StreamParser, parse_message
from maskline.protocols.sip.uri import SipUri

TOKEN = string.ascii_letters + string.digits + "-.!%*_+`'~"
NO_LINE_BREAK = st.characters(exclude_characters="\r\n", exclude_categories=["Cs"])

tokens = st.text(TOKEN, min_size=1, max_size=12)
texts = st.text(NO_LINE_BREAK, max_size=30)
lower_tokens = tokens.map(str.lower)
ports = st.none() | st.integers(0, 65535)
hosts = (
    st.from_regex(r"[a-z0-9]([a-z0-9\-]{0,8}[a-z0-9])?(\.[a-z]{2,5}){0,2}", fullmatch=True)
    | st.ip_addresses(v=4).map(str)
    | st.ip_addresses(v=6).map(lambda address: f"[{address}]")
)
params = st.dictionaries(lower_tokens, st.none() | tokens | texts.map(quote), max_size=4)
uri_params = st.dictionaries(
    st.text(TOKEN.replace("%", ""), min_size=1, max_size=8).map(str.lower),
    st.none() | st.text(min_size=1, max_size=8),
    max_size=3,
)
users = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)

sip_uris = st.builds(
    SipUri,
    st.sampled_from(["sip", "sips"]),
    users,
    hosts,
    ports,
    uri_params,
    st.none() | st.text(max_size=8),
    st.lists(st.tuples(tokens, st.text(min_size=1, max_size=8)), max_size=2).map(tuple),
)
tel_uris = st.builds(
    SipUri,
    st.just("tel"),
    st.from_regex(r"\+?[0-9*#\-.()]{1,15}", fullmatch=True),
    st.just(""),
    st.none(),
    uri_params,
)
vias = st.builds(Via, tokens.map(str.upper), hosts, ports, params)
name_addrs = st.builds(NameAddr, texts, (sip_uris | tel_uris).map(str), params)
cseqs = st.builds(CSeq, st.integers(0, 2**32 - 1), tokens)
reasons = st.builds(
    Reason, tokens.map(str.upper), st.none() | st.integers(0, 999), st.none() | texts
)

own_names = tokens.map(lambda token: canonical_name(f"X-{token}"))
extra_lines = st.lists(st.tuples(own_names, texts.map(lambda text: text.strip(" \t"))), max_size=5)
call_ids = st.text(string.ascii_letters + string.digits + "-@.", min_size=1, max_size=20)


@st.composite
def messages(draw: st.DrawFn) -> Request | Response:
    method = draw(tokens)
    lines = [
        *(("Via", str(via)) for via in draw(st.lists(vias, min_size=1, max_size=3))),
        ("From", str(draw(name_addrs))),
        ("To", str(draw(name_addrs))),
        ("Call-ID", draw(call_ids)),
        ("CSeq", str(CSeq(draw(st.integers(0, 2**32 - 1)), method))),
        ("Contact", str(draw(name_addrs))),
        *draw(extra_lines),
    ]
    body = draw(st.binary(max_size=60))
    if draw(st.booleans()):
        uri = SipUri("sip", draw(users), draw(hosts), draw(ports), draw(uri_params))
        return Request(method, str(uri), lines, body)
    return Response(draw(st.integers(100, 699)), draw(texts), lines, body)


def without_length(message: Request | Response) -> Request | Response:
    message.headers.remove("Content-Length")
    return message


@given(sip_uris | tel_uris)
def test_uris(uri: SipUri):
    assert SipUri.parse(str(uri)) == uri


@given(vias)
def test_vias(via: Via):
    assert Via.parse(str(via)) == via


@given(name_addrs)
def test_name_addrs(address: NameAddr):
    assert NameAddr.parse(str(address)) == address


@given(cseqs)
def test_cseqs(cseq: CSeq):
    assert CSeq.parse(str(cseq)) == cseq


@given(reasons)
def test_reasons(reason: Reason):
    assert Reason.parse(str(reason)) == reason


@given(st.text())
def test_quoting(text: str):
    assert unquote(quote(text)) == text


@given(st.lists(name_addrs.map(str), max_size=5), st.sampled_from([",", ", ", " ,\t"]))
def test_lists_come_apart_where_they_were_joined(values: list[str], comma: str):
    assert split_values(comma.join(values)) == values


@given(messages())
def test_messages(message: Request | Response):
    assert without_length(parse_message(message.to_bytes())) == message


@given(st.lists(messages(), min_size=1, max_size=3), st.data())
def test_a_stream_gives_the_same_however_it_is_cut(
    sent: list[Request | Response], data: st.DataObject
):
    wire = b"".join([message.to_bytes() for message in sent])
    cuts = sorted(data.draw(st.lists(st.integers(0, len(wire)), max_size=8)))
    stream = StreamParser()
    seen: list[Request | Response] = []
    for start, end in zip([0, *cuts], [*cuts, len(wire)], strict=True):
        stream.receive(wire[start:end])
        for message in iter(stream.next_message, None):
            assert isinstance(message, Request | Response)
            seen.append(without_length(message))
    assert seen == sent
