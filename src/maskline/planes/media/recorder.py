"""The recorder process: mixes, seals and writes what media workers hear.

A process of its own, so that neither ciphers nor a slow disk are ever in the way of a packet.
Started by the engine as `python -m maskline.planes.media.recorder FD`; ends when told so, or when
that channel does.
"""

import gc
import resource
import signal
import socket
import sys
import time
from collections import deque
from select import EPOLLIN, EPOLLOUT, epoll

import msgspec

from maskline.planes.media.engine import RecordFile
from maskline.planes.media.recorder_disk import (
    Append,
    AppendFailed,
    Create,
    Created,
    Disk,
    Finish,
    Finished,
    Result,
)
from maskline.planes.media.recorder_file import SealedFile
from maskline.planes.media.recorder_frame import (
    MAX_CONTROL_FRAME_BYTES,
    MAX_FEED_FRAME_BYTES,
    FeedEnded,
    FeedFrame,
    FeedKind,
    FinishRecording,
    NotOpened,
    Opened,
    OpenRecording,
    RecorderAnswer,
    RecorderReady,
    RecorderRequest,
    RecordingEnded,
    RecordingStopped,
    StopRecorder,
    TakeFeed,
    read_feed_frame,
)
from maskline.planes.media.recorder_mix import Mixer, Octets, mixing_table
from maskline.protocols.recording import Head, RecordingFormatError, SegmentSealer, read_head

MAX_FRAMES_A_TURN = 256
"""Frames read of one feed before the others get their turn."""

MAX_DRAIN_TURNS = 64
"""How often a feed is read at the end: more than ever waits in a socket."""

SWEEP_S = 5.0
ABANDONED_AFTER_S = 60.0
"""A recording without any news for so long has lost its worker: workers write all the time."""


class Recording:
    """One recording being written."""

    __slots__ = (
        "feed",
        "file",
        "heard_at",
        "is_over",
        "left",
        "mixer",
        "number",
        "sealer",
    )

    def __init__(self, request: OpenRecording, head: Head, table: Octets, now: float) -> None:
        """Get ready. Raises `CipherMissing`; `ValueError` for a key of the wrong size."""
        self.number = request.number
        self.file = SealedFile(RecordFile(request.path, request.head, request.key), head)
        self.sealer = SegmentSealer(head, request.key)
        self.mixer = Mixer(head.segment_frames, table if head.channels == 1 else None)
        self.left = int(request.limit_s * head.rate)
        self.heard_at = now
        self.feed: int | None = None
        self.is_over = False


class Feed:
    """A worker's feed: our end of it, and its number at the engine."""

    __slots__ = ("end", "number")

    def __init__(self, number: int, end: socket.socket) -> None:
        self.number = number
        self.end = end


