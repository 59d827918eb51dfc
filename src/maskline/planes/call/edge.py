"""The SIP edges in front of this worker: proxies that hand it other people's requests."""

from collections.abc import Iterable
from ipaddress import ip_address, ip_network

from maskline.protocols.sip.error import SipParseError
from maskline.protocols.sip.flow import DEFAULT_PORT, Flow
from maskline.protocols.sip.message import Request
from maskline.protocols.sip.uri import SipUri

SOURCE_HEADER = "X-Maskline-Source"
"""How an edge says where a request came from: `sip:192.0.2.10:5060;transport=udp`.

An edge removes the header from what it receives before it writes its own.
"""


class Edges:
    """The edges, by their `networks` (`10.0.0.5`, `10.0.0.0/24`).

    Raises ValueError for what is no network.
    """

    def __init__(self, networks: Iterable[str] = ()) -> None:
        self._networks = tuple([ip_network(network) for network in networks])

    def __contains__(self, source: Flow) -> bool:
        if not self._networks:
            return False
        try:
            address = ip_address(source.host)
        except ValueError:
            return False
        return any(address in network for network in self._networks)

    def origin(self, request: Request, source: Flow) -> Flow | None:
        """Who sent the request: the source itself, or whom it names if it is an edge.

        None when an edge does not name exactly one: then nobody answers for the request. What
        others write into the header counts for nothing.
        """
        if source not in self:
            return source
        named = request.headers.get_all(SOURCE_HEADER)
        if len(named) != 1:
            return None
        try:
            return _read(SipUri.parse(named[0]))
        except (SipParseError, ValueError):
            return None


def _read(uri: SipUri) -> Flow:
    """Raises ValueError when the URI names no address or no transport of ours."""
    address = str(ip_address(uri.host.strip("[]")))
    for transport, port in DEFAULT_PORT.items():
        if (uri.transport or "udp") == transport:
            return Flow(transport, address, uri.port or port)
    raise ValueError(uri.transport)
