"""The `[journal]` section: where facts of calls wait while the store fails."""

from typing import Annotated

from msgspec import Meta, Struct


class JournalSection(Struct, frozen=True, kw_only=True):
    """Where events and records of calls wait while the store fails.

    directory: where the file of this worker is. Empty: `journal` under the data directory. Best on
        a disk of this machine that is not the store's.
    max_mb: largest size; beyond half of it new calls are answered 503.
    reserve_mb: taken from the disk at the start and kept, for the time when others have filled it.
    patience_s: how long the store may take before what is told of a call is kept here as well.
    """

    directory: str = ""
    max_mb: Annotated[int, Meta(ge=1)] = 256
    reserve_mb: Annotated[int, Meta(ge=0)] = 16
    patience_s: Annotated[float, Meta(gt=0)] = 1.0
