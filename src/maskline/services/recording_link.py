"""Download links of recordings: opaque, not guessable, good for a while."""

import base64
import binascii
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

PATH = "/recordings/"
MAX_TOKEN_CHARS = 1024
SALT_SIZE = 16
_EXPIRY_SIZE = 8
_KEY_SIZE = 32
# Each token has a key of its own, made from its salt, so the nonce need not differ.
_NONCE = bytes(12)


@dataclass(frozen=True, slots=True)
class Link:
    """What a link says: whose recording, which one, and until when."""

    app_key: str
    object_name: str
    expires_at: datetime


class RecordingLinks:
    """Writes and reads links. A link holds nothing that can be read without the key.

    `key` has 32 bytes; whoever has it can make links. `base_url` is how customers reach this
    server, without a slash at its end.
    """

    def __init__(self, key: bytes, lifetime: timedelta, base_url: str) -> None:
        self._key = key
        self.lifetime = lifetime
        self._base_url = base_url

    def url(
        self, app_key: str, object_name: str, now: datetime, base_url: str | None = None
    ) -> str:
        """A new link of a recording, below `base_url` when that is given."""
        link = Link(app_key, object_name, now + self.lifetime)
        return (self._base_url if base_url is None else base_url) + PATH + self.seal(link)

    def seal(self, link: Link) -> str:
        """A link as the last segment of its path."""
        salt = os.urandom(SALT_SIZE)
        expiry = int(link.expires_at.timestamp()).to_bytes(_EXPIRY_SIZE, "big")
        plain = expiry + f"{link.app_key}\0{link.object_name}".encode()
        sealed = salt + self._aead(salt).encrypt(_NONCE, plain, None)
        return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode("ascii")

    def open(self, token: str) -> Link | None:
        """What a token says, also after its time; None for one that is not ours."""
        if len(token) > MAX_TOKEN_CHARS:
            return None
        try:
            padded = token.encode("ascii") + b"=" * (-len(token) % 4)
            sealed = base64.b64decode(padded, altchars=b"-_", validate=True)
            salt = sealed[:SALT_SIZE]
            plain = self._aead(salt).decrypt(_NONCE, sealed[SALT_SIZE:], None)
        except (UnicodeEncodeError, binascii.Error, InvalidTag, ValueError):
            return None
        expiry = datetime.fromtimestamp(int.from_bytes(plain[:_EXPIRY_SIZE], "big"), UTC)
        app_key, _, object_name = plain[_EXPIRY_SIZE:].decode().partition("\0")
        return Link(app_key, object_name, expiry)

    def _aead(self, salt: bytes) -> AESGCM:
        sub_key = blake2b(salt, key=self._key, digest_size=_KEY_SIZE, person=b"recording link")
        return AESGCM(sub_key.digest())
