"""The embedded media engine: the seam's operations, carried out by a process of our own."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import count
from secrets import token_bytes

import structlog

from maskline.planes.media.control import (
    Block,
    Close,
    Closed,
    Connect,
    Done,
    EndPlay,
    Event,
    EventsDropped,
    Gather,
    Open,
    Opened,
    Play,
    Record,
    Recorded,
    Refused,
    Reply,
    Request,
    SetFlow,
    StopRecord,
)
from maskline.planes.media.digits import KeySource, check_digit, check_rule
from maskline.planes.media.embedded_call import EmbeddedCall
from maskline.planes.media.engine import (
    CALL_ID_MAX_CHARS,
    Abilities,
    BadMedia,
    CallExists,
    CannotPlay,
    CannotRecord,
    ClosedMedia,
    DigitRule,
    EngineBusy,
    EngineFailed,
    EngineGone,
    LocalMedia,
    MediaError,
    MediaListener,
    MediaPeer,
    OpenedMedia,
    PlayEnd,
    Prompt,
    Protection,
    RecordingBroke,
    RecordingDone,
    RecordingListener,
    RecordRule,
    SdesKey,
    Side,
    Unable,
    UnknownCall,
)
from maskline.planes.media.flow import Flow
from maskline.planes.media.gathering import Gathering
from maskline.planes.media.payload_rule import LAWS, RELAYED_CODECS, law_of
from maskline.planes.media.recorder_link import RecorderLink
from maskline.planes.media.settings import EmbeddedSettings
from maskline.planes.media.srtp import answering_key, offered_key
from maskline.planes.media.worker_link import WorkerLink, start_worker
from maskline.protocols.rtp.packet import CLOCK_RATE

FIRST_RESTART_DELAY_S = 0.1
"""Wait before a worker that died is replaced; it doubles with each that dies soon again."""

MAX_RESTART_DELAY_S = 10.0
"""The longest such wait."""

SETTLED_AFTER_S = 30.0
"""A worker that lived so long sets the wait back to the first."""

RESTART_PATIENCE_S = 3.0
"""How long a new call waits for a worker that is being replaced: most start in half a second."""

PROTECTIONS = frozenset({Protection.NONE, Protection.SDES})

_log = structlog.stdlib.get_logger()


class EmbeddedEngine:
    """One media process and the calls on it; it is replaced when it dies, its calls are not.

    Recordings are written by a process of their own; `on_recorded` hears of each that is finished.
    """

    def __init__(
        self,
        settings: EmbeddedSettings | None = None,
        on_recorded: RecordingListener | None = None,
    ) -> None:
        self._settings = settings or EmbeddedSettings()
        self._calls: dict[str, EmbeddedCall] = {}
        self._opening: set[str] = set()
        self._link: WorkerLink | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._news = asyncio.Event()
        self._recorder = RecorderLink(on_recorded or _note_recording, self._take_broken)
        self._play_numbers = count(1)
        self._recording_numbers = count(1)

    @property
    def abilities(self) -> Abilities:
        """See `MediaEngine.abilities`."""
        return Abilities(RELAYED_CODECS, frozenset(LAWS), PROTECTIONS)

    @property
    def calls(self) -> int:
        """How many calls are open."""
        return len(self._calls)

    @property
    def worker_pid(self) -> int | None:
        """The process id of the worker, None while there is none."""
        return self._link.pid if self._link is not None else None

    @property
    def recorder_pid(self) -> int | None:
        """The process id of the recorder, None while there is none."""
        return self._recorder.pid

    @property
    def is_up(self) -> bool:
        """See `MediaEngine.is_up`."""
        return self._link is not None and not self._link.gone.is_set()

    async def start(self, keepsakes: Collection[bytes] = ()) -> None:  # noqa: ARG002 - as the seam
        """Start both processes. Raises `EngineGone`, and `EngineBusy` when no port can be bound."""
        if self._keeper is not None:
            return
        await self._recorder.start()
        try:
            self._link = await self._start_worker()
        except BaseException:
            await self._recorder.stop()
            raise
        self._keeper = asyncio.create_task(self._keep(self._link), name="media worker keeper")

    def unfinished(self) -> Sequence[str]:
        """See the seam: what a recorder left is found in the spool."""
        return ()

    async def aclose(self) -> None:
        """End the worker and with it every call, without events; then finish the recordings."""
        self._forget_calls()
        keeper, self._keeper = self._keeper, None
        self._news.set()
        if keeper is not None:
            keeper.cancel()
            with suppress(asyncio.CancelledError):
                await keeper
        link, self._link = self._link, None
        if link is not None:
            await link.stop()
        await self._recorder.stop()

    def keepsake(self, call_id: str) -> bytes:  # noqa: ARG002 - as the seam
        """See the seam: nothing outlives us."""
        return b""

    async def adopt(
        self,
        call_id: str,  # noqa: ARG002 - as the seam
        keepsake: bytes,  # noqa: ARG002 - as the seam
        opened: OpenedMedia,  # noqa: ARG002 - as the seam
        peers: Mapping[Side, MediaPeer],  # noqa: ARG002 - as the seam
        listener: MediaListener,  # noqa: ARG002 - as the seam
    ) -> bool:
        """See the seam: nothing outlives us."""
        return False

    async def open(self, call_id: str, listener: MediaListener) -> OpenedMedia:
        """See `MediaEngine.open`; it waits `RESTART_PATIENCE_S` for a worker that died."""
        if not 0 < len(call_id) <= CALL_ID_MAX_CHARS:
            raise BadMedia("call id is empty or too long")
        link = self._link
        if link is None or link.gone.is_set():
            link = await self._restarted()
        if call_id in self._calls or call_id in self._opening:
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
        self._calls[call_id] = EmbeddedCall(
            call_id,
            listener,
            cut=lambda play_id: link.tell(EndPlay(call_id, play_id, PlayEnd.CUT_BY_DIGIT)),
            ended=lambda side: link.tell(Gather(call_id, side, Gathering.NO)),
        )
        call = self._calls[call_id]
        for side, port in zip(Side, (reply.caller_port, reply.callee_port), strict=True):
            call.local[side] = LocalMedia(self._settings.announced_address, port)
        return OpenedMedia(call.local[Side.CALLER], call.local[Side.CALLEE])

    async def secure(self, call_id: str, side: Side, protection: Protection) -> LocalMedia:
        """See `MediaEngine.secure`."""
        call = self._check_open(call_id)
        if protection not in self.abilities.protections:
            raise Unable(f"the embedded engine has no {protection}")
        if protection is Protection.NONE:
            call.keys.pop(side, None)
        elif side not in call.keys:
            call.keys[side] = offered_key(token_bytes)
        return replace(call.local[side], keying=call.keys.get(side))

    async def connect(self, call_id: str, side: Side, peer: MediaPeer) -> LocalMedia:
        """See `MediaEngine.connect`."""
        call = self._check_open(call_id)
        key = None
        if isinstance(peer.keying, SdesKey):
            key = call.keys[side] = answering_key(peer.keying, call.keys.get(side), token_bytes)
        await self._do(call_id, Connect(call_id, side, peer, key))
        call.peers[side] = peer
        return replace(call.local[side], keying=key)

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
        self, call_id: str, to: frozenset[Side], prompt: Prompt, times: int | None
    ) -> str:
        """See `MediaEngine.play`."""
        call = self._check_open(call_id)
        play_id = str(next(self._play_numbers))
        # Before it is asked for: a short prompt may have ended when the reply is read.
        call.playing.add(play_id)
        try:
            await self._do(call_id, Play(call_id, play_id, to, prompt.path, times))
        except MediaError:
            call.playing.discard(play_id)
            raise
        return play_id

    async def stop(self, call_id: str, play_id: str) -> None:
        """See `MediaEngine.stop`."""
        await self._do(call_id, EndPlay(call_id, play_id, PlayEnd.STOPPED))

    async def collect(self, call_id: str, side: Side, rule: DigitRule) -> None:
        """See `MediaEngine.collect`; `Unable` for a side whose audio we cannot hear digits in."""
        call = self._check_open(call_id)
        check_rule(rule)
        # First: an end of its own would otherwise let digits pass that the next is to keep.
        call.digits.stop(side)
        gathering = Gathering.PRIVATE if rule.is_private else Gathering.OPEN
        await self._do(call_id, Gather(call_id, side, gathering))
        self._check_open(call_id)
        call.digits.begin(side, rule, is_prompt_heard=rule.cuts in call.playing)

    async def stop_collect(self, call_id: str, side: Side) -> None:
        """See `MediaEngine.stop_collect`."""
        self._check_open(call_id).digits.stop(side)

    async def press(self, call_id: str, side: Side, digit: str, duration_ms: int) -> None:
        """See `MediaEngine.press`. Raises `BadMedia` for what is no key."""
        call = self._check_open(call_id)
        check_digit(digit)
        call.digits.press(side, digit, duration_ms, KeySource.SIGNALLING)

    async def record(self, call_id: str, rule: RecordRule) -> None:
        """See `MediaEngine.record`."""
        call = self._check_open(call_id)
        if call.recording is not None or rule.limit_s <= 0:
            raise BadMedia("the call is being recorded, or the limit is no time")
        if any(law_of(peer.codec) is None for peer in call.peers.values()):
            raise Unable("no recording can be made of this codec")
        number = call.recording = next(self._recording_numbers)
        try:
            # The recorder before the worker: it must know the number when sound comes.
            await self._recorder.open(number, rule)
            is_mixed = rule.channels == 1
            await self._do(call_id, Record(call_id, number, rule.limit_s, is_mixed))
            self._check_recording(call, number)
        except BaseException:
            if call.recording == number:
                call.recording = None
            self._recorder.finish(number)
            raise

    async def stop_record(self, call_id: str) -> float:
        """See `MediaEngine.stop_record`."""
        call = self._check_open(call_id)
        call.recording = None
        reply = await self._ask(self._running(), StopRecord(call_id))
        if not isinstance(reply, Recorded):
            raise self._misunderstood(reply)
        return reply.samples / CLOCK_RATE

    async def close(self, call_id: str) -> ClosedMedia:
        """See `MediaEngine.close`."""
        call = self._calls.pop(call_id, None)
        if call is None or self._link is None:
            return ClosedMedia()
        call.close()
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

    async def _restarted(self) -> WorkerLink:
        with suppress(TimeoutError):
            async with asyncio.timeout(RESTART_PATIENCE_S):
                while self._keeper is not None and (self._link is None or self._link.gone.is_set()):
                    self._news.clear()
                    await self._news.wait()
        return self._running()

    def _check_open(self, call_id: str) -> EmbeddedCall:
        self._running()
        call = self._calls.get(call_id)
        if call is None:
            raise UnknownCall(call_id)
        return call

    def _check_recording(self, call: EmbeddedCall, number: int) -> None:
        """Stop the worker where the recorder died before it had begun. Raises `CannotRecord`."""
        if call.recording != number and self._link is not None:
            self._link.tell(StopRecord(call.call_id))
            raise CannotRecord("the recorder died")

    async def _do(self, call_id: str, request: Request) -> None:
        self._check_open(call_id)
        reply = await self._ask(self._running(), request)
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
        if isinstance(event, EventsDropped):
            _log.error("media events lost: they were not read in time", count=event.count)
            return
        call = self._calls.get(event.call_id)
        if call is not None:
            call.take(event)

    def _take_broken(self, number: int) -> None:
        """The recorder cannot go on with a recording."""
        call = next((one for one in self._calls.values() if one.recording == number), None)
        if call is None:
            return
        call.recording = None
        if self._link is not None:
            self._link.tell(StopRecord(call.call_id))
        call.tell(RecordingBroke(call.call_id))

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
                self._link = await self._start_worker()
            except MediaError as error:
                _log.error("media worker did not start", error=str(error), restart_in_s=delay)
                continue
            self._news.set()
            return self._link, delay

    async def _start_worker(self) -> WorkerLink:
        with self._recorder.new_feed() as feed:
            link = await start_worker(self._settings, self._take_event, feed)
        _log.info("media worker started", pid=link.pid)
        return link

    def _fail_calls(self) -> None:
        # What was recorded ends with the worker's end of the feed.
        for call in self._forget_calls():
            call.tell(EngineFailed(call.call_id))

    def _forget_calls(self) -> list[EmbeddedCall]:
        calls, self._calls = list(self._calls.values()), {}
        for call in calls:
            call.close()
        return calls


def _note_recording(done: RecordingDone) -> None:
    """Stand in for the listener of an engine that is not to record."""
    _log.info("recording done", path=done.path, duration_s=done.duration_s)


_REFUSALS: dict[str, type[MediaError]] = {
    Refused.BUSY: EngineBusy,
    Refused.UNKNOWN: UnknownCall,
    Refused.EXISTS: CallExists,
    Refused.BAD: BadMedia,
    Refused.UNABLE: Unable,
    Refused.NO_SOUND: CannotPlay,
    Refused.NO_RECORDER: CannotRecord,
}
