"""Where the master key comes from. Everything sealed at rest hangs on it: back it up apart."""

import base64
import binascii
import os
import secrets
from pathlib import Path
from typing import Protocol

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from maskline.domain.error import StoreFailed

KEY_SIZE = 32
_PREFIX = "maskline-key-1:"
_MAX_FILE_SIZE = 4096


class Keys(Protocol):
    """The seam to whatever holds the master key."""

    def derive(self, purpose: str) -> bytes:
        """The 32 byte sub-key for one purpose; the same on every call."""
        ...


class FixedKeys:
    """Keys derived from a master key of 32 bytes that is given (HKDF-SHA256, RFC 5869)."""

    def __init__(self, master: bytes = bytes(KEY_SIZE)) -> None:
        if len(master) != KEY_SIZE:
            raise StoreFailed(f"a master key has {KEY_SIZE} bytes")
        self._master = master

    def derive(self, purpose: str) -> bytes:
        """The sub-key for `purpose`."""
        info = f"maskline {purpose}".encode()
        return HKDF(algorithm=SHA256(), length=KEY_SIZE, salt=None, info=info).derive(self._master)


def read_key(text: str) -> FixedKeys:
    """Keys from a settings value in the form `write_key` gives. Raises StoreFailed."""
    encoded = text.strip()
    if not encoded.startswith(_PREFIX):
        raise StoreFailed(f"a master key starts with {_PREFIX}, as in master.key")
    try:
        master = base64.b64decode(encoded.removeprefix(_PREFIX), validate=True)
    except binascii.Error as error:
        raise StoreFailed("the master key is not valid base64") from error
    return FixedKeys(master)


def write_key(master: bytes) -> str:
    """A master key as text: a version prefix and base64."""
    return _PREFIX + base64.b64encode(master).decode()


def keys_from_file(path: Path) -> FixedKeys:
    """Keys from a file that only its owner may read; on first start it is made.

    Two processes that start at once end with the same key. Blocks on the disk. Raises
    StoreFailed when the file cannot be read or made, is open to others, or holds no key.
    """
    try:
        if not path.exists():
            _create(path, write_key(secrets.token_bytes(KEY_SIZE)) + "\n")
        with path.open(encoding="ascii") as file:
            if os.fstat(file.fileno()).st_mode & 0o077:
                raise StoreFailed(f"{path} may be read by others: chmod 600 it")
            return read_key(file.read(_MAX_FILE_SIZE))
    except (OSError, UnicodeDecodeError) as error:
        raise StoreFailed(f"the master key in {path} cannot be read or made") from error


def _create(path: Path, text: str) -> None:
    """Write the whole file or nothing, and never over one that stands."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return  # another process was first: its key counts
        _sync_folder(path.parent)
    finally:
        draft.unlink()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
