"""The engine's end of one recorder process: starting it, asking it, noticing that it is gone."""

import asyncio
import socket
import sys
from asyncio.subprocess import DEVNULL, Process
from collections import deque
from collections.abc import Callable
from contextlib import suppress

import msgspec

from maskline.planes.media.engine import EngineBusy, EngineGone
from maskline.planes.media.recorder_frame import (
    MAX_CONTROL_FRAME_BYTES,
    RecorderAnswer,
    RecorderReady,
    RecorderRequest,
)

START_TIMEOUT_S = 15.0
"""How long a new recorder may take until it is ready."""

END_TIMEOUT_S = 3.0
"""How long a recorder may take to end once its channel is closed."""

MAX_QUEUED_REQUESTS = 4096
"""Requests that may wait for a slow recorder; over it `EngineBusy`."""

MAX_FRAMES_A_TURN = 64
"""Answers read before the event loop gets its turn."""


class RecorderProcess:
    """One recorder process from its start to its end; use it on one event loop."""

    def __init__(
        self, process: Process, end: socket.socket, on_answer: Callable[[RecorderAnswer], None]
    ) -> None:
        """Take over a process and our end of its channel; `start_recorder` makes both."""
        self.gone = asyncio.Event()
        self.ready = asyncio.Event()
        self._process = process
        self._end = end
        self._on_answer = on_answer
        self._loop = asyncio.get_running_loop()
        self._requests: deque[tuple[bytes, tuple[int, ...]]] = deque()
        self._is_writing = False
        self._encoder = msgspec.msgpack.Encoder()
        self._decoder = msgspec.msgpack.Decoder(RecorderAnswer)
        self._loop.add_reader(end.fileno(), self._read)

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def tell(self, request: RecorderRequest, descriptors: tuple[int, ...] = ()) -> None:
        """Send a request, and descriptors with it that must stay open for now.

        Without a recorder it is dropped. Raises `EngineBusy`.
        """
        if self.gone.is_set():
            return
        if len(self._requests) >= MAX_QUEUED_REQUESTS:
            raise EngineBusy("too many requests wait for the recorder")
        self._requests.append((self._encoder.encode(request), descriptors))
        if not self._is_writing:
            self._write()

    async def end(self) -> int:
        """Close the channel, wait for the process, else kill it; its exit status. Repeatable."""
        self._lose()
        try:
            async with asyncio.timeout(END_TIMEOUT_S):
                return await self._process.wait()
        except TimeoutError:
            with suppress(ProcessLookupError):
                self._process.kill()
            return await self._process.wait()

    def _write(self) -> None:
        try:
            while self._requests:
                frame, descriptors = self._requests[0]
                socket.send_fds(self._end, [frame], descriptors)
                self._requests.popleft()
        except BlockingIOError:
            if not self._is_writing:
                self._is_writing = True
                self._loop.add_writer(self._end.fileno(), self._write)
            return
        except OSError:
            self._lose()
            return
        if self._is_writing:
            self._is_writing = False
            self._loop.remove_writer(self._end.fileno())

    def _read(self) -> None:
        for _ in range(MAX_FRAMES_A_TURN):
            try:
                frame = self._end.recv(MAX_CONTROL_FRAME_BYTES)
            except BlockingIOError:
                return
            except OSError:
                frame = b""
            if not frame:
                self._lose()
                return
            answer = self._decoder.decode(frame)
            if isinstance(answer, RecorderReady):
                self.ready.set()
            else:
                self._on_answer(answer)
            if self.gone.is_set():
                return

    def _lose(self) -> None:
        if self.gone.is_set():
            return
        self.gone.set()
        self.ready.set()
        self._loop.remove_reader(self._end.fileno())
        if self._is_writing:
            self._loop.remove_writer(self._end.fileno())
        self._end.close()
        self._requests.clear()


async def start_recorder(on_answer: Callable[[RecorderAnswer], None]) -> RecorderProcess:
    """Start a recorder and wait until it is ready. Raises `EngineGone`."""
    try:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    except OSError as error:
        raise EngineGone("no channel to a recorder could be made") from error
    ours.setblocking(False)
    with theirs:
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", "maskline.planes.media.recorder"),
                str(theirs.fileno()),
                stdin=DEVNULL,
                stdout=DEVNULL,
                pass_fds=(theirs.fileno(),),
            )
        except BaseException as error:
            ours.close()
            if isinstance(error, OSError):
                raise EngineGone("the recorder could not be started") from error
            raise
    made = RecorderProcess(process, ours, on_answer)
    try:
        async with asyncio.timeout(START_TIMEOUT_S):
            await made.ready.wait()
    except TimeoutError as error:
        await made.end()
        raise EngineGone("the recorder did not become ready") from error
    except asyncio.CancelledError:
        await made.end()
        raise
    if made.gone.is_set():
        await made.end()
        raise EngineGone("the recorder ended at once")
    return made
