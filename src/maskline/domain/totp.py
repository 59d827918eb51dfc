"""Codes of an authenticator app: TOTP (RFC 6238) with SHA-1, six digits, steps of 30 s."""

import base64
import binascii
import hmac
from datetime import datetime
from urllib.parse import quote, urlencode

from maskline.domain.error import InvalidParameter

DIGITS = 6
STEP_S = 30
SECRET_BYTES = 20  # RFC 4226 4, R6 recommends 160 bits
DRIFT_STEPS = 1  # RFC 6238 5.2 recommends at most one step for delay and clocks


def new_secret(randomness: bytes) -> str:
    """A secret, base32, from `SECRET_BYTES` random bytes."""
    return base64.b32encode(randomness).decode()


def check_secret(secret: str) -> None:
    """Raises InvalidParameter for what `new_secret` never makes."""
    try:
        size = len(base64.b32decode(secret))
    except (binascii.Error, ValueError):
        size = 0
    if size != SECRET_BYTES:
        raise InvalidParameter("secret", "the one that was given for the app")


def code_at(secret: str, counter: int) -> str:
    """The code of one time step (RFC 4226 5.3)."""
    digest = hmac.digest(base64.b32decode(secret), counter.to_bytes(8, "big"), "sha1")
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFF_FFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def matching_counter(secret: str, code: str, now: datetime, used: int) -> int | None:
    """The time step, behind the one used last, that this is the code of; None for none."""
    current = int(now.timestamp()) // STEP_S
    given = code.replace(" ", "").encode()
    for counter in range(current - DRIFT_STEPS, current + DRIFT_STEPS + 1):
        if counter > used and hmac.compare_digest(code_at(secret, counter).encode(), given):
            return counter
    return None


def enrolment_uri(secret: str, login: str, issuer: str) -> str:
    """What a QR code for an authenticator app holds (Google's key URI format)."""
    label = f"{quote(issuer, safe='')}:{quote(login, safe='@')}"
    return f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': issuer})}"
