"""How one message gets to a receiver: a thin seam over the HTTP client."""

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Protocol

import aiohttp
from yarl import URL

from maskline.domain.error import FarEndError
from maskline.planes.delivery.destination import (
    AddressRefused,
    DestinationRefused,
    open_public_socket,
    read_destination,
)
from maskline.planes.delivery.resolver import ThreadedResolver
from maskline.planes.delivery.settings import DeliverySettings

NAME_TTL_S = 30
"""How long a resolved name is used."""

MAX_NAMES = 10_000
"""Resolved names and read URLs that are kept."""

KEEP_ALIVE_S = 30.0
"""How long an idle connection is kept; receivers usually close theirs earlier."""

_NO_AUTOMATIC_HEADERS = ("Accept-Encoding", "User-Agent", "Content-Type")


class PushFailed(FarEndError):
    """The receiver could not be reached, answered too late, or said no. The text says which."""


class PushClient(Protocol):
    """Sends messages."""

    async def open(self) -> None:
        """Get ready; comes before the first message."""
        ...

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> None:
        """Push one message; returns when the receiver accepted it.

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
            pooled=self._open_session(resolver, keeps_connections=True),
            fresh=self._open_session(resolver, keeps_connections=False),
            resolver=resolver,
        )

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> None:
        """See the seam; the status comes within `timeout_s` or the push failed."""
        destination = self._destination(url)
        try:
            async with asyncio.timeout(self._settings.timeout_s):
                response = await self._answered(destination, headers, body)
        except TimeoutError as error:
            raise PushFailed(f"no answer within {self._settings.timeout_s:g} s") from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise _translated(error) from error
        await self._let_go(response)
        if not 200 <= response.status < 300:
            raise PushFailed(f"HTTP {response.status}")

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

    def _open_session(
        self, resolver: ThreadedResolver, *, keeps_connections: bool
    ) -> aiohttp.ClientSession:
        settings = self._settings
        connector = aiohttp.TCPConnector(
            limit=0,  # the plane's gate bounds the pushes in flight
            force_close=not keeps_connections,
            keepalive_timeout=KEEP_ALIVE_S if keeps_connections else None,
            resolver=resolver,
            ttl_dns_cache=NAME_TTL_S,
            dns_cache_max_size=MAX_NAMES,
            ssl=ssl.create_default_context() if settings.verify_tls else False,
            socket_factory=None if settings.allow_private else open_public_socket,
        )
        trace = aiohttp.TraceConfig()
        trace.on_connection_reuseconn.append(_note_reuse)
        return aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": "maskline"},
            skip_auto_headers=_NO_AUTOMATIC_HEADERS,
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),
            auto_decompress=False,
            trust_env=False,
            trace_configs=[trace] if keeps_connections else None,
        )


async def _note_reuse(
    _session: aiohttp.ClientSession,
    context: SimpleNamespace,
    _params: aiohttp.TraceConnectionReuseconnParams,
) -> None:
    context.trace_request_ctx.is_reused = True


def _translated(error: Exception) -> PushFailed | DestinationRefused:
    """What the customer's administrator is told; never the text of the far end."""
    if isinstance(error, aiohttp.InvalidURL):
        return DestinationRefused("the address cannot be read")
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return PushFailed("the name does not resolve")
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return PushFailed("the certificate does not verify")
    if isinstance(error, aiohttp.ClientConnectorSSLError):
        return PushFailed("no TLS connection")
    if isinstance(error, aiohttp.ClientConnectorError):
        if isinstance(error.os_error, AddressRefused):
            return DestinationRefused(str(error.os_error))
        return PushFailed("no connection")
    if isinstance(error, aiohttp.ClientPayloadError | aiohttp.ClientResponseError):
        return PushFailed("the answer is not HTTP")
    return PushFailed("the connection broke")
