"""The media worker's end of its feed to the recorder process."""

from collections import deque
from socket import socket

from maskline.planes.media.recorder_frame import FRAME_HEAD, MAX_LANE_BYTES, FeedKind

MAX_QUEUED_BYTES = 16_000_000
"""Audio that may wait for a slow recorder: 2.5 s of 400 calls."""

MAX_QUEUED_FRAMES = 16_384
"""Frames that may wait; an end that finds no room is noticed by the recorder after a while."""


class RecorderFeed:
    """Gives the two lanes of recordings to the recorder; it never blocks.

    What finds no room is dropped and counted, and with it the rest of its recording, which breaks:
    nobody shall hear two moments as one. Without a recorder everything is dropped.
    """

    __slots__ = ("_broken", "_end", "_frames", "_is_gone", "_queued_bytes", "dropped")

    def __init__(self, end: socket) -> None:
        end.setblocking(False)
        self._end = end
        self._frames: deque[bytes] = deque()
        self._queued_bytes = 0
        self._broken: set[int] = set()
        self._is_gone = False
        self.dropped = 0
        """Pieces of audio that were dropped so far."""

    def fileno(self) -> int:
        """The descriptor to wait on for room when `flush` says so."""
        return self._end.fileno()

    def write(self, number: int, first: bytes, second: bytes) -> bool:
        """Append to both lanes of a recording; False when it is broken.

        Equal lengths of A-law, at most `MAX_LANE_BYTES` each, else `ValueError`.
        """
        if number in self._broken:
            self.dropped += 1
            return False
        if self._is_gone or self._queued_bytes >= MAX_QUEUED_BYTES:
            self.dropped += 1
            self._broken.add(number)
            self._end_of(FeedKind.BREAK, number)
            return False
        if len(first) != len(second) or len(first) > MAX_LANE_BYTES:
            raise ValueError("the lanes differ in length, or are too long")
        self._send(FRAME_HEAD.pack(FeedKind.WRITE, number), first, second)
        return True

    def finish(self, number: int) -> None:
        """Say that a recording gets no more; its number is not used again."""
        if number in self._broken:
            # The recorder has been told that it ended, in a way.
            self._broken.discard(number)
            return
        self._end_of(FeedKind.FINISH, number)

    def flush(self) -> bool:
        """Send what waits; True when something must wait on until the socket takes more."""
        frames = self._frames
        try:
            while frames:
                self._end.send(frames[0])
                self._queued_bytes -= len(frames.popleft())
        except BlockingIOError:
            return True
        except OSError:
            self._lose()
        return False

    def close(self) -> None:
        """Close the feed: the recorder finishes what it has of it. May be repeated."""
        self._lose()
        self._end.close()

    def _end_of(self, kind: FeedKind, number: int) -> None:
        if len(self._frames) < MAX_QUEUED_FRAMES:
            self._send(FRAME_HEAD.pack(kind, number))

    def _send(self, *parts: bytes) -> None:
        if self._is_gone:
            return
        if not self._frames:
            try:
                self._end.sendmsg(parts)
            except BlockingIOError:
                pass
            except OSError:
                self._lose()
                return
            else:
                return
        frame = b"".join(parts)
        self._frames.append(frame)
        self._queued_bytes += len(frame)

    def _lose(self) -> None:
        self._is_gone = True
        self._frames.clear()
        self._queued_bytes = 0
