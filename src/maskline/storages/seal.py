"""Recordings sealed under the key of their tenant."""

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

from maskline.domain.error import PlatformError
from maskline.protocols.recording import (
    MAX_HEAD_BYTES,
    NONCE_BYTES,
    BadHead,
    Cipher,
    CipherMissing,
    Damaged,
    Head,
    RecordingFormatError,
    SealedView,
    make_head,
    read_head,
    repair,
)
from maskline.protocols.recording.cipher import (
    CIPHER_NONCE_BYTES,
    TAG_BYTES,
    Aead,
    make_aead,
    open_sealed,
)
from maskline.services.recording import RecordingDamaged, SealedAudio, SealedStart

Derive = Callable[[str], bytes]
"""Gives the key of 32 bytes for a purpose; the same on every call."""


class TenantSeal:
    """`RecordingSeal`: each file has a key of its own, wrapped in its head by its tenant's key.

    Tenants' keys are derived from the master key, one a cipher; files written with the other
    cipher still open. Raises PlatformError where this OpenSSL lacks the cipher.
    """

    def __init__(self, derive: Derive, cipher: Cipher, channels: int) -> None:
        self._derive = derive
        self._cipher = cipher
        self._channels = channels
        self._tenant_aead("", cipher)

    @property
    def head_size(self) -> int:
        """See the seam."""
        return MAX_HEAD_BYTES

    def begin(self, object_name: str, tenant_id: str) -> SealedStart:
        """See the seam."""
        key = os.urandom(self._cipher.key_bytes)
        nonce = os.urandom(CIPHER_NONCE_BYTES)
        aead = self._tenant_aead(tenant_id, self._cipher)
        head = make_head(
            cipher=self._cipher,
            channels=self._channels,
            object_name=object_name,
            wrapped_key=nonce + aead.encrypt(nonce, key, object_name.encode()),
            nonce=os.urandom(NONCE_BYTES),
        )
        return SealedStart(head, key)

    def view(self, start: bytes, object_name: str, tenant_id: str, sealed_size: int) -> SealedAudio:
        """See the seam."""
        try:
            head = read_head(start)
            return _Audio(SealedView(head, self._key(head, object_name, tenant_id), sealed_size))
        except (RecordingFormatError, ValueError) as error:
            raise RecordingDamaged(f"recording {object_name} is damaged") from error

    def repair(self, path: Path, tenant_id: str) -> float:
        """See the seam. The name of the file is that of the object."""
        with path.open("r+b") as file:
            # The recorder outlives a killed platform until it has finished its files.
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            start = file.read(MAX_HEAD_BYTES)
            try:
                head = read_head(start)
                frames = repair(file, self._key(head, path.name, tenant_id))
            except (RecordingFormatError, ValueError) as error:
                if not isinstance(error, BadHead) or len(start) == MAX_HEAD_BYTES:
                    raise RecordingDamaged(f"recording {path.name} is damaged") from error
                # Its writer died before even the head was whole.
                return 0.0
            os.fsync(file.fileno())
        return frames / head.rate

    def _key(self, head: Head, object_name: str, tenant_id: str) -> bytes:
        """The key of a file. Raises Damaged for one of another name or tenant."""
        if (
            head.object_name != object_name
            or len(head.wrapped_key) < CIPHER_NONCE_BYTES + TAG_BYTES
        ):
            raise Damaged("the head is of another recording")
        nonce, wrapped = (
            head.wrapped_key[:CIPHER_NONCE_BYTES],
            head.wrapped_key[CIPHER_NONCE_BYTES:],
        )
        aead = self._tenant_aead(tenant_id, head.cipher)
        return open_sealed(aead, nonce, wrapped, object_name.encode())

    def _tenant_aead(self, tenant_id: str, cipher: Cipher) -> Aead:
        key = self._derive(f"recording {cipher.value} {tenant_id}")
        try:
            return make_aead(cipher, key[: cipher.key_bytes])
        except CipherMissing as error:
            raise PlatformError(str(error)) from error


class _Audio:
    """`SealedAudio` with the errors of the seam."""

    __slots__ = ("_view",)

    def __init__(self, view: SealedView) -> None:
        self._view = view

    @property
    def size(self) -> int:
        return self._view.size

    @property
    def duration_s(self) -> float:
        return self._view.duration_s

    def sealed_range(self, start: int, size: int) -> tuple[int, int]:
        return self._view.sealed_range(start, size)

    def open(self, start: int, size: int, sealed: bytes) -> bytes:
        try:
            return self._view.open(start, size, sealed)
        except Damaged as error:
            raise RecordingDamaged("a recording is not what was written") from error
