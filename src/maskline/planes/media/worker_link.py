"""The engine's end of one media process: starting it, asking it, noticing that it is gone."""

import asyncio
import socket
from asyncio.subprocess import Process
from collections.abc import Callable

import msgspec

from maskline.planes.media.child_process import ChildProcess, start_child
from maskline.planes.media.control import (
    EVENT_ID,
    MAX_BATCH,
    MAX_FRAME_BYTES,
    AnswerBatch,
    Configure,
    Event,
    Ping,
    Refused,
    Reply,
    Request,
)
from maskline.planes.media.engine import EngineBusy, EngineGone, MediaError
from maskline.planes.media.settings import EmbeddedSettings

MODULE = "maskline.planes.media.worker"

MAX_IN_FLIGHT = 4096
"""Requests that may wait for their reply; over it `EngineBusy`."""

REPLY_TIMEOUT_S = 5.0
"""A worker that owes a reply for so long hangs, and is killed."""

START_TIMEOUT_S = 10.0
"""How long a new worker may take until it is ready."""

STOP_TIMEOUT_S = 3.0
"""How long a worker may take to end by itself."""

PING_INTERVAL_S = 2.0
"""How often a worker that owes no reply is asked for one: its calls may have fallen silent without
anybody telling."""

_WATCH_S = 0.5


class WorkerLink:
    """One worker process from its start to its end; use it on one event loop."""

    def __init__(
        self, process: Process, end: socket.socket, on_event: Callable[[Event], None]
    ) -> None:
        """Take over a process and our end of its channel; `start_worker` makes both."""
        self._on_event = on_event
        self._loop = asyncio.get_running_loop()
        self._numbers = EVENT_ID
        self._pending: dict[int, tuple[asyncio.Future[Reply], float]] = {}
        self._requests: list[tuple[int, Request]] = []
        self._is_flush_planned = False
        self._encoder = msgspec.msgpack.Encoder()
        self._decoder = msgspec.msgpack.Decoder(AnswerBatch)
        self._child = ChildProcess(process, end, MAX_FRAME_BYTES, self._take, self._fail_pending)
        self._ping_at = self._loop.time() + PING_INTERVAL_S
        self._watch = self._loop.call_later(_WATCH_S, self._check_overdue)

    @property
    def gone(self) -> asyncio.Event:
        """Set once the worker cannot be reached any more."""
        return self._child.gone

    @property
    def pid(self) -> int:
        """The process id of the worker."""
        return self._child.pid

    async def ask(self, request: Request, patience_s: float | None = None) -> Reply:
        """Send a request and wait for its reply, None for `REPLY_TIMEOUT_S`.

        Raises `EngineBusy`, `EngineGone`.
        """
        if self.gone.is_set():
            raise EngineGone("the media worker is gone")
        if len(self._pending) >= MAX_IN_FLIGHT:
            raise EngineBusy("too many requests wait for the media worker")
        future: asyncio.Future[Reply] = self._loop.create_future()
        patience_s = REPLY_TIMEOUT_S if patience_s is None else patience_s
        self._pending[self._queue(request)] = (future, self._loop.time() + patience_s)
        return await future

    def tell(self, request: Request) -> None:
        """Send a request whose reply nobody waits for."""
        if not self.gone.is_set():
            self._queue(request)

    async def stop(self) -> int:
        """End the worker and return its exit status: by itself, else by force. May be repeated."""
        self._flush()
        return await self._child.end(STOP_TIMEOUT_S)

    def _queue(self, request: Request) -> int:
        self._numbers += 1
        self._requests.append((self._numbers, request))
        if not self._is_flush_planned:
            self._is_flush_planned = True
            self._loop.call_soon(self._flush)
        return self._numbers

    def _flush(self) -> None:
        self._is_flush_planned = False
        while self._requests:
            batch, self._requests = self._requests[:MAX_BATCH], self._requests[MAX_BATCH:]
            self._pack(batch)

    def _pack(self, batch: list[tuple[int, Request]]) -> None:
        """Send requests in frames that the worker reads whole."""
        frame = self._encoder.encode(batch)
        if len(frame) <= MAX_FRAME_BYTES:
            self._child.send(frame)
        elif len(batch) > 1:
            middle = len(batch) // 2
            self._pack(batch[:middle])
            self._pack(batch[middle:])
        else:
            self._resolve(batch[0][0], Refused(Refused.BAD, "the request is too long"))

    def _take(self, frame: bytes) -> None:
        for number, message in self._decoder.decode(frame):
            if isinstance(message, Event):
                self._on_event(message)
                if self.gone.is_set():
                    return
            else:
                self._resolve(number, message)

    def _resolve(self, number: int, reply: Reply) -> None:
        waiting = self._pending.pop(number, None)
        if waiting is not None and not waiting[0].done():
            waiting[0].set_result(reply)

    def _check_overdue(self) -> None:
        # Replies come in order, so the oldest request is the first to be overdue.
        oldest = next(iter(self._pending.values()), None)
        now = self._loop.time()
        if oldest is not None and oldest[1] <= now:
            self._child.kill()
            return
        if oldest is None and now >= self._ping_at:
            self._ping(now)
        self._watch = self._loop.call_later(_WATCH_S, self._check_overdue)

    def _ping(self, now: float) -> None:
        """Ask for a reply that nobody waits for but `_check_overdue`."""
        self._ping_at = now + PING_INTERVAL_S
        reply: asyncio.Future[Reply] = self._loop.create_future()
        reply.add_done_callback(_hear_out)
        self._pending[self._queue(Ping())] = (reply, now + REPLY_TIMEOUT_S)

    def _fail_pending(self) -> None:
        self._watch.cancel()
        pending, self._pending = self._pending, {}
        for future, _ in pending.values():
            if not future.done():
                future.set_exception(EngineGone("the media worker is gone"))


def _hear_out(reply: "asyncio.Future[Reply]") -> None:
    """Take the failure of a reply that nobody waits for."""
    reply.exception()


async def start_worker(
    settings: EmbeddedSettings,
    on_event: Callable[[Event], None],
    feed: socket.socket | None = None,
) -> WorkerLink:
    """Start a worker and wait until it is ready. Raises `EngineGone`, `EngineBusy` (no port).

    It writes recordings to `feed`, which stays the caller's to close.
    """
    passed = () if feed is None else (feed.fileno(),)
    process, ours = await start_child(MODULE, passed)
    link = WorkerLink(process, ours, on_event)
    try:
        reply = await link.ask(Configure(settings), START_TIMEOUT_S)
        if isinstance(reply, Refused):
            raise EngineBusy(reply.detail)
    except (MediaError, asyncio.CancelledError):
        await link.stop()
        raise
    return link
