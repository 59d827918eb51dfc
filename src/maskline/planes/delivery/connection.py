"""Connections to receivers: how they are opened, and what is told when one fails."""

import ssl
from types import SimpleNamespace

import aiohttp

from maskline.domain.error import FarEndError
from maskline.planes.delivery.destination import (
    AddressRefused,
    DestinationRefused,
    open_public_socket,
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
    """The receiver could not be reached, answered too late, or said no. The text says which.

    `kind` says it in one word, to be counted by; `status` is that of its answer, None without one.
    """

    def __init__(self, text: str, kind: str = "unreachable", *, status: int | None = None) -> None:
        super().__init__(text)
        self.kind = kind
        self.status = status


def open_session(
    settings: DeliverySettings, resolver: ThreadedResolver, *, keeps_connections: bool
) -> aiohttp.ClientSession:
    """A client without redirects of its own, cookies and proxies.

    A request may bring `trace_request_ctx` with `is_reused`, set when it goes over a kept
    connection.
    """
    connector = aiohttp.TCPConnector(
        limit=0,  # whoever sends bounds what is in flight
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


def translated(error: Exception) -> PushFailed | DestinationRefused:
    """What the customer's administrator is told; never the text of the far end."""
    if isinstance(error, aiohttp.InvalidURL):
        return DestinationRefused("the address cannot be read")
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return PushFailed("the name does not resolve")
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return PushFailed("the certificate does not verify", "tls")
    if isinstance(error, aiohttp.ClientConnectorSSLError):
        return PushFailed("no TLS connection", "tls")
    if isinstance(error, aiohttp.ClientConnectorError):
        if isinstance(error.os_error, AddressRefused):
            return DestinationRefused(str(error.os_error))
        return PushFailed("no connection")
    if isinstance(error, aiohttp.ClientPayloadError | aiohttp.ClientResponseError):
        return PushFailed("the answer is not HTTP", "broken")
    return PushFailed("the connection broke", "broken")
