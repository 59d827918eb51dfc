from asyncio import Future, get_running_loop
from datetime import datetime

from maskline.domain.recording import Recording, RecordingState
from maskline.services.store import Listing, Page, RecordingFilter
from maskline.stores.memory.table import Tables, listing


class MemoryRecordings:
    """`maskline.services.store.RecordingStore` on dicts."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def save_recording(self, recording: Recording) -> Future[None]:
        """See the seam."""
        self._tables.recordings[recording.object_name] = recording
        future: Future[None] = get_running_loop().create_future()
        future.set_result(None)
        return future

    async def recording(self, object_name: str) -> Recording | None:
        """See the seam."""
        return self._tables.recordings.get(object_name)

    async def recordings(self, wanted: RecordingFilter, page: Page) -> Listing[Recording]:
        """See the seam."""
        rows = [row for row in self._tables.recordings.values() if _matches(row, wanted)]
        rows.reverse()
        rows.sort(key=lambda row: row.started_at, reverse=True)
        return listing(rows, page)

    async def expired_recordings(
        self, now: datetime, limit: int, skip: int = 0
    ) -> tuple[Recording, ...]:
        """See the seam."""
        rows = [
            row
            for row in self._tables.recordings.values()
            if row.state is RecordingState.KEPT and row.expires_at <= now
        ]
        rows.sort(key=lambda row: row.expires_at)
        return tuple(rows[skip : skip + limit])

    async def remove_recording(self, object_name: str) -> None:
        """See the seam."""
        self._tables.recordings.pop(object_name, None)


def _matches(row: Recording, wanted: RecordingFilter) -> bool:
    return (
        wanted.app_key in {None, row.app_key}
        and wanted.session_id in {None, row.session_id}
        and wanted.state in {None, row.state}
        and (wanted.since is None or wanted.since <= row.started_at)
        and (wanted.until is None or row.started_at < wanted.until)
    )
