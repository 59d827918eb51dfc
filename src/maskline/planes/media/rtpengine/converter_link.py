"""The engine's end of the converter process: started when needed, started again when it dies."""

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections import deque
from contextlib import suppress
from dataclasses import dataclass

import msgspec
import structlog

from maskline.planes.media.engine import RecordingDone, RecordingListener
from maskline.planes.media.rtpengine.conversion import Job
from maskline.planes.media.rtpengine.converter import LENGTH, MAX_FRAME_BYTES, Result

RETRY_DELAYS_S = (0.5, 30.0, 300.0, 1800.0)
"""Waits before a recording that could not be made is tried again; the last ones are repeated."""

STOP_TIMEOUT_S = 30.0
"""How long recordings that wait may still be made when the engine is closed."""

MAKE_TIMEOUT_S = 1800.0
"""How long one recording may take: that of a day takes minutes. Those behind it wait so long for a
process that hangs."""

CONVERTER = ("-P", "-m", "maskline.planes.media.rtpengine.converter")
"""The process, as arguments of this Python."""

_log = structlog.stdlib.get_logger()


@dataclass(slots=True)
class _Task:
    job: Job
    tries: int = 0


class ConverterLink:
    """Jobs in, finished recordings out, one at a time and in order."""

    def __init__(self, on_done: RecordingListener) -> None:
        self._on_done = on_done
        self._jobs: deque[_Task] = deque()
        self._resting: dict[str, asyncio.TimerHandle] = {}
        self._news = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._keeper: asyncio.Task[None] | None = None
        self._process: Process | None = None

    def unfinished(self) -> list[str]:
        """The files that are still to be made, those included that wait for another try."""
        return [*(task.job.path for task in self._jobs), *self._resting]

    def convert(self, job: Job) -> None:
        """Have a recording made. As many wait as calls ended that recorded."""
        self._queue(_Task(job))

    def _queue(self, task: _Task) -> None:
        self._resting.pop(task.job.path, None)
        self._jobs.append(task)
        self._idle.clear()
        self._news.set()
        if self._keeper is None:
            self._keeper = asyncio.create_task(self._keep(), name="recording converter")

    async def aclose(self) -> None:
        """Let what waits be made, then end the process. May be repeated.

        What could not be made is left with its note, for the next start.
        """
        for timer in self._resting.values():
            timer.cancel()
        self._resting.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(STOP_TIMEOUT_S):
                await self._idle.wait()
        keeper, self._keeper = self._keeper, None
        if keeper is not None:
            keeper.cancel()
            with suppress(asyncio.CancelledError):
                await keeper
        await self._end_process()

    async def _keep(self) -> None:
        while True:
            while not self._jobs:
                self._idle.set()
                self._news.clear()
                await self._news.wait()
            task = self._jobs[0]
            result = await self._make(task.job)
            self._jobs.popleft()
            if result.reason:
                _log.error("recording could not be made", path=result.path, reason=result.reason)
            if result.duration_s is None:
                self._try_later(task)
            else:
                self._tell(RecordingDone(result.path, result.duration_s))

    def _try_later(self, task: _Task) -> None:
        delay = RETRY_DELAYS_S[min(task.tries, len(RETRY_DELAYS_S) - 1)]
        task.tries += 1
        self._resting[task.job.path] = asyncio.get_running_loop().call_later(
            delay, self._queue, task
        )

    def _tell(self, done: RecordingDone) -> None:
        try:
            self._on_done(done)
        except Exception:  # noqa: BLE001 - a listener is foreign code
            _log.exception("recording listener failed")

    async def _make(self, job: Job) -> Result:
        """Have the process do one job; it may die of it, or hang and be ended."""
        try:
            async with asyncio.timeout(MAKE_TIMEOUT_S):
                process = self._process or await self._start()
                if process.stdin is None or process.stdout is None:
                    return Result(job.path, None, "no pipes")
                frame = msgspec.msgpack.encode(job)
                process.stdin.write(LENGTH.pack(len(frame)) + frame)
                await process.stdin.drain()
                size = LENGTH.unpack(await process.stdout.readexactly(LENGTH.size))[0]
                if size <= MAX_FRAME_BYTES:
                    answer = await process.stdout.readexactly(size)
                    return msgspec.msgpack.decode(answer, type=Result)
            reason = "an answer that is too long"
        except TimeoutError:
            reason = "the converter took too long"
        except (OSError, asyncio.IncompleteReadError, msgspec.DecodeError) as error:
            reason = f"converter died: {type(error).__name__}"
        await self._end_process()
        return Result(job.path, None, reason)

    async def _start(self) -> Process:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            *CONVERTER,
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
        )
        return self._process

    async def _end_process(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            async with asyncio.timeout(2.0):
                await process.wait()
        except TimeoutError:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
