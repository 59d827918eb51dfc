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
        product = f"User-Agent: {self.user_agent}"
        return _finish(lines, self.headers, product, self.body, self.content_type)

    def acknowledgement(self, to: str) -> "OutgoingRequest":
        """The ACK of a final response other than 2xx: same branch and route (17.1.1.3)."""
        return replace(self, method="ACK", to=to, headers=(), body=b"")

    def cancel(self, headers: HeaderLines) -> "OutgoingRequest":
        """The CANCEL of this INVITE: same Request-URI, branch, CSeq number, To, route (9.1)."""
        return replace(self, method="CANCEL", headers=headers, body=b"")


class Echo:
    """What every response to one request repeats of it (RFC 3261 8.2.6), ready to be written."""

    __slots__ = ("_from", "_ids", "_is_tagged", "_routes", "_timestamp", "_to", "_vias")

    def __init__(self, request: Request) -> None:
        echoed = request.headers
        get = echoed.get
        self._vias = [f"Via: {via}" for via in echoed.get_all("Via")]
        self._routes = [f"Record-Route: {route}" for route in echoed.get_all("Record-Route")]
        self._timestamp = get("Timestamp")
        self._from = f"From: {get('From')}"
        self._to = f"To: {get('To')}"
        self._is_tagged = request.to_tag is not None
        self._ids = (f"Call-ID: {get('Call-ID')}", f"CSeq: {get('CSeq')}")

    def compose(
        self,
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
        """Write a response: the Via lines, From, To, Call-ID and CSeq, and our lines.

        `to_tag` is added unless the To header has a tag or the value is empty. `with_route` copies
        Record-Route, which belongs into what establishes a dialog (12.1.1). A 100 has the
        Timestamp. Raises ValueError when a value would break out of its line.
        """
        lines = [f"SIP/2.0 {status} {reason}", *self._vias]
        if with_route:
            lines += self._routes
        is_tagged = self._is_tagged or not to_tag
        lines += (self._from, self._to if is_tagged else f"{self._to};tag={to_tag}", *self._ids)
        if status == 100 and self._timestamp is not None:
            lines.append(f"Timestamp: {self._timestamp}")
        return _finish(lines, headers, f"Server: {server}", body, content_type)


def _finish(
    lines: list[str], headers: HeaderLines, product: str, body: bytes, content_type: str
) -> bytes:
    lines += [f"{name}: {value}" for name, value in headers]
    lines.append(product)
    if body:
        lines.append(f"Content-Type: {content_type}")
    lines.append(f"Content-Length: {len(body)}")
    head = "\r\n".join(lines)
    # One look at the whole is cheaper than one at each value.
    breaks = len(lines) - 1
    if head.count("\n") != breaks or head.count("\r") != breaks:
        raise ValueError("a value with a line break cannot go into a SIP message")
    return f"{head}\r\n\r\n".encode("utf-8", "surrogateescape") + body
