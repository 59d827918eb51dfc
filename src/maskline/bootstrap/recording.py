"""Recordings: storage, seal, links, and the two desks over them."""

from datetime import timedelta
from pathlib import Path
from typing import Literal

from maskline.domain.error import PlatformError
from maskline.protocols.recording.cipher import Cipher
from maskline.services.clock import Clock
from maskline.services.directory import Directory
from maskline.services.ids import Ids
from maskline.services.recording import RecordingStorage
from maskline.services.recording_archive import RecordingArchive
from maskline.services.recording_link import RecordingLinks
from maskline.services.recording_office import RecordingOffice
from maskline.services.store import Store
from maskline.settings import HttpSection, RecordingSection, Settings
from maskline.storages.local import LocalStorage
from maskline.storages.s3 import S3Settings, S3Storage
from maskline.storages.seal import TenantSeal
from maskline.stores.keys import Keys

CHANNELS: dict[str, Literal[1, 2]] = {"mono": 1, "stereo": 2}


class Recordings:
    """Everything about recordings in one process.

    `spool` is a directory of this worker alone. `office` writes the recordings of its calls,
    `archive` serves what is kept by `links`. `start` before anything is written or served,
    `recover` before the first call. Raises PlatformError for a cipher or a storage that cannot be
    used.
    """

    def __init__(
        self,
        settings: Settings,
        keys: Keys,
        store: Store,
        directory: Directory,
        *,
        clock: Clock,
        ids: Ids,
        host_name: str,
        spool: Path,
    ) -> None:
        section = settings.recording
        root = settings.store.data_path / "recordings"
        seal = TenantSeal(keys.derive, Cipher(section.cipher), CHANNELS[section.channels])
        self.storage = _storage(section, root)
        self.links = RecordingLinks(
            keys.derive("recording links"),
            timedelta(days=section.link_days),
            public_url(settings.http),
        )
        self.office = RecordingOffice(
            store=store,
            directory=directory,
            storage=self.storage,
            seal=seal,
            clock=clock,
            ids=ids,
            spool=spool,
            domain=section.domain or host_name,
        )
        self.archive = RecordingArchive(
            store=store,
            storage=self.storage,
            seal=seal,
            links=self.links,
            clock=clock,
        )

    async def aclose(self) -> None:
        """Bring away what is finished, within its time; let go of threads and connections."""
        await self.office.aclose()
        self.archive.close()
        await self.storage.aclose()


def public_url(section: HttpSection) -> str:
    """How customers reach this server, as far as we know."""
    if section.public_url:
        return section.public_url
    host = f"[{section.bind}]" if ":" in section.bind else section.bind
    return f"http://{host}:{section.port}"


def _storage(section: RecordingSection, root: Path) -> RecordingStorage:
    if section.storage == "local":
        return LocalStorage(root)
    try:
        settings = S3Settings(
            endpoint=section.s3_endpoint,
            bucket=section.s3_bucket,
            region=section.s3_region,
            access_key=section.s3_access_key,
            secret_key=section.s3_secret_key,
        )
    except ValueError as error:
        raise PlatformError(f"[recording] {error}") from error
    return S3Storage(settings)
