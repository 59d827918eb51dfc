"""Where pushes may go: customers choose the URLs, so they must not reach into our network."""

import ipaddress
import socket
from typing import Any

from yarl import URL

from maskline.domain.error import CustomerError

MAX_URL_CHARS = 2_048
"""Longest address of a receiver."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052 2.1
_SITE_LOCAL = ipaddress.IPv6Network("fec0::/10")  # RFC 3879: given up, but still routed in places


class DestinationRefused(CustomerError):
    """The address of the receiver is not one that we push to."""


class AddressRefused(OSError):
    """A connection to an address that is not public was asked for.

    An OSError, because the connector goes on to the next address of the name after one.
    """


def read_destination(text: str) -> URL:
    """Read the URL of a receiver. Raises DestinationRefused.

    Only `http` and `https`, with a host and without credentials: those of the application sign
    the push.
    """
    if len(text) > MAX_URL_CHARS:
        raise DestinationRefused("the address is too long")
    try:
        url = URL(text)
        port = url.port
    except ValueError as error:
        raise DestinationRefused("the address cannot be read") from error
    if url.scheme not in {"http", "https"} or not url.host or not port:
        raise DestinationRefused("the address is not an http or https URL")
    if url.user is not None or url.password is not None:
        raise DestinationRefused("the address holds credentials")
    return url.with_fragment(None)


def is_public(address: Address) -> bool:
    """Whether an address belongs to the public network.

    Addresses that carry an IPv4 address inside (mapped, 6to4, Teredo, NAT64) are judged by that
    one: the packet ends up there.
    """
    if isinstance(address, ipaddress.IPv6Address):
        inner = _inner_addresses(address)
        if inner:
            return all(is_public(each) for each in inner)
        if address in _SITE_LOCAL:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _inner_addresses(address: ipaddress.IPv6Address) -> tuple[ipaddress.IPv4Address, ...]:
    if address.ipv4_mapped is not None:
        return (address.ipv4_mapped,)
    if address.sixtofour is not None:
        return (address.sixtofour,)
    if address.teredo is not None:
        return address.teredo
    if address in _NAT64:
        return (ipaddress.IPv4Address(int(address) & 0xFFFFFFFF),)
    return ()


def open_public_socket(info: tuple[Any, ...]) -> socket.socket:
    """A socket for one resolved address, `(family, type, proto, name, sockaddr)`.

    This is the one place where connections begin: the address that was resolved is the one that
    is judged and connected to, so a name that changes in between gains nothing.
    Raises AddressRefused.
    """
    family, kind, protocol, _, sockaddr = info
    address = ipaddress.ip_address(sockaddr[0].partition("%")[0])
    if not is_public(address):
        # one text for all of them, so that several refused addresses stay one error
        raise AddressRefused("the address is not public")
    return socket.socket(family, kind, protocol)
