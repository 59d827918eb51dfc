"""The trunks as the call plane sees them: whose address this is, who may carry a number, health."""

import asyncio
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import ip_address

import structlog

from maskline.domain.trunk import Transport, Trunk, choose_trunks
from maskline.planes.call.limits import CallLimits
from maskline.planes.call.rate import CallRate
from maskline.protocols.sip.flow import Flow, bracket

MAX_KNOWN_SOURCES = 4096
"""Source addresses whose trunk is remembered; unknown ones are remembered too, so that a scan
costs one look-up a packet."""

MISSES_UNTIL_DOWN = 2
"""Pings in a row that must fail before a trunk counts as down."""

MAX_PING_DOUBLINGS = 5
"""How often the interval of a trunk that never answered a ping is doubled."""

RESOLVE_AGE_S = 60.0
"""How long the address of a trunk's host name is kept."""

log = structlog.get_logger("trunks")


@dataclass(slots=True)
class TrunkLine:
    """One trunk at work.

    `flow` is where requests to it go, None while that name has no address; `address` is the
    peer's own, which differs from it behind an outbound proxy.
    """

    trunk: Trunk
    flow: Flow | None
    address: str | None
    resolved_at: float
    calls: int = 0
    misses: int = 0
    down_until: float = 0.0
    answers_pings: bool = False
    quiet_since: float = 0.0
    rate: CallRate = field(default_factory=CallRate)

    def uri(self, user: str = "") -> str:
        """The address of a number at this peer, or of the peer itself."""
        at = f"{user}@" if user else ""
        return f"sip:{at}{bracket(self.trunk.host)}:{self.trunk.port}"

    def target(self, user: str = "") -> str:
        """The same as a request URI, which says how the peer is reached."""
        transport = self.trunk.transport
        suffix = "" if transport is Transport.UDP else f";transport={transport.value}"
        return self.uri(user) + suffix

    def is_down(self, now: float) -> bool:
        """Whether the trunk failed lately and nothing has shown it alive since."""
        return now < self.down_until

    def take(self, now: float) -> bool:
        """Count one more call, unless a limit of the trunk forbids it."""
        trunk = self.trunk
        if trunk.max_calls and self.calls >= trunk.max_calls:
            return False
        if not self.rate.passes(trunk.calls_per_s, now):
            return False
        self.calls += 1
        self.quiet_since = now
        return True

    def resume(self) -> None:
        """Count a call of an earlier run, whatever the limits: it is there."""
        self.calls += 1

    def give_back(self) -> None:
        """A call that was counted by `take` or `resume` is over."""
        self.calls -= 1


