"""Whose address a request comes from, and the networks an address may be in."""

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network

REMEMBERED_LISTS = 1024  # parsed allow lists, one for each application that has one


def client_address(peer: str, forwarded_for: str | None, proxies: "Networks") -> str:
    """The client's address: the socket's, unless that is a trusted proxy.

    Then the last address of `X-Forwarded-For` that is no trusted proxy: all before it can be
    invented by the client.
    """
    if forwarded_for is None or not proxies.admits(peer):
        return peer
    for hop in reversed(forwarded_for.split(",")):
        address = hop.strip()
        if not proxies.admits(address):
            return address or peer
    return peer


class Networks:
    """A list of addresses and networks in CIDR form; entries that are neither admit nobody."""

    def __init__(self, entries: Iterable[str]) -> None:
        self._networks = tuple(_parsed(entries))

    def admits(self, address: str) -> bool:
        """Whether the address is in one of them."""
        if not self._networks:
            return False
        try:
            parsed = ip_address(address)
        except ValueError:
            return False
        if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
            parsed = parsed.ipv4_mapped
        return any(parsed in network for network in self._networks)


class AllowLists:
    """Allow lists of applications, parsed once."""

    def __init__(self) -> None:
        self._parsed = lru_cache(maxsize=REMEMBERED_LISTS)(Networks)

    def admits(self, allowed: tuple[str, ...], address: str) -> bool:
        """Whether an application with this list may be called from the address."""
        return not allowed or self._parsed(allowed).admits(address)


def _parsed(entries: Iterable[str]) -> Iterable[Network]:
    for entry in entries:
        try:
            yield ip_network(entry, strict=False)
        except ValueError:
            continue
