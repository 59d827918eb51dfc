"""The recording of one call: begun, written by the engine, measured at the end."""

import asyncio
from collections.abc import Callable

import structlog

from maskline.domain.call import Call
from maskline.domain.error import MasklineError, PlatformError
from maskline.domain.recording import CallRecording
from maskline.planes.call.limits import CallLimits
from maskline.planes.media.engine import (
    MEDIA_GONE,
    MediaEngine,
    MediaError,
    RecordFile,
    RecordingDone,
    RecordRule,
)
from maskline.services.recording import RecordingDesk

log = structlog.get_logger("calls")


class CannotRecord(PlatformError):
    """No recording of the call could be started."""


class MediaGone(CannotRecord):
    """There is no media any more that could be recorded."""


class FinishedFiles:
    """Tells calls whose media died how long their recording is; `done` is fed by the engine."""

    def __init__(self) -> None:
        self._awaited: dict[str, asyncio.Future[float]] = {}

    def expect(self, path: str) -> None:
        """Remember what will be told of this file until it is forgotten."""
        self._awaited[path] = asyncio.get_running_loop().create_future()

    def forget(self, path: str) -> None:
        """The call of this file is over."""
        self._awaited.pop(path, None)

    def done(self, done: RecordingDone) -> None:
        """A file is complete (`RecordingListener`)."""
        awaited = self._awaited.get(done.path)
        if awaited is not None and not awaited.done():
            awaited.set_result(done.duration_s)

    async def duration_s(self, path: str, timeout_s: float) -> float | None:
        """The length of an expected file; None when nothing is told of it in time."""
        awaited = self._awaited.get(path)
        if awaited is None:
            return None
        await asyncio.wait((awaited,), timeout=timeout_s)
        return awaited.result() if awaited.done() else None


class CallRecorder:
    """Records one call, once."""

    __slots__ = ("_call_id", "_engine", "_files", "_limits", "_now", "_started_at", "path")

    def __init__(
        self,
        engine: MediaEngine,
        call_id: str,
        files: FinishedFiles,
        limits: CallLimits,
        now: Callable[[], float],
    ) -> None:
        self._engine = engine
        self._call_id = call_id
        self._files = files
        self._limits = limits
        self._now = now
        self.path = ""
        """The file that is being written; empty while there is none."""
        self._started_at = 0.0

    @classmethod
    def of_earlier_run(
        cls,
        engine: MediaEngine,
        call_id: str,
        files: FinishedFiles,
        limits: CallLimits,
        now: Callable[[], float],
        *,
        path: str,
        elapsed_s: float,
    ) -> "CallRecorder":
        """A recording that goes on, `elapsed_s` after it was started."""
        recorder = cls(engine, call_id, files, limits, now)
        files.expect(path)
        recorder.path, recorder._started_at = path, now() - elapsed_s
        return recorder

    async def start(self, desk: RecordingDesk | None, call: Call) -> CallRecording:
        """Begin to record; the names of the recording. Raises CannotRecord, MediaGone."""
        if desk is None:
            raise CannotRecord("this installation keeps no recordings")
        try:
            new = await desk.begin(call)
        except MasklineError as error:
            raise CannotRecord("the recording could not be begun") from error
        rule = RecordRule(
            file=RecordFile(str(new.path), new.head, new.key),
            limit_s=self._limits.record_limit_s,
            channels=self._limits.record_channels,
        )
        self._files.expect(str(new.path))
        try:
            await self._engine.record(self._call_id, rule)
        except BaseException as error:
            self._files.forget(str(new.path))
            desk.abandon(new)
            if isinstance(error, MEDIA_GONE):
                raise MediaGone("the engine does not answer") from error
            if isinstance(error, MasklineError):
                raise CannotRecord("the engine could not record") from error
            raise
        self.path, self._started_at = str(new.path), self._now()
        return new.recording

    async def finish(self) -> float:
        """End the recording and return its length in seconds; 0 without one.

        Where the engine cannot say it, the finished file does; if that comes too late, the clock.
        """
        path, self.path = self.path, ""
        if not path:
            return 0.0
        elapsed_s = self._now() - self._started_at
        try:
            recorded_s = await self._stop()
            if recorded_s:
                return recorded_s
            told_s = await self._files.duration_s(path, self._limits.record_end_wait_s)
        finally:
            self._files.forget(path)
        if told_s is None:
            log.warning("length of recording unknown", session_id=self._call_id)
            return elapsed_s
        return told_s

    async def _stop(self) -> float:
        try:
            return await self._engine.stop_record(self._call_id)
        except MediaError:
            return 0.0
