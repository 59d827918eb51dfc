"""The rtpengine engine: the seam's operations, carried out by daemons that we drive."""

import asyncio
import secrets

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
    RecordRule,
    Side,
    Unable,
    UnknownCall,
)
from maskline.planes.media.flow import Flow
from maskline.planes.media.rtpengine.call import RtpengineCall
from maskline.planes.media.rtpengine.instance import Health, Instance
from maskline.planes.media.rtpengine.listening import NoticeListener
from maskline.planes.media.rtpengine.negotiation import G711, SIDES
from maskline.planes.media.rtpengine.settings import RtpengineSettings
from maskline.planes.media.rtpengine.sums import read_sums
from maskline.protocols.ng.notice import KeyLogged

_log = structlog.stdlib.get_logger()


class RtpengineEngine:
    """Calls on one or more rtpengine daemons."""

    def __init__(self, settings: RtpengineSettings) -> None:
        self._settings = settings
        self._calls: dict[str, RtpengineCall] = {}
        self._keys: dict[str, RtpengineCall] = {}
        self._opening: set[str] = set()
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
        return Abilities(codecs, frozenset(G711), frozenset({Protection.NONE}))

    @property
    def calls(self) -> int:
        """How many calls are open."""
        return len(self._calls)

    @property
    def notice_ports(self) -> tuple[int, int]:
        """The UDP port of pressed keys and the TCP port of ended calls."""
        return self._notices.ports

    async def start(self) -> None:
        """See `MediaEngine.start`; one daemon that answers is enough."""
        if self._is_running:
            return
        settings = self._settings
        await self._notices.start(
            settings.listen_address, settings.dtmf_port, settings.teardown_port
        )
        try:
            answers = await asyncio.gather(*(instance.start() for instance in self._instances))
        except MediaError:
            await self.aclose()
            raise
        if not any(answers):
            await self.aclose()
            raise EngineGone("no rtpengine answers")
        self._is_running = True

    async def aclose(self) -> None:
        """See `MediaEngine.aclose`."""
        self._is_running = False
        calls = list(self._calls.values())
        self._calls.clear()
        self._keys.clear()
        self._listeners.clear()
        await asyncio.gather(*(call.delete() for call in calls))
        await self._notices.aclose()
        for instance in self._instances:
            await instance.aclose()

    async def open(self, call_id: str, listener: MediaListener) -> OpenedMedia:
        """See `MediaEngine.open`."""
        if not 0 < len(call_id) <= CALL_ID_MAX_CHARS:
            raise BadMedia("call id is empty or too long")
        instance = self._choose()
        if call_id in self._calls or call_id in self._opening:
            raise CallExists(call_id)
        if len(self._calls) + len(self._opening) >= self._settings.max_calls:
            raise EngineBusy("as many calls as the engine may hold")
        call = RtpengineCall(
            call_id, "ml" + secrets.token_hex(12), instance, self._tell, self._fail
        )
        self._opening.add(call_id)
        instance.calls += 1
        try:
            opened = await call.open()
        except BaseException:
            instance.calls -= 1
            await asyncio.shield(call.delete())
            raise
        finally:
            self._opening.discard(call_id)
        self._calls[call_id] = call
        self._keys[call.key] = call
        self._listeners[call_id] = listener
        return opened

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
        await self._call(call_id).voice.stop_collect(side)

    async def press(self, call_id: str, side: Side, digit: str, duration_ms: int) -> None:
        """See `MediaEngine.press`."""
        self._call(call_id).voice.press(side, digit, duration_ms, KeySource.SIGNALLING)

    async def record(self, call_id: str, rule: RecordRule) -> None:
        """See `MediaEngine.record`."""
        raise NotImplementedError

    async def stop_record(self, call_id: str) -> float:
        """See `MediaEngine.stop_record`."""
        raise NotImplementedError

    async def close(self, call_id: str) -> ClosedMedia:
        """See `MediaEngine.close`."""
        call = self._forget(call_id)
        if call is None:
            return ClosedMedia()
        return read_sums(await call.delete())

    def _choose(self) -> Instance:
        """The daemon with the fewest of our calls among the healthiest. Raises `EngineGone`."""
        if not self._is_running:
            raise EngineGone("the engine is not started")
        for health in (Health.UP, Health.DOUBTFUL):
            fit = [instance for instance in self._instances if instance.health is health]
            if fit:
                return min(fit, key=lambda instance: instance.calls)
        raise EngineGone("no rtpengine answers")

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

    def _fail(self, call: RtpengineCall) -> None:
        """End a call whose media is gone."""
        listener = self._listeners.get(call.call_id)
        if self._calls.get(call.call_id) is not call or listener is None:
            return
        self._forget(call.call_id)
        call.voice.close()
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
