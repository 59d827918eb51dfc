"""Requests and replies of rtpengine's control protocol "ng": a cookie, a space, a dictionary."""

from collections.abc import Mapping
from dataclasses import dataclass

from maskline.protocols.ng.bencode import BencodeError, Encodable, Value, decode, encode

MAX_DATAGRAM_BYTES = 65_507
"""The most that UDP carries over IPv4."""

MAX_COOKIE_BYTES = 64
"""Longest cookie of a reply; ours are shorter."""


class NgError(ValueError):
    """A datagram is no reply."""


@dataclass(frozen=True, slots=True)
class NgReply:
    """What came back under `cookie`; `body` is the whole dictionary."""

    cookie: bytes
    body: Mapping[bytes, Value]

    @property
    def is_ok(self) -> bool:
        """Whether the command was carried out."""
        return self.body.get(b"result") in {b"ok", b"pong"}

    @property
    def reason(self) -> str:
        """Why not, in rtpengine's words; empty without a reason."""
        reason = self.body.get(b"error-reason")
        return reason.decode("utf-8", "replace") if isinstance(reason, bytes) else ""


def build_request(cookie: bytes, command: str, fields: Mapping[str, Encodable]) -> bytes:
    """Return the datagram of a command."""
    return cookie + b" " + encode({"command": command, **fields})


def parse_reply(data: bytes) -> NgReply:
    """Read a datagram. Raises `NgError`."""
    cookie, space, body = data.partition(b" ")
    if not space or not 0 < len(cookie) <= MAX_COOKIE_BYTES:
        raise NgError("no cookie")
    try:
        value = decode(body)
    except BencodeError as error:
        raise NgError(str(error)) from error
    if not isinstance(value, dict):
        raise NgError("no dictionary")
    return NgReply(cookie, value)
