"""One HTTP/1.1 connection to a receiver: a request, the status of its answer, then the next one.

A general client costs several times as much as all else that a push needs, and of an answer
nothing but the status counts.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol, cast

import httptools

from maskline.planes.delivery.connection import PushFailed

FIRST_FINAL_STATUS = 200
"""Those below say that the answer is still to come (RFC 9110 15.2)."""

_FORBIDDEN_IN_HEADERS = ("\r", "\n", "\0")  # RFC 9110 5.5


class ConnectionLost(PushFailed):
    """The connection ended before a whole head of an answer had come.

    `is_unanswered`: nothing at all came, as when the far end closed it while it was idle.
    """

    def __init__(self, *, is_unanswered: bool) -> None:
        super().__init__("the connection broke", "broken")
        self.is_unanswered = is_unanswered


@dataclass(frozen=True, slots=True)
class Answer:
    """What a receiver said; `rest` is done once the body is read or given up, None if it is."""

    status: int
    rest: asyncio.Future[None] | None


class _Parser(Protocol):
    """What we use of `httptools.HttpResponseParser`, typed."""

    def feed_data(self, data: bytes) -> None: ...
    def get_status_code(self) -> int: ...
    def should_keep_alive(self) -> bool: ...
    def set_dangerous_leniencies(
        self, *, lenient_headers: bool, lenient_optional_cr_before_lf: bool
    ) -> None: ...


class PushConnection(asyncio.Protocol):
    """Sends one request at a time; the next one once `on_free` was called.

    The status decides. The body behind it is read away, up to `max_answer_bytes` with the head
    and for `answer_body_s`, so that the connection can be used again; beyond that it is closed.
    """

    def __init__(
        self,
        max_answer_bytes: int,
        answer_body_s: float,
        on_free: Callable[["PushConnection"], None],
        on_lost: Callable[["PushConnection"], None],
    ) -> None:
        self._max_answer_bytes = max_answer_bytes
        self._answer_body_s = answer_body_s
        self._on_free = on_free
        self._on_lost = on_lost
        self._parser = cast("_Parser", httptools.HttpResponseParser(self))
        # RFC 9112 2.2; of scripts that write their headers by hand. Nobody stands between that
        # could read the answer differently.
        self._parser.set_dangerous_leniencies(
            lenient_headers=True, lenient_optional_cr_before_lf=True
        )
        self._asked: asyncio.Future[Answer] | None = None
        self._rest: asyncio.Future[None] | None = None
        self._alarm: asyncio.TimerHandle | None = None
        self._left = 0
        self._status = 0  # none yet
        self._is_whole = self._has_more = self._is_kept = False
        self._is_lost = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See asyncio.Protocol."""
        self._transport = cast("asyncio.Transport", transport)

    @property
    def is_usable(self) -> bool:
        """Whether a request may be sent, as far as is known."""
        return not (self._is_lost or self._transport.is_closing())

    def close(self) -> None:
        """Hang up. A request that waits for its answer fails with ConnectionLost."""
        self._transport.abort()

    def send(self, request: bytes) -> asyncio.Future[Answer]:
        """Send a whole request; its answer, or ConnectionLost, PushFailed.

        Raises ConnectionLost where the far end has hung up already, or spoke out of turn.
        """
        if not self.is_usable:
            raise ConnectionLost(is_unanswered=True)
        self._left = self._max_answer_bytes
        self._status = 0
        self._is_whole = self._has_more = self._is_kept = False
        self._asked = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return self._asked

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol."""
        if self._asked is None:
            self.close()  # nothing was asked: it must not be taken for the next answer
            return
        try:
            self._parser.feed_data(data[: self._left])
        except httptools.HttpParserError:
            self._left = 0
        else:
            self._left -= len(data)
        if self._is_whole and self._left >= 0:
            self._finish()
        elif self._left <= 0:
            self._tell(None)
            self.close()
        elif self._status and self._rest is None:
            loop = asyncio.get_running_loop()
            self._rest = loop.create_future()
            self._alarm = loop.call_later(self._answer_body_s, self.close)
            self._tell(self._rest)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - it says no more
        """See asyncio.Protocol."""
        self._is_lost = True
        if self._asked is not None and not self._asked.done():
            is_unanswered = self._left == self._max_answer_bytes
            self._asked.set_exception(ConnectionLost(is_unanswered=is_unanswered))
        self._end_rest()
        self._on_lost(self)

    def on_message_begin(self) -> None:
        """See httptools; a second answer is one too many."""
        self._has_more = self._is_whole

    def on_headers_complete(self) -> None:
        """See httptools."""
        status = self._parser.get_status_code()
        if status >= FIRST_FINAL_STATUS and not self._status:
            self._status = status

    def on_message_complete(self) -> None:
        """See httptools."""
        self._is_whole = self._status > 0
        self._is_kept = self._parser.should_keep_alive()  # a moment later it knows no more

    def _finish(self) -> None:
        """The answer is whole: free for the next request, unless something speaks against it."""
        self._tell(None)
        self._end_rest()
        # who has given up hangs up as soon as it runs again: that must not hit the next request
        is_awaited = self._asked is not None and not self._asked.cancelled()
        self._asked = None
        is_sent = self._transport.get_write_buffer_size() == 0
        if is_sent and is_awaited and self._is_kept and not self._has_more:
            self._on_free(self)
        else:
            self.close()

    def _tell(self, rest: asyncio.Future[None] | None) -> None:
        """Tell who waits, if somebody still does; without a status, that it was none."""
        if self._asked is None or self._asked.done():
            return
        if self._status:
            self._asked.set_result(Answer(self._status, rest))
        else:
            self._asked.set_exception(PushFailed("the answer is not HTTP", "broken"))

    def _end_rest(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        if self._rest is not None and not self._rest.done():
            self._rest.set_result(None)
        self._rest = None


def written(head: bytes, headers: Mapping[str, str], body: bytes) -> bytes:
    """A request: its head up to here, further headers, the body. Raises PushFailed."""
    lines = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
    returns, feeds, nulls = (lines.count(character) for character in _FORBIDDEN_IN_HEADERS)
    if nulls or returns != len(headers) or feeds != len(headers):
        raise PushFailed("the headers cannot be written", "broken")
    return b"%b%bContent-Length: %d\r\n\r\n%b" % (head, lines.encode(), len(body), body)
