"""Session descriptions as a trace may keep them: media, codecs and directions (RFC 8866)."""

import re

from maskline.planes.call.alias import HIDDEN, Aliases

_CONNECTION = re.compile(r"IN (IP[46]) ([^\s/]+)(/[0-9/]+)?")
_WHOLE = frozenset({
    "inactive", "maxptime", "mid", "ptime", "recvonly", "rtcp-mux", "rtpmap", "fmtp", "sendonly",
    "sendrecv", "setup", "silenceSupp",
})  # fmt: skip
"""Attributes that are shown with their values."""


def learn_sdp(body: bytes, aliases: Aliases) -> None:
    """Note that the addresses of a description of ours are our own."""
    for found in _CONNECTION.finditer(body.decode("utf-8", "replace")):
        aliases.is_ours(found[2])


def tell_sdp(body: bytes, aliases: Aliases) -> list[str]:
    """The lines of a description, without names, keys and other people's addresses."""
    lines = body.decode("utf-8", "replace").splitlines()
    return [_tell_line(line[:1], line[2:], aliases) for line in lines if line[1:2] == "="]


def _tell_line(kind: str, value: str, aliases: Aliases) -> str:
    match kind:
        case "o":
            return f"o={HIDDEN} {_tell_connection(value[value.find('IN ') :], aliases)}"
        case "c":
            return f"c={_tell_connection(value, aliases)}"
        case "v" | "t" | "m" | "b":
            return f"{kind}={aliases.text(value)}"
        case "a":
            return f"a={_tell_attribute(value, aliases)}"
        case _:
            return f"{aliases.text(kind)}={HIDDEN}"


def _tell_connection(value: str, aliases: Aliases) -> str:
    found = _CONNECTION.fullmatch(value)
    return HIDDEN if found is None else f"IN {found[1]} {aliases.host(found[2])}"


def _tell_attribute(attribute: str, aliases: Aliases) -> str:
    name, _, value = attribute.partition(":")
    if name in _WHOLE:
        return aliases.text(attribute)
    if name == "rtcp":
        port, _, at = value.partition(" ")
        where = f" {_tell_connection(at, aliases)}" if at else ""
        return f"rtcp:{aliases.text(port)}{where}"
    if name == "crypto":
        tag, suite, *_ = (*value.split(" "), "", "")
        return f"crypto:{aliases.text(tag)} {aliases.text(suite)} inline:{HIDDEN}"
    if name == "fingerprint":
        return f"fingerprint:{aliases.text(value.partition(' ')[0])} {HIDDEN}"
    return f"{aliases.text(name)}:{HIDDEN}" if value else aliases.text(name)
