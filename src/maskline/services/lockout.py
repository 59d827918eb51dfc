"""Addresses that are locked out after too many failed authentications (`spec/auth.md` 6)."""

from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, IPv6Network

from maskline.services.clock import Clock

IPV6_CUSTOMER_BITS = 64  # one customer has at least a /64: single addresses of it mean nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class LockoutLimits:
    """`failures` within `window_s` lock an address out for `lock_s`; 0 failures never do.

    Of at most `addresses` the failures are remembered; the oldest entry goes.
    """

    failures: int = 100
    window_s: float = 300.0
    lock_s: float = 1800.0
    addresses: int = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedOut:
    """An address, or the /64 of an IPv6 address, whose requests are refused for `left_s` more."""

    address: str
    failures: int
    left_s: float


@dataclass(slots=True)
class _Failures:
    first_at: float
    count: int
    locked_until: float


class Lockout:
    """Counts the failures that this process sees, by address.

    A success does not clear the count: who owns one key could else guess another's for ever.
    `on_locked` and `on_released` hear which address was locked out or let in here, so that the
    other processes can be told; `lock` and `let_in` carry out what they tell.
    """

    def __init__(self, clock: Clock, limits: LockoutLimits | None = None) -> None:
        self._clock = clock
        self._limits = limits or LockoutLimits()
        self._failures: dict[str, _Failures] = {}
        self.on_locked: Callable[[str], None] = _tell_nobody
        self.on_released: Callable[[str], None] = _tell_nobody

    def __len__(self) -> int:
        return len(self._failures)

    def is_locked(self, address: str) -> bool:
        """Whether requests of this address are to be refused unread."""
        entry = self._failures.get(address_key(address)) if self._failures else None
        return entry is not None and self._clock.monotonic() < entry.locked_until

    def left_s(self, address: str) -> float:
        """For how much longer they are; 0 for one that is not locked out."""
        entry = self._failures.get(address_key(address))
        return 0.0 if entry is None else max(0.0, entry.locked_until - self._clock.monotonic())

    def fail(self, address: str) -> bool:
        """Count a failure; True when it is the one that locks."""
        if self._limits.failures == 0:
            return False
        key, now = address_key(address), self._clock.monotonic()
        entry = self._failures.get(key)
        if entry is None or self._is_over(entry, now):
            entry = self._begin(key, now)
        entry.count += 1
        if entry.count != self._limits.failures:
            return False
        entry.locked_until = now + self._limits.lock_s
        self.on_locked(key)
        return True

    def lock(self, address: str, ago_s: float) -> None:
        """Another process locked it out, so long ago."""
        left_s = self._limits.lock_s - max(0.0, ago_s)
        if left_s > 0:
            key, now = address_key(address), self._clock.monotonic()
            entry = self._begin(key, now)
            entry.count = max(1, self._limits.failures)
            entry.locked_until = now + left_s

    def let_in(self, address: str) -> None:
        """Another process let it in."""
        self._failures.pop(address_key(address), None)

    def locked(self) -> tuple[LockedOut, ...]:
        """Who is locked out now, the longest first."""
        now = self._clock.monotonic()
        held = [
            LockedOut(address=key, failures=entry.count, left_s=entry.locked_until - now)
            for key, entry in self._failures.items()
            if now < entry.locked_until
        ]
        return tuple(sorted(held, key=lambda one: one.left_s))

    def release(self, address: str) -> bool:
        """Let an address in again, and forget its failures; False when it was not locked out.

        Takes an IPv6 address or the network of it that `locked` names.
        """
        if not self.is_locked(address):
            return False
        self.let_in(address)
        self.on_released(address_key(address))
        return True

    def _begin(self, key: str, now: float) -> _Failures:
        self._failures.pop(key, None)
        if len(self._failures) >= self._limits.addresses:
            del self._failures[next(iter(self._failures))]
        entry = self._failures[key] = _Failures(now, 0, 0.0)
        return entry

    def _is_over(self, entry: _Failures, now: float) -> bool:
        return now >= max(entry.first_at + self._limits.window_s, entry.locked_until)


def _tell_nobody(_address: str) -> None:
    """Until other processes are to be told."""


def address_key(address: str) -> str:
    """The name under which an address is counted: IPv6 by its /64, IPv4 inside IPv6 as IPv4."""
    if ":" not in address:
        return address
    try:
        parsed = IPv6Address(address)
    except ValueError:
        return address
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(IPv6Network((parsed, IPV6_CUSTOMER_BITS), strict=False))
