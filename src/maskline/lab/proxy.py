"""A stateless SIP proxy (RFC 3261 16.11): bytes in, bytes out; who gets what is asked."""

from collections.abc import Callable
from hashlib import sha256
from typing import NamedTuple

from maskline.protocols.sip.error import SipParseError
from maskline.protocols.sip.grammar import split_values
from maskline.protocols.sip.header import NameAddr, Via
from maskline.protocols.sip.message import Request, Response, build_response
from maskline.protocols.sip.parse import parse_message
from maskline.protocols.sip.uri import SipUri

DEFAULT_PORT = 5060
FIRST_MAX_FORWARDS = 70

Address = tuple[str, int]
Packet = tuple[bytes, Address]


class Target(NamedTuple):
    """Where a request goes, and the request URI it gets there."""

    address: Address
    uri: str


Locate = Callable[[Request, Address], Target | Response | None]
"""Where a request outside a dialog goes, given its source; its answer; or None: nowhere (404)."""


class StatelessProxy:
    """Passes requests on and responses back, and stays on the path of the dialogs it sees.

    It keeps nothing: the branch it adds is made from the request, so that a repetition, the
    CANCEL and the ACK of an INVITE get the same one.
    """

    def __init__(self, locate: Locate) -> None:
        self._locate = locate
        self.address: Address = ("", 0)
        """Where peers reach us: what Via and Record-Route carry."""

    def receive(self, data: bytes, source: Address) -> list[Packet]:
        """What to send for one datagram."""
        try:
            message = parse_message(data)
            if isinstance(message, Response):
                return self._pass_back(message)
            message.mark_source(*source)
            return self._pass_on(message, source)
        except SipParseError as error:
            request = error.request
            if request is None or request.method == "ACK":
                return []
            return [_reply(build_response(request, error.status, error.reason))]

    def _pass_on(self, request: Request, source: Address) -> list[Packet]:
        answer = self._check(request)
        if answer is None:
            located = self._follow_route(request) or self._locate(request, source)
            if isinstance(located, Target):
                return [self._forward(request, located)]
            answer = located or build_response(request, 404, to_tag=_hash(request))
        return [] if request.method == "ACK" else [_reply(answer)]

    def _check(self, request: Request) -> Response | None:
        """RFC 3261 16.3: the only checks a proxy without options needs."""
        hops = request.max_forwards
        if hops == 0:
            return build_response(request, 483, to_tag=_hash(request))
        if "Proxy-Require" in request.headers:
            unknown = ("Unsupported", ", ".join(request.headers.values("Proxy-Require")))
            return build_response(request, 420, to_tag=_hash(request), headers=[unknown])
        request.headers.set("Max-Forwards", str(FIRST_MAX_FORWARDS if hops is None else hops - 1))
        return None

    def _follow_route(self, request: Request) -> Target | None:
        """Within a dialog, the route says where: first us, then the next hop (16.4, 16.6)."""
        routes = request.headers.values("Route")
        if not routes or _address_of(NameAddr.parse(routes[0]).uri) != self.address:
            return None
        request.headers.remove("Route")
        for route in routes[1:]:
            request.headers.add("Route", route)
        hop = NameAddr.parse(routes[1]).uri if len(routes) > 1 else request.uri
        return Target(_address_of(hop), request.uri)

    def _forward(self, request: Request, target: Target) -> Packet:
        host, port = self.address
        branch = f"z9hG4bK{_hash(request)}"
        if request.method == "INVITE":
            request.headers.prepend("Record-Route", f"<sip:{host}:{port};lr>")
        request.headers.prepend("Via", f"SIP/2.0/UDP {host}:{port};branch={branch}")
        request.uri = target.uri
        return request.to_bytes(), target.address

    def _pass_back(self, response: Response) -> list[Packet]:
        top, *rest = response.headers.get_all("Via")
        first, *others = split_values(top)
        via = Via.parse(first)
        if (via.host, via.port or DEFAULT_PORT) != self.address:
            return []
        lines = [", ".join(others), *rest] if others else rest
        if not lines:
            return []
        response.headers.remove("Via")
        for line in reversed(lines):
            response.headers.prepend("Via", line)
        return [(response.to_bytes(), _reply_address(response.via))]


def _reply(response: Response) -> Packet:
    return response.to_bytes(), _reply_address(response.via)


def _reply_address(via: Via) -> Address:
    """RFC 3261 18.2.2, RFC 3581 4."""
    return via.received or via.host, via.rport or via.port or DEFAULT_PORT


def _address_of(uri: str) -> Address:
    parsed = SipUri.parse(uri)
    return parsed.host.strip("[]"), parsed.port or DEFAULT_PORT


def _hash(request: Request) -> str:
    """The same for a request, its repetitions, its CANCEL and the ACK of its refusal (16.11)."""
    via = request.via
    parts = (via.branch or "", f"{via.host}:{via.port}", request.call_id, request.cseq.number)
    return sha256("|".join(map(str, parts)).encode("utf-8", "replace")).hexdigest()[:24]
