"""Telephone events (RFC 4733): keys pressed, carried beside the audio."""

from dataclasses import dataclass
from struct import Struct

DIGITS = "0123456789*#ABCD"
"""The keys by event code (RFC 4733 table 7)."""

EVENT_BYTES = 4
"""Size of one event block."""

MAX_BLOCKS = 8
"""Event blocks read from one packet; what follows is left out."""

RELEASE_AFTER_S = 0.25
"""A key of which nothing was heard for so long was released: its end packets were lost."""

LONGEST_SEGMENT = 0xFFFF
"""Duration at which a long event goes on in a new segment (RFC 4733 2.5.1.3)."""

OVERTAKEN_UNITS = 0xFFFF
"""An event that began up to so long before the newest came late; one further away is another's,
of a source with a time line of its own."""

_BLOCK = Struct("!BBH")
_END_BIT = 0x80
_VOLUME = 0x3F


@dataclass(frozen=True, slots=True)
class TelephoneEvent:
    """One event block. `duration` is in timestamp units, `volume` in -dBm0 (0 to 63)."""

    code: int
    is_end: bool
    duration: int
    volume: int = 10


@dataclass(frozen=True, slots=True)
class KeyPress:
    """A key that was pressed and released. `duration` is in timestamp units."""

    digit: str
    duration: int


def decode_events(payload: bytes) -> tuple[TelephoneEvent, ...]:
    """Return the event blocks of a payload, none when it is not made of whole blocks."""
    if len(payload) % EVENT_BYTES:
        return ()
    blocks = payload[: EVENT_BYTES * MAX_BLOCKS]
    return tuple(
        TelephoneEvent(code, bool(flags & _END_BIT), duration, flags & _VOLUME)
        for code, flags, duration in _BLOCK.iter_unpack(blocks)
    )


def encode_event(event: TelephoneEvent) -> bytes:
    """Build the payload of one event. Raises `ValueError` for a field out of its range."""
    if not (0 <= event.code <= 0xFF and 0 <= event.volume <= _VOLUME):
        raise ValueError("event code or volume out of range")
    if not 0 <= event.duration <= LONGEST_SEGMENT:
        raise ValueError("duration has 16 bits")
    flags = event.volume | (_END_BIT if event.is_end else 0)
    return _BLOCK.pack(event.code, flags, event.duration)


class KeyPad:
    """Merges the many packets of each key press into one `KeyPress` (RFC 4733 2.5.2)."""

    __slots__ = ("_before", "_begin", "_code", "_duration", "_ended", "_heard_at")

    def __init__(self) -> None:
        self._code: int | None = None
        self._begin = 0
        self._duration = 0
        self._before = 0
        self._heard_at = 0.0
        self._ended: int | None = None

    def receive(self, timestamp: int, payload: bytes, now: float) -> list[KeyPress]:
        """Take an event packet; return the keys that are known to be released by it."""
        presses: list[KeyPress] = []
        for event in decode_events(payload):
            self._take(event, timestamp, now, presses)
            timestamp = (timestamp + event.duration) & 0xFFFFFFFF
        return presses

    @property
    def is_pressed(self) -> bool:
        """Whether a key is down, as far as is known."""
        return self._code is not None

    def expire(self, now: float) -> KeyPress | None:
        """Return the key that is taken for released because nothing more was heard of it."""
        if self._code is None or now - self._heard_at < RELEASE_AFTER_S:
            return None
        return self._release()

    def _take(self, event: TelephoneEvent, begin: int, now: float, presses: list[KeyPress]) -> None:
        if event.code >= len(DIGITS) or self._is_old(begin):
            return
        if self._code is not None and begin != self._begin:
            if event.code == self._code and begin == self._next_segment():
                self._before += self._duration
                self._begin = begin
                self._duration = 0
            else:
                presses.append(self._release())
        if self._code is None:
            self._code = event.code
            self._begin = begin
            self._duration = 0
        self._duration = max(self._duration, event.duration)
        self._heard_at = now
        if event.is_end:
            presses.append(self._release())

    def _is_old(self, begin: int) -> bool:
        """Whether an event that began at `begin` was reported, or overtaken, already."""
        newest = self._begin if self._code is not None else self._ended
        if newest is None:
            return False
        behind = (newest - begin) & 0xFFFFFFFF
        return behind <= OVERTAKEN_UNITS and (behind > 0 or self._code is None)

    def _next_segment(self) -> int:
        return (self._begin + LONGEST_SEGMENT) & 0xFFFFFFFF

    def _release(self) -> KeyPress:
        press = KeyPress(DIGITS[self._code or 0], self._before + self._duration)
        self._ended = self._begin
        self._code = None
        self._before = 0
        return press
