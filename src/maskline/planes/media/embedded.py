"""The embedded media engine: the seam's operations, carried out by a process of our own."""

import asyncio
from contextlib import suppress

import structlog

from maskline.planes.media.control import (
    Block,
    Close,
    Closed,
    Connect,
    Done,
    Event,
    Lost,
    Open,
    Opened,
    Pressed,
    Refused,
    Reply,
    Request,
    Resumed,
    SetFlow,
)
from maskline.planes.media.engine import (
    CALL_ID_MAX_CHARS,
    BadMedia,
    CallExists,
    ClosedMedia,
    DigitPressed,
    DigitRule,
    EngineBusy,
    EngineFailed,
    EngineGone,
    LocalMedia,
    MediaError,
    MediaEvent,
    MediaListener,
    MediaLost,
    MediaPeer,
    MediaResumed,
    NotSupportedYet,
    OpenedMedia,
    Prompt,
    RecordRule,
    Side,
    UnknownCall,
)
from maskline.planes.media.flow import Flow
from maskline.planes.media.settings import EmbeddedSettings
from maskline.planes.media.worker_link import WorkerLink, start_worker

FIRST_RESTART_DELAY_S = 0.1
"""Wait before a worker that died is replaced; it doubles with each that dies soon again."""

MAX_RESTART_DELAY_S = 10.0
"""The longest such wait."""

SETTLED_AFTER_S = 30.0
"""A worker that lived so long sets the wait back to the first."""

_log = structlog.stdlib.get_logger()


