"""What rtpengine tells by itself: keys that were pressed, and calls that it gave up."""

import re
from dataclasses import dataclass
from html import unescape
from typing import Annotated

import msgspec
from msgspec import Meta

MAX_NOTICE_BYTES = 8192
"""Longest notice that is read."""

MAX_CALLS_A_NOTICE = 64
"""Calls that one teardown may name; those beyond it are passed over."""

_KEYS = "0123456789*#ABCD"  # RFC 4733 table 3
_STRING = re.compile(rb"<string>([^<]{1,1024})</string>")
_METHOD = re.compile(rb"<methodName>\s*teardown\s*</methodName>")


@dataclass(frozen=True, slots=True)
class KeyLogged:
    """A key was released. `call_id` and `tag` are those of the control protocol."""

    call_id: str
    tag: str
    digit: str
    duration_ms: int


class _DtmfLog(msgspec.Struct):
    callid: str
    source_tag: str
    type: str
    event: Annotated[int, Meta(ge=0, le=15)]
    duration: Annotated[int, Meta(ge=0)] = 0


_dtmf_log = msgspec.json.Decoder(_DtmfLog)


def parse_key(data: bytes) -> KeyLogged | None:
    """Read a datagram of `--dtmf-log-dest`; None when it is anything else."""
    if len(data) > MAX_NOTICE_BYTES:
        return None
    try:
        log = _dtmf_log.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    if log.type != "DTMF":
        return None
    return KeyLogged(log.callid, log.source_tag, _KEYS[log.event], log.duration)


def parse_teardown(body: bytes) -> list[str]:
    """Return the call ids of an XML-RPC call `teardown` (`--xmlrpc-format=1`).

    Anything else names none. It is searched, not parsed: a reader of whole XML would be open to
    whatever XML may contain, and what rtpengine sends is one form.
    """
    if len(body) > MAX_NOTICE_BYTES or _METHOD.search(body) is None:
        return []
    found = _STRING.findall(body)[:MAX_CALLS_A_NOTICE]
    return [unescape(text.decode("utf-8", "replace")).strip() for text in found]
