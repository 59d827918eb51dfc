from asyncio import Future
from collections.abc import Sequence
from datetime import datetime

from maskline.domain.recording import Recording, RecordingState
from maskline.services.list_filter import RecordingFilter
from maskline.services.page import Listing, Page
from maskline.stores.list_filter import wanted_recordings
from maskline.stores.moment import from_us, to_us
from maskline.stores.named_sql import load_postgres_sql
from maskline.stores.postgres.connection import Cells
from maskline.stores.postgres.database import LISTS, Database

RECORDING = load_postgres_sql("recording")

_MICROSECONDS = 1_000_000


class PostgresRecordings:
    """`maskline.services.store.RecordingStore` in PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save_recording(self, recording: Recording) -> Future[None]:
        """See the seam."""
        row = (
            recording.object_name,
            recording.bucket,
            recording.domain,
            recording.app_key,
            recording.tenant_id,
            recording.session_id,
            to_us(recording.started_at),
            recording.state,
            round(recording.duration_s * _MICROSECONDS),
            recording.size,
            to_us(recording.expires_at),
        )
        return self._database.lanes.submit(recording.object_name, self._write_recordings, row)

    async def recording(self, object_name: str) -> Recording | None:
        """See the seam."""
        row = await self._database.point(RECORDING.recording_get, (object_name,))
        return None if row is None else _recording(row)

    async def recordings(self, wanted: RecordingFilter, page: Page) -> Listing[Recording]:
        """See the seam."""
        found = wanted_recordings(wanted)
        return await self._database.listing(LISTS.recordings, found, page, _recording)

    async def expired_recordings(
        self, now: datetime, limit: int, skip: int = 0
    ) -> tuple[Recording, ...]:
        """See the seam."""
        parameters = (to_us(now), limit, skip)
        rows = await self._database.rows(RECORDING.recording_expired, parameters)
        return tuple(map(_recording, rows))

    async def remove_recording(self, object_name: str) -> None:
        """See the seam."""
        await self._database.change(RECORDING.recording_remove, (object_name,))

    async def _write_recordings(self, rows: Sequence[Cells]) -> None:
        columns = tuple(map(list, zip(*rows, strict=True)))
        await self._database.change(RECORDING.recording_save, columns)


def _recording(row: Cells) -> Recording:
    return Recording(
        object_name=row[0],
        bucket=row[1],
        domain=row[2],
        app_key=row[3],
        tenant_id=row[4],
        session_id=row[5],
        started_at=from_us(row[6]),
        state=RecordingState(row[7]),
        duration_s=row[8] / _MICROSECONDS,
        size=row[9],
        expires_at=from_us(row[10]),
    )
