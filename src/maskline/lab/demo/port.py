"""Which ports the demo needs, and a clear word when one is taken."""

import errno
import socket
from dataclasses import dataclass

from maskline.domain.error import PlatformError
from maskline.settings import Settings


@dataclass(frozen=True, slots=True)
class NeededPort:
    """A port, what it is for, and the environment variable that moves it."""

    host: str
    port: int
    purpose: str
    variable: str
    is_udp: bool


class PortTaken(PlatformError):
    """A port that the demo needs is in use."""

    def __init__(self, needed: NeededPort) -> None:
        kind = "UDP" if needed.is_udp else "TCP"
        super().__init__(
            f"{kind} port {needed.port} ({needed.purpose}) is in use on {needed.host}; "
            f"stop what uses it, or set {needed.variable} to another port"
        )
        self.needed = needed


def needed_ports(settings: Settings) -> list[NeededPort]:
    """Every fixed port of the demo."""
    http, sip = settings.http, settings.sip
    lab = settings.demo.lab_port
    needed = [
        NeededPort(http.bind, http.port, "HTTP", "MASKLINE_HTTP_PORT", is_udp=False),
        NeededPort(sip.bind, sip.port, "SIP", "MASKLINE_SIP_PORT", is_udp=True),
        NeededPort(sip.bind, sip.port, "SIP", "MASKLINE_SIP_PORT", is_udp=False),
        NeededPort("127.0.0.1", lab, "the lab's carrier", "MASKLINE_LAB_PORT", is_udp=True),
        NeededPort(
            "127.0.0.1", receiver_port(settings), "the lab's receiver: the lab port and one",
            "MASKLINE_LAB_PORT", is_udp=False,
        ),
    ]  # fmt: skip
    if http.tls_port:
        needed.append(
            NeededPort(http.bind, http.tls_port, "HTTPS", "MASKLINE_HTTPS_PORT", is_udp=False)
        )
    return needed


def receiver_port(settings: Settings) -> int:
    """The callback receiver listens beside the carrier."""
    return settings.demo.lab_port + 1


def check_ports(needed: list[NeededPort]) -> None:
    """Raises PortTaken for the first port that cannot be had."""
    for one in needed:
        family = socket.AF_INET6 if ":" in one.host else socket.AF_INET
        kind = socket.SOCK_DGRAM if one.is_udp else socket.SOCK_STREAM
        with socket.socket(family, kind) as probe:
            if not one.is_udp:
                # As servers do: connections of an earlier run that linger don't count.
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((one.host, one.port))
            except OSError as error:
                if error.errno == errno.EADDRINUSE:
                    raise PortTaken(one) from None
                raise PlatformError(
                    f"port {one.port} ({one.purpose}) cannot be opened on {one.host}: "
                    f"{error.strerror}; {one.variable} sets another port"
                ) from error
