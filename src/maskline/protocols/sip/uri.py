import re
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from maskline.protocols.sip.error import SipParseError
from maskline.protocols.sip.grammar import HOST, parse_port

_UNRESERVED = r"A-Za-z0-9\-_.!~*'()%"
_SIP_URI = re.compile(
    rf"(sips?):"
    # '#' has to be escaped by the book (RFC 3261 25.1), yet dialled digits bring it as it is
    rf"(?:([{_UNRESERVED}&=+$,;?/#]++)(?::([{_UNRESERVED}&=+$,]*+))?@)?"
    rf"({HOST})(?::([0-9]{{1,5}}+))?"
    rf"((?:;[{_UNRESERVED}\[\]/:&+$]++(?:=[{_UNRESERVED}\[\]/:&+$]++)?)*)"
    rf"(?:\?([{_UNRESERVED}\[\]/?:+$=&]++))?",
    re.IGNORECASE | re.ASCII,
)
_TEL_URI = re.compile(
    rf"tel:(\+?[0-9A-Fa-f*#\-.()]++)"
    rf"((?:;[{_UNRESERVED}\[\]/:&+$]++(?:=[{_UNRESERVED}\[\]/:&+$]++)?)*)",
    re.IGNORECASE | re.ASCII,
)
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*+):")
_PHONE = re.compile(r"\+?[0-9*#\-.()]++")
_SEPARATORS = str.maketrans("", "", "-.()")
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")

_USER_SAFE = "-_.!~*'()&=+$,;?/"
_PARAM_SAFE = "-_.!~*'()[]/:&+$"
_HEADER_SAFE = "-_.!~*'()[]/?:+$"


@dataclass(slots=True)
class SipUri:
    """A sip:, sips: or tel: URI (RFC 3261 19.1, RFC 3966), its parts with `%` escapes undone.

    A tel: URI has its number in `user` and an empty `host`. `host` is in lower case, an IPv6
    address in its brackets. Parameter names are in lower case; a flag has the value None.
    """

    scheme: str
    user: str | None
    host: str
    port: int | None = None
    params: dict[str, str | None] = field(default_factory=dict[str, str | None])
    password: str | None = None
    headers: tuple[tuple[str, str], ...] = ()

    @classmethod
    def parse(cls, text: str) -> "SipUri":
        """Read a URI without angle brackets.

        Raises SipParseError: status 416 for another scheme, 400 for what is malformed.
        """
        match = _SIP_URI.fullmatch(text)
        if match is None:
            return _parse_tel(text)
        if "%" in text and _BAD_ESCAPE.search(text):
            raise SipParseError("Bad URI Escape")
        scheme, user, password, host, port, params, headers = match.groups()
        return cls(
            scheme.lower(),
            _unescape(user) if user else None,
            host.lower(),
            parse_port(port),
            _parse_uri_params(params) if params else {},
            None if password is None else _unescape(password),
            _parse_uri_headers(headers) if headers else (),
        )

    @property
    def transport(self) -> str | None:
        """The transport parameter in lower case: peers write `UDP` as often as `udp`."""
        value = self.params.get("transport")
        return None if value is None else value.lower()

    @property
    def is_loose(self) -> bool:
        """Whether this names a loose router (`lr`, RFC 3261 19.1.1)."""
        return "lr" in self.params

    @property
    def number(self) -> str:
        """The telephone number: the user part without visual separators and parameters.

        What follows a `;` in the user part (`+861...;npdi`) is cut off (RFC 3966 5.1.1,
        RFC 3261 19.1.6). A user part that is no number is returned as it is.
        """
        user = (self.user or "").partition(";")[0]
        if _PHONE.fullmatch(user) is None:
            return user
        return user.translate(_SEPARATORS)

    def __str__(self) -> str:
        if self.scheme == "tel":
            return f"tel:{self.user or ''}{_format_uri_params(self.params)}"
        text = f"{self.scheme}:"
        if self.user is not None:
            text += _escape(self.user, _USER_SAFE)
            if self.password is not None:
                text += ":" + _escape(self.password, "-_.!~*'()&=+$,")
            text += "@"
        text += self.host
        if self.port is not None:
            text += f":{self.port}"
        text += _format_uri_params(self.params)
        if self.headers:
            pairs = [
                f"{_escape(n, _HEADER_SAFE)}={_escape(v, _HEADER_SAFE)}" for n, v in self.headers
            ]
            text += "?" + "&".join(pairs)
        return text


def parse_request_uri(text: str) -> SipUri:
    """Read the URI of a request line; one with headers is refused (RFC 3261 19.1.1, table 1).

    Raises SipParseError as `SipUri.parse` does.
    """
    uri = SipUri.parse(text)
    if uri.headers:
        raise SipParseError("Bad Request-URI")
    return uri


def _parse_tel(text: str) -> SipUri:
    match = _TEL_URI.fullmatch(text)
    if match is not None:
        return SipUri("tel", match.group(1), "", params=_parse_uri_params(match.group(2)))
    scheme = _SCHEME.match(text)
    if scheme is not None and scheme.group(1).lower() not in ("sip", "sips", "tel"):
        raise SipParseError("Unsupported URI Scheme", status=416)
    raise SipParseError("Bad URI")


def _parse_uri_params(text: str) -> dict[str, str | None]:
    params: dict[str, str | None] = {}
    pieces = text.split(";")
    del pieces[0]
    for piece in pieces:
        name, equals, value = piece.partition("=")
        name = _unescape(name).lower()
        if name in params:
            raise SipParseError("Repeated URI Parameter")
        params[name] = _unescape(value) if equals else None
    return params


def _format_uri_params(params: dict[str, str | None]) -> str:
    text = ""
    for name, value in params.items():
        text += ";" + _escape(name, _PARAM_SAFE)
        if value is not None:
            text += "=" + _escape(value, _PARAM_SAFE)
    return text


def _parse_uri_headers(text: str) -> tuple[tuple[str, str], ...]:
    pairs: list[tuple[str, str]] = []
    for piece in text.split("&"):
        name, equals, value = piece.partition("=")
        if not name or not equals:
            raise SipParseError("Bad URI Header")
        pairs.append((_unescape(name), _unescape(value)))
    return tuple(pairs)


def _unescape(text: str) -> str:
    return unquote(text, errors="surrogateescape") if "%" in text else text


def _escape(text: str, safe: str) -> str:
    return (
        text if text.isalnum() and text.isascii() else quote(text, safe, errors="surrogateescape")
    )
