import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from maskline.protocols.sip.error import SipParseError
from maskline.protocols.sip.grammar import (
    HOST,
    QUOTED,
    TOKEN,
    format_params,
    is_token,
    parse_params,
    parse_port,
    quote,
    unquote,
)

LAST_CSEQ = 2**32 - 1
LONGEST_NUMBER = 20
"""Digits of a number that are looked at; leading zeros are allowed (RFC 4475 3.1.1.1)."""

LAST_DELTA = 2**32 - 1

_VIA = re.compile(
    rf"\s*+SIP\s*+/\s*+([0-9.]++)\s*+/\s*+({TOKEN}++)\s++({HOST})\s*+(?::\s*+([0-9]{{1,5}}+)\s*+)?(;.*+)?",
    re.IGNORECASE | re.DOTALL | re.ASCII,
)
_BRACKETED = re.compile(
    # unquoted display names hold what the grammar forbids in practice (UTF-8, dots, colons)
    rf"\s*+(?:({QUOTED})\s*+|([^\"<>,;]*+))<\s*+([A-Za-z][^<>\s]*+)\s*+>\s*+(;.*+)?",
    re.DOTALL,
)
# The usual From and To: no other parameter than a tag, and that in lower case.
_TAGGED = re.compile(
    rf"(?:{QUOTED}\s*+|[^\"<>,;]*+)<[A-Za-z][^<>\s]*+>(?:;tag=({TOKEN}++))?", re.DOTALL
)
_BARE = re.compile(r"\s*+([A-Za-z][A-Za-z0-9+.\-]*+:[^\s<>\",;?]++)\s*+(;.*+)?", re.DOTALL)
_CSEQ = re.compile(rf"([0-9]{{1,20}}+)\s++({TOKEN}++)")
_RACK = re.compile(rf"([0-9]{{1,20}}+)\s++([0-9]{{1,20}}+)\s++({TOKEN}++)")
_DELTA = re.compile(r"([0-9]{1,20}+)\s*+(;.*+)?", re.DOTALL)
_RETRY_AFTER = re.compile(r"([0-9]{1,20}+)\s*+(?:\(.*\)\s*+)?(;.*+)?", re.DOTALL)
_REASON = re.compile(rf"({TOKEN}++)\s*+(;.*+)?", re.DOTALL)


@dataclass(slots=True)
class Via:
    """One hop of a Via header (RFC 3261 20.42); `transport` in capitals, `host` as it came."""

    transport: str
    host: str
    port: int | None = None
    params: dict[str, str | None] = field(default_factory=dict[str, str | None])

    @classmethod
    def parse(cls, value: str) -> "Via":
        """Read one value (no commas); raises SipParseError.

        The version is not judged here: a request of another version has to be answered with 505
        through this same Via.
        """
        match = _VIA.fullmatch(value)
        if match is None:
            raise SipParseError("Bad Via")
        _, transport, host, port, params = match.groups()
        return cls(
            transport.upper(),
            host,
            int(port) if port is not None and len(port) < 5 else parse_port(port),
            parse_params(params) if params else {},
        )

    @property
    def branch(self) -> str | None:
        """The branch parameter as it came; RFC 3261 ones begin with `z9hG4bK`."""
        return self.params.get("branch")

    @property
    def received(self) -> str | None:
        """The source address the next hop saw (RFC 3261 18.2.1)."""
        return self.params.get("received")

    @property
    def rport(self) -> int | None:
        """The source port the next hop saw; None when absent or still empty (RFC 3581 4)."""
        value = self.params.get("rport")
        return int(value) if value is not None and value.isdecimal() and len(value) <= 5 else None

    @property
    def wants_rport(self) -> bool:
        """Whether the sender asks for answers to its source port (RFC 3581 3)."""
        return "rport" in self.params

    def __str__(self) -> str:
        port = "" if self.port is None else f":{self.port}"
        return f"SIP/2.0/{self.transport} {self.host}{port}{format_params(self.params)}"


@dataclass(slots=True)
class NameAddr:
    """A display name, a URI and header parameters: From, To, Contact, Route and their kin.

    `display` is unquoted, `uri` the text between the angle brackets, quoted parameter values keep
    their quotes (RFC 3261 20.10, 25.1).
    """

    display: str
    uri: str
    params: dict[str, str | None] = field(default_factory=dict[str, str | None])

    @classmethod
    def parse(cls, value: str) -> "NameAddr":
        """Read one value (no commas outside quotes and brackets); raises SipParseError.

        Without angle brackets all parameters are the header's, and a URI with `?` is refused
        (RFC 3261 20.10).
        """
        match = _BRACKETED.fullmatch(value)
        if match is None:
            match = _BARE.fullmatch(value)
            if match is None:
                raise SipParseError("Bad Address")
            uri, params = match.groups()
            return cls("", uri, parse_params(params) if params else {})
        quoted, words, uri, params = match.groups()
        display = unquote(quoted) if quoted else words.rstrip()
        return cls(display, uri, parse_params(params) if params else {})

    @property
    def tag(self) -> str | None:
        """The tag of a From or To."""
        return self.params.get("tag")

    def __str__(self) -> str:
        display = f"{quote(self.display)} " if self.display else ""
        return f"{display}<{self.uri}>{format_params(self.params)}"


