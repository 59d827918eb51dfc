from asyncio import Future, get_running_loop
from datetime import datetime

from maskline.domain.recording import Recording, RecordingState
from maskline.services.list_filter import RecordingFilter
from maskline.services.list_order import RECORDINGS
from maskline.services.page import Listing, Page, page_of
from maskline.stores.memory.table import Tables, is_of
from maskline.stores.moment import to_us


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
        rows = [
            (place, row)
            for place, row in enumerate(self._tables.recordings.values())
            if _matches(row, wanted)
        ]
        found = page_of(rows, RECORDINGS, lambda row: (to_us(row[1].started_at), row[0]), page)
        return Listing(rows=tuple(row for _, row in found.rows), next=found.next)

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
        is_of(row.app_key, wanted.app_key, wanted.app_keys)
        and wanted.session_id in {None, row.session_id}
        and wanted.state in {None, row.state}
        and (wanted.since is None or wanted.since <= row.started_at)
        and (wanted.until is None or row.started_at < wanted.until)
    )
