"""What goes to the recorder process: audio of a worker, and the engine's requests.

Each is one message of a sequenced-packet socket. All ends are the same release, so the form may
change with any release.
"""

import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

import msgspec

from maskline.planes.media.engine import RecordRule

MAX_LANE_BYTES = 16_000
"""Largest piece of a lane in one frame: two seconds."""

FRAME_HEAD = struct.Struct("<BxxxI")
MAX_FEED_FRAME_BYTES = FRAME_HEAD.size + 2 * MAX_LANE_BYTES
MAX_CONTROL_FRAME_BYTES = 16_384


class FeedKind(IntEnum):
    """WRITE: both lanes in equal lengths. FINISH: no more. BREAK: no more, something is missing."""

    WRITE = 0
    FINISH = 1
    BREAK = 2


@dataclass(frozen=True, slots=True)
class FeedFrame:
    """One frame of a feed; both lanes are empty but for WRITE."""

    kind: FeedKind
    number: int
    first: memoryview
    second: memoryview


def read_feed_frame(frame: memoryview) -> FeedFrame:
    """Read a frame. Raises `ValueError` for what no feed sends."""
    if len(frame) < FRAME_HEAD.size:
        raise ValueError("no frame of a feed")
    kind, number = FRAME_HEAD.unpack_from(frame)
    middle, odd = divmod(len(frame) - FRAME_HEAD.size, 2)
    if odd:
        raise ValueError("the lanes differ in length")
    middle += FRAME_HEAD.size
    return FeedFrame(FeedKind(kind), number, frame[FRAME_HEAD.size : middle], frame[middle:])


class Message(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """Base of what passes between the engine and the recorder."""


class OpenRecording(Message, frozen=True):
    """Make the file and expect audio under this number; answered `Opened` or `NotOpened`."""

    number: int
    path: str
    head: bytes
    key: bytes
    limit_s: float
    channels: Literal[1, 2]

    @staticmethod
    def of(number: int, rule: RecordRule) -> "OpenRecording":
        """The request to record by a rule."""
        file = rule.file
        return OpenRecording(number, file.path, file.head, file.key, rule.limit_s, rule.channels)


class FinishRecording(Message, frozen=True):
    """Finish a recording whose worker cannot say so."""

    number: int


class TakeFeed(Message, frozen=True):
    """The descriptor that comes with this frame is the recorder's end of a feed."""

    feed: int


class StopRecorder(Message, frozen=True):
    """Finish all recordings, then end."""


class RecorderReady(Message, frozen=True):
    """First frame of a recorder."""


class Opened(Message, frozen=True):
    """The file is there."""

    number: int


class NotOpened(Message, frozen=True):
    """There is no file, or it is not ours."""

    number: int
    detail: str


class RecordingEnded(Message, frozen=True):
    """A file is complete, or gone when `duration_s` is 0; or, when it `failed`, neither."""

    number: int
    duration_s: float
    failed: bool = False


class RecordingStopped(Message, frozen=True):
    """A recording cannot be continued; `RecordingEnded` follows."""

    number: int
    reason: str


class FeedEnded(Message, frozen=True):
    """The other end of a feed is closed."""

    feed: int


RecorderRequest = OpenRecording | FinishRecording | TakeFeed | StopRecorder
RecorderAnswer = RecorderReady | Opened | NotOpened | RecordingEnded | RecordingStopped | FeedEnded
