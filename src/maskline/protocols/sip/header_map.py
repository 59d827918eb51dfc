from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar, overload

from maskline.protocols.sip.error import SipParseError
from maskline.protocols.sip.grammar import is_token, split_values

_KNOWN = (  # noqa: SIM905 # as a list of quoted names it is three times as long
    "Accept Accept-Contact Accept-Encoding Accept-Language Alert-Info Allow Allow-Events "
    "Authentication-Info Authorization Call-ID Call-Info Contact Content-Disposition "
    "Content-Encoding Content-ID Content-Language Content-Length Content-Type CSeq Date Diversion "
    "Error-Info Event Expires From Geolocation History-Info Identity In-Reply-To Info-Package "
    "Join Max-Forwards MIME-Version Min-Expires Min-SE Organization P-Access-Network-Info "
    "P-Asserted-Identity P-Called-Party-ID P-Charging-Function-Addresses P-Charging-Vector "
    "P-Early-Media P-Preferred-Identity P-Visited-Network-ID Path Priority Privacy "
    "Proxy-Authenticate Proxy-Authorization Proxy-Require RAck Reason Record-Route Recv-Info "
    "Refer-Sub Refer-To Referred-By Reject-Contact Remote-Party-ID Replaces Reply-To "
    "Request-Disposition Require Retry-After Route RSeq Security-Client Security-Server "
    "Security-Verify Server Service-Route Session-Expires Session-ID Subject Subscription-State "
    "Supported Timestamp To Unsupported User-Agent User-to-User Via Warning WWW-Authenticate"
).split()

_COMPACT = {
    "a": "Accept-Contact",
    "b": "Referred-By",
    "c": "Content-Type",
    "d": "Request-Disposition",
    "e": "Content-Encoding",
    "f": "From",
    "i": "Call-ID",
    "j": "Reject-Contact",
    "k": "Supported",
    "l": "Content-Length",
    "m": "Contact",
    "n": "Identity-Info",
    "o": "Event",
    "r": "Refer-To",
    "s": "Subject",
    "t": "To",
    "u": "Allow-Events",
    "v": "Via",
    "x": "Session-Expires",
    "y": "Identity",
}

KNOWN_NAMES: dict[str, str] = {
    spelling: name
    for name in (*_KNOWN, "Identity-Info")
    for spelling in (name, name.lower(), name.upper(), name.title())
} | {
    spelling: name for compact, name in _COMPACT.items() for spelling in (compact, compact.upper())
}
"""The usual spellings of the headers of RFC 3261 and its extensions -> the one we use."""


_NONE: frozenset[str] = frozenset()
_T = TypeVar("_T")


def canonical_name(name: str) -> str:
    """The one spelling we use for a header name; compact forms are expanded (RFC 3261 7.3.3).

    Raises SipParseError when `name` is no token.
    """
    known = KNOWN_NAMES.get(name)
    if known is not None:
        return known
    stripped = name.rstrip(" \t")
    known = KNOWN_NAMES.get(stripped.lower())
    if known is not None:
        return known
    if not is_token(stripped):
        raise SipParseError("Bad Header Name")
    return "-".join([part.capitalize() for part in stripped.split("-")])


