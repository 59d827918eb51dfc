"""What a receiver answered to a test, and what that means (`spec/axb.md` 9)."""

import asyncio
from dataclasses import dataclass, field
from typing import Protocol, cast

import httptools

from maskline.services.callback_test import Outcome, Step

MAX_SHOWN_BYTES = 2_048
MAX_READ_BYTES = 64_000
SLOW_S = 3.0


@dataclass(frozen=True, slots=True)
class Received:
    """An answer: its status, where it points to, the beginning of its body."""

    status: int
    location: str = ""
    text: str = field(default="", repr=False)


class _Parser(Protocol):
    """What we use of `httptools.HttpResponseParser`, typed."""

    def feed_data(self, data: bytes) -> None: ...
    def get_status_code(self) -> int: ...


class _Gathered:
    """What httptools tells of one answer."""

    def __init__(self) -> None:
        self.location = ""
        self.body = bytearray()
        self.has_head = self.is_whole = False

    def on_header(self, name: bytes, value: bytes) -> None:
        """See httptools."""
        if name.lower() == b"location":
            self.location = value.decode("latin-1")[:MAX_SHOWN_BYTES]

    def on_headers_complete(self) -> None:
        """See httptools."""
        self.has_head = True

    def on_body(self, body: bytes) -> None:
        """See httptools."""
        self.body += body[: MAX_SHOWN_BYTES - len(self.body)]

    def on_message_complete(self) -> None:
        """See httptools."""
        self.is_whole = True


async def read_answer(reader: asyncio.StreamReader) -> Received:
    """The answer, no more of it than is shown. Raises ValueError, EOFError, OSError."""
    gathered = _Gathered()
    parser = cast("_Parser", httptools.HttpResponseParser(gathered))
    left = MAX_READ_BYTES
    while not gathered.is_whole and len(gathered.body) < MAX_SHOWN_BYTES and left > 0:
        data = await reader.read(min(left, 4_096))
        if not data:
            break
        left -= len(data)
        try:
            parser.feed_data(data)
        except httptools.HttpParserError:
            raise ValueError("the answer is not HTTP") from None
    if not gathered.has_head:
        raise EOFError
    text = bytes(gathered.body).decode("utf-8", "replace")
    return Received(parser.get_status_code(), gathered.location, text)


def meaning_of(received: Received, took_s: float) -> Step:
    """Whether a push with this answer would count as delivered, and what to change."""
    outcome, code, text = _verdict(received)
    if outcome is not Outcome.FAILED and took_s > SLOW_S:
        outcome, code = Outcome.NOTE, "slow"
        text = f"accepted after {took_s:.1f} s: answer first, work afterwards"
    return Step(name="meaning", outcome=outcome, code=code, text=text)


def _verdict(received: Received) -> tuple[Outcome, str, str]:
    status = received.status
    if status == 200 and not received.text:
        return Outcome.OK, "right", "200 with an empty body, as it should be"
    if status == 200:
        return Outcome.NOTE, "body_ignored", "accepted; the body is not read, leave it empty"
    if 200 <= status < 300:
        return Outcome.NOTE, "accepted", f"accepted; the interface documents 200, not {status}"
    if 300 <= status < 400:
        where = received.location or "another address"
        return Outcome.FAILED, "redirect", f"not followed: put {where} in place of this address"
    if 400 <= status < 500:
        return Outcome.FAILED, "refused", f"the server refuses it with {status}"
    return Outcome.FAILED, "server_error", f"the server failed with {status}"
