"""SIP messages as a trace may keep them: what they say of signalling, and of nobody.

What is not known to be harmless is left out, so that a header nobody has thought of shows only
that it was there. The kinds of headers are those of RFC 3261 20 and its extensions.
"""

import re
from collections.abc import Callable

from maskline.planes.call.alias import HIDDEN, Aliases
from maskline.planes.call.trace_sdp import learn_sdp, tell_sdp
from maskline.protocols.sip.error import SipParseError
from maskline.protocols.sip.grammar import split_values
from maskline.protocols.sip.header import NameAddr, Via
from maskline.protocols.sip.message import Request, Response
from maskline.protocols.sip.parse import parse_message
from maskline.protocols.sip.stack import METHODS
from maskline.protocols.sip.status import reason_phrase

MAX_SHOWN_BYTES = 8192
"""A larger message is kept by its kind only; usual ones have under 2,000."""

_SDP = "application/sdp"

_ADDRESSES = (  # noqa: SIM905 # as a list of quoted names it is three times as long
    "Contact Diversion From History-Info P-Asserted-Identity P-Called-Party-ID "
    "P-Preferred-Identity Path Record-Route Refer-To Referred-By Remote-Party-ID Reply-To Route "
    "Service-Route To"
).split()
_WORDS = (  # noqa: SIM905 # the same
    "Accept Accept-Encoding Accept-Language Allow Allow-Events CSeq Content-Disposition "
    "Content-Encoding Content-Length Date Event Expires Info-Package MIME-Version Max-Forwards "
    "Min-Expires Min-SE P-Early-Media Priority Privacy Proxy-Require RAck RSeq Reason Recv-Info "
    "Require Retry-After Session-Expires Subscription-State Supported Timestamp Unsupported Warning"
).split()
_IDS = ("Call-ID", "In-Reply-To", "Replaces", "Session-ID")
_PRODUCTS = ("Server", "User-Agent")
_SECRETS = ("Authorization", "Proxy-Authorization", "WWW-Authenticate", "Proxy-Authenticate")

_URI = re.compile(
    r"(?P<scheme>sips?|tel):(?:(?P<user>[^@<>]*)@)?(?P<host>\[[^\]]*\]|[^:;?@]*)"
    r"(?P<port>:[0-9]{1,5})?(?P<params>;[^?]*)?(?P<rest>\?.*)?",
    re.IGNORECASE | re.DOTALL,
)
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"?')
_URI_PARAMS = frozenset({"transport", "user", "lr", "ob", "method", "ttl", "phone-context"})
_VALUED = frozenset({"expires", "q", "reason", "counter", "privacy", "screen", "party", "off"})
_WORD = re.compile(r"[A-Za-z][A-Za-z.-]{0,31}|[0-9.]{1,6}")


def learn_message(data: bytes, aliases: Aliases) -> None:
    """Note which hosts a message of ours shows to be our own."""
    message = _read(data)
    if message is None:
        return
    if message.contact is not None:
        found = _URI.fullmatch(message.contact.uri)
        if found is not None:
            aliases.is_ours(found["host"])
    if isinstance(message, Request):
        aliases.is_ours(message.via.host)
    if message.content_type == _SDP:
        learn_sdp(message.body, aliases)


def tell_message(data: bytes, aliases: Aliases) -> str:
    """A message with tokens; empty for one that cannot be read or is too large."""
    message = _read(data)
    if message is None:
        return ""
    lines = [_first_line(message, aliases)]
    lines += [
        f"{aliases.text(name)}: {_tell_header(name, value, aliases)}"
        for name, value in message.headers
    ]
    if message.body:
        lines.append("")
        if message.content_type == _SDP:
            lines += tell_sdp(message.body, aliases)
        else:
            lines.append(f"({len(message.body)} bytes)")
    return "\n".join(lines)


def _read(data: bytes) -> Request | Response | None:
    if len(data) > MAX_SHOWN_BYTES:
        return None
    try:
        return parse_message(data)
    except SipParseError:
        return None


def _first_line(message: Request | Response, aliases: Aliases) -> str:
    if isinstance(message, Response):
        # The phrase is the far end's to choose: the usual one says the same.
        return f"SIP/2.0 {message.status} {reason_phrase(message.status)}"
    method = message.method if message.method in METHODS else HIDDEN
    return f"{method} {_tell_uri(message.uri, aliases)} SIP/2.0"


