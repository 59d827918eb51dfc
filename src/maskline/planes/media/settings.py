"""What an operator may set of the embedded media engine."""

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address

from maskline.planes.media.engine import BadMedia


class Learn(StrEnum):
    """From where a party's media may come, other than the negotiated address and port.

    ADDRESS: from any port of the negotiated address. ANYWHERE: also, for `learn_window_s` after
    a side was connected, from any address, for parties behind a NAT. NOWHERE: not at all.
    """

    NOWHERE = "nowhere"
    ADDRESS = "address"
    ANYWHERE = "anywhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedSettings:
    """Settings of the embedded engine.

    `first_port` to `last_port` are the RTP and RTCP ports, in pairs that begin at even ports.
    `advertised_address` is what parties are told, by default the address bound. `loss_after_s`
    0 turns the detection of lost media off; so does `start_after_s` for a party that never sent
    any, counted from the moment both ways are open. A port rests for `quarantine_s` after a
    call, and longer while packets still come. `dscp` marks the packets (46 is expedited
    forwarding).
    Raises `BadMedia` for a range without a whole pair, an address that is not numeric, or a
    value out of its range.
    """

    bind_address: str = "127.0.0.1"
    advertised_address: str | None = None
    first_port: int = 20000
    last_port: int = 29999
    max_calls: int = 2000
    learn: Learn = Learn.ADDRESS
    learn_window_s: float = 10.0
    loss_after_s: float = 20.0
    start_after_s: float = 60.0
    quarantine_s: float = 2.0
    report_interval_s: float = 5.0
    dscp: int = 46

    def __post_init__(self) -> None:
        """Check what would otherwise fail in another process."""
        if not 1024 <= self.first_port < self.last_port <= 65535 or not self.pair_ports:
            raise BadMedia("the RTP port range holds no pair of ports")
        try:
            ip_address(self.bind_address)
            announced = ip_address(self.announced_address)
        except ValueError as error:
            raise BadMedia(str(error)) from error
        if announced.is_unspecified:
            raise BadMedia("no address to announce: set advertised_address")
        durations = (self.loss_after_s, self.start_after_s, self.quarantine_s)
        if min(*durations, self.learn_window_s) < 0:
            raise BadMedia("a duration is negative")
        if self.report_interval_s <= 0 or not 0 <= self.dscp <= 63 or self.max_calls < 1:
            raise BadMedia("report_interval_s, dscp or max_calls is out of range")

    @property
    def announced_address(self) -> str:
        """The address that parties are told to send to."""
        return self.advertised_address or self.bind_address

    @property
    def pair_ports(self) -> range:
        """The even ports at which a pair begins."""
        return range(self.first_port + self.first_port % 2, self.last_port, 2)
