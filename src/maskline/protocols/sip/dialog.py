"""Dialogs (RFC 3261 12): what two user agents agree on to find each other again."""

import re

from maskline.protocols.sip.compose import HeaderLines, OutgoingRequest
from maskline.protocols.sip.error import SipParseError
from maskline.protocols.sip.flow import DEFAULT_PORT, Flow, Transport
from maskline.protocols.sip.header import NameAddr
from maskline.protocols.sip.message import Request, Response
from maskline.protocols.sip.session_snapshot import SessionSnapshot
from maskline.protocols.sip.stack import Stack
from maskline.protocols.sip.uri import SipUri

# Enough to tell an address from a name, which never ends in a number (RFC 1123 2.1).
_ADDRESS = re.compile(r"\d+\.\d+\.\d+\.\d+|[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*")


class Dialog:
    """One dialog of a session. `local` and `remote` are header values with their tags."""

    __slots__ = (
        "_flow",
        "_is_flow_lost",
        "_next_flow",
        "call_id",
        "last_rseq",
        "local",
        "local_cseq",
        "local_tag",
        "remote",
        "remote_cseq",
        "remote_tag",
        "routes",
        "target",
    )

    def __init__(
        self,
        *,
        call_id: str,
        local: str,
        local_tag: str,
        remote: str,
        remote_tag: str | None,
        target: str,
        routes: tuple[str, ...],
        flow: Flow,
        local_cseq: int = 0,
        remote_cseq: int | None = None,
    ) -> None:
        self.call_id = call_id
        self.local = local
        self.local_tag = local_tag
        self.remote = remote
        self.remote_tag = remote_tag
        self.target = target
        self.routes = routes
        self.local_cseq = local_cseq
        self.remote_cseq = remote_cseq
        self.last_rseq: int | None = None
        self._flow = flow
        self._is_flow_lost = False
        self._next_flow: Flow | None = None

    @classmethod
    def as_caller(
        cls, request: OutgoingRequest, local_tag: str, response: Response, flow: Flow
    ) -> "Dialog":
        """The dialog our INVITE and a response with a To tag make (RFC 3261 12.1.2)."""
        contact = response.contact
        return cls(
            call_id=request.call_id,
            local=request.from_,
            local_tag=local_tag,
            remote=response.headers.get("To", ""),
            remote_tag=response.to_tag,
            target=request.uri if contact is None else contact.uri,
            routes=_sound_routes(response)[::-1],
            flow=flow,
            local_cseq=request.cseq,
        )

    @classmethod
    def as_callee(cls, request: Request, local_tag: str, flow: Flow) -> "Dialog":
        """The dialog the INVITE of a peer and our response make (RFC 3261 12.1.1).

        Raises SipParseError when the INVITE has no Contact or a Record-Route that cannot be read.
        """
        contact = request.contact
        if contact is None:
            raise SipParseError("Missing Contact")
        return cls(
            call_id=request.call_id,
            local=f"{request.headers.get('To', '')};tag={local_tag}",
            local_tag=local_tag,
            remote=request.headers.get("From", ""),
            remote_tag=request.from_tag,
            target=contact.uri,
            routes=_routes(request),
            flow=flow,
            remote_cseq=request.cseq.number,
        )

    @classmethod
    def from_snapshot(cls, kept: SessionSnapshot, elapsed_s: float) -> "Dialog":
        """The dialog of an earlier run, `elapsed_s` after it was kept.

        Connections ended with that run: on a stream the next request goes where the target says.
        """
        dialog = cls(
            call_id=kept.call_id,
            local=kept.local,
            local_tag=kept.local_tag,
            remote=kept.remote,
            remote_tag=kept.remote_tag,
            target=kept.target,
            routes=kept.routes,
            flow=kept.flow,
            local_cseq=kept.cseq_after(elapsed_s),
            remote_cseq=kept.remote_cseq,
        )
        dialog._is_flow_lost = kept.flow.is_reliable
        return dialog

    @property
    def flow(self) -> Flow:
        """Where the next request within the dialog goes."""
        if self._next_flow is None:
            hop = self.routes[0] if self.routes else self.target
            self._next_flow = next_hop(hop, self._flow, reuse=not self._is_flow_lost)
        return self._next_flow

    def fail(self, now: float) -> None:
        """The connection the dialog came over is gone: a new one goes where the target says."""
        del now
        self._is_flow_lost = True
        self._next_flow = None

    def refresh_target(self, message: Request | Response) -> None:
        """A re-INVITE or UPDATE, or a 2xx to ours, moved the peer (RFC 3261 12.2)."""
        contact = message.contact
        if contact is not None and contact.uri != self.target:
            self.target = contact.uri
            self._next_flow = None

    def confirm(self, response: Response) -> None:
        """The 2xx to our INVITE has the final route and target of an early dialog (13.2.2.4)."""
        routes = _sound_routes(response)[::-1]
        if routes != self.routes:
            self.routes = routes
            self._next_flow = None
        self.refresh_target(response)

    def accept_cseq(self, number: int) -> bool:
        """Take note of the peer's CSeq; False when it is out of order (RFC 3261 12.2.2)."""
        if self.remote_cseq is not None and number <= self.remote_cseq:
            return False
        self.remote_cseq = number
        return True

    def next_cseq(self) -> int:
        """The CSeq number of our next request."""
        self.local_cseq += 1
        return self.local_cseq

    def request(
        self,
        stack: Stack,
        method: str,
        *,
        cseq: int | None = None,
        headers: HeaderLines = (),
        body: bytes = b"",
        content_type: str = "application/sdp",
    ) -> OutgoingRequest:
        """Write a request within the dialog (RFC 3261 12.2.1.1); `cseq` is given for ACK."""
        uri, routes = self.target, self.routes
        if routes and not _is_loose(routes[0]):
            # A strict router: the Request-URI is its, and the target ends the route.
            uri, routes = NameAddr.parse(routes[0]).uri, (*routes[1:], f"<{uri}>")
        return OutgoingRequest(
            method=method,
            uri=uri,
            via=stack.via(self.flow),
            branch=stack.new_branch(),
            from_=self.local,
            to=self.remote,
            call_id=self.call_id,
            cseq=self.next_cseq() if cseq is None else cseq,
            user_agent=stack.config.user_agent,
            routes=routes,
            headers=headers,
            body=body,
            content_type=content_type,
        )


