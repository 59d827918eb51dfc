"""The rtpengine engine: the seam's operations, carried out by daemons that we drive."""

import asyncio
import secrets
from collections.abc import Collection, Coroutine, Mapping, Sequence
from contextlib import suppress
from hashlib import blake2b

import msgspec
import structlog

from maskline.planes.media.digits import KeySource
from maskline.planes.media.engine import (
    CALL_ID_MAX_CHARS,
    Abilities,
    BadMedia,
    CallExists,
    ClosedMedia,
    DigitRule,
    EngineBusy,
    EngineFailed,
    EngineGone,
    LocalMedia,
    MediaError,
    MediaEvent,
    MediaListener,
    MediaPeer,
    OpenedMedia,
    Prompt,
    Protection,
    RecordingDone,
    RecordingListener,
    RecordRule,
    Side,
    Unable,
    UnknownCall,
)
from maskline.planes.media.flow import Flow
from maskline.planes.media.rtpengine.archive import Archive
from maskline.planes.media.rtpengine.call import RtpengineCall
from maskline.planes.media.rtpengine.instance import Health, Instance
from maskline.planes.media.rtpengine.keepsake import read_keepsake
from maskline.planes.media.rtpengine.listening import NoticeListener
from maskline.planes.media.rtpengine.negotiation import G711, SIDES
from maskline.planes.media.rtpengine.prompt_file import PromptSounds
from maskline.planes.media.rtpengine.settings import RtpengineSettings
from maskline.planes.media.rtpengine.sums import read_sums
from maskline.planes.media.rtpengine.watch import MediaWatch
from maskline.protocols.ng.bencode import Value
from maskline.protocols.ng.notice import KeyLogged

KEY_PREFIX = "ml"
"""What our calls' ids on the daemons begin with, before a mark of the worker."""

SOUNDS = "prompts"
"""Folder in the recording directory for voice files as the daemons play them."""

MAX_ASKED_AT_ONCE = 50
"""Calls of an earlier run that daemons are asked for at the same time."""

MAX_CHOICES = 2
"""Daemons that are tried for one call; one that says nothing costs it a second."""

_NOTE_KEY_BYTES = 32

_log = structlog.stdlib.get_logger()


