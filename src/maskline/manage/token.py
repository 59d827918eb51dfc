"""The operator's token: given in the settings, or made once and kept in a file."""

import os
from pathlib import Path

from maskline.domain.error import PlatformError
from maskline.services.ids import Ids

TOKEN_LENGTH = 43  # 256 bits of [0-9A-Za-z]
MAX_TOKEN_FILE_BYTES = 1024


def load_admin_token(path: Path, ids: Ids) -> str:
    """The token kept in `path`, which is made with mode 0600 when it is not there.

    Raises PlatformError when the file cannot be read or made, is open to others, or is empty.
    """
    try:
        return _read(path)
    except FileNotFoundError:
        pass
    except OSError as error:
        raise PlatformError(f"{path} cannot be read: {error.strerror}") from error
    token = ids.token(TOKEN_LENGTH)
    # Written whole beside it and linked into place: two processes that start at once agree.
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as file:
            file.write(token + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            return _read(path)
        finally:
            draft.unlink()
    except OSError as error:
        raise PlatformError(f"{path} cannot be written: {error.strerror}") from error
    return token


def _read(path: Path) -> str:
    with path.open() as file:
        if os.fstat(file.fileno()).st_mode & 0o077:
            raise PlatformError(f"{path} may be read by others: chmod 600 it")
        token = file.read(MAX_TOKEN_FILE_BYTES).strip()
    if not token:
        raise PlatformError(f"{path} is empty; remove it and a new token is made")
    return token
