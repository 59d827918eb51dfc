"""Sealing at rest: nobody who copies the database reads a number, a secret or a text."""

import os
from collections.abc import Callable, Iterable
from hashlib import blake2b

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from maskline.domain.error import StoreFailed, UnknownRecord
from maskline.stores.keys import KEY_SIZE, Keys

NONCE_SIZE = 12
EPOCH_SIZE = 8
LOOKUP_SIZE = 16
# NIST SP 800-38D 8.3 allows 2^32 random nonces under one key; a busy tenant would reach that in a
# week, so each cipher moves to a fresh sub-key long before.
SEALS_PER_EPOCH = 1 << 28
OPENED_EPOCHS = 256
CACHED_APPLICATIONS = 8192
CACHED_TENANTS = 8192
_HEAD_SIZE = 1 + EPOCH_SIZE
_NONCE_END = _HEAD_SIZE + NONCE_SIZE
_BY_TENANT = 1
_BY_SYSTEM = 2
_SYSTEM_HEAD = bytes((_BY_SYSTEM,))


class Cipher:
    """AES-256-GCM under one data key.

    A blob is: kind (1), epoch (8), nonce (12), ciphertext, tag (16). The epoch is random and
    names the sub-key. `context` says which row and field a blob belongs to and is authenticated:
    a blob moved elsewhere does not open.
    """

    __slots__ = ("_aead", "_head", "_key", "_kind", "_left", "_opened")

    def __init__(self, key: bytes, kind: int = _BY_TENANT) -> None:
        self._key = key
        self._kind = kind
        self._left = 0
        self._opened: dict[bytes, AESGCM] = {}

    def seal(self, plain: bytes, context: bytes) -> bytes:
        """The blob for `plain`, 37 bytes longer."""
        if self._left == 0:
            self._renew()
        self._left -= 1
        nonce = os.urandom(NONCE_SIZE)
        return self._head + nonce + self._aead.encrypt(nonce, plain, context)

    def open(self, blob: bytes, context: bytes) -> bytes:
        """What was sealed. Raises StoreFailed when the blob is damaged or not of this place."""
        head = blob[:_HEAD_SIZE]
        aead = self._opened.get(head) or self._aead_of(head)
        try:
            return aead.decrypt(blob[_HEAD_SIZE:_NONCE_END], blob[_NONCE_END:], context)
        except (InvalidTag, ValueError) as error:
            raise StoreFailed("a sealed value is damaged or belongs to another row") from error

    def _renew(self) -> None:
        self._head = bytes((self._kind,)) + os.urandom(EPOCH_SIZE)
        self._aead = self._aead_of(self._head)
        self._left = SEALS_PER_EPOCH

    def _aead_of(self, head: bytes) -> AESGCM:
        if len(self._opened) >= OPENED_EPOCHS:
            del self._opened[next(iter(self._opened))]
        sub_key = blake2b(head, key=self._key, digest_size=KEY_SIZE, person=b"maskline epoch")
        aead = self._opened[head] = AESGCM(sub_key.digest())
        return aead


