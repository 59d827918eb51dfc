import re
from enum import Enum

from maskline.protocols.sip.error import SipParseError
from maskline.protocols.sip.grammar import is_token
from maskline.protocols.sip.header import parse_number
from maskline.protocols.sip.header_map import KNOWN_NAMES, Headers, canonical_name
from maskline.protocols.sip.limits import DEFAULT_LIMITS, MessageLimits
from maskline.protocols.sip.message import MANDATORY, VERSION, Request, Response
from maskline.protocols.sip.status import reason_phrase

# Repeats that could be read in two ways; a second User-Agent or Date changes nothing we use.
_SINGLE = frozenset(
    (  # noqa: SIM905 # as a list of quoted names it is three times as long
        "From To Call-ID CSeq Max-Forwards Content-Length Content-Type Content-Disposition "
        "Content-Encoding Expires Min-Expires Min-SE Session-Expires RAck RSeq Event Refer-To "
        "Referred-By Replaces Retry-After"
    ).split()
)
# the look-behind keeps a long run of spaces from being tried from each of them
_FOLD = re.compile(r"(?<![ \t])[ \t]*+\r\n[ \t]++")
_VERSION = re.compile(r"SIP/[0-9]+\.[0-9]+", re.IGNORECASE)
_STREAM_LENGTH = re.compile(
    # an exact line start: a lone LF before it must not frame a message differently for us
    rb"\r\n(?:content-length|l)[ \t]*+:[ \t]*+(?:\r\n[ \t]++)?(\d{1,9}+)[ \t]*+(?=\r\n)",
    re.IGNORECASE,
)
_HEAD_END = b"\r\n\r\n"
_LAST_CONTENT_LENGTH = 2**31 - 1


def parse_message(data: bytes, limits: MessageLimits = DEFAULT_LIMITS) -> Request | Response:
    """Read one datagram, or one framed message of a stream (RFC 3261 7, 18.3).

    Bytes past Content-Length are ignored; without a Content-Length the body is the rest. Raises
    SipParseError.
    """
    start = _skip_blank_lines(data)
    if len(data) - start > limits.message_bytes:
        raise SipParseError(reason_phrase(513), status=513)
    end = data.find(_HEAD_END, start, start + limits.head_bytes)
    if end < 0:
        # a datagram cut off within its head, or a keep-alive: there is nothing to answer
        raise SipParseError("Missing End Of Headers")
    text = data[start:end].decode("utf-8", "surrogateescape")
    try:
        message = _parse_head(text, limits)
        message.body = _cut_body(message, data, end + 4, limits)
    except SipParseError as error:
        error.request = _salvage(text, limits)
        raise
    return message


class KeepAlive(Enum):
    """What a peer sends on a stream to keep it open (RFC 5626 4.4.1)."""

    PING = "\r\n\r\n"
    """To be answered with one CRLF at once."""


class StreamParser:
    """Cuts a stream of bytes into messages (RFC 3261 18.3, RFC 5626 4.4.1).

    Call `next_message` until it returns None after each `receive`: that keeps what is buffered
    within `limits.stream_bytes`.
    """

    __slots__ = ("_buffer", "_fault", "_limits", "_scanned", "_size")

    def __init__(self, limits: MessageLimits = DEFAULT_LIMITS) -> None:
        self._limits = limits
        self._buffer = bytearray()
        self._scanned = 0
        self._size = 0
        self._fault: SipParseError | None = None

    @property
    def is_broken(self) -> bool:
        """Whether the next message can't be found any more, so that the connection has to go."""
        return self._fault is not None

    def receive(self, data: bytes) -> None:
        """Take what was read. Nothing is parsed; over the limit the stream is broken."""
        if self._fault is not None:
            return
        if len(self._buffer) + len(data) > self._limits.stream_bytes:
            self._break(SipParseError(reason_phrase(513), status=513))
            return
        self._buffer += data

    def next_message(self) -> Request | Response | KeepAlive | None:
        """The next whole message or keep-alive, or None until more was received.

        Raises SipParseError for a malformed message, which is then behind us, unless `is_broken`:
        then every further call raises the same.
        """
        if self._fault is not None:
            raise self._fault
        if not self._size:
            if self._buffer.startswith(b"\r\n") and self._take_blank_lines():
                return KeepAlive.PING
            self._find_size()
            if self._fault is not None:
                raise self._fault
        if not self._size or len(self._buffer) < self._size:
            return None
        data = bytes(self._buffer[: self._size])
        del self._buffer[: self._size]
        self._size = self._scanned = 0
        return parse_message(data, self._limits)

    def _take_blank_lines(self) -> bool:
        """Drop blank lines before a message; True when they were a ping.

        One CRLF with more still to come may be half a ping, so it stays.
        """
        buffer = self._buffer
        while buffer.startswith(b"\r\n"):
            if buffer.startswith(_HEAD_END):
                del buffer[:4]
                return True
            if len(buffer) == 2 or (len(buffer) == 3 and buffer.endswith(b"\r")):
                return False
            del buffer[:2]
        return False

    def _find_size(self) -> None:
        """Look for the end of the head, and from its Content-Length set the message's size."""
        end = self._buffer.find(_HEAD_END, self._scanned)
        if end < 0 or end > self._limits.head_bytes:
            if len(self._buffer) > self._limits.head_bytes:
                self._break(SipParseError(reason_phrase(513), status=513))
            self._scanned = max(0, len(self._buffer) - 3)
            return
        lengths = _STREAM_LENGTH.findall(self._buffer, 0, end + 2)
        if len(lengths) != 1:
            fault = SipParseError("Bad Content-Length")
        elif int(lengths[0]) > self._limits.body_bytes:
            fault = SipParseError(reason_phrase(413), status=413)
        else:
            self._size = end + 4 + int(lengths[0])
            return
        text = self._buffer[:end].decode("utf-8", "surrogateescape")
        fault.request = _salvage(text, self._limits)
        self._break(fault)

    def _break(self, fault: SipParseError) -> None:
        self._fault = fault
        self._buffer.clear()


