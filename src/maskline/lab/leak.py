"""Looking for one party's secrets in what reached the other."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from maskline.lab.phone_call import PhoneCall
from maskline.lab.trace import TracedMessage
from maskline.protocols.sip.message import Request, Response

SHORTEST_SECRET = 4
"""Shorter texts turn up by accident."""


@dataclass(frozen=True, slots=True)
class Leak:
    """Something that should not have been there. `what` names the secret, `where` the message."""

    what: str
    where: str


def secrets_of(call: PhoneCall, number: str) -> dict[str, str]:
    """What nobody but the platform may learn of a party: name of the secret -> text."""
    national = number.removeprefix("+").removeprefix("86")
    found = {"number": national}
    for traced in call.messages:
        message = traced.message
        if message is None:
            continue
        found["Call-ID"] = message.call_id
        if traced.is_sent:
            found.update(_signature_of(message))
    found["RTP port"] = str(call.audio.port)
    return {what: text for what, text in found.items() if len(text) >= SHORTEST_SECRET}


def find_leaks(secrets: Mapping[str, str], messages: Iterable[TracedMessage]) -> list[Leak]:
    """Where any of the secrets stands in messages that were received."""
    patterns = {what: _pattern(text) for what, text in secrets.items()}
    return [
        Leak(what, traced.title)
        for traced in messages
        if not traced.is_sent
        for what, pattern in patterns.items()
        if pattern.search(traced.data)
    ]


def _signature_of(message: Request | Response) -> dict[str, str]:
    """What a phone itself wrote into a message that tells it from others."""
    headers = message.headers
    own = message.from_ if isinstance(message, Request) else message.to
    found = {
        "tag": own.params.get("tag") or "",
        "display name": own.display,
        "user agent": headers.get("User-Agent") or headers.get("Server") or "",
    }
    if isinstance(message, Request):
        found["Via branch"] = message.via.branch or ""
        found["SIP port"] = str(message.via.port or "")
    for line in message.body.decode("utf-8", "replace").splitlines():
        if line.startswith("o="):
            found["SDP session id"] = line.split()[1]
    return found


def _pattern(text: str) -> re.Pattern[bytes]:
    """The text as a word of its own: a port is no part of a longer number."""
    edge = rb"[0-9A-Za-z]" if not text.isdecimal() or len(text) < 8 else rb"(?!)"
    return re.compile(rb"(?<!" + edge + rb")" + re.escape(text.encode()) + rb"(?!" + edge + rb")")
