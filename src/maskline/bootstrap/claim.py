"""One worker of a name at a time, among those that share a store."""

from pathlib import Path

from maskline.domain.error import PlatformError, StoreFailed
from maskline.stores.sqlite.connection import FileClaim


def claim_name(folder: Path, part: str, host_name: str) -> FileClaim:
    """Hold the name for this process. Raises PlatformError when another one has it."""
    claim = FileClaim(folder / f"{part}-{host_name}")
    try:
        claim.take()
    except StoreFailed as error:
        raise PlatformError(
            f"{error}: another worker is named {host_name}; give each its own [calls] host_name, "
            "or --worker K/N"
        ) from error.__cause__
    return claim