def _skip_blank_lines(data: bytes) -> int:
    start = 0
    while data.startswith(b"\r\n", start):
        start += 2
    return start


def _parse_head(text: str, limits: MessageLimits) -> Request | Response:
    start_line, _, rest = text.partition("\r\n")
    lines = _split_lines(rest, limits)
    if len(start_line) > limits.start_line_bytes:
        raise SipParseError(reason_phrase(414), status=414)
    known = KNOWN_NAMES
    headers: list[tuple[str, str]] = []
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon:
            raise SipParseError("Bad Header Line")
        headers.append((known.get(name) or canonical_name(name), value.strip(" \t")))
    lines_read = Headers.from_canonical(headers)
    if start_line.startswith("SIP/"):
        message = _parse_status_line(start_line, lines_read)
    else:
        message = _parse_request_line(start_line, lines_read)
    _check(message, limits)
    return message


def _split_lines(text: str, limits: MessageLimits) -> list[str]:
    if "\n " in text or "\n\t" in text:
        text = _FOLD.sub(" ", text)
    lines = text.split("\r\n")
    if len(lines) > limits.header_count:
        raise SipParseError("Too Many Headers")
    if len(text) > limits.header_bytes and max(map(len, lines)) > limits.header_bytes:
        raise SipParseError("Header Too Long")
    breaks = len(lines) - 1
    # a lone CR or LF is a line break to some peers and none to others (RFC 3261 25.1 has neither)
    if text.count("\n") != breaks or text.count("\r") != breaks:
        raise SipParseError("Bad Line Break")
    return lines


def _parse_status_line(line: str, headers: Headers) -> Response:
    version, _, rest = line.partition(" ")
    status, _, reason = rest.partition(" ")
    if version != VERSION:
        raise SipParseError("Bad Version")
    if len(status) != 3 or not (status.isascii() and status.isdecimal()):
        raise SipParseError("Bad Status")
    if "\n" in line or "\r" in line:
        raise SipParseError("Bad Line Break")
    code = int(status)
    if not 100 <= code <= 699:
        raise SipParseError("Bad Status")
    return Response(code, reason, headers)


def _parse_request_line(line: str, headers: Headers) -> Request:
    words = line.split(" ")
    if len(words) != 3 or not is_token(words[0]):
        raise SipParseError("Bad Request-Line")
    method, uri, version = words
    if version != VERSION and version.upper() != VERSION:
        if _VERSION.fullmatch(version):
            raise SipParseError(reason_phrase(505), status=505)
        raise SipParseError("Bad Request-Line")
    request = Request(method, uri, headers)
    _ = request.target
    return request


def _check(message: Request | Response, limits: MessageLimits) -> None:
    headers = message.headers
    repeated = headers.repeated()
    if repeated and not repeated.isdisjoint(_SINGLE):
        raise SipParseError("Repeated Header")
    if "Via" in repeated or "," in headers.get("Via", ""):
        hops = sum([line.count(",") + 1 for line in headers.get_all("Via")])
        if hops > limits.via_count:
            raise SipParseError("Too Many Hops Listed")
    message.read_mandatory()
    if isinstance(message, Request) and message.cseq.method != message.method:
        raise SipParseError("CSeq Method Mismatch")


def _cut_body(message: Request | Response, data: bytes, start: int, limits: MessageLimits) -> bytes:
    stated = message.headers.get("Content-Length")
    present = len(data) - start
    if stated is None:
        size = present
    else:
        size = parse_number(stated, _LAST_CONTENT_LENGTH, "Bad Content-Length")
        if size > present:
            raise SipParseError("Body Shorter Than Content-Length")
    if size > limits.body_bytes:
        raise SipParseError(reason_phrase(413), status=413)
    return data[start : start + size] if size else b""


def _salvage(text: str, limits: MessageLimits) -> Request | None:
    """Read a refused request just far enough to answer it, or return None."""
    start_line, _, rest = text.partition("\r\n")
    words = start_line.split()
    # the slash in the version of a status line is no part of a token
    if len(words) < 2 or not is_token(words[0]) or words[0] == "ACK":
        return None
    headers = Headers()
    for line in _FOLD.sub(" ", rest).split("\r\n")[: limits.header_count]:
        name, colon, value = line.partition(":")
        value = value.strip(" \t")
        if not colon or not is_token(name.rstrip(" \t")) or "\n" in value or "\r" in value:
            continue
        headers.add(name, value)
    request = Request(words[0], words[1], headers)
    if not all(headers.get(name) for name in MANDATORY):
        return None
    try:
        _ = request.via
    except SipParseError:
        return None
    return request