class RtpengineEngine:
    """Calls on one or more rtpengine daemons."""

    def __init__(
        self,
        settings: RtpengineSettings,
        on_recorded: RecordingListener | None = None,
        note_key: bytes | None = None,
    ) -> None:
        """Begin with `start`; `on_recorded` hears of each recording that is finished.

        `note_key` (32 bytes) seals what a later run needs to finish the recordings of this one,
        which has to have the same; None: it cannot.
        """
        self._settings = settings
        mark = blake2b(settings.owner.encode(), digest_size=4).hexdigest()
        self._prefix = f"{KEY_PREFIX}{mark}-"
        self._archive = Archive(
            settings.recording_dir,
            note_key or secrets.token_bytes(_NOTE_KEY_BYTES),
            on_recorded or _ignore,
        )
        folder = settings.recording_dir
        self._sounds = PromptSounds(None if folder is None else folder / SOUNDS)
        self._watcher: asyncio.Task[None] | None = None
        self._checks: set[asyncio.Task[None]] = set()
        self._calls: dict[str, RtpengineCall] = {}
        self._keys: dict[str, RtpengineCall] = {}
        self._opening: set[str] = set()
        # Calls of an earlier run that live and were not adopted yet, by key.
        self._left: dict[str, Instance] = {}
        self._listeners: dict[str, MediaListener] = {}
        self._instances = [
            Instance(address, settings.ping_interval_s, self._lose, self._check_calls)
            for address in settings.addresses
        ]
        self._notices = NoticeListener(self._take_key, self._take_teardown)
        self._is_running = False

    @property
    def abilities(self) -> Abilities:
        """See `MediaEngine.abilities`."""
        codecs = (*G711, *self._settings.codecs)
        records = self._settings.recording_dir is not None
        return Abilities(codecs, frozenset(G711), frozenset(Protection), records=records)

    @property
    def calls(self) -> int:
        """How many calls are open."""
        return len(self._calls)

    @property
    def instances(self) -> tuple[Instance, ...]:
        """The daemons, in the order of the settings."""
        return tuple(self._instances)

    @property
    def is_up(self) -> bool:
        """See `MediaEngine.is_up`: one daemon that answers is enough."""
        return self._is_running and any(
            instance.health is not Health.DOWN for instance in self._instances
        )

    @property
    def notice_ports(self) -> tuple[int, int]:
        """The UDP port of pressed keys and the TCP port of ended calls."""
        return self._notices.ports

    async def start(self, keepsakes: Collection[bytes] = ()) -> None:
        """See `MediaEngine.start`; one daemon that answers is enough."""
        if self._is_running:
            return
        settings = self._settings
        await self._notices.start(
            settings.listen_address, settings.dtmf_port, settings.teardown_port
        )
        try:
            answers = await asyncio.gather(*(instance.start() for instance in self._instances))
            self._archive.take()
            self._sounds.empty()
        except (MediaError, OSError) as error:
            await self.aclose()
            if isinstance(error, MediaError):
                raise
            raise EngineGone(f"the recording directory cannot be used: {error}") from error
        if not any(answers):
            await self.aclose()
            raise EngineGone("no rtpengine answers")
        await self._find_left(keepsakes)
        await asyncio.gather(*(self._end_strays(instance) for instance in self._instances))
        await self._archive.recover(self._prefix, self._left)
        self._is_running = True
        self._watcher = asyncio.create_task(self._watch(), name="rtpengine media watch")

    def unfinished(self) -> Sequence[str]:
        """See `MediaEngine.unfinished`: captures that are not converted yet."""
        return self._archive.unfinished()

    async def aclose(self) -> None:
        """See `MediaEngine.aclose`."""
        self._is_running = False
        watcher, self._watcher = self._watcher, None
        for task in (*self._checks, *([watcher] if watcher is not None else [])):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        calls = list(self._calls.values())
        self._calls.clear()
        self._keys.clear()
        self._listeners.clear()
        await asyncio.gather(*(self._end(call) for call in calls))
        await self._archive.aclose()
        await self._notices.aclose()
        for instance in self._instances:
            await instance.aclose()

    async def open(self, call_id: str, listener: MediaListener) -> OpenedMedia:
        """See `MediaEngine.open`."""
        if not 0 < len(call_id) <= CALL_ID_MAX_CHARS:
            raise BadMedia("call id is empty or too long")
        instances = self._choose()
        if call_id in self._calls or call_id in self._opening:
            raise CallExists(call_id)
        if len(self._calls) + len(self._opening) >= self._settings.max_calls:
            raise EngineBusy("as many calls as the engine may hold")
        self._opening.add(call_id)
        try:
            return await self._open_on(instances, call_id, listener)
        finally:
            self._opening.discard(call_id)

    async def _open_on(
        self, instances: list[Instance], call_id: str, listener: MediaListener
    ) -> OpenedMedia:
        """Open a call on the first of these daemons that can."""
        failed: MediaError = EngineGone("no rtpengine answers")
        for instance in instances[:MAX_CHOICES]:
            call = self._new_call(call_id, instance)
            self._keys[call.key] = call
            instance.calls += 1
            try:
                opened = await call.open()
            except BaseException as error:
                instance.calls -= 1
                self._keys.pop(call.key, None)
                # Only in case it was opened after all: nobody waits for that.
                self._spawn(self._delete(call))
                if not isinstance(error, (EngineGone, EngineBusy)):
                    raise
                failed = error
            else:
                self._calls[call_id] = call
                self._listeners[call_id] = listener
                return opened
        raise failed

    @staticmethod
    async def _delete(call: RtpengineCall) -> None:
        await call.delete()

    def _spawn(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(work)
        self._checks.add(task)
        task.add_done_callback(self._checks.discard)

    def _new_call(self, call_id: str, instance: Instance, key: str | None = None) -> RtpengineCall:
        settings = self._settings
        return RtpengineCall(
            call_id=call_id,
            key=key or self._prefix + secrets.token_hex(12),
            instance=instance,
            tell=self._tell,
            on_gone=self._fail,
            watch=MediaWatch(call_id, settings.loss_after_s, settings.start_after_s),
            sounds=self._sounds,
        )

    async def _find_left(self, keepsakes: Collection[bytes]) -> None:
        """Learn which calls of an earlier run still live on their daemons."""
        by_name = {instance.name: instance for instance in self._instances}
        room = asyncio.Semaphore(MAX_ASKED_AT_ONCE)

        async def find(packed: bytes) -> None:
            kept = read_keepsake(packed)
            instance = None if kept is None else by_name.get(kept.instance)
            if kept is None or instance is None:
                return
            async with room:
                with suppress(MediaError):
                    await instance.ask("query", {"call-id": kept.key})
                    self._left[kept.key] = instance

        await asyncio.gather(*map(find, keepsakes))

    def keepsake(self, call_id: str) -> bytes:
        """See `MediaEngine.keepsake`."""
        return msgspec.msgpack.encode(self._call(call_id).keepsake)

    async def adopt(
        self,
        call_id: str,
        keepsake: bytes,
        opened: OpenedMedia,
        peers: Mapping[Side, MediaPeer],
        listener: MediaListener,
    ) -> bool:
        """See `MediaEngine.adopt`."""
        kept = read_keepsake(keepsake)
        instance = None if kept is None else self._left.get(kept.key)
        if kept is None or instance is None or call_id in self._calls:
            return False
        call = self._new_call(call_id, instance, kept.key)
        try:
            await call.adopt(kept, opened, peers)
            recording = self._archive.resume(kept.key)
            if recording is not None:
                await call.resume_record(self._archive, recording, recording.left_s)
        except MediaError:
            self._archive.give_up(kept.key)
            self._spawn(self._delete(call))
            return False
        finally:
            del self._left[kept.key]
        instance.calls += 1
        self._keys[call.key] = self._calls[call_id] = call
        self._listeners[call_id] = listener
        return True

    async def secure(self, call_id: str, side: Side, protection: Protection) -> LocalMedia:
        """See `MediaEngine.secure`."""
        call = self._call(call_id)
        if protection not in self.abilities.protections:
            raise Unable(f"no {protection.value} on this engine")
        return await call.secure(side, protection)

    async def connect(self, call_id: str, side: Side, peer: MediaPeer) -> LocalMedia:
        """See `MediaEngine.connect`."""
        call = self._call(call_id)
        if peer.codec.name not in self.abilities.codecs:
            raise Unable(f"no {peer.codec.name} on this engine")
        return await call.connect(side, peer)

    async def early(self, call_id: str) -> None:
        """See `MediaEngine.early`."""
        await self._call(call_id).set_flow(Flow.EARLY)

    async def bridge(self, call_id: str) -> None:
        """See `MediaEngine.bridge`."""
        await self._call(call_id).set_flow(Flow.BOTH)

    async def block(self, call_id: str, side: Side, blocked: bool) -> None:  # noqa: FBT001 - as the seam
        """See `MediaEngine.block`."""
        await self._call(call_id).block(side, blocked)

    async def play(
        self, call_id: str, to: frozenset[Side], prompt: Prompt, times: int | None
    ) -> str:
        """See `MediaEngine.play`."""
        return await self._call(call_id).voice.play(to, prompt, times)

    async def stop(self, call_id: str, play_id: str) -> None:
        """See `MediaEngine.stop`."""
        await self._call(call_id).voice.stop(play_id)

    async def collect(self, call_id: str, side: Side, rule: DigitRule) -> None:
        """See `MediaEngine.collect`."""
        await self._call(call_id).voice.collect(side, rule)

    async def stop_collect(self, call_id: str, side: Side) -> None:
        """See `MediaEngine.stop_collect`."""
        self._call(call_id).voice.stop_collect(side)

    async def press(self, call_id: str, side: Side, digit: str, duration_ms: int) -> None:
        """See `MediaEngine.press`."""
        self._call(call_id).voice.press(side, digit, duration_ms, KeySource.SIGNALLING)

    async def record(self, call_id: str, rule: RecordRule) -> None:
        """See `MediaEngine.record`. The recording holds prompts as far as we know of them."""
        await self._call(call_id).record(self._archive, rule)

    async def stop_record(self, call_id: str) -> float:
        """See `MediaEngine.stop_record`."""
        return await self._call(call_id).stop_record(self._archive)

    async def close(self, call_id: str) -> ClosedMedia:
        """See `MediaEngine.close`."""
        call = self._forget(call_id)
        if call is None:
            return ClosedMedia()
        return read_sums(await self._end(call))

    async def _end(self, call: RtpengineCall) -> Mapping[bytes, Value]:
        await call.stop_record(self._archive)
        self._archive.forget(call.key)
        return await call.delete()

    def _choose(self) -> list[Instance]:
        """The daemons for a new call: healthy ones first, each kind by how few calls it has.

        Raises `EngineGone`.
        """
        if not self._is_running:
            raise EngineGone("the engine is not started")
        fit = [one for one in self._instances if one.health is not Health.DOWN]
        if not fit:
            raise EngineGone("no rtpengine answers")
        return sorted(fit, key=lambda one: (one.health is not Health.UP, one.calls))

    def _call(self, call_id: str) -> RtpengineCall:
        if not self._is_running:
            raise EngineGone("the engine is not started")
        call = self._calls.get(call_id)
        if call is None:
            raise UnknownCall(call_id)
        return call

    def _forget(self, call_id: str) -> RtpengineCall | None:
        call = self._calls.pop(call_id, None)
        if call is not None:
            del self._keys[call.key]
            del self._listeners[call_id]
            call.instance.calls -= 1
        return call

    # What the daemons tell.

    def _take_key(self, key: KeyLogged) -> None:
        call, side = self._keys.get(key.call_id), SIDES.get(key.tag)
        if call is not None and side is not None:
            call.voice.hear(side, key.digit, key.duration_ms)

    def _take_teardown(self, key: str) -> None:
        call = self._keys.get(key)
        if call is not None:
            self._fail(call)

    def _lose(self, instance: Instance) -> None:
        if self._settings.survives_restart:
            return
        lost = [call for call in self._calls.values() if call.instance is instance]
        _log.error("rtpengine gone", instance=instance.name, calls=len(lost))
        for call in lost:
            self._fail(call)

    def _check_calls(self, instance: Instance) -> None:
        """It was away and is back, perhaps as another process: which calls does it still have."""
        if self._is_running:
            self._spawn(self._compare(instance))

    async def _compare(self, instance: Instance) -> None:
        await self._query([call for call in self._calls.values() if call.instance is instance])
        await self._end_strays(instance)

    async def _end_strays(self, instance: Instance) -> None:
        """End calls of ours that we know no more: their parties would talk on, unseen."""
        with suppress(MediaError):
            listed = await instance.list_calls(self._prefix)
            strays = [key for key in listed if key not in self._keys and key not in self._left]
            for key in strays:
                await instance.abandon(key)
            if strays:
                _log.warning("calls without an owner ended", instance=instance.name, n=len(strays))

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(self._settings.watch_interval_s)
            await self._query(list(self._calls.values()))

    async def _query(self, calls: list[RtpengineCall]) -> None:
        """Ask for each call; one that its daemon does not know any more fails by that."""
        for call in calls:
            if call.instance.health is not Health.UP or self._keys.get(call.key) is not call:
                continue
            try:
                body = await call.query()
                await call.repair()
            except MediaError:
                continue
            if self._keys.get(call.key) is call:
                for event in call.check_media(body, asyncio.get_running_loop().time()):
                    self._tell(event)

    def _fail(self, call: RtpengineCall) -> None:
        """End a call whose media is gone."""
        listener = self._listeners.get(call.call_id)
        if self._calls.get(call.call_id) is not call or listener is None:
            return
        self._forget(call.call_id)
        call.voice.close()
        call.finish_record(self._archive, asyncio.get_running_loop().time())
        self._archive.forget(call.key)
        self._deliver(listener, EngineFailed(call.call_id))

    def _tell(self, event: MediaEvent) -> None:
        listener = self._listeners.get(event.call_id or "")
        if listener is not None:
            self._deliver(listener, event)

    def _deliver(self, listener: MediaListener, event: MediaEvent) -> None:
        try:
            listener(event)
        except Exception:  # noqa: BLE001 - a listener is foreign code
            _log.exception("media listener failed", call_id=event.call_id)


def _ignore(done: RecordingDone) -> None:
    """Listen to recordings without interest."""
