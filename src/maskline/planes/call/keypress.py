"""Key presses that travel in SIP INFO, for networks that do not send them in RTP (RFC 4733)."""

import re

DTMF_RELAY = "application/dtmf-relay"
MAX_BODY_BYTES = 256
_DEFAULT_DURATION_MS = 160
_MAX_DURATION_MS = 5000

_SIGNAL = re.compile(rb"^\s*Signal\s*=\s*([0-9*#A-Da-d])\s*$", re.MULTILINE)
_DURATION = re.compile(rb"^\s*Duration\s*=\s*(\d{1,5})\s*$", re.MULTILINE)


def relay_keypress(content_type: str, body: bytes) -> bytes | None:
    """The body to send to the other party for a key press of this one; None when it is none.

    It is written anew from the key and its length, so that nothing else can pass.
    """
    if content_type != DTMF_RELAY or len(body) > MAX_BODY_BYTES:
        return None
    signal = _SIGNAL.search(body)
    if signal is None:
        return None
    given = _DURATION.search(body)
    duration_ms = min(int(given[1]), _MAX_DURATION_MS) if given else _DEFAULT_DURATION_MS
    return b"Signal=%s\r\nDuration=%d\r\n" % (signal[1].upper(), duration_ms)
