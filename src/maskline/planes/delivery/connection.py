"""Connections to receivers: how they are opened, and what is told when one fails."""

import ssl

import aiohttp

from maskline.domain.error import FarEndError
from maskline.planes.delivery.destination import (
    AddressRefused,
    DestinationRefused,
    open_public_socket,
)
from maskline.planes.delivery.resolver import MAX_NAMES, NAME_TTL_S, ThreadedResolver
from maskline.planes.delivery.settings import DeliverySettings

_NO_AUTOMATIC_HEADERS = ("Accept-Encoding", "User-Agent", "Content-Type")


class PushFailed(FarEndError):
    """The receiver could not be reached, answered too late, or said no. The text says which.

    `kind` says it in one word, to be counted by; `status` is that of its answer, None without one.
    """

    def __init__(self, text: str, kind: str = "unreachable", *, status: int | None = None) -> None:
        super().__init__(text)
        self.kind = kind
        self.status = status


def tls_context(*, verifies: bool) -> ssl.SSLContext:
    """How receivers are known over TLS; without `verifies` whoever answers is."""
    context = ssl.create_default_context()
    if not verifies:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def open_session(settings: DeliverySettings, resolver: ThreadedResolver) -> aiohttp.ClientSession:
    """A client without redirects of its own, cookies, proxies and kept connections."""
    connector = aiohttp.TCPConnector(
        limit=0,  # whoever sends bounds what is in flight
        force_close=True,
        resolver=resolver,
        ttl_dns_cache=NAME_TTL_S,
        dns_cache_max_size=MAX_NAMES,
        ssl=tls_context(verifies=settings.verify_tls),
        socket_factory=None if settings.allow_private else open_public_socket,
    )
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"User-Agent": "maskline"},
        skip_auto_headers=_NO_AUTOMATIC_HEADERS,
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),
        auto_decompress=False,
        trust_env=False,
    )


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
