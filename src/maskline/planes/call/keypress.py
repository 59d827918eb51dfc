"""Key presses that travel in SIP INFO, for networks that do not send them in RTP (RFC 4733)."""

import re
from dataclasses import dataclass

DTMF_RELAY = "application/dtmf-relay"
MAX_BODY_BYTES = 256
_DEFAULT_DURATION_MS = 160
_MAX_DURATION_MS = 5000

_SIGNAL = re.compile(rb"^\s*Signal\s*=\s*([0-9*#A-Da-d])\s*$", re.MULTILINE)
_DURATION = re.compile(rb"^\s*Duration\s*=\s*(\d{1,5})\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class KeyPress:
    """One key (`0`-`9`, `*`, `#`, `A`-`D`) and how long it was held."""

    digit: str
    duration_ms: int

    @property
    def body(self) -> bytes:
        """What tells another party of it: written anew, so that nothing else can pass."""
        return f"Signal={self.digit}\r\nDuration={self.duration_ms}\r\n".encode("ascii")


def read_keypress(content_type: str, body: bytes) -> KeyPress | None:
    """The key press in an INFO; None when it holds none."""
    if content_type != DTMF_RELAY or len(body) > MAX_BODY_BYTES:
        return None
    signal = _SIGNAL.search(body)
    if signal is None:
        return None
    given = _DURATION.search(body)
    duration_ms = min(int(given[1]), _MAX_DURATION_MS) if given else _DEFAULT_DURATION_MS
    return KeyPress(signal[1].decode("ascii").upper(), duration_ms)
