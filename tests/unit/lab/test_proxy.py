import pytest

from maskline.lab.proxy import StatelessProxy, Target
from maskline.protocols.sip.message import Request, Response, build_response
from maskline.protocols.sip.parse import parse_message

CALLER = ("127.0.0.1", 5071)
CALLEE = ("127.0.0.1", 5072)
HERE = ("127.0.0.1", 5160)


@pytest.fixture
def proxy() -> StatelessProxy:
    proxy = StatelessProxy(
        lambda request, _source: (
            Target(CALLEE, "sip:b@127.0.0.1:5072") if "known" in request.uri else None
        )
    )
    proxy.address = HERE
    return proxy


def request(method: str = "INVITE", uri: str = "sip:known@127.0.0.1:5160", **headers: str) -> bytes:
    lines = {
        "Via": "SIP/2.0/UDP 127.0.0.1:5071;branch=z9hG4bKone;rport",
        "From": "<sip:a@127.0.0.1>;tag=a",
        "To": "<sip:b@127.0.0.1>",
        "Call-ID": "call@a",
        "CSeq": f"1 {method}",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    return Request(method, uri, lines.items()).to_bytes()


def passed_on(proxy: StatelessProxy, data: bytes) -> tuple[Request, tuple[str, int]]:
    ((packet, far),) = proxy.receive(data, CALLER)
    message = parse_message(packet)
    assert isinstance(message, Request)
    return message, far


def answered(proxy: StatelessProxy, data: bytes) -> int:
    ((packet, far),) = proxy.receive(data, CALLER)
    message = parse_message(packet)
    assert isinstance(message, Response)
    assert far == CALLER
    return message.status


def test_an_invite_goes_to_its_target_and_the_proxy_stays_on_the_path(proxy: StatelessProxy):
    message, far = passed_on(proxy, request())
    assert far == CALLEE
    assert message.uri == "sip:b@127.0.0.1:5072"
    assert message.headers.get("Record-Route") == "<sip:127.0.0.1:5160;lr>"
    assert (message.via.host, message.via.port) == HERE
    assert message.max_forwards == 70


@pytest.mark.parametrize("method", ["INVITE", "CANCEL", "ACK"])
def test_repetition_cancel_and_ack_of_an_invite_get_its_branch(proxy: StatelessProxy, method: str):
    first, _ = passed_on(proxy, request())
    again, _ = passed_on(proxy, request(method))
    assert again.via.branch == first.via.branch


def test_another_transaction_gets_another_branch(proxy: StatelessProxy):
    first, _ = passed_on(proxy, request())
    other, _ = passed_on(proxy, request(Via="SIP/2.0/UDP 127.0.0.1:5071;branch=z9hG4bKtwo"))
    assert other.via.branch != first.via.branch


def test_a_response_goes_back_where_the_request_came_from(proxy: StatelessProxy):
    message, _ = passed_on(proxy, request())
    ((packet, far),) = proxy.receive(build_response(message, 180).to_bytes(), CALLEE)
    assert far == CALLER
    back = parse_message(packet)
    assert len(back.vias) == 1


def test_a_response_that_never_went_through_here_is_dropped(proxy: StatelessProxy):
    foreign = parse_message(request())
    assert isinstance(foreign, Request)
    assert proxy.receive(build_response(foreign, 200).to_bytes(), CALLEE) == []


def test_a_request_within_a_dialog_follows_its_route(proxy: StatelessProxy):
    bye = request("BYE", "sip:x@127.0.0.1:5099", Route="<sip:127.0.0.1:5160;lr>")
    message, far = passed_on(proxy, bye)
    assert far == ("127.0.0.1", 5099)
    assert "Route" not in message.headers


def test_an_unknown_number_is_answered_404_and_its_ack_dropped(proxy: StatelessProxy):
    assert answered(proxy, request(uri="sip:nobody@127.0.0.1")) == 404
    assert proxy.receive(request("ACK", "sip:nobody@127.0.0.1"), CALLER) == []


def test_a_request_that_went_through_too_many_proxies_is_answered_483(proxy: StatelessProxy):
    assert answered(proxy, request(Max_Forwards="0")) == 483


def test_what_is_no_sip_is_dropped(proxy: StatelessProxy):
    assert proxy.receive(b"\x00\x01garbage", CALLER) == []
