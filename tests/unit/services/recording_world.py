"""A recording office and archive around a directory, with a seal and a store made for tests."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from maskline.domain.application import Application, Mode, Tenant
from maskline.domain.call import Call
from maskline.domain.error import StoreBusy
from maskline.domain.recording import Recording
from maskline.services.clock import SteppedClock
from maskline.services.directory import Directory
from maskline.services.ids import SystemIds
from maskline.services.recording import RecordingDamaged, SealedStart, StorageFailed
from maskline.services.recording_archive import RecordingArchive
from maskline.services.recording_link import RecordingLinks
from maskline.services.recording_office import RecordingOffice
from maskline.storages.local import LocalStorage
from maskline.stores.memory import MemoryStore
from maskline.stores.memory.recording import MemoryRecordings
from maskline.stores.memory.table import Tables

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
RATE = 8000
BASE = "https://voice.example.com"
HEAD_SIZE, END = 64, b"the end"


@dataclass(frozen=True)
class Written:
    """What an engine tells of a file it has finished."""

    path: str
    duration_s: float


class Rows(MemoryRecordings):
    """The rows of recordings, to be looked at; can be told to be busy."""

    def __init__(self) -> None:
        tables = Tables()
        super().__init__(tables)
        self.rows = tables.recordings
        self.is_busy = False

    def save_recording(self, recording: Recording) -> asyncio.Future[None]:
        if self.is_busy:
            raise StoreBusy
        return super().save_recording(recording)


@dataclass(frozen=True)
class PlainAudio:
    """Nothing is sealed: the file is a head, the audio upside down, and an end."""

    size: int

    @property
    def duration_s(self) -> float:
        return self.size / RATE

    def sealed_range(self, start: int, size: int) -> tuple[int, int]:
        return HEAD_SIZE + start, size

    def open(self, start: int, size: int, sealed: bytes) -> bytes:
        return bytes(octet ^ 0xFF for octet in sealed)


class PlainSeal:
    head_size = HEAD_SIZE
    repair_fails: Exception | None = None

    def begin(self, object_name: str, tenant_id: str) -> SealedStart:
        return SealedStart(f"{tenant_id}/{object_name}".encode().ljust(HEAD_SIZE), bytes(32))

    def view(self, start: bytes, object_name: str, tenant_id: str, sealed_size: int) -> PlainAudio:
        if not start.startswith(f"{tenant_id}/{object_name}".encode()):
            raise RecordingDamaged
        return PlainAudio(sealed_size - HEAD_SIZE - len(END))

    def repair(self, path: Path, tenant_id: str) -> float:
        if self.repair_fails is not None:
            raise self.repair_fails
        content = path.read_bytes()
        if not content.endswith(END):
            content += END
            path.write_bytes(content)
        return (len(content) - HEAD_SIZE - len(END)) / RATE


class FailingStorage(LocalStorage):
    """A directory that can be out of order."""

    is_down = False
    tries = 0
    undeletable: frozenset[str] = frozenset()

    async def keep(self, path: Path, bucket: str, object_name: str) -> None:
        self.tries += 1
        self._fail()
        await super().keep(path, bucket, object_name)

    async def remove(self, bucket: str, object_name: str) -> None:
        self._fail()
        if object_name in self.undeletable:
            raise StorageFailed("it stays")
        await super().remove(bucket, object_name)

    def _fail(self) -> None:
        if self.is_down:
            raise StorageFailed("out of order")


@dataclass
class World:
    root: Path
    directory: MemoryStore
    clock: SteppedClock = field(default_factory=lambda: SteppedClock(NOW))
    rows: Rows = field(default_factory=Rows)
    seal: Any = field(default_factory=PlainSeal)
    links: RecordingLinks = field(
        default_factory=lambda: RecordingLinks(bytes(32), timedelta(days=3), BASE)
    )
    offices: list[RecordingOffice] = field(default_factory=list)
    archives: list[RecordingArchive] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.storage = FailingStorage(self.root)

    @property
    def spool(self) -> Path:
        return self.root / "spool"

    def office(self) -> RecordingOffice:
        """A new one, as after a start."""
        office = RecordingOffice(
            store=self.rows,
            directory=Directory(self.directory, self.clock),
            storage=self.storage,
            seal=self.seal,
            clock=self.clock,
            ids=SystemIds(),
            spool=self.spool,
            domain="rec01.example.com",
        )
        self.offices.append(office)
        return office

    async def open_office(self) -> RecordingOffice:
        office = self.office()
        await office.recover()
        return office

    def archive(self) -> RecordingArchive:
        archive = RecordingArchive(
            store=self.rows,
            storage=self.storage,
            seal=self.seal,
            links=self.links,
            clock=self.clock,
        )
        self.archives.append(archive)
        return archive

    async def written(
        self, office: RecordingOffice, seconds: float = 5.0, *, is_whole: bool = True, **fields: Any
    ) -> Path:
        """Begin a recording and write its file, as an engine does; not yet told to be done."""
        new = await office.begin(call(**fields))
        audio = bytes(octet ^ 0xFF for octet in sound(seconds))
        new.path.write_bytes(new.head + audio + (END if is_whole else b""))
        return new.path

    async def kept(self, office: RecordingOffice, seconds: float = 5.0, **fields: Any) -> Recording:
        path = await self.written(office, seconds, **fields)
        office.done(Written(str(path), seconds))
        await settled(office)
        return self.rows.rows[path.name]

    def files(self) -> Sequence[str]:
        """Everything on disk, relative to the root."""
        return sorted(
            str(path.relative_to(self.root)) for path in self.root.rglob("*") if path.is_file()
        )

    async def aclose(self) -> None:
        for office in self.offices:
            await office.aclose()
        for archive in self.archives:
            archive.close()
        await self.storage.aclose()


async def make_world(root: Path) -> World:
    store = MemoryStore()
    await store.open()
    tenant = Tenant(tenant_id="Demo_1", name="demo", recording_retention_days=30, created_at=NOW)
    await store.add_tenant(tenant)
    for app_key in ("shop", "taxi"):
        await store.add_application(
            Application(
                app_key=app_key,
                tenant_id="Demo_1",
                name=app_key,
                mode=Mode.AXB,
                secret="s3cret",
                may_record=True,
                created_at=NOW,
            )
        )
    world = World(root, store)
    await world.storage.start()
    return world


def call(**fields: Any) -> Call:
    fields = {"session_id": "session-1", "app_key": "shop", **fields}
    return Call(
        icid="icid-1",
        host="here",
        tenant_id="Demo_1",
        mode=Mode.AXB,
        x="+8617010000001",
        caller="+8613900001001",
        callee="+8613900002002",
        arrived_at=NOW,
        **fields,
    )


def sound(seconds: float) -> bytes:
    return bytes(number % 251 for number in range(int(seconds * RATE)))


async def settled(office: RecordingOffice) -> None:
    """Wait until nothing is on its way into the storage."""
    await until(lambda: office.waiting == 0)


async def until(holds: Callable[[], bool]) -> None:
    """Let the tasks run until something holds."""
    async with asyncio.timeout(5):
        while not holds():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.002)
