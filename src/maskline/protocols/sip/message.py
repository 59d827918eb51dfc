from collections.abc import Iterable

from maskline.protocols.sip.error import SipParseError
from maskline.protocols.sip.grammar import first_value, is_token, split_values
from maskline.protocols.sip.header import (
    CSeq,
    NameAddr,
    Via,
    check_tokens,
    media_type,
    parse_number,
    parse_tag,
)
from maskline.protocols.sip.header_map import Headers
from maskline.protocols.sip.status import reason_phrase
from maskline.protocols.sip.uri import SipUri, parse_request_uri

__all__ = ["Headers", "Request", "Response", "build_response"]

VERSION = "SIP/2.0"
LAST_MAX_FORWARDS = 255


def _parse_top_via(line: str) -> Via:
    return Via.parse(first_value(line))


def _parse_first_contact(line: str) -> NameAddr | None:
    return None if line == "*" else NameAddr.parse(first_value(line))


def _parse_max_forwards(value: str) -> int:
    return parse_number(value, LAST_MAX_FORWARDS, "Bad Max-Forwards")


MANDATORY = ("Via", "From", "To", "Call-ID", "CSeq")

_READ = (
    ("Via", _parse_top_via),
    ("From", parse_tag),
    ("To", parse_tag),
    ("CSeq", CSeq.parse),
    ("Contact", _parse_first_contact),
    ("Max-Forwards", _parse_max_forwards),
)


class _Message:
    """What requests and responses share: headers, a body, and headers read on demand.

    A value once read is kept until a header line changes. Via, From, To, Call-ID and CSeq of a
    message from `parse_message` are sound; of one built by hand they raise SipParseError when
    missing or malformed.
    """

    __slots__ = ("body", "headers")

    def __init__(self, headers: Headers | Iterable[tuple[str, str]], body: bytes) -> None:
        self.headers = headers if isinstance(headers, Headers) else Headers(headers)
        self.body = body

    def read_mandatory(self) -> None:
        """Read all that the properties give, so that none can fail later; raises SipParseError."""
        missing = self.headers.read_each(_READ, MANDATORY)
        if missing is not None:
            raise SipParseError(f"Missing {missing}")

    @property
    def via(self) -> Via:
        """The top hop, which responses go back to."""
        via = self.headers.read("Via", _parse_top_via)
        if via is None:
            raise SipParseError("Missing Via")
        return via

    @property
    def vias(self) -> list[Via]:
        """All hops, the top one first."""
        return [Via.parse(value) for value in self.headers.values("Via")]

    @property
    def call_id(self) -> str:
        """The Call-ID; compared with case (RFC 3261 20.8)."""
        value = self.headers.get("Call-ID")
        if not value:
            raise SipParseError("Missing Call-ID")
        return value

    @property
    def cseq(self) -> CSeq:
        """The number and method of the transaction."""
        cseq = self.headers.read("CSeq", CSeq.parse)
        if cseq is None:
            raise SipParseError("Missing CSeq")
        return cseq

    @property
    def from_(self) -> NameAddr:
        """Who sent the request; read anew each time, as few need more of it than the tag."""
        return self._address("From")

    @property
    def to(self) -> NameAddr:
        """Whom the request was meant for; read anew each time."""
        return self._address("To")

    @property
    def from_tag(self) -> str | None:
        """The tag of From; None from RFC 2543 peers."""
        return self._tag("From")

    @property
    def to_tag(self) -> str | None:
        """The tag of To; None outside a dialog."""
        return self._tag("To")

    def _address(self, name: str) -> NameAddr:
        raw = self.headers.get(name)
        if raw is None:
            raise SipParseError(f"Missing {name}")
        return NameAddr.parse(raw)

    def _tag(self, name: str) -> str | None:
        tag = self.headers.read(name, parse_tag)
        if tag is None:
            raise SipParseError(f"Missing {name}")
        return tag or None

    @property
    def contact(self) -> NameAddr | None:
        """The first Contact; None when absent or `*`."""
        return self.headers.read("Contact", _parse_first_contact)

    @property
    def max_forwards(self) -> int | None:
        """Max-Forwards, 0 to 255 (RFC 3261 20.22)."""
        return self.headers.read("Max-Forwards", _parse_max_forwards)

    @property
    def content_type(self) -> str:
        """The `type/subtype` in lower case, without parameters; empty without the header."""
        value = self.headers.get("Content-Type")
        return "" if value is None else media_type(value)

    def options(self, name: str) -> frozenset[str]:
        """The tokens of a list header (Require, Supported, Allow, ...) in lower case.

        Raises SipParseError when one is no token.
        """
        return check_tokens(self.headers.values(name))

    def _to_bytes(self, start_line: str) -> bytes:
        body = self.body
        lines = [start_line]
        lines += [f"{n}: {v}" for n, v in self.headers if n != "Content-Length"]
        lines.append(f"Content-Length: {len(body)}\r\n\r\n")
        text = "\r\n".join(lines)
        # one count over the whole head finds a line break smuggled into any name or value
        breaks = len(lines) + 1
        if text.count("\r") != breaks or text.count("\n") != breaks:
            raise ValueError("line break inside a header value")
        head = text.encode("utf-8", "surrogateescape")
        return head + body if body else head


