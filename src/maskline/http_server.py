"""The HTTP server under both interfaces: uvicorn, with the bounds that it leaves open."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEAD_BYTES = 32_768
"""A request line with its headers that is not whole after this many bytes and one read."""

REQUEST_S = 30.0
"""How long a client may take from its connection, or its first byte, to a whole request."""


class HttpServer(uvicorn.Server):
    """A server that leaves signals to the platform, which stops more than HTTP."""

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Take none."""
        yield


class BoundedHttp(HttpToolsProtocol):
    """Drops clients who never finish a request: they cost a connection and memory each.

    All this happens before anybody is authenticated.
    """

    request_s = REQUEST_S
    _deadline: asyncio.TimerHandle | None = None
    _is_unfinished = False
    _is_in_head = False
    _has_begun = False
    _head_size = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Expect a request."""
        super().connection_made(transport)
        self._set_deadline()

    def connection_lost(self, exc: Exception | None) -> None:
        """Expect nothing more."""
        self._drop_deadline()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse, then judge what the client has left open."""
        self._is_unfinished = True
        self._has_begun = False
        super().data_received(data)
        if not self._is_unfinished or self.transport.is_closing():
            return
        if self._deadline is None:
            self._set_deadline()
        if self._is_in_head and not self._has_begun:
            self._head_size += len(data)
            if self._head_size > MAX_HEAD_BYTES:
                self.send_400_response("The request's headers are too long.")

    def on_message_begin(self) -> None:
        """A head begins."""
        self._is_unfinished = self._is_in_head = self._has_begun = True
        self._head_size = 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """The body begins, if there is one."""
        self._is_in_head = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The request is whole."""
        self._is_unfinished = False
        self._drop_deadline()
        super().on_message_complete()

    def _set_deadline(self) -> None:
        self._deadline = self.loop.call_later(self.request_s, self.transport.close)

    def _drop_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
