"""The worker's end of the channel to the engine."""

from socket import socket

import msgspec

from maskline.planes.media.control import (
    EVENT_ID,
    MAX_BATCH,
    MAX_FRAME_BYTES,
    AnswerBatch,
    Event,
    EventsDropped,
    Reply,
    RequestBatch,
)

MAX_QUEUED_FRAMES = 4096
"""Frames that may wait for a slow engine; over it events are dropped, replies are not."""


class WorkerChannel:
    """The worker's end of the channel: frames in, batches of answers out, never blocking."""

    __slots__ = (
        "_answers",
        "_decoder",
        "_dropped_untold",
        "_encoder",
        "_frames",
        "dropped_events",
        "end",
    )

    def __init__(self, end: socket) -> None:
        self.end = end
        self.dropped_events = 0
        self._dropped_untold = 0
        self._answers: AnswerBatch = []
        self._frames: list[bytes] = []
        self._encoder = msgspec.msgpack.Encoder()
        self._decoder = msgspec.msgpack.Decoder(RequestBatch)

    def receive(self) -> RequestBatch | None:
        """Return the requests of the next frame, none when there is no frame, None at the end."""
        try:
            frame = self.end.recv(MAX_FRAME_BYTES)
        except BlockingIOError:
            return []
        except OSError:
            return None
        return self._decoder.decode(frame) if frame else None

    def answer(self, number: int, reply: Reply) -> None:
        """Queue the reply to a request."""
        self._answers.append((number, reply))
        if len(self._answers) >= MAX_BATCH:
            self._close_batch()

    def notify(self, event: Event) -> None:
        """Queue an event."""
        if len(self._frames) >= MAX_QUEUED_FRAMES:
            self.dropped_events += 1
            self._dropped_untold += 1
            return
        self._answers.append((EVENT_ID, event))
        if len(self._answers) >= MAX_BATCH:
            self._close_batch()

    def flush(self) -> bool:
        """Send what is queued; True when something must wait until the socket takes more."""
        if self._dropped_untold and len(self._frames) < MAX_QUEUED_FRAMES:
            self._answers.append((EVENT_ID, EventsDropped(self._dropped_untold)))
            self._dropped_untold = 0
        if self._answers:
            self._close_batch()
        sent = 0
        try:
            for frame in self._frames:
                self.end.send(frame)
                sent += 1
        except BlockingIOError:
            return True
        except OSError:
            # The engine is gone; the next read says so.
            sent = len(self._frames)
        finally:
            del self._frames[:sent]
        return False

    def _close_batch(self) -> None:
        self._frames.append(self._encoder.encode(self._answers))
        self._answers = []