class TrunkBoard:
    """All trunks with their state. `now` is the monotonic clock, `draw` a random float [0, 1).

    `family` is that of our sockets: an address of the other one cannot be called.
    """

    def __init__(
        self,
        limits: CallLimits,
        now: Callable[[], float],
        draw: Callable[[], float],
        family: socket.AddressFamily = socket.AF_UNSPEC,
    ) -> None:
        self._limits = limits
        self._now = now
        self._draw = draw
        self._family = family
        self._lines: dict[str, TrunkLine] = {}
        self._trunks: tuple[Trunk, ...] = ()
        self._by_source: dict[tuple[str, int], TrunkLine | None] = {}

    @property
    def lines(self) -> tuple[TrunkLine, ...]:
        """Every trunk with its state."""
        return tuple(self._lines.values())

    def line(self, name: str) -> TrunkLine | None:
        """The trunk of this name."""
        return self._lines.get(name)

    async def refresh(self, trunks: tuple[Trunk, ...]) -> None:
        """Take over the trunks as they are configured now; calls and health are kept."""
        now = self._now()
        if trunks == self._trunks and all(
            line.flow is not None and now - line.resolved_at < RESOLVE_AGE_S
            for line in self._lines.values()
            if _has_name(line.trunk)
        ):
            return
        lines: dict[str, TrunkLine] = {}
        for trunk in trunks:
            flow, address = await _locate(trunk, self._family)
            line = self._lines.get(trunk.name)
            if line is None:
                line = TrunkLine(trunk, flow, address, now, quiet_since=now)
            else:
                if _is_same_peer(trunk, line.trunk):
                    # A name server that fails is no reason to lose a trunk that works.
                    flow, address = flow or line.flow, address or line.address
                line.trunk, line.flow, line.address, line.resolved_at = trunk, flow, address, now
            lines[trunk.name] = line
        self._lines = lines
        self._trunks = trunks
        self._by_source.clear()

    def of_source(self, source: Flow) -> TrunkLine | None:
        """The trunk that packets from this address belong to; None for a stranger.

        Where several trunks share an address, the one whose port it is comes first.
        """
        key = (source.host, source.port)
        if key in self._by_source:
            return self._by_source[key]
        admitted = [line for line in self._lines.values() if _admits(line, source.host)]
        admitted.sort(key=lambda line: line.trunk.port != source.port)
        found = admitted[0] if admitted else None
        if len(self._by_source) >= MAX_KNOWN_SOURCES:
            self._by_source.clear()
        self._by_source[key] = found
        return found

    def server_name(self, flow: Flow) -> str:
        """The name a TLS certificate of the far end of `flow` has to carry (RFC 5922 4)."""
        for line in self._lines.values():
            if line.flow == flow:
                return line.trunk.host
        return flow.host

    def candidates(self, number: str) -> list[TrunkLine]:
        """The trunks to try for `number`, best first, as `choose_trunks` says."""
        now, lines = self._now(), self._lines
        chosen = choose_trunks(
            (line.trunk for line in lines.values()),
            number,
            self._draw,
            has_address=lambda trunk: lines[trunk.name].flow is not None,
            is_down=lambda trunk: lines[trunk.name].is_down(now),
        )
        return [lines[trunk.name] for trunk in chosen]

    def failed(self, line: TrunkLine) -> None:
        """A call could not even be offered to this trunk."""
        if not line.is_down(self._now()):
            log.warning("trunk failed", trunk=line.trunk.name)
        line.down_until = self._now() + self._limits.trunk_penalty_s

    def due_for_ping(self) -> list[TrunkLine]:
        """The trunks that neither calls nor pings were sent to for a while; they count as pinged.

        A trunk that never answered one may not know OPTIONS, and is asked less and less often.
        """
        now = self._now()
        due = [
            line
            for line in self._lines.values()
            if line.trunk.is_enabled
            and line.flow is not None
            and now - line.quiet_since >= self._ping_interval(line)
        ]
        for line in due:
            line.quiet_since = now
        return due

    def _ping_interval(self, line: TrunkLine) -> float:
        doublings = 0 if line.answers_pings else min(line.misses, MAX_PING_DOUBLINGS)
        return self._limits.ping_interval_s * 2**doublings

    def pinged(self, line: TrunkLine, *, is_alive: bool) -> None:
        """The result of an OPTIONS ping."""
        if is_alive:
            line.answers_pings = True
            if line.down_until > self._now():
                log.info("trunk is back", trunk=line.trunk.name)
            line.misses = 0
            line.down_until = 0.0
            return
        line.misses += 1
        if line.misses >= MISSES_UNTIL_DOWN:
            if line.misses == MISSES_UNTIL_DOWN:
                log.warning("trunk does not answer pings", trunk=line.trunk.name)
            # Down until a ping succeeds: two intervals, so that the next miss extends it in time.
            line.down_until = self._now() + 2 * self._ping_interval(line)


def _admits(line: TrunkLine, host: str) -> bool:
    if not line.trunk.is_enabled:
        return False
    if line.trunk.admits(host):
        return True
    # A trunk named by host: its address counts as its own when no networks are listed.
    return not line.trunk.inbound_from and line.address == host


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _has_name(trunk: Trunk) -> bool:
    hosts = [trunk.host] if trunk.proxy is None else [trunk.host, trunk.proxy[0]]
    return not all(_is_address(host) for host in hosts)


def _is_same_peer(one: Trunk, other: Trunk) -> bool:
    return (one.host, one.port, one.transport, one.outbound_proxy) == (
        other.host,
        other.port,
        other.transport,
        other.outbound_proxy,
    )


async def _locate(trunk: Trunk, family: socket.AddressFamily) -> tuple[Flow | None, str | None]:
    """Where requests to the trunk go, and its own address; None for what has no address."""
    address = await _resolve(trunk, trunk.host, family)
    if trunk.proxy is None:
        flow = None if address is None else Flow(trunk.transport.value, address, trunk.port)
        return flow, address
    host, port = trunk.proxy
    proxy = await _resolve(trunk, host, family)
    return None if proxy is None else Flow("udp", proxy, port), address


async def _resolve(trunk: Trunk, host: str, family: socket.AddressFamily) -> str | None:
    if _is_address(host):
        return host
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, trunk.port, family=family)
    except OSError:
        log.warning("trunk host has no address", trunk=trunk.name, host=host)
        return None
    return str(found[0][4][0])
