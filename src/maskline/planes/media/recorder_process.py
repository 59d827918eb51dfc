"""The engine's end of one recorder process: starting it, asking it, noticing that it is gone."""

import asyncio
import socket
from asyncio.subprocess import Process
from collections.abc import Callable

import msgspec

from maskline.planes.media.child_process import ChildProcess, start_child
from maskline.planes.media.engine import EngineBusy, EngineGone
from maskline.planes.media.recorder_frame import (
    MAX_CONTROL_FRAME_BYTES,
    RecorderAnswer,
    RecorderReady,
    RecorderRequest,
)

MODULE = "maskline.planes.media.recorder"

START_TIMEOUT_S = 15.0
"""How long a new recorder may take until it is ready."""

END_TIMEOUT_S = 3.0
"""How long a recorder may take to end once its channel is closed."""

MAX_QUEUED_REQUESTS = 4096
"""Requests that may wait for a slow recorder; over it `EngineBusy`."""


class RecorderProcess:
    """One recorder process from its start to its end; use it on one event loop."""

    def __init__(
        self, process: Process, end: socket.socket, on_answer: Callable[[RecorderAnswer], None]
    ) -> None:
        """Take over a process and our end of its channel; `start_recorder` makes both."""
        self.ready = asyncio.Event()
        self._on_answer = on_answer
        self._encoder = msgspec.msgpack.Encoder()
        self._decoder = msgspec.msgpack.Decoder(RecorderAnswer)
        # Nobody waits any longer for a process that is gone to become ready.
        self._child = ChildProcess(
            process, end, MAX_CONTROL_FRAME_BYTES, self._take, self.ready.set
        )

    @property
    def gone(self) -> asyncio.Event:
        """Set once the process cannot be reached any more."""
        return self._child.gone

    @property
    def pid(self) -> int:
        """The process id."""
        return self._child.pid

    def tell(self, request: RecorderRequest, descriptors: tuple[int, ...] = ()) -> None:
        """Send a request, and descriptors with it that must stay open for now.

        Without a recorder it is dropped. Raises `EngineBusy`.
        """
        if self._child.frames_waiting >= MAX_QUEUED_REQUESTS:
            raise EngineBusy("too many requests wait for the recorder")
        self._child.send(self._encoder.encode(request), descriptors)

    async def end(self) -> int:
        """Close the channel, wait for the process, else kill it; its exit status. Repeatable."""
        return await self._child.end(END_TIMEOUT_S)

    def _take(self, frame: bytes) -> None:
        answer = self._decoder.decode(frame)
        if isinstance(answer, RecorderReady):
            self.ready.set()
        else:
            self._on_answer(answer)


async def start_recorder(on_answer: Callable[[RecorderAnswer], None]) -> RecorderProcess:
    """Start a recorder and wait until it is ready. Raises `EngineGone`."""
    made = RecorderProcess(*await start_child(MODULE), on_answer)
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
