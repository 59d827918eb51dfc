"""The two ciphers, behind one pair of methods."""

from enum import StrEnum
from typing import Protocol

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.ciphers import Cipher as BlockCipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM

from maskline.protocols.recording.error import CipherMissing, Damaged

TAG_BYTES = 16
"""What sealing adds to a piece."""

CIPHER_NONCE_BYTES = 12


class Cipher(StrEnum):
    """What seals a file: NIST SP 800-38D over AES, or RFC 8998 over SM4 (GB/T 32907)."""

    AES_256_GCM = "aes-256-gcm"
    SM4_GCM = "sm4-gcm"

    @property
    def key_bytes(self) -> int:
        """Length of a key."""
        return 32 if self is Cipher.AES_256_GCM else 16


class Aead(Protocol):
    """Sealing with a key; a nonce must never be given twice with different data."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes:
        """Return the sealed data with its tag after it."""
        ...

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes:
        """Return the data. Raises `InvalidTag`."""
        ...


class _Sm4Gcm:
    __slots__ = ("_key",)

    def __init__(self, key: bytes) -> None:
        self._key = key

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes:
        sealing = BlockCipher(SM4(self._key), GCM(nonce)).encryptor()
        sealing.authenticate_additional_data(associated_data)
        sealed = sealing.update(data) + sealing.finalize()
        return sealed + sealing.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes:
        if len(data) < TAG_BYTES:
            raise InvalidTag
        opening = BlockCipher(SM4(self._key), GCM(nonce, data[-TAG_BYTES:])).decryptor()
        opening.authenticate_additional_data(associated_data)
        return opening.update(data[:-TAG_BYTES]) + opening.finalize()


def make_aead(cipher: Cipher, key: bytes) -> Aead:
    """Get ready to seal and open. Raises `CipherMissing`; `ValueError` for a key of other size."""
    if len(key) != cipher.key_bytes:
        raise ValueError(f"a key of {cipher.value} has {cipher.key_bytes} bytes, not {len(key)}")
    if cipher is Cipher.AES_256_GCM:
        return AESGCM(key)
    made = _Sm4Gcm(key)
    try:
        made.encrypt(bytes(CIPHER_NONCE_BYTES), b"", b"")
    except UnsupportedAlgorithm as error:
        raise CipherMissing("this OpenSSL has no SM4-GCM: use aes-256-gcm") from error
    return made


def open_sealed(aead: Aead, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
    """Open one piece. Raises `Damaged`."""
    try:
        return aead.decrypt(nonce, data, associated_data)
    except InvalidTag as error:
        raise Damaged("a piece of the recording is not what was written") from error
