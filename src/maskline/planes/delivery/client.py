"""How one message gets to a receiver: a thin seam over the HTTP client."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Protocol

import aiohttp
from yarl import URL

from maskline.planes.delivery.connection import (
    MAX_NAMES,
    PushFailed,
    open_session,
    translated,
)
from maskline.planes.delivery.destination import read_destination
from maskline.planes.delivery.resolver import ThreadedResolver
from maskline.planes.delivery.settings import DeliverySettings


class PushClient(Protocol):
    """Sends messages."""

    async def open(self) -> None:
        """Get ready; comes before the first message."""
        ...

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        """Push one message; returns the status with which the receiver accepted it.

        Raises PushFailed, DestinationRefused.
        """
        ...

    async def close(self) -> None:
        """Drop all connections."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sessions:
    pooled: aiohttp.ClientSession
    fresh: aiohttp.ClientSession
    resolver: ThreadedResolver


class HttpPushClient:
    """Pushes over HTTP/1.1 with kept connections, no redirects, no cookies and no proxies.

    Accepted means any status from 200 to 299. The interface documents 200 with an empty body;
    frameworks answer an empty body with 204, and a repeat would only hurt.
    """

    def __init__(self, settings: DeliverySettings) -> None:
        self._settings = settings
        self._urls: dict[str, URL] = {}
        self._sessions: _Sessions | None = None

    async def open(self) -> None:
        """See the seam."""
        resolver = ThreadedResolver()
        self._sessions = _Sessions(
            pooled=open_session(self._settings, resolver, keeps_connections=True),
            fresh=open_session(self._settings, resolver, keeps_connections=False),
            resolver=resolver,
        )

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        """See the seam; the status comes within `timeout_s` or the push failed."""
        destination = self._destination(url)
        try:
            async with asyncio.timeout(self._settings.timeout_s):
                response = await self._answered(destination, headers, body)
        except TimeoutError as error:
            text = f"no answer within {self._settings.timeout_s:g} s"
            raise PushFailed(text, "timeout") from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise translated(error) from error
        await self._let_go(response)
        if not 200 <= response.status < 300:
            kind = f"{response.status // 100}xx"
            raise PushFailed(f"HTTP {response.status}", kind, status=response.status)
        return response.status

    async def close(self) -> None:
        """See the seam."""
        sessions, self._sessions = self._sessions, None
        if sessions is not None:
            await sessions.pooled.close()
            await sessions.fresh.close()
            await sessions.resolver.close()

    async def _answered(
        self, url: URL, headers: Mapping[str, str], body: bytes
    ) -> aiohttp.ClientResponse:
        if self._sessions is None:
            raise PushFailed("the client is closed")
        pooled, fresh = self._sessions.pooled, self._sessions.fresh
        trace = SimpleNamespace(is_reused=False)
        try:
            return await pooled.post(
                url, data=body, headers=headers, allow_redirects=False, trace_request_ctx=trace
            )
        except aiohttp.ClientConnectorError:
            raise
        except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError):
            # The receiver closed an idle connection just as we wrote to it. That is no failure
            # of the receiver, and must not cost the notice a minute.
            if not trace.is_reused:
                raise
            return await fresh.post(url, data=body, headers=headers, allow_redirects=False)

    async def _let_go(self, response: aiohttp.ClientResponse) -> None:
        """Read the body away, within bounds, so that the connection can be used again.

        The status has decided already: nothing that happens here makes the push fail.
        """
        content = response.content
        left = self._settings.max_answer_bytes
        try:
            if not content.at_eof():
                async with asyncio.timeout(self._settings.answer_body_s):
                    while left > 0 and not content.at_eof():
                        left -= len(await content.read(left))
        except (TimeoutError, aiohttp.ClientError, OSError):
            left = 0
        finally:
            # a connection with something left on it is of no use for the next push
            response.close() if left <= 0 or not content.at_eof() else response.release()

    def _destination(self, text: str) -> URL:
        url = self._urls.get(text)
        if url is None:
            url = read_destination(text)
            if len(self._urls) >= MAX_NAMES:
                self._urls.clear()
            self._urls[text] = url
        return url
