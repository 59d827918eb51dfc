"""Where bytes come from and go to, as the core knows it: a transport and a far address."""

from typing import Literal, NamedTuple

Transport = Literal["udp", "tcp", "tls"]

DEFAULT_PORT: dict[Transport, int] = {"udp": 5060, "tcp": 5060, "tls": 5061}


class Flow(NamedTuple):
    """The far end of a UDP exchange or of one stream connection. Hashable."""

    transport: Transport
    host: str
    port: int

    @property
    def is_reliable(self) -> bool:
        """Whether the transport repeats lost bytes itself (RFC 3261 17: timers A, E, G are off)."""
        return self.transport != "udp"


def bracket(host: str) -> str:
    """The host as it stands in a header or URI: IPv6 in brackets (RFC 3261 25.1 `host`)."""
    return f"[{host}]" if ":" in host and not host.startswith("[") else host