def _tell_header(name: str, value: str, aliases: Aliases) -> str:
    tell = _TELLERS.get(name, _tell_nothing)
    try:
        return tell(value, aliases)
    except (SipParseError, ValueError):
        return _tell_nothing(value, aliases)


def _tell_nothing(value: str, _: Aliases) -> str:
    return f"{HIDDEN} ({len(value)} characters)"


def _tell_addresses(value: str, aliases: Aliases) -> str:
    if value.strip() == "*":
        return "*"
    return ", ".join([_tell_address(one, aliases) for one in split_values(value)])


def _tell_address(value: str, aliases: Aliases) -> str:
    address = NameAddr.parse(value)
    shown = f'"{HIDDEN}" ' if address.display else ""
    shown += f"<{_tell_uri(address.uri, aliases)}>"
    for name, given in address.params.items():
        shown += f";{aliases.text(name)}"
        if given is None:
            continue
        is_word = name in _VALUED and _WORD.fullmatch(given)
        shown += f"={_tell_id(given, aliases) if name == 'tag' else given if is_word else HIDDEN}"
    return shown


def _tell_via(value: str, aliases: Aliases) -> str:
    return ", ".join([_tell_hop(Via.parse(one), aliases) for one in split_values(value)])


def _tell_hop(via: Via, aliases: Aliases) -> str:
    port = "" if via.port is None else f":{via.port}"
    shown = f"SIP/2.0/{via.transport} {aliases.host(via.host)}{port}"
    for name, given in via.params.items():
        match name:
            case "branch":
                shown += f";branch={_tell_id(given or '', aliases)}"
            case "received" | "maddr":
                shown += f";{name}={aliases.host(given or '')}"
            case "rport":
                shown += ";rport" if given is None else f";rport={given[:5]}"
            case _:
                shown += f";{aliases.text(name)}"
    return shown


def _tell_uri(uri: str, aliases: Aliases) -> str:
    found = _URI.fullmatch(uri)
    if found is None:
        return HIDDEN
    scheme, user, host = found["scheme"].lower(), found["user"], found["host"]
    if scheme == "tel":
        return f"tel:{aliases.user(host)}"
    at = "" if user is None else f"{aliases.user(user.partition(':')[0])}@"
    shown = f"{scheme}:{at}{aliases.host(host)}{found['port'] or ''}"
    for param in (found["params"] or "").split(";")[1:]:
        name, _, given = param.partition("=")
        if name.lower() not in _URI_PARAMS:
            shown += f";{HIDDEN}"
        elif not given:
            shown += f";{name}"
        else:
            shown += f";{name}={given if _WORD.fullmatch(given) else HIDDEN}"
    return shown


def _tell_id(value: str, aliases: Aliases) -> str:
    """Something that its maker chose at random, by what he should know."""
    name, at, host = value.partition("@")
    shown = aliases.text(name)
    return f"{shown}@{aliases.host(host)}" if at else shown


def _tell_words(value: str, aliases: Aliases) -> str:
    return aliases.text(_QUOTED.sub(f'"{HIDDEN}"', value))


def _tell_product(value: str, aliases: Aliases) -> str:
    """The name of a make; what follows may be the name of a device."""
    first, _, rest = value.partition(" ")
    return aliases.text(first) + (f" {HIDDEN}" if rest else "")


def _tell_secret(value: str, _: Aliases) -> str:
    scheme = value.partition(" ")[0]
    return f"{scheme} {HIDDEN}" if scheme in {"Digest", "Basic", "Bearer"} else HIDDEN


def _tell_type(value: str, aliases: Aliases) -> str:
    return aliases.text(value.partition(";")[0])


_TELLERS: dict[str, Callable[[str, Aliases], str]] = {
    "Via": _tell_via,
    "Content-Type": _tell_type,
    **dict.fromkeys(_ADDRESSES, _tell_addresses),
    **dict.fromkeys(_WORDS, _tell_words),
    **dict.fromkeys(_IDS, _tell_id),
    **dict.fromkeys(_PRODUCTS, _tell_product),
    **dict.fromkeys(_SECRETS, _tell_secret),
}