class EmbeddedEngine:
    """One media process and the calls on it; it is replaced when it dies, its calls are not."""

    def __init__(self, settings: EmbeddedSettings | None = None) -> None:
        self._settings = settings or EmbeddedSettings()
        self._listeners: dict[str, MediaListener] = {}
        self._opening: set[str] = set()
        self._link: WorkerLink | None = None
        self._keeper: asyncio.Task[None] | None = None

    @property
    def calls(self) -> int:
        """How many calls are open."""
        return len(self._listeners)

    @property
    def worker_pid(self) -> int | None:
        """The process id of the worker, None while there is none."""
        return self._link.pid if self._link is not None else None

    async def start(self) -> None:
        """Start the worker. Raises `EngineGone`, and `EngineBusy` when no port can be bound."""
        if self._keeper is not None:
            return
        self._link = await start_worker(self._settings, self._take_event)
        _log.info("media worker started", pid=self._link.pid)
        self._keeper = asyncio.create_task(self._keep(self._link), name="media worker keeper")

    async def aclose(self) -> None:
        """End the worker and with it every call, without events."""
        self._listeners.clear()
        keeper, self._keeper = self._keeper, None
        if keeper is not None:
            keeper.cancel()
            with suppress(asyncio.CancelledError):
                await keeper
        link, self._link = self._link, None
        if link is not None:
            await link.stop()

    async def open(self, call_id: str, listener: MediaListener) -> OpenedMedia:
        """See `MediaEngine.open`."""
        if not 0 < len(call_id) <= CALL_ID_MAX_CHARS:
            raise BadMedia("call id is empty or too long")
        link = self._running()
        if call_id in self._listeners or call_id in self._opening:
            raise CallExists(call_id)
        self._opening.add(call_id)
        try:
            reply = await self._ask(link, Open(call_id))
        except BaseException:
            # Whether the worker carried it out or not: nobody will close this call.
            link.tell(Close(call_id))
            raise
        finally:
            self._opening.discard(call_id)
        if not isinstance(reply, Opened):
            raise self._misunderstood(reply)
        self._listeners[call_id] = listener
        address = self._settings.announced_address
        return OpenedMedia(
            LocalMedia(address, reply.caller_port), LocalMedia(address, reply.callee_port)
        )

    async def connect(self, call_id: str, side: Side, peer: MediaPeer) -> None:
        """See `MediaEngine.connect`."""
        await self._do(call_id, Connect(call_id, side, peer))

    async def early(self, call_id: str) -> None:
        """See `MediaEngine.early`."""
        await self._do(call_id, SetFlow(call_id, Flow.EARLY))

    async def bridge(self, call_id: str) -> None:
        """See `MediaEngine.bridge`."""
        await self._do(call_id, SetFlow(call_id, Flow.BOTH))

    async def block(self, call_id: str, side: Side, blocked: bool) -> None:  # noqa: FBT001 - as the seam
        """See `MediaEngine.block`."""
        await self._do(call_id, Block(call_id, side, blocked))

    async def play(
        self,
        call_id: str,
        to: frozenset[Side],  # noqa: ARG002 - as the seam
        prompt: Prompt,  # noqa: ARG002 - as the seam
        times: int | None,  # noqa: ARG002 - as the seam
    ) -> str:
        """Raise `NotSupportedYet`."""
        raise self._unsupported(call_id)

    async def stop(self, call_id: str, play_id: str) -> None:  # noqa: ARG002 - as the seam
        """Raise `NotSupportedYet`."""
        raise self._unsupported(call_id)

    async def collect(self, call_id: str, side: Side, rule: DigitRule) -> None:  # noqa: ARG002 - as the seam
        """Raise `NotSupportedYet`."""
        raise self._unsupported(call_id)

    async def record(self, call_id: str, rule: RecordRule) -> None:  # noqa: ARG002 - as the seam
        """Raise `NotSupportedYet`."""
        raise self._unsupported(call_id)

    async def stop_record(self, call_id: str) -> None:
        """Raise `NotSupportedYet`."""
        raise self._unsupported(call_id)

    async def close(self, call_id: str) -> ClosedMedia:
        """See `MediaEngine.close`."""
        if self._listeners.pop(call_id, None) is None or self._link is None:
            return ClosedMedia()
        try:
            reply = await self._ask(self._link, Close(call_id))
        except MediaError:
            return ClosedMedia()
        return (
            ClosedMedia(reply.caller, reply.callee) if isinstance(reply, Closed) else ClosedMedia()
        )

    def _running(self) -> WorkerLink:
        if self._link is None or self._link.gone.is_set():
            raise EngineGone("no media worker is running")
        return self._link

    def _check_open(self, call_id: str) -> WorkerLink:
        link = self._running()
        if call_id not in self._listeners:
            raise UnknownCall(call_id)
        return link

    def _unsupported(self, call_id: str) -> NotSupportedYet:
        self._check_open(call_id)
        return NotSupportedYet("the embedded engine cannot do that yet")

    async def _do(self, call_id: str, request: Request) -> None:
        reply = await self._ask(self._check_open(call_id), request)
        if not isinstance(reply, Done):
            raise self._misunderstood(reply)

    async def _ask(self, link: WorkerLink, request: Request) -> Reply:
        reply = await link.ask(request)
        if isinstance(reply, Refused):
            raise _REFUSALS[reply.why](reply.detail)
        return reply

    def _misunderstood(self, reply: Reply) -> MediaError:
        return EngineGone(f"the media worker answered {type(reply).__name__}")

    # What the worker tells.

    def _take_event(self, event: Event) -> None:
        listener = self._listeners.get(event.call_id)
        if listener is not None:
            self._tell(listener, _to_media_event(event))

    def _tell(self, listener: MediaListener, event: MediaEvent) -> None:
        try:
            listener(event)
        except Exception:  # noqa: BLE001 - a listener is foreign code
            # The fault of one call's script must not reach the calls behind it in the queue.
            _log.exception("media listener failed", call_id=event.call_id)

    async def _keep(self, link: WorkerLink) -> None:
        """Wait until the worker is gone, fail its calls, start another, and so on."""
        delay = FIRST_RESTART_DELAY_S
        loop = asyncio.get_running_loop()
        while True:
            started_at = loop.time()
            await link.gone.wait()
            self._link = None
            self._fail_calls()
            status = await link.stop()
            if loop.time() - started_at >= SETTLED_AFTER_S:
                delay = FIRST_RESTART_DELAY_S
            _log.error("media worker gone", pid=link.pid, status=status, restart_in_s=delay)
            link, delay = await self._restart(delay)

    async def _restart(self, delay: float) -> tuple[WorkerLink, float]:
        while True:
            await asyncio.sleep(delay)
            delay = min(2 * delay, MAX_RESTART_DELAY_S)
            try:
                self._link = await start_worker(self._settings, self._take_event)
            except MediaError as error:
                _log.error("media worker did not start", error=str(error), restart_in_s=delay)
                continue
            _log.info("media worker started", pid=self._link.pid)
            return self._link, delay

    def _fail_calls(self) -> None:
        listeners, self._listeners = self._listeners, {}
        for call_id, listener in listeners.items():
            self._tell(listener, EngineFailed(call_id))


_REFUSALS: dict[str, type[MediaError]] = {
    Refused.BUSY: EngineBusy,
    Refused.UNKNOWN: UnknownCall,
    Refused.EXISTS: CallExists,
    Refused.BAD: BadMedia,
}


def _to_media_event(event: Event) -> MediaEvent:
    match event:
        case Pressed():
            return DigitPressed(event.call_id, event.side, event.digit, event.duration_ms)
        case Lost():
            return MediaLost(event.call_id, event.side)
        case Resumed():
            return MediaResumed(event.call_id, event.side)
