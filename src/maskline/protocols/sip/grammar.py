import re

from maskline.protocols.sip.error import SipParseError

TOKEN = r"[A-Za-z0-9\-.!%*_+`'~]"  # noqa: S105 # a token of the grammar
"""One character of a token (RFC 3261 25.1)."""

QUOTED = r'"(?:[^"\\]++|\\.)*"'
"""A quoted string with its quotes; a backslash takes the next character with it."""

HOST = r"\[[0-9A-Fa-f:.]++\]|[A-Za-z0-9_.\-]++"
"""An IPv6 reference, or a name or IPv4 address. Underscores occur in real host names."""

LAST_PORT = 65_535

_TOKEN = re.compile(f"{TOKEN}++")
_PARAMS = re.compile(
    rf"(?:\s*+;\s*+{TOKEN}++(?:\s*+=\s*+(?:[^\s;,\"<>=]++|{QUOTED}))?)*\s*+", re.DOTALL
)
_PLAIN_PARAMS = re.compile(rf"(?:;{TOKEN}++(?:=[^\s;,\"<>=]++)?)+")
_PARAM = re.compile(rf"\s*+;\s*+({TOKEN}++)(?:\s*+=\s*+([^\s;,\"<>=]++|{QUOTED}))?\s*+", re.DOTALL)
_VALUE = re.compile(rf"(?:[^,\"<]++|{QUOTED}|<[^>]*+>)+", re.DOTALL)


def is_token(text: str) -> bool:
    """Whether `text` is one token, as methods, header names and parameter names must be."""
    return _TOKEN.fullmatch(text) is not None


def parse_port(text: str | None) -> int | None:
    """Read a port; raises SipParseError over 65535."""
    if text is None:
        return None
    port = int(text)
    if port > LAST_PORT:
        raise SipParseError("Bad Port")
    return port


def parse_params(text: str) -> dict[str, str | None]:
    """Split `;name=value;flag` into names in lower case and values as they stand.

    A quoted value keeps its quotes, so that it goes back out as it came. Raises SipParseError on
    an empty parameter, a name that is no token, or a name given twice (RFC 3261 7.3.1).
    """
    if not text:
        return {}
    params: dict[str, str | None] = {}
    if _PLAIN_PARAMS.fullmatch(text) is not None:
        count = text.count(";")
        for piece in text[1:].split(";"):
            name, equals, value = piece.partition("=")
            params[name.lower()] = value if equals else None
    elif _PARAMS.fullmatch(text) is not None:
        pairs = [(match[1].lower(), match[2]) for match in _PARAM.finditer(text)]
        count = len(pairs)
        params = dict(pairs)
    else:
        raise SipParseError("Bad Parameter")
    if len(params) != count:
        raise SipParseError("Repeated Parameter")
    return params


def format_params(params: dict[str, str | None]) -> str:
    """The reverse of `parse_params`: `;name=value;flag`."""
    return "".join(
        [f";{name}" if value is None else f";{name}={value}" for name, value in params.items()]
    )


def split_values(line: str) -> list[str]:
    """Split a header line at its commas, except in quotes and in angle brackets.

    Empty values between commas are left out. Raises SipParseError when a quote or bracket
    doesn't close.
    """
    if "," not in line:
        value = line.strip()
        return [value] if value else []
    if '"' not in line and "<" not in line:
        return [value for piece in line.split(",") if (value := piece.strip())]
    values: list[str] = []
    at = 0
    while at < len(line):
        match = _VALUE.match(line, at)
        if match is None:
            if line[at] != ",":
                raise SipParseError("Unbalanced Quotes")
            at += 1
            continue
        at = match.end()
        if at < len(line) and line[at] != ",":
            raise SipParseError("Unbalanced Quotes")
        if value := match.group().strip():
            values.append(value)
    return values


def first_value(line: str) -> str:
    """The first of the comma-separated values of a line; raises SipParseError without one."""
    if "," not in line:
        return line
    values = split_values(line)
    if not values:
        raise SipParseError("Empty Header")
    return values[0]


def quote(text: str) -> str:
    """Put `text` in quotes, with backslashes where the grammar needs them."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def unquote(text: str) -> str:
    """Take quotes and backslashes off a quoted string; other text is returned as it is."""
    if len(text) < 2 or text[0] != '"' or text[-1] != '"':
        return text
    text = text[1:-1]
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL) if "\\" in text else text
