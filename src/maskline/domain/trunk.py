"""Trunks: the carriers' SIP peers, who may call in over them and which numbers go out."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address, ip_network

from maskline.domain.number import NumberFormat, read_number, write_number

SIP_PORT = 5060

_PROXY = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([^\s:\[\]]+))(?::([0-9]{1,5}))?")


class Transport(StrEnum):
    """What carries SIP to a trunk."""

    UDP = "udp"
    TCP = "tcp"
    TLS = "tls"


class Protection(StrEnum):
    """How the packets of a side are encrypted: not, SRTP keyed in SDP, SRTP keyed by DTLS."""

    NONE = "none"
    SDES = "sdes"
    DTLS = "dtls"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trunk:
    """A carrier's peer.

    Outgoing calls choose by the longest matching prefix, then the lowest `priority`, then by
    `weight` at random; a trunk without prefixes takes every number. `inbound_from` are the
    networks calls are accepted from; empty means the address of `host` alone.
    `max_calls` and `calls_per_s` 0 mean no limit. `username`/`password` answer the peer's digest
    challenges; `inbound_password` makes us challenge its INVITEs. `protection` is how its audio is
    encrypted, both ways; with NONE its calls may ask for encryption, and calls to it have none.
    `outbound_proxy` is the `HOST` or `HOST:PORT` that everything for the peer is sent to, over UDP.
    """

    name: str
    host: str
    port: int = SIP_PORT
    transport: Transport = Transport.UDP
    prefixes: tuple[str, ...] = ()
    priority: int = 10
    weight: int = 10
    inbound_from: tuple[str, ...] = ()
    number_format: NumberFormat = NumberFormat.E164
    inbound_strip: str = ""
    inbound_add: str = ""
    outbound_strip: str = ""
    outbound_add: str = ""
    max_calls: int = 0
    calls_per_s: int = 0
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    inbound_password: str | None = field(default=None, repr=False)
    is_enabled: bool = True
    protection: Protection = Protection.NONE
    outbound_proxy: str = ""

    @property
    def proxy(self) -> tuple[str, int] | None:
        """Host and port of the outbound proxy; raises ValueError for what is neither."""
        return _read_proxy(self.outbound_proxy) if self.outbound_proxy else None

    @property
    def shows_keys(self) -> bool:
        """Whether who reads its signalling reads the keys of its audio too (RFC 4568 8)."""
        return self.protection is Protection.SDES and self.transport is not Transport.TLS

    def read(self, text: str) -> str | None:
        """A number as this trunk writes it, in global form; None when it is no number."""
        stripped = text.removeprefix(self.inbound_strip) if self.inbound_strip else text
        return read_number(self.inbound_add + stripped)

    def write_caller(self, number: str) -> str:
        """A global number as this trunk expects the caller's: without the dialling prefix."""
        return write_number(number, self.number_format)

    def write(self, number: str) -> str:
        """A global number as this trunk expects the one that is dialled."""
        text = write_number(number, self.number_format)
        if self.outbound_strip:
            text = text.removeprefix(self.outbound_strip)
        return self.outbound_add + text

    def matched_prefix(self, number: str) -> int:
        """Length of the longest prefix of this trunk that `number` starts with; -1 for none."""
        if not self.prefixes:
            return 0
        return max((len(p) for p in self.prefixes if number.startswith(p)), default=-1)

    def admits(self, address: str) -> bool:
        """Whether calls from this network address are this trunk's."""
        networks = self.inbound_from or (self.host,)
        try:
            peer = ip_address(address)
            return any(peer in ip_network(network, strict=False) for network in networks)
        except ValueError:
            return address in networks


def _read_proxy(text: str) -> tuple[str, int]:
    match = _PROXY.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not HOST or HOST:PORT")
    bracketed, plain, port = match.groups()
    return bracketed or plain, int(port or SIP_PORT)


def order_trunks(trunks: Iterable[Trunk], number: str, draw: Callable[[], float]) -> list[Trunk]:
    """The trunks that may carry `number`, best first.

    `draw` returns a random float in [0, 1); weights act as in RFC 2782: among equals a trunk
    comes first with a probability proportional to its weight.
    """
    ranked: list[tuple[int, int, float, Trunk]] = []
    for trunk in trunks:
        length = trunk.matched_prefix(number)
        if not trunk.is_enabled or length < 0:
            continue
        # Efraimidis-Spirakis: sorting by u^(1/w) draws without replacement by weight.
        key = draw() ** (1 / trunk.weight) if trunk.weight > 0 else -1.0
        ranked.append((-length, trunk.priority, -key, trunk))
    ranked.sort(key=lambda entry: entry[:3])
    return [entry[3] for entry in ranked]


def choose_trunks(
    trunks: Iterable[Trunk],
    number: str,
    draw: Callable[[], float],
    *,
    has_address: Callable[[Trunk], bool],
    is_down: Callable[[Trunk], bool],
) -> list[Trunk]:
    """The trunks to try for `number` now, best first; those without an address are no use.

    One that is down comes last of those with as long a prefix. It still comes before a shorter
    prefix: only a call shows whether the carrier that these numbers were given to works again.
    """
    usable = [trunk for trunk in order_trunks(trunks, number, draw) if has_address(trunk)]
    usable.sort(key=lambda trunk: (-trunk.matched_prefix(number), is_down(trunk)))
    return usable
