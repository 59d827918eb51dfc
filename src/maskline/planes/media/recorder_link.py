"""The recorder process as the engine sees it: kept alive, and nothing lost when it dies."""

import asyncio
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import structlog

from maskline.planes.media.engine import (
    CannotRecord,
    EngineBusy,
    EngineGone,
    RecordFile,
    RecordingDone,
    RecordingListener,
    RecordRule,
)
from maskline.planes.media.recorder_frame import (
    FeedEnded,
    FinishRecording,
    NotOpened,
    Opened,
    OpenRecording,
    RecorderAnswer,
    RecorderReady,
    RecordingEnded,
    RecordingStopped,
    StopRecorder,
    TakeFeed,
)
from maskline.planes.media.recorder_process import RecorderProcess, start_recorder
from maskline.planes.media.recorder_repair import repair_file
from maskline.protocols.recording import RecordingFormatError

FIRST_RESTART_DELAY_S = 0.1
"""Wait before a recorder that died is replaced; it doubles with each that dies soon again."""

MAX_RESTART_DELAY_S = 10.0
"""The longest such wait."""

SETTLED_AFTER_S = 30.0
"""A recorder that lived so long sets the wait back to the first."""

OPEN_TIMEOUT_S = 3.0
"""How long making a file may take, with waiting for a recorder that is being replaced."""

DRAIN_S = 10.0
"""How long `stop` waits until all files are finished; the rest is repaired."""

MAX_RECORDINGS = 4096
"""Files that may be unfinished at once."""

REPAIR_DELAYS_S = (0.0, 1.0, 10.0, 60.0)
"""Waits before each try to repair a file; after the last it is left for the next start."""

_log = structlog.stdlib.get_logger()


@dataclass(slots=True)
class _Unfinished:
    """A file in the hands of the recorder; nobody waits for one that is `unwanted`."""

    file: RecordFile
    opened: asyncio.Future[None] | None = field(default=None, repr=False)
    is_unwanted: bool = False


