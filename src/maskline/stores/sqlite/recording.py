from asyncio import Future
from datetime import datetime
from functools import partial

from maskline.domain.recording import Recording, RecordingState
from maskline.services.list_filter import RecordingFilter
from maskline.services.page import Listing, Page
from maskline.stores.list_filter import wanted_recordings
from maskline.stores.moment import from_us, to_us
from maskline.stores.sqlite.connection import Cells, Cursor
from maskline.stores.sqlite.database import LISTS, RECORDING, Database

_MICROSECONDS = 1_000_000


class SqliteRecordings:
    """`maskline.services.store.RecordingStore` in SQLite."""

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
        return self._database.writer.submit(partial(_run, RECORDING.recording_save, row))

    async def recording(self, object_name: str) -> Recording | None:
        """See the seam."""
        row = self._database.point(RECORDING.recording_get, (object_name,))
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
        rows = await self._database.lists.run(
            lambda cursor: cursor.execute(RECORDING.recording_expired, parameters).fetchall()
        )
        return tuple(map(_recording, rows))

    async def remove_recording(self, object_name: str) -> None:
        """See the seam."""
        row = (object_name,)
        await self._database.writer.submit(partial(_run, RECORDING.recording_remove, row))


def _run(statement: str, row: Cells, cursor: Cursor) -> None:
    cursor.execute(statement, row)


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
