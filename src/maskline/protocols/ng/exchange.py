"""The control protocol's client: requests repeated under one cookie until a reply comes.

Datagrams get lost. rtpengine answers a cookie that it has seen with the reply that it gave
before, so a repeated request is carried out once.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from maskline.protocols.ng.bencode import Encodable
from maskline.protocols.ng.message import (
    MAX_DATAGRAM_BYTES,
    NgError,
    NgReply,
    build_request,
    parse_reply,
)

REPEAT_AFTER_S = 0.25
"""Wait for a reply before a request is sent again."""

MAX_REPEATS = 3
"""How often it is sent again; the wait after the last is the end."""

MAX_IN_FLIGHT = 4096
"""Requests that may wait for their reply."""


@dataclass(slots=True)
class _Waiting:
    datagram: bytes
    due: float
    repeats: int = 0


class NgExchange:
    """The requests to one daemon. Times are seconds of a clock that never goes back.

    `prefix` begins every cookie. It must differ from those of all other clients of the daemon,
    also of those before a restart: the daemon remembers cookies for a minute or so.
    """

    def __init__(self, prefix: str) -> None:
        self.unexpected = 0
        self._prefix = prefix.encode()
        self._number = 0
        # All wait equally long, and who is sent again moves to the end: so the first is due first.
        self._waiting: dict[bytes, _Waiting] = {}

    @property
    def in_flight(self) -> int:
        """How many requests wait."""
        return len(self._waiting)

    def ask(self, command: str, fields: Mapping[str, Encodable], now: float) -> tuple[bytes, bytes]:
        """Begin a request; return its cookie and the datagram to send.

        Raises `NgError` when `MAX_IN_FLIGHT` wait, or for one that fits into no datagram.
        """
        if len(self._waiting) >= MAX_IN_FLIGHT:
            raise NgError("too many requests wait")
        self._number += 1
        cookie = b"%s%d" % (self._prefix, self._number)
        datagram = build_request(cookie, command, fields)
        if len(datagram) > MAX_DATAGRAM_BYTES:
            raise NgError("too long for a datagram")
        self._waiting[cookie] = _Waiting(datagram, now + REPEAT_AFTER_S)
        return cookie, datagram

    def receive(self, data: bytes) -> NgReply | None:
        """Take a datagram; the reply to a request that waited for it, None for anything else."""
        try:
            reply = parse_reply(data)
        except NgError:
            self.unexpected += 1
            return None
        if self._waiting.pop(reply.cookie, None) is None:
            self.unexpected += 1
            return None
        return reply

    def forget(self, cookie: bytes) -> None:
        """Stop a request for whose reply nobody waits any more."""
        self._waiting.pop(cookie, None)

    def next_timer(self) -> float | None:
        """When `handle_timer` has something to do."""
        first = next(iter(self._waiting.values()), None)
        return None if first is None else first.due

    def handle_timer(self, now: float) -> tuple[list[bytes], list[bytes]]:
        """Return the datagrams to send again, and the cookies that were never answered."""
        again: list[bytes] = []
        unanswered: list[bytes] = []
        while self._waiting:
            cookie, waiting = next(iter(self._waiting.items()))
            if waiting.due > now:
                break
            del self._waiting[cookie]
            if waiting.repeats == MAX_REPEATS:
                unanswered.append(cookie)
                continue
            waiting.repeats += 1
            waiting.due = now + REPEAT_AFTER_S
            self._waiting[cookie] = waiting
            again.append(waiting.datagram)
        return again, unanswered