class Request(_Message):
    """A SIP request (RFC 3261 7.1). `uri` is the Request-URI as text, `target` the same read."""

    __slots__ = ("_target", "method", "uri")

    def __init__(
        self,
        method: str,
        uri: str,
        headers: Headers | Iterable[tuple[str, str]] = (),
        body: bytes = b"",
    ) -> None:
        super().__init__(headers, body)
        self.method = method
        self.uri = uri
        self._target: tuple[str, SipUri] | None = None

    @property
    def target(self) -> SipUri:
        """The Request-URI; sound in a message from `parse_message`, else raises SipParseError."""
        known = self._target
        if known is None or known[0] is not self.uri:
            known = self._target = (self.uri, parse_request_uri(self.uri))
        return known[1]

    def mark_source(self, host: str, port: int) -> None:
        """Write where the request came from into its top Via, before it is answered.

        `received` when the address differs from sent-by or rport is asked for, `rport` when it is
        asked for (RFC 3261 18.2.1, RFC 3581 4). `host` is an address without brackets.
        """
        via = self.via
        wants_rport = "rport" in via.params
        is_new = "received" not in via.params
        if wants_rport or via.host.strip("[]").lower() != host.lower():
            via.params["received"] = host
        elif "received" in via.params:
            # written by the sender, it would lead our answer to somebody else
            del via.params["received"]
        else:
            return
        if wants_rport:
            via.params["rport"] = str(port)
        line = self.headers.get("Via", "")
        if is_new and "," not in line and line.endswith(";rport"):
            stamped = f"{line}={port};received={host}"  # the usual case, written at once
        else:
            rest = split_values(line)[1:] if "," in line else ()
            stamped = ", ".join((str(via), *rest))
        self.headers.replace_first("Via", stamped, via)

    def to_bytes(self) -> bytes:
        """The message for the wire, with its Content-Length.

        Raises ValueError when a name, a value, the method or the URI would break the framing.
        """
        if not is_token(self.method) or " " in self.uri or not self.uri:
            raise ValueError("request line would not be one line of three words")
        return self._to_bytes(f"{self.method} {self.uri} {VERSION}")

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Request)
            and (self.method, self.uri, self.body) == (other.method, other.uri, other.body)
            and self.headers == other.headers
        )

    __hash__ = None  # pyright: ignore[reportAssignmentType] # mutable, so no dictionary key

    def __repr__(self) -> str:
        return f"<Request {self.method} body={len(self.body)}>"


class Response(_Message):
    """A SIP response (RFC 3261 7.2)."""

    __slots__ = ("reason", "status")

    def __init__(
        self,
        status: int,
        reason: str,
        headers: Headers | Iterable[tuple[str, str]] = (),
        body: bytes = b"",
    ) -> None:
        super().__init__(headers, body)
        self.status = status
        self.reason = reason

    def to_bytes(self) -> bytes:
        """The message for the wire, with its Content-Length.

        Raises ValueError when a name, a value or the reason would break the framing.
        """
        if not 100 <= self.status <= 699:
            raise ValueError("status out of range")
        return self._to_bytes(f"{VERSION} {self.status} {self.reason}")

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Response)
            and (self.status, self.reason, self.body) == (other.status, other.reason, other.body)
            and self.headers == other.headers
        )

    __hash__ = None  # pyright: ignore[reportAssignmentType] # mutable, so no dictionary key

    def __repr__(self) -> str:
        return f"<Response {self.status} body={len(self.body)}>"


def build_response(
    request: Request,
    status: int,
    reason: str | None = None,
    *,
    to_tag: str | None = None,
    headers: Iterable[tuple[str, str]] = (),
    body: bytes = b"",
    content_type: str | None = None,
    record_route: bool = False,
) -> Response:
    """Answer a request as RFC 3261 8.2.6 says.

    Via lines, From, To, Call-ID and CSeq are copied, for a 100 the Timestamp too, and with
    `record_route` the Record-Route lines (12.1.1). `to_tag` is added when To has none. Nothing
    else of the request is. A request salvaged by SipParseError can be answered as well.
    """
    copied: dict[str, list[tuple[str, str]]] = {
        name: [] for name in _COPIED if record_route or name != "Record-Route"
    }
    for line in request.headers:
        if line[0] in copied:
            copied[line[0]].append(line)
    lines = copied["Via"]
    if record_route:
        lines += copied["Record-Route"]
    lines.append(copied["From"][0])
    lines.append(("To", _tagged(request, to_tag) if to_tag else copied["To"][0][1]))
    lines.append(copied["Call-ID"][0])
    lines.append(copied["CSeq"][0])
    if status == 100:
        lines += copied["Timestamp"]
    built = Headers.from_canonical(lines)
    for name, value in headers:
        built.add(name, value)
    if content_type is not None:
        built.add("Content-Type", content_type)
    return Response(status, reason_phrase(status) if reason is None else reason, built, body)


_COPIED = ("Via", "Record-Route", "From", "To", "Call-ID", "CSeq", "Timestamp")


def _tagged(request: Request, to_tag: str) -> str:
    raw = request.headers.get("To", "")
    try:
        tag = request.to_tag
    except SipParseError:
        return raw
    if tag is not None:
        return raw
    # without brackets a parameter is the header's all the same, so it may be appended to either
    return f"{raw};tag={to_tag}"