class Headers:
    """The header lines of one message in order; names compare without case.

    Names are given back in one spelling each (`Call-ID`, `CSeq`, `X-Anything`), values as the
    text of one line without the white space around it.
    """

    __slots__ = ("_first", "_lines", "_read")

    def __init__(self, lines: Iterable[tuple[str, str]] = ()) -> None:
        self._lines = [(KNOWN_NAMES.get(name) or canonical_name(name), v) for name, v in lines]
        self._first: dict[str, str] | None = None
        # values of a type fixed by the header's name, which no type can say
        self._read: dict[str, Any] = {}

    @classmethod
    def from_canonical(cls, lines: list[tuple[str, str]]) -> "Headers":
        """Take over lines whose names are in their canonical spelling already."""
        headers = cls()
        headers._lines = lines
        return headers

    def read(self, name: str, parse: Callable[[str], _T]) -> _T | None:
        """What `parse` makes of the first line of that name, None without one.

        It is kept until a line changes. `name` is in its canonical spelling and goes with one
        `parse` only. Raises what `parse` raises.
        """
        known = self._read.get(name)
        if known is not None:
            return known
        raw = self.get(name)
        if raw is None:
            return None
        value = self._read[name] = parse(raw)
        return value

    def read_each(
        self, parsers: Iterable[tuple[str, Callable[[str], object]]], mandatory: Iterable[str]
    ) -> str | None:
        """As `read` for each pair of a name and its parser.

        Returns the first of the `mandatory` names that has no line or an empty one; then nothing
        was read.
        """
        first, known = self._index(), self._read
        for name in mandatory:
            if not first.get(name):
                return name
        for name, parse in parsers:
            raw = first.get(name)
            if raw is not None:
                known[name] = parse(raw)
        return None

    def _index(self) -> dict[str, str]:
        first = self._first
        if first is None:
            first = self._first = dict(reversed(self._lines))
        return first

    def _changed(self) -> None:
        self._first = None
        self._read.clear()

    @overload
    def get(self, name: str) -> str | None: ...
    @overload
    def get(self, name: str, default: str) -> str: ...
    def get(self, name: str, default: str | None = None) -> str | None:
        """The value of the first line of that name."""
        first = self._first
        if first is None:
            first = self._first = dict(reversed(self._lines))
        value = first.get(name)
        if value is not None:
            return value
        canonical = KNOWN_NAMES.get(name) or canonical_name(name)
        return default if canonical == name else first.get(canonical, default)

    def get_all(self, name: str) -> list[str]:
        """The value of every line of that name, unsplit."""
        value = self.get(name)
        if value is None or len(self._index()) == len(self._lines):
            return [] if value is None else [value]
        name = canonical_name(name)
        return [value for line_name, value in self._lines if line_name == name]

    def values(self, name: str) -> list[str]:
        """The comma-separated values over all lines of that name (RFC 3261 7.3.1).

        Only for headers that are lists: a comma in Date or Authorization is no separator. Raises
        SipParseError when a quote or bracket doesn't close.
        """
        name = canonical_name(name)
        values: list[str] = []
        for line_name, value in self._lines:
            if line_name == name:
                values += split_values(value)
        return values

    def add(self, name: str, value: str) -> None:
        """Append a line."""
        self._lines.append((canonical_name(name), value))
        self._changed()

    def prepend(self, name: str, value: str) -> None:
        """Put a line before all others, as a proxy or client does with its Via."""
        self._lines.insert(0, (canonical_name(name), value))
        self._changed()

    def set(self, name: str, value: str) -> None:
        """Leave one line of that name, where the first stood, or else at the end."""
        name = canonical_name(name)
        if name not in self:
            self.add(name, value)
            return
        rest = [line for line in self._lines if line[0] != name]
        at = next(i for i, line in enumerate(self._lines) if line[0] == name)
        rest.insert(at, (name, value))
        self._lines = rest
        self._changed()

    def replace_first(self, name: str, value: str, read: object = None) -> None:
        """Change the first line of that name and keep the others; raises KeyError without one.

        `read` is what `read` gives for it from now on, when that is known.
        """
        name = canonical_name(name)
        for at, line in enumerate(self._lines):
            if line[0] == name:
                self._lines[at] = (name, value)
                if self._first is not None:
                    self._first[name] = value
                self._read[name] = read
                return
        raise KeyError(name)

    def remove(self, name: str) -> None:
        """Drop every line of that name; nothing happens without one."""
        name = canonical_name(name)
        self._lines = [line for line in self._lines if line[0] != name]
        self._changed()

    def items(self) -> list[tuple[str, str]]:
        """All lines in order; the list is the caller's."""
        return list(self._lines)

    def repeated(self) -> frozenset[str]:
        """The names that have more than one line."""
        lines = self._lines
        if len(self._index()) == len(lines):
            return _NONE
        seen: dict[str, None] = {}
        # setdefault notes the name and gives None back: false the first time a name is met
        return frozenset([name for name, _ in lines if name in seen or seen.setdefault(name)])

    def copy(self) -> "Headers":
        """The same lines in a map of their own."""
        return Headers.from_canonical(list(self._lines))

    def __contains__(self, name: str) -> bool:
        return self.get(name) is not None

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Headers) and self._lines == other._lines

    __hash__ = None  # pyright: ignore[reportAssignmentType] # mutable, so no dictionary key

    def __repr__(self) -> str:
        return f"<Headers {len(self._lines)} lines>"
