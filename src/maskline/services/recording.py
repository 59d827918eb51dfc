"""Recordings: begun for a call, sealed, kept in a storage, served by expiring links, removed."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from maskline.domain.call import Call
from maskline.domain.error import CustomerError, PlatformError
from maskline.domain.recording import CallRecording


class StorageFailed(PlatformError):
    """The storage did not take, give or remove a recording; trying again may help."""


class RecordingDamaged(PlatformError):
    """A sealed file is not what was written: cut, changed, or of another tenant or call."""


class RecordingUnfinished(CustomerError):
    """The recording is being written, or on its way into the storage."""


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

    def abandon(self, new: NewRecording) -> None:
        """Forget a recording that no engine has begun to write."""
        ...

    async def recorded_s(self, call: Call) -> float:
        """How long the recording of a call got, for one whose engine, or worker, has died.

        Waits a moment for a file that is still being finished; 0 when there is none. Raises
        StoreFailed.
        """
        ...


class WrittenRecording(Protocol):
    """What an engine says of a file that it has finished, or that was repaired after it died."""

    @property
    def path(self) -> str:
        """The sealed file."""
        ...

    @property
    def duration_s(self) -> float:
        """Its length; 0 says that nothing was kept and the file is gone."""
        ...


@dataclass(frozen=True, slots=True)
class SealedStart:
    """What a sealed file begins with, and the key of what follows."""

    head: bytes
    key: bytes = field(repr=False)


class SealedAudio(Protocol):
    """One finished sealed file, seen as the WAV file that is served from it."""

    @property
    def size(self) -> int:
        """Bytes of the WAV file."""
        ...

    @property
    def duration_s(self) -> float:
        """Its length."""
        ...

    def sealed_range(self, start: int, size: int) -> tuple[int, int]:
        """Where in the sealed file the bytes of the WAV file are: start and size."""
        ...

    def open(self, start: int, size: int, sealed: bytes) -> bytes:
        """The bytes of the WAV file from the sealed ones. Raises RecordingDamaged."""
        ...


class RecordingSeal(Protocol):
    """Seals recordings under the key of their tenant; every file has a data key of its own."""

    @property
    def head_size(self) -> int:
        """Bytes at the start of a sealed file that are enough to read its head."""
        ...

    def begin(self, object_name: str, tenant_id: str) -> SealedStart:
        """Start a new file."""
        ...

    def view(self, start: bytes, object_name: str, tenant_id: str, sealed_size: int) -> SealedAudio:
        """A finished file by its first `head_size` bytes, or all if it has fewer.

        Raises RecordingDamaged.
        """
        ...

    def repair(self, path: Path, tenant_id: str) -> float:
        """Finish a file whose writer died; its length in seconds, 0 when it holds no audio.

        The file has the name of the object. A finished file stays as it is. Blocks on the disk.
        Raises RecordingDamaged, OSError; BlockingIOError while its writer lives.
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