def _routes(message: Request | Response) -> tuple[str, ...]:
    if "Record-Route" not in message.headers:
        return ()
    routes = tuple(message.headers.values("Record-Route"))
    for route in routes:
        _is_loose(route)
    return routes


def _sound_routes(response: Response) -> tuple[str, ...]:
    """The recorded route, or none when it cannot be read: a 2xx has to be acknowledged anyhow."""
    try:
        return _routes(response)
    except SipParseError:
        return ()


def _is_loose(route: str) -> bool:
    return SipUri.parse(NameAddr.parse(route).uri).is_loose


def next_hop(hop: str, known: Flow, *, reuse: bool = True) -> Flow:
    """Where a route or target leads, `known` being the flow the dialog came over.

    An address literal is followed (RFC 3263 4.1 without its name lookups). A name, and whatever
    cannot be read, means the known flow: that peer answered for it. On a stream the connection to
    the same host is used again (`reuse`), since its far port is seldom the one in the URI.
    """
    try:
        uri = SipUri.parse(NameAddr.parse(hop).uri if hop.startswith("<") else hop)
    except SipParseError:
        return known
    host = uri.host.strip("[]")
    if not _ADDRESS.fullmatch(host):
        return known
    transport = _transport(uri, known)
    if reuse and transport != "udp" and (transport, host) == known[:2]:
        return known
    return Flow(transport, host, uri.port or DEFAULT_PORT[transport])


def _transport(uri: SipUri, known: Flow) -> Transport:
    named = uri.transport
    if uri.scheme == "sips" or named == "tls":
        return "tls"
    if named == "tcp":
        # `sip:` with transport=tcp on a TLS connection is how RFC 3261 19.1.2 writes TLS.
        return "tls" if known.transport == "tls" else "tcp"
    return "udp" if named == "udp" else known.transport
