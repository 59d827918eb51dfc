"""The engine's end of the converter process: started when needed, started again when it dies."""

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections import deque
from contextlib import suppress

import msgspec
import structlog

from maskline.planes.media.engine import RecordingDone, RecordingListener
from maskline.planes.media.rtpengine.conversion import Job
from maskline.planes.media.rtpengine.converter import LENGTH, MAX_FRAME_BYTES, Result

MAX_TRIES = 2
"""Processes that may die of one job until it is given up; its capture stays for a person."""

STOP_TIMEOUT_S = 30.0
"""How long recordings that wait may still be made when the engine is closed."""

RESTART_DELAY_S = 0.5
"""Wait before a converter that died is replaced."""

_log = structlog.stdlib.get_logger()


class ConverterLink:
    """Jobs in, finished recordings out, one at a time and in order."""

    def __init__(self, on_done: RecordingListener) -> None:
        self._on_done = on_done
        self._jobs: deque[Job] = deque()
        self._news = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._keeper: asyncio.Task[None] | None = None
        self._process: Process | None = None

    @property
    def waiting(self) -> int:
        """Recordings that are not made yet."""
        return len(self._jobs)

    def unfinished(self) -> list[str]:
        """Their files."""
        return [job.path for job in self._jobs]

    def convert(self, job: Job) -> None:
        """Have a recording made. As many wait as calls ended that recorded."""
        self._jobs.append(job)
        self._idle.clear()
        self._news.set()
        if self._keeper is None:
            self._keeper = asyncio.create_task(self._keep(), name="recording converter")

    async def aclose(self) -> None:
        """Let what waits be made, then end the process. May be repeated."""
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
        tries = 0
        while True:
            while not self._jobs:
                self._idle.set()
                self._news.clear()
                await self._news.wait()
            result = await self._make(self._jobs[0])
            tries += 1
            if result is None and tries < MAX_TRIES:
                await asyncio.sleep(RESTART_DELAY_S)
                continue
            job = self._jobs.popleft()
            tries = 0
            if result is None:
                _log.error("recording could not be made", capture=job.pcap)
                continue
            if result.reason:
                _log.error("recording could not be made", reason=result.reason)
            self._tell(RecordingDone(result.path, result.duration_s))

    def _tell(self, done: RecordingDone) -> None:
        try:
            self._on_done(done)
        except Exception:  # noqa: BLE001 - a listener is foreign code
            _log.exception("recording listener failed")

    async def _make(self, job: Job) -> Result | None:
        """Have the process do one job; None when it died of it."""
        try:
            process = self._process or await self._start()
            if process.stdin is None or process.stdout is None:
                return None
            frame = msgspec.msgpack.encode(job)
            process.stdin.write(LENGTH.pack(len(frame)) + frame)
            await process.stdin.drain()
            size = LENGTH.unpack(await process.stdout.readexactly(LENGTH.size))[0]
            if size <= MAX_FRAME_BYTES:
                answer = await process.stdout.readexactly(size)
                return msgspec.msgpack.decode(answer, type=Result)
        except (OSError, asyncio.IncompleteReadError, msgspec.DecodeError) as error:
            _log.error("recording converter failed", error=type(error).__name__)
        await self._end_process()
        return None

    async def _start(self) -> Process:
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "maskline.planes.media.rtpengine.converter"),
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
