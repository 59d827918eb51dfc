"""Recordings of calls: where one is, and how long it is kept."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

MIN_RECORDING_S = 3.0
"""A shorter recording is not kept (`spec/console.md` 8)."""

RETENTION_DAYS = 7
MAX_RETENTION_DAYS = 3650


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecording:
    """The recording of one call, by the three names under which a call record gives it."""

    object_name: str
    bucket: str
    domain: str
    started_at: datetime


class RecordingState(StrEnum):
    """WRITING: its call, or its way into the storage, is not over."""

    WRITING = "writing"
    KEPT = "kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A recording as the platform keeps it. `object_name` is unique.

    `duration_s` and `size` (bytes of the file that is served) are 0 while it is being written;
    `expires_at` is the moment from which it is not served any more and removed.
    """

    object_name: str
    bucket: str
    domain: str
    app_key: str
    tenant_id: str
    session_id: str
    started_at: datetime
    state: RecordingState = RecordingState.WRITING
    duration_s: float = 0.0
    size: int = 0
    expires_at: datetime