class Sealer:
    """Seals under the tenant's data key, found by application; keeps unwrapped keys in memory.

    `wrapped_key(app_key)` reads `(tenant_id, wrapped data key)` or None, `tenant_key(tenant_id)`
    the wrapped data key or None. What belongs to no known application is sealed under a key of
    the system. Not thread-safe: one thread uses it.

    Where these reads must be awaited, keys are learnt before they are used: what `unknown` names
    is read and given to `learn` or `learn_tenant`. One turn may learn and then use as many as
    `CACHED_APPLICATIONS` and `CACHED_TENANTS`.
    """

    def __init__(
        self,
        keys: Keys,
        wrapped_key: Callable[[str], tuple[str, bytes] | None],
        tenant_key: Callable[[str], bytes | None],
    ) -> None:
        self._wrap = Cipher(keys.derive("wrap"), _BY_SYSTEM)
        self._system = Cipher(keys.derive("system"), _BY_SYSTEM)
        self._lookup_key = keys.derive("lookup")
        self._wrapped_key = wrapped_key
        self._tenant_key = tenant_key
        self._by_application: dict[str, Cipher] = {}
        self._by_tenant: dict[str, Cipher] = {}

    def lookup(self, number: str) -> bytes:
        """The keyed hash (BLAKE2b, 16 bytes) a real number is found by."""
        return blake2b(number.encode(), key=self._lookup_key, digest_size=LOOKUP_SIZE).digest()

    def new_data_key(self, tenant_id: str) -> bytes:
        """A fresh data key for a tenant, wrapped by the master key."""
        return self._wrap.seal(os.urandom(KEY_SIZE), b"tenant:" + tenant_id.encode())

    def unknown(self, app_keys: Iterable[str]) -> list[str]:
        """Applications whose keys are not in memory; the others will be the last to leave it."""
        return _absent(self._by_application, app_keys)

    def unknown_tenants(self, tenant_ids: Iterable[str]) -> list[str]:
        """The same for tenants."""
        return _absent(self._by_tenant, tenant_ids)

    def learn(self, app_key: str, tenant_id: str, wrapped: bytes) -> None:
        """Keep the key of an application's tenant in memory."""
        if len(self._by_application) >= CACHED_APPLICATIONS:
            del self._by_application[next(iter(self._by_application))]
        self._by_application[app_key] = self._unwrapped(tenant_id, wrapped)

    def learn_tenant(self, tenant_id: str, wrapped: bytes) -> None:
        """Keep the key of a tenant in memory."""
        if len(self._by_tenant) >= CACHED_TENANTS:
            del self._by_tenant[next(iter(self._by_tenant))]
        self._by_tenant[tenant_id] = self._unwrapped(tenant_id, wrapped)

    def seal(self, app_key: str, plain: bytes, context: bytes) -> bytes:
        """Seal under the key of the application's tenant."""
        cipher = self._by_application.get(app_key) or self._cipher(app_key)
        return cipher.seal(plain, context)

    def open(self, app_key: str, blob: bytes, context: bytes) -> bytes:
        """Open what `seal` made for the same application and context. Raises StoreFailed."""
        if blob[:1] == _SYSTEM_HEAD:
            return self._system.open(blob, context)
        cipher = self._by_application.get(app_key) or self._cipher(app_key)
        return cipher.open(blob, context)

    def seal_for_tenant(self, tenant_id: str, plain: bytes, context: bytes) -> bytes:
        """Seal under the tenant's key. Raises UnknownRecord when there is no such tenant."""
        return self._cipher_of_tenant(tenant_id).seal(plain, context)

    def open_for_tenant(self, tenant_id: str, blob: bytes, context: bytes) -> bytes:
        """Open what `seal_for_tenant` made for the same tenant and context. Raises StoreFailed."""
        return self._cipher_of_tenant(tenant_id).open(blob, context)

    def seal_for_system(self, plain: bytes, context: bytes) -> bytes:
        """Seal what belongs to no tenant: trunks."""
        return self._system.seal(plain, context)

    def open_for_system(self, blob: bytes, context: bytes) -> bytes:
        """Open what `seal_for_system` made for the same context. Raises StoreFailed."""
        return self._system.open(blob, context)

    def _cipher(self, app_key: str) -> Cipher:
        found = self._wrapped_key(app_key)
        if found is None:
            return self._system  # not cached: the application may come to be
        self.learn(app_key, *found)
        return self._by_application[app_key]

    def _cipher_of_tenant(self, tenant_id: str) -> Cipher:
        cipher = self._by_tenant.get(tenant_id)
        if cipher is not None:
            return cipher
        wrapped = self._tenant_key(tenant_id)
        if wrapped is None:
            raise UnknownRecord(f"there is no tenant {tenant_id}")
        self.learn_tenant(tenant_id, wrapped)
        return self._by_tenant[tenant_id]

    def _unwrapped(self, tenant_id: str, wrapped: bytes) -> Cipher:
        return Cipher(self._wrap.open(wrapped, b"tenant:" + tenant_id.encode()))


def _absent(ciphers: dict[str, Cipher], names: Iterable[str]) -> list[str]:
    absent: list[str] = []
    for name in dict.fromkeys(names):
        cipher = ciphers.pop(name, None)
        if cipher is None:
            absent.append(name)
        else:
            ciphers[name] = cipher  # the first of a dict is the first to go
    return absent
