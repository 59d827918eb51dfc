"""A helper process and the channel to it: started, written to, read from, noticed when gone."""

import asyncio
import socket
import sys
from asyncio.subprocess import DEVNULL, Process
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress

from maskline.planes.media.engine import EngineGone

MAX_FRAMES_A_TURN = 64
"""Frames read before the event loop gets its turn."""


class ChildProcess:
    """One process from its start to its end, with a sequenced-packet channel of whole frames.

    Use it on one event loop. `on_frame` takes each frame that comes; `on_gone` is called once,
    when the channel is lost or closed, before anybody who waits for `gone` goes on.
    """

    def __init__(
        self,
        process: Process,
        end: socket.socket,
        max_frame_bytes: int,
        on_frame: Callable[[bytes], None],
        on_gone: Callable[[], None],
    ) -> None:
        """Take over a process and our end of its channel; `start_child` makes both."""
        self.gone = asyncio.Event()
        self._process = process
        self._end = end
        self._max_frame_bytes = max_frame_bytes
        self._on_frame = on_frame
        self._on_gone = on_gone
        self._loop = asyncio.get_running_loop()
        self._frames: deque[tuple[bytes, Sequence[int]]] = deque()
        self._is_writing = False
        self._loop.add_reader(end.fileno(), self._read)

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def frames_waiting(self) -> int:
        """Frames that the process has not taken yet; the caller bounds them."""
        return len(self._frames)

    def send(self, frame: bytes, descriptors: Sequence[int] = ()) -> None:
        """Send a frame, and descriptors with it that must stay open until it is taken.

        It is dropped when the process is gone.
        """
        if self.gone.is_set():
            return
        self._frames.append((frame, descriptors))
        if not self._is_writing:
            self._write()

    def kill(self) -> None:
        """End the process by force and let go of the channel."""
        with suppress(ProcessLookupError):
            self._process.kill()
        self._lose()

    async def end(self, timeout_s: float) -> int:
        """Close the channel and return the exit status: by itself, else by force. Repeatable."""
        self._lose()
        try:
            async with asyncio.timeout(timeout_s):
                return await self._process.wait()
        except TimeoutError:
            with suppress(ProcessLookupError):
                self._process.kill()
            return await self._process.wait()

    def _write(self) -> None:
        try:
            while self._frames:
                frame, descriptors = self._frames[0]
                if descriptors:
                    socket.send_fds(self._end, [frame], descriptors)
                else:
                    self._end.send(frame)
                self._frames.popleft()
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
                frame = self._end.recv(self._max_frame_bytes)
            except BlockingIOError:
                return
            except OSError:
                frame = b""
            if not frame:
                self._lose()
                return
            self._on_frame(frame)
            if self.gone.is_set():
                return

    def _lose(self) -> None:
        if self.gone.is_set():
            return
        self.gone.set()
        self._loop.remove_reader(self._end.fileno())
        if self._is_writing:
            self._loop.remove_writer(self._end.fileno())
        self._end.close()
        self._frames.clear()
        self._on_gone()


async def start_child(
    module: str, descriptors: Sequence[int] = ()
) -> tuple[Process, socket.socket]:
    """Run a module with the descriptors of its channel, and of others, as its arguments.

    Returns the process and our end of the channel. Raises `EngineGone`.
    """
    try:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    except OSError as error:
        # Out of descriptors, perhaps only now: whoever keeps the process tries again.
        raise EngineGone(f"no channel to {module} could be made") from error
    ours.setblocking(False)
    with theirs:
        passed = (theirs.fileno(), *descriptors)
        try:
            process = await asyncio.create_subprocess_exec(
                # No current directory on the module path of a process that faces the network.
                *(sys.executable, "-P", "-m", module),
                *map(str, passed),
                stdin=DEVNULL,
                stdout=DEVNULL,
                pass_fds=passed,
            )
        except BaseException as error:
            ours.close()
            if isinstance(error, OSError):
                raise EngineGone(f"{module} could not be started") from error
            raise
    return process, ours