class RecorderLink:
    """Recordings by number; use it on one event loop.

    Every file that `open` made ends in one `on_done`. `on_broken` tells before that when it ends
    sooner than it should. Neither may block or raise.
    """

    def __init__(self, on_done: RecordingListener, on_broken: Callable[[int], None]) -> None:
        self._on_done = on_done
        self._on_broken = on_broken
        self._process: RecorderProcess | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._unfinished: dict[int, _Unfinished] = {}
        self._feeds: dict[int, socket.socket] = {}
        self._feed_numbers = count(1)
        self._repairs: set[asyncio.Task[None]] = set()
        self._news = asyncio.Event()

    @property
    def pid(self) -> int | None:
        """The process id of the recorder, None while there is none."""
        return self._process.pid if self._process is not None else None

    async def start(self) -> None:
        """Start the recorder. Raises `EngineGone`."""
        if self._keeper is not None:
            return
        self._process = await self._start()
        self._keeper = asyncio.create_task(self._keep(self._process), name="recorder keeper")

    async def stop(self) -> None:
        """Finish every file, then end. Stop the workers first. May be repeated."""
        keeper, self._keeper = self._keeper, None
        self._news.set()
        if keeper is not None:
            keeper.cancel()
            with suppress(asyncio.CancelledError):
                await keeper
        process = self._process
        if process is not None:
            with suppress(TimeoutError, EngineBusy):
                process.tell(StopRecorder())
                async with asyncio.timeout(DRAIN_S):
                    await process.gone.wait()
            self._process = None
            await process.end()
        for feed in self._feeds.values():
            feed.close()
        self._feeds.clear()
        self._lose_files()
        with suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_S):
                await asyncio.gather(*self._repairs, return_exceptions=True)
        for repair in self._repairs:
            repair.cancel()

    def new_feed(self) -> socket.socket:
        """A worker's end of a new feed: close it here once the worker has it.

        It outlives recorders: a new one takes over the other end. Raises `EngineGone`.
        """
        try:
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        except OSError as error:
            raise EngineGone("no feed to the recorder could be made") from error
        ours.setblocking(False)
        number = next(self._feed_numbers)
        self._feeds[number] = ours
        if self._process is not None:
            self._process.tell(TakeFeed(number), (ours.fileno(),))
        return theirs

    async def open(self, number: int, rule: RecordRule) -> None:
        """Make the file; audio may then come by any feed under this number, used once only.

        Raises `CannotRecord`.
        """
        try:
            async with asyncio.timeout(OPEN_TIMEOUT_S):
                await self._open(number, rule)
        except TimeoutError as error:
            raise CannotRecord("the recorder did not make the file in time") from error

    async def _open(self, number: int, rule: RecordRule) -> None:
        process = await self._restarted()
        if len(self._unfinished) >= MAX_RECORDINGS:
            raise CannotRecord("too many recordings are unfinished")
        if number in self._unfinished:
            raise CannotRecord("a recording of this number is unfinished")
        opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        entry = self._unfinished[number] = _Unfinished(rule.file, opened)
        try:
            process.tell(OpenRecording.of(number, rule))
            await opened
        except BaseException as error:
            # What the recorder makes of it all the same is nobody's.
            entry.is_unwanted = True
            self.finish(number)
            if isinstance(error, EngineBusy):
                raise CannotRecord("too much waits for the recorder") from error
            raise
        finally:
            entry.opened = None

    async def _restarted(self) -> RecorderProcess:
        while (process := self._process) is None or process.gone.is_set():
            if self._keeper is None:
                raise CannotRecord("no recorder is running")
            self._news.clear()
            await self._news.wait()
        return process

    def finish(self, number: int) -> None:
        """Finish a recording whose worker cannot say so; one that has ended is no error."""
        if number in self._unfinished and self._process is not None:
            with suppress(EngineBusy):
                self._process.tell(FinishRecording(number))

    def _take(self, answer: RecorderAnswer) -> None:
        match answer:
            case Opened():
                self._resolve(answer.number, None)
            case NotOpened():
                self._resolve(answer.number, CannotRecord(answer.detail))
                self._unfinished.pop(answer.number, None)
            case RecordingStopped():
                _log.error("recording broke", number=answer.number, reason=answer.reason)
                self._tell_broken(answer.number)
            case RecordingEnded():
                self._end(answer)
            case FeedEnded():
                feed = self._feeds.pop(answer.feed, None)
                if feed is not None:
                    feed.close()
            case RecorderReady():
                pass

    def _resolve(self, number: int, error: CannotRecord | None) -> None:
        entry = self._unfinished.get(number)
        if entry is None or entry.opened is None or entry.opened.done():
            return
        if error is None:
            entry.opened.set_result(None)
        else:
            entry.opened.set_exception(error)

    def _end(self, answer: RecordingEnded) -> None:
        entry = self._unfinished.pop(answer.number, None)
        if entry is None:
            return
        if answer.failed:
            self._repair_soon([entry])
        else:
            self._tell_done(entry, answer.duration_s)

    def _tell_done(self, entry: _Unfinished, duration_s: float) -> None:
        if entry.is_unwanted:
            return
        try:
            self._on_done(RecordingDone(entry.file.path, duration_s))
        except Exception:  # noqa: BLE001 - a listener is foreign code
            _log.exception("recording listener failed", path=entry.file.path)

    def _tell_broken(self, number: int) -> None:
        entry = self._unfinished.get(number)
        if entry is None or entry.is_unwanted:
            return
        try:
            self._on_broken(number)
        except Exception:  # noqa: BLE001 - a listener is foreign code
            _log.exception("listener of broken recordings failed", number=number)

    # The life of the process.

    async def _start(self) -> RecorderProcess:
        process = await start_recorder(self._take)
        _log.info("recorder started", pid=process.pid)
        for number, feed in self._feeds.items():
            process.tell(TakeFeed(number), (feed.fileno(),))
        return process

    async def _keep(self, process: RecorderProcess) -> None:
        """Wait until the recorder is gone, repair its files, start another, and so on."""
        delay = FIRST_RESTART_DELAY_S
        loop = asyncio.get_running_loop()
        while True:
            started_at = loop.time()
            await process.gone.wait()
            self._process = None
            status = await process.end()
            self._lose_files()
            if loop.time() - started_at >= SETTLED_AFTER_S:
                delay = FIRST_RESTART_DELAY_S
            _log.error("recorder gone", pid=process.pid, status=status, restart_in_s=delay)
            process, delay = await self._restart(delay)

    async def _restart(self, delay: float) -> tuple[RecorderProcess, float]:
        while True:
            await asyncio.sleep(delay)
            delay = min(2 * delay, MAX_RESTART_DELAY_S)
            try:
                self._process = await self._start()
            except EngineGone as error:
                _log.error("recorder did not start", error=str(error), restart_in_s=delay)
                continue
            self._news.set()
            return self._process, delay

    def _lose_files(self) -> None:
        """What the recorder had is broken, and repaired as soon as may be."""
        for number in list(self._unfinished):
            self._resolve(number, CannotRecord("the recorder is gone"))
            self._tell_broken(number)
        lost = list(self._unfinished.values())
        self._unfinished.clear()
        if lost:
            self._repair_soon(lost)

    def _repair_soon(self, entries: Sequence[_Unfinished]) -> None:
        task = asyncio.create_task(self._repair(entries), name="recording repair")
        self._repairs.add(task)
        task.add_done_callback(self._repairs.discard)

    async def _repair(self, entries: Sequence[_Unfinished]) -> None:
        left = list(entries)
        for delay in REPAIR_DELAYS_S:
            await asyncio.sleep(delay)
            left = [entry for entry in left if not await self._is_repaired(entry)]
            if not left:
                return
        for entry in left:
            _log.error("recording left unfinished", path=entry.file.path)

    async def _is_repaired(self, entry: _Unfinished) -> bool:
        file = entry.file
        try:
            duration_s = await asyncio.to_thread(repair_file, Path(file.path), file.key)
        except (RecordingFormatError, OSError) as error:
            _log.warning("recording not repaired yet", path=file.path, error=str(error))
            return False
        _log.info("recording repaired", path=file.path, duration_s=duration_s)
        self._tell_done(entry, duration_s)
        return True
