"""Opaque names of real numbers, for places where a number has no business: addresses of pages."""

import base64
import binascii
import os
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from maskline.services.clock import Clock

PREFIX = "nl_"
LIFETIME = timedelta(minutes=30)
MAX_TOKEN_CHARS = 200
MARK_CHARS = 16
_SALT_SIZE = 16
_EXPIRY_SIZE = 8
_KEY_SIZE = 32
# Each token has a key of its own, made from its salt, so the nonce need not differ.
_NONCE = bytes(12)


@dataclass(frozen=True, slots=True)
class NumberToken:
    """A token and when it ends."""

    text: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class NumberTokens:
    """Seals numbers for one holder, and opens what that holder brings back. Nothing is stored.

    `key` has 32 bytes, the same in every process.
    """

    key: bytes = field(repr=False)
    clock: Clock

    def seal(self, number: str, holder: str) -> NumberToken:
        """A new token."""
        expires_at = self.clock.now() + LIFETIME
        salt = os.urandom(_SALT_SIZE)
        plain = int(expires_at.timestamp()).to_bytes(_EXPIRY_SIZE, "big") + number.encode()
        sealed = salt + self._aead(salt).encrypt(_NONCE, plain, holder.encode())
        text = base64.urlsafe_b64encode(sealed).rstrip(b"=").decode("ascii")
        return NumberToken(PREFIX + text, expires_at)

    def open(self, token: str, holder: str) -> str | None:
        """The number; None for a token that has ended, is somebody else's, or none of ours."""
        if not token.startswith(PREFIX) or len(token) > MAX_TOKEN_CHARS:
            return None
        try:
            text = token.removeprefix(PREFIX).encode("ascii")
            sealed = base64.b64decode(text + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
            salt = sealed[:_SALT_SIZE]
            plain = self._aead(salt).decrypt(_NONCE, sealed[_SALT_SIZE:], holder.encode())
        except (UnicodeEncodeError, binascii.Error, InvalidTag, ValueError):
            return None
        ends = int.from_bytes(plain[:_EXPIRY_SIZE], "big")
        return None if ends <= self.clock.now().timestamp() else plain[_EXPIRY_SIZE:].decode()

    def mark(self, number: str) -> str:
        """What a record of changes says of a number: the same for the same one, and not it."""
        mark = blake2b(number.encode(), key=self.key, person=b"number mark")
        return mark.hexdigest()[:MARK_CHARS]

    def _aead(self, salt: bytes) -> AESGCM:
        sub_key = blake2b(salt, key=self.key, digest_size=_KEY_SIZE, person=b"number token")
        return AESGCM(sub_key.digest())