class Recorder:
    """All recordings of the process."""

    def __init__(self, control: socket.socket, disk: Disk) -> None:
        self._control = control
        self._disk = disk
        self._recordings: dict[int, Recording] = {}
        self._feeds: dict[int, Feed] = {}
        self._table: Octets = mixing_table()
        self._buffer = bytearray(MAX_FEED_FRAME_BYTES + 1)
        self._view = memoryview(self._buffer)
        self._answers: deque[bytes] = deque()
        self._is_waiting_to_send = False
        self._is_stopping = False
        self._encoder = msgspec.msgpack.Encoder()
        self._decoder = msgspec.msgpack.Decoder(RecorderRequest)
        self._epoll = epoll()

    def run(self) -> None:
        """Serve until told to stop, or the engine is gone; then finish every file."""
        self._epoll.register(self._control.fileno(), EPOLLIN)
        self._epoll.register(self._disk.fileno(), EPOLLIN)
        self._answer(RecorderReady())
        sweep_at = time.monotonic() + SWEEP_S
        while not self._is_stopping:
            self._flush()
            ready = self._epoll.poll(SWEEP_S)
            now = time.monotonic()
            for descriptor, _ in ready:
                if descriptor in self._feeds:
                    self._read_feed(descriptor, now)
                elif descriptor == self._disk.fileno():
                    self._settle()
                elif descriptor == self._control.fileno():
                    self._serve(now)
            if now >= sweep_at:
                sweep_at = now + SWEEP_S
                self._sweep(now)
        self._finish_all()

    # Requests of the engine.

    def _serve(self, now: float) -> None:
        try:
            frame, descriptors, _, _ = socket.recv_fds(self._control, MAX_CONTROL_FRAME_BYTES, 1)
        except BlockingIOError:
            return
        except OSError:
            frame, descriptors = b"", []
        if not frame:
            self._is_stopping = True
            return
        request: RecorderRequest = self._decoder.decode(frame)
        match request:
            case OpenRecording():
                self._open(request, now)
            case FinishRecording():
                # What its worker wrote before it died may still be in a feed.
                for descriptor in list(self._feeds):
                    self._read_feed(descriptor, now)
                self._end(request.number)
            case TakeFeed():
                self._take_feed(request.feed, descriptors)
            case StopRecorder():
                self._is_stopping = True

    def _open(self, request: OpenRecording, now: float) -> None:
        detail = None
        try:
            head = read_head(request.head)
            if head.channels != request.channels or request.limit_s <= 0:
                detail = "the head is of another format, or the limit is none"
            elif request.number in self._recordings:
                detail = "the number is in use"
            else:
                recording = Recording(request, head, self._table, now)
                self._recordings[request.number] = recording
                self._disk.put(Create(request.number, recording.file))
        except (RecordingFormatError, ValueError) as error:
            detail = str(error)
        if detail is not None:
            self._answer(NotOpened(request.number, detail))

    def _take_feed(self, number: int, descriptors: list[int]) -> None:
        if not descriptors:
            self._answer(FeedEnded(number))
            return
        end = socket.socket(fileno=descriptors[0])
        end.setblocking(False)
        self._feeds[end.fileno()] = Feed(number, end)
        self._epoll.register(end.fileno(), EPOLLIN)

    # Audio of the workers.

    def _read_feed(self, descriptor: int, now: float) -> bool:
        """Read what a feed has, up to a bound; False when there was nothing more."""
        feed = self._feeds[descriptor]
        receive = feed.end.recv_into
        for _ in range(MAX_FRAMES_A_TURN):
            try:
                size = receive(self._buffer)
            except BlockingIOError:
                return False
            except OSError:
                size = 0
            if not size:
                self._lose_feed(descriptor)
                return False
            try:
                frame = read_feed_frame(self._view[:size])
            except ValueError:
                self._lose_feed(descriptor, "the media worker wrote what is no audio")
                return False
            self._take(frame, feed, now)
        return True

    def _take(self, frame: FeedFrame, feed: Feed, now: float) -> None:
        recording = self._recordings.get(frame.number)
        if recording is None or recording.is_over:
            return
        recording.feed = feed.number
        recording.heard_at = now
        match frame.kind:
            case FeedKind.WRITE:
                self._write(recording, frame.first, frame.second)
            case FeedKind.FINISH:
                self._end(frame.number)
            case FeedKind.BREAK:
                self._break(recording, "the recorder was too slow for the media worker")

    def _write(self, recording: Recording, first: memoryview, second: memoryview) -> None:
        size = min(len(first), recording.left)
        recording.left -= size

        def seal(audio: bytes) -> None:
            if not recording.is_over:
                self._seal(recording, audio)

        recording.mixer.add(first[:size], second[:size], seal)
        if not recording.left:
            self._end(recording.number)

    def _seal(self, recording: Recording, audio: bytes) -> None:
        if not self._disk.has_room:
            self._break(recording, "the disk is too slow")
            return
        try:
            sealed = recording.sealer.seal(audio)
        except ValueError as error:
            self._break(recording, str(error))
            return
        self._disk.put(Append(recording.number, recording.file, sealed))

    def _lose_feed(self, descriptor: int, reason: str | None = None) -> None:
        """The worker is gone, or not to be believed for that reason: its recordings end here."""
        feed = self._feeds.pop(descriptor)
        self._epoll.unregister(descriptor)
        feed.end.close()
        self._answer(FeedEnded(feed.number))
        for number, recording in list(self._recordings.items()):
            if recording.feed == feed.number and reason is not None:
                self._break(recording, reason)
            # Without any feed nobody is left to write, nor to say so.
            elif recording.feed == feed.number or not self._feeds:
                self._end(number)

    # The end of recordings.

    def _end(self, number: int) -> None:
        recording = self._recordings.get(number)
        if recording is None or recording.is_over:
            return
        recording.is_over = True
        end = recording.sealer.finish(recording.mixer.take())
        self._disk.put(Finish(number, recording.file, end, recording.sealer.frames))

    def _break(self, recording: Recording, reason: str) -> None:
        """End a recording before its time: what follows is missing, or has no room."""
        if not recording.is_over:
            self._answer(RecordingStopped(recording.number, reason))
            self._end(recording.number)

    def _settle(self) -> None:
        for result in self._disk.results():
            self._take_result(result)

    def _take_result(self, result: Result) -> None:
        number = result.number
        match result:
            case Created():
                if result.error is None:
                    self._answer(Opened(number))
                else:
                    self._recordings.pop(number, None)
                    self._answer(NotOpened(number, result.error))
            case AppendFailed():
                recording = self._recordings.get(number)
                if recording is not None:
                    self._break(recording, result.error)
            case Finished():
                self._recordings.pop(number, None)
                failed = result.error is not None
                self._answer(RecordingEnded(number, result.duration_s, failed))

    def _sweep(self, now: float) -> None:
        for number, recording in list(self._recordings.items()):
            if now - recording.heard_at >= ABANDONED_AFTER_S:
                self._end(number)

    def _finish_all(self) -> None:
        """Write what is still in the feeds, finish every file, and tell."""
        now = time.monotonic()
        for descriptor in list(self._feeds):
            for _ in range(MAX_DRAIN_TURNS):
                if not self._read_feed(descriptor, now):
                    break
        for number in list(self._recordings):
            self._end(number)
        self._disk.close()
        self._settle()
        # Nothing else is to be done: wait for an engine that is slow to read.
        self._control.setblocking(True)
        self._flush()

    # Answers.

    def _answer(self, answer: RecorderAnswer) -> None:
        self._answers.append(self._encoder.encode(answer))

    def _flush(self) -> None:
        must_wait = False
        try:
            while self._answers:
                self._control.send(self._answers[0])
                self._answers.popleft()
        except BlockingIOError:
            must_wait = True
        except OSError:
            # The engine is gone; the next read says so.
            self._answers.clear()
        if must_wait is not self._is_waiting_to_send:
            self._is_waiting_to_send = must_wait
            self._epoll.modify(self._control.fileno(), EPOLLIN | EPOLLOUT if must_wait else EPOLLIN)


def main(descriptor: int) -> int:
    """Run a recorder on the channel with this descriptor; return the exit status."""
    # A terminal's interrupt reaches every process; recordings end when the engine says so.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with socket.socket(fileno=descriptor) as control:
        control.setblocking(False)
        recorder = Recorder(control, Disk())
        # What exists now lives as long as the process: the collector need not look at it again.
        gc.freeze()
        recorder.run()
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
