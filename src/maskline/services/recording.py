"""Recordings: begun for a call, sealed, kept in a storage, served by expiring links, removed."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from maskline.domain.call import Call
from maskline.domain.error import PlatformError
from maskline.domain.recording import CallRecording


class StorageFailed(PlatformError):
    """The storage did not take, give or remove a recording; trying again may help."""


@dataclass(frozen=True, slots=True)
class NewRecording:
    """A recording about to be written: its names, and the sealed file to write.

    `head` stands in clear at the start of the file, `key` seals what follows
    (`maskline.protocols.recording`).
    """

    recording: CallRecording
    path: Path
    head: bytes
    key: bytes = field(repr=False)


class RecordingDesk(Protocol):
    """What a call needs of recordings."""

    async def begin(self, call: Call) -> NewRecording:
        """Name a new recording of this call and note that it is being written.

        Raises StoreBusy, StoreFailed, StorageFailed.
        """
        ...


class RecordingStorage(Protocol):
    """Where finished recordings are: sealed files by bucket and object name.

    Names consist of letters, digits, `.`, `-` and `_`. Every method but `aclose` raises
    StorageFailed.
    """

    async def start(self) -> None:
        """Check that the storage can be used."""
        ...

    async def aclose(self) -> None:
        """Let go of connections. May be repeated."""
        ...

    async def keep(self, path: Path, bucket: str, object_name: str) -> None:
        """Take over the file at `path`, which is gone afterwards; again after a crash is fine."""
        ...

    async def size(self, bucket: str, object_name: str) -> int | None:
        """Size of the sealed file; None when there is none."""
        ...

    async def read(self, bucket: str, object_name: str, start: int, size: int) -> bytes:
        """Bytes of the sealed file, fewer at its end."""
        ...

    async def remove(self, bucket: str, object_name: str) -> None:
        """Delete the file for good; one that is not there is no error."""
        ...