class CSeq(NamedTuple):
    """The number and method of a CSeq (RFC 3261 20.16)."""

    number: int
    method: str

    @classmethod
    def parse(cls, value: str) -> "CSeq":
        """Read it; raises SipParseError, also over 32 bits."""
        match = _CSEQ.fullmatch(value)
        if match is None:
            raise SipParseError("Bad CSeq")
        return cls(_bounded(match.group(1), LAST_CSEQ, "Bad CSeq"), match.group(2))

    def __str__(self) -> str:
        return f"{self.number} {self.method}"


@dataclass(frozen=True, slots=True)
class RAck:
    """What a PRACK acknowledges (RFC 3262 7.2)."""

    response_number: int
    cseq_number: int
    method: str

    @classmethod
    def parse(cls, value: str) -> "RAck":
        """Read it; raises SipParseError."""
        match = _RACK.fullmatch(value)
        if match is None:
            raise SipParseError("Bad RAck")
        return cls(
            _bounded(match.group(1), LAST_CSEQ, "Bad RAck"),
            _bounded(match.group(2), LAST_CSEQ, "Bad RAck"),
            match.group(3),
        )

    def __str__(self) -> str:
        return f"{self.response_number} {self.cseq_number} {self.method}"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a request or response was sent (RFC 3326): `Q.850;cause=16;text="..."` or `SIP;...`.

    `protocol` is in capitals; `text` is unquoted. The text is the peer's: never pass it on.
    """

    protocol: str
    cause: int | None = None
    text: str | None = None

    @classmethod
    def parse(cls, value: str) -> "Reason":
        """Read one value; a cause that is no number below 1000 is None. Raises SipParseError."""
        match = _REASON.fullmatch(value)
        if match is None:
            raise SipParseError("Bad Reason")
        params = parse_params(match.group(2) or "")
        cause = params.get("cause")
        text = params.get("text")
        return cls(
            match.group(1).upper(),
            int(cause) if cause is not None and cause.isdecimal() and len(cause) <= 3 else None,
            None if text is None else unquote(text),
        )

    def __str__(self) -> str:
        cause = "" if self.cause is None else f";cause={self.cause}"
        text = "" if self.text is None else f";text={quote(self.text)}"
        return f"{self.protocol}{cause}{text}"


@dataclass(frozen=True, slots=True)
class SessionExpires:
    """Session-Expires or Min-SE: seconds, and who refreshes, `uac`, `uas` or None (RFC 4028 4)."""

    delta: int
    refresher: str | None = None

    @classmethod
    def parse(cls, value: str) -> "SessionExpires":
        """Read it; an unknown refresher counts as none. Raises SipParseError."""
        match = _DELTA.fullmatch(value)
        if match is None:
            raise SipParseError("Bad Session-Expires")
        params = match.group(2)
        refresher = (parse_params(params).get("refresher") or "").lower() if params else ""
        return cls(
            _bounded(match.group(1), LAST_DELTA, "Bad Session-Expires"),
            refresher if refresher in ("uac", "uas") else None,
        )

    def __str__(self) -> str:
        return f"{self.delta};refresher={self.refresher}" if self.refresher else str(self.delta)


def parse_number(value: str, last: int, reason: str) -> int:
    """Read a header that is one decimal number from 0 to `last`; raises SipParseError."""
    if not (value.isdecimal() and value.isascii()) or len(value) > LONGEST_NUMBER:
        raise SipParseError(reason)
    return _bounded(value, last, reason)


def parse_tag(value: str) -> str:
    """The tag of a From or To that is an address as `NameAddr.parse` takes it; empty without one.

    Raises SipParseError.
    """
    match = _TAGGED.fullmatch(value)
    if match is not None:
        return match[1] or ""
    params = NameAddr.parse(value).params
    if "tag" not in params:
        return ""
    tag = params["tag"]
    if not tag:
        # A tag that says nothing is neither one nor none: an answer could not add its own.
        raise SipParseError("Bad Tag")
    return tag


def parse_rseq(value: str) -> int:
    """Read an RSeq (RFC 3262 7.1); raises SipParseError."""
    return parse_number(value, LAST_CSEQ, "Bad RSeq")


def parse_retry_after(value: str) -> int | None:
    """The seconds of a Retry-After (RFC 3261 20.33); None when it can't be read: it is advice."""
    match = _RETRY_AFTER.fullmatch(value)
    if match is None or int(match.group(1)) > LAST_DELTA:
        return None
    return int(match.group(1))


def media_type(value: str) -> str:
    """The `type/subtype` of a Content-Type in lower case, without parameters."""
    kind = value.partition(";")[0]
    slash = kind.partition("/")
    return f"{slash[0].strip()}/{slash[2].strip()}".lower() if slash[1] else kind.strip().lower()


def check_tokens(values: Sequence[str]) -> frozenset[str]:
    """Tokens of Require, Supported, Allow in lower case; raises SipParseError on what is none."""
    tokens = frozenset([value.lower() for value in values])
    for token in tokens:
        if not is_token(token):
            raise SipParseError("Bad Option Tag")
    return tokens


def _bounded(digits: str, last: int, reason: str) -> int:
    number = int(digits)
    if number > last:
        raise SipParseError(reason)
    return number
