"""Outgoing messages, each built from scratch: nothing of another session can get into one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from maskline.protocols.sip.message import Request

HeaderLines = Sequence[tuple[str, str]]


@dataclass(slots=True)
class OutgoingRequest:
    """A request of ours with what is needed to derive its ACK and its CANCEL.

    `via` stands without its branch; `from_` and `to` are header values with their tags.
    """

    method: str
    uri: str
    via: str
    branch: str
    from_: str
    to: str
    call_id: str
    cseq: int
    user_agent: str
    max_forwards: int = 70
    routes: tuple[str, ...] = ()
    headers: HeaderLines = ()
    body: bytes = b""
    content_type: str = "application/sdp"

    def to_bytes(self) -> bytes:
        """The wire form. Raises ValueError when a value would break out of its line."""
        lines = [
            f"{self.method} {self.uri} SIP/2.0",
            f"Via: {self.via};branch={self.branch};rport",
            f"Max-Forwards: {self.max_forwards}",
        ]
        lines += [f"Route: {route}" for route in self.routes]
        lines += (
            f"From: {self.from_}",
            f"To: {self.to}",
            f"Call-ID: {self.call_id}",
            f"CSeq: {self.cseq} {self.method}",
        )
        return _finish(lines, self.headers, f"User-Agent: {self.user_agent}", self)

    def acknowledgement(self, to: str) -> "OutgoingRequest":
        """The ACK of a final response other than 2xx: same branch and route (17.1.1.3)."""
        return replace(self, method="ACK", to=to, headers=(), body=b"")

    def cancel(self, headers: HeaderLines) -> "OutgoingRequest":
        """The CANCEL of this INVITE: same Request-URI, branch, CSeq number, To, route (9.1)."""
        return replace(self, method="CANCEL", headers=headers, body=b"")


@dataclass(slots=True)
class _Content:
    body: bytes
    content_type: str


def compose_response(
    request: Request,
    status: int,
    reason: str,
    *,
    to_tag: str,
    server: str,
    headers: HeaderLines = (),
    body: bytes = b"",
    content_type: str = "application/sdp",
    with_route: bool = False,
) -> bytes:
    """Answer `request` (RFC 3261 8.2.6): its Via lines, From, To, Call-ID and CSeq, and our lines.

    `to_tag` is added unless the To header has a tag or the value is empty. `with_route` copies
    Record-Route, which belongs into what establishes a dialog (12.1.1). A 100 has the Timestamp.
    """
    echoed = request.headers
    lines = [f"SIP/2.0 {status} {reason}"]
    lines += [f"Via: {via}" for via in echoed.get_all("Via")]
    if with_route:
        lines += [f"Record-Route: {route}" for route in echoed.get_all("Record-Route")]
    tag = f";tag={to_tag}" if to_tag and request.to_tag is None else ""
    lines += (
        f"From: {echoed.get('From')}",
        f"To: {echoed.get('To')}{tag}",
        f"Call-ID: {echoed.get('Call-ID')}",
        f"CSeq: {echoed.get('CSeq')}",
    )
    if status == 100 and "Timestamp" in echoed:
        lines.append(f"Timestamp: {echoed.get('Timestamp')}")
    return _finish(lines, headers, f"Server: {server}", _Content(body, content_type))


def _finish(
    lines: list[str], headers: HeaderLines, product: str, content: OutgoingRequest | _Content
) -> bytes:
    lines += [f"{name}: {value}" for name, value in headers]
    lines.append(product)
    body = content.body
    if body:
        lines.append(f"Content-Type: {content.content_type}")
    lines.append(f"Content-Length: {len(body)}")
    head = "\r\n".join(lines)
    # One look at the whole is cheaper than one at each value.
    breaks = len(lines) - 1
    if head.count("\n") != breaks or head.count("\r") != breaks:
        raise ValueError("a value with a line break cannot go into a SIP message")
    return f"{head}\r\n\r\n".encode("utf-8", "surrogateescape") + body
