"""Pairs of bound UDP sockets, used by one call after another.

Binding is dear, and a port that was given back to the system could be taken by anybody while the
old party still sends to it. So a pair stays bound, and returns to use only after a quarantine in
which nothing arrived: late packets of one call never reach the next.
"""

import errno
import socket
from collections import deque
from random import Random

from maskline.planes.media.settings import EmbeddedSettings

PREBOUND_PAIRS = 128
"""Pairs bound before the first call."""

MAX_DRAIN = 1024
"""Datagrams thrown away at one look at a socket; more than a receive buffer holds."""

MAX_LOOKS = 8
"""Pairs in quarantine looked at for one that is taken."""

MAX_BIND_TRIES = 64
"""Ports tried for one pair before the pool says that it is empty."""


class PortsExhausted(Exception):
    """No pair is free now."""


class PortPair:
    """An RTP socket at an even port and the RTCP socket above it, both non-blocking."""

    __slots__ = ("port", "rtcp", "rtp")

    def __init__(self, port: int, rtp: socket.socket, rtcp: socket.socket) -> None:
        self.port = port
        self.rtp = rtp
        self.rtcp = rtcp

    def drain(self) -> int:
        """Throw away what has arrived; return how many datagrams that were."""
        return _drain(self.rtp) + _drain(self.rtcp)

    def close(self) -> None:
        """Give both ports back to the system."""
        self.rtp.close()
        self.rtcp.close()


class PortPool:
    """The pairs of a port range."""

    def __init__(self, settings: EmbeddedSettings, random: Random) -> None:
        """`random` orders the ports, so that the next one cannot be told from the last."""
        self._address = settings.bind_address
        self._family = socket.AF_INET6 if ":" in settings.bind_address else socket.AF_INET
        self._dscp = settings.dscp
        self._quarantine_s = settings.quarantine_s
        ports = list(settings.pair_ports)
        random.shuffle(ports)
        self._unbound = deque(ports)
        self._idle: deque[PortPair] = deque()
        self._resting: deque[tuple[float, PortPair]] = deque()

    def prebind(self, pairs: int) -> None:
        """Bind up to so many pairs ahead of need. Raises `PortsExhausted` when none can be."""
        for bound in range(min(pairs, len(self._unbound))):
            try:
                self._idle.append(self._bind_next())
            except PortsExhausted:
                if bound:
                    return
                raise

    def take(self, now: float) -> PortPair:
        """Return a pair on which nothing waits. Raises `PortsExhausted`."""
        self._release(now)
        pair = self._idle.popleft() if self._idle else self._bind_next()
        # Strangers may have sent to an idle port; only what comes from now on is the call's.
        pair.drain()
        return pair

    def give(self, pair: PortPair, now: float) -> None:
        """Take a pair back into quarantine."""
        self._resting.append((now + self._quarantine_s, pair))

    def close(self) -> None:
        """Close every socket that is in the pool."""
        for pair in [*self._idle, *(pair for _, pair in self._resting)]:
            pair.close()
        self._idle.clear()
        self._resting.clear()

    def _release(self, now: float) -> None:
        for _ in range(MAX_LOOKS):
            if not self._resting or self._resting[0][0] > now:
                return
            pair = self._resting.popleft()[1]
            if pair.drain():
                self.give(pair, now)
            else:
                self._idle.append(pair)

    def _bind_next(self) -> PortPair:
        for _ in range(MAX_BIND_TRIES):
            if not self._unbound:
                break
            port = self._unbound.popleft()
            try:
                return self._bind(port)
            except OSError as error:
                self._unbound.append(port)
                if error.errno != errno.EADDRINUSE:
                    reason = f"no port of {self._address} can be bound: {error.strerror}"
                    raise PortsExhausted(reason) from error
        raise PortsExhausted("every port of the range is in use")

    def _bind(self, port: int) -> PortPair:
        rtp = self._bind_one(port)
        try:
            return PortPair(port, rtp, self._bind_one(port + 1))
        except OSError:
            rtp.close()
            raise

    def _bind_one(self, port: int) -> socket.socket:
        bound = socket.socket(self._family, socket.SOCK_DGRAM)
        try:
            bound.setblocking(False)
            if self._family == socket.AF_INET:
                bound.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, self._dscp << 2)
            else:
                bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_TCLASS, self._dscp << 2)
            bound.bind((self._address, port))
        except OSError:
            bound.close()
            raise
        return bound


def _drain(bound: socket.socket) -> int:
    scrap = bytearray(1)
    drained = 0
    for _ in range(MAX_DRAIN):
        try:
            bound.recv_into(scrap)
        except BlockingIOError:
            break
        except OSError:
            # The news that a party refused the last packets: it is told once.
            continue
        drained += 1
    return drained
