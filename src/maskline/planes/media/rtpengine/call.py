"""One call on a daemon: what was asked of it, put into the commands of the control protocol."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Protocol

from maskline.planes.media.engine import (
    BadMedia,
    DtlsIdentity,
    EngineBusy,
    EngineGone,
    Keying,
    LocalMedia,
    MediaError,
    MediaEvent,
    MediaPeer,
    OpenedMedia,
    Protection,
    RecordRule,
    SdesKey,
    Side,
    Unable,
    UnknownCall,
)
from maskline.planes.media.flow import Flow
from maskline.planes.media.peer import check_peer
from maskline.planes.media.rtpengine.barrier import Barrier, DigitMode
from maskline.planes.media.rtpengine.client import Refused
from maskline.planes.media.rtpengine.description import check_keying, protection_of, read_local
from maskline.planes.media.rtpengine.instance import Instance
from maskline.planes.media.rtpengine.keepsake import Keepsake
from maskline.planes.media.rtpengine.negotiation import (
    G711,
    TAGS,
    check_codecs,
    is_open_role,
    negotiate,
)
from maskline.planes.media.rtpengine.prompt_file import PromptSounds
from maskline.planes.media.rtpengine.recording import CallRecording
from maskline.planes.media.rtpengine.sums import received_packets
from maskline.planes.media.rtpengine.voice import CallVoice
from maskline.planes.media.rtpengine.watch import MediaWatch
from maskline.protocols.ng.bencode import Encodable, Value
from maskline.protocols.ng.message import NgReply

ERASE_DELAY_MS = 100
"""How long audio waits while tones in it are erased: they are known only after a while."""


class Recorder(Protocol):
    """What begins recordings and makes their files."""

    async def record(self, call: "RtpengineCall", rule: RecordRule) -> CallRecording:
        """Begin. Raises `Unable`, `CannotRecord`."""
        ...

    def finish(self, recording: CallRecording, now: float) -> float:
        """Have the file made; its length in seconds."""
        ...


class RtpengineCall:
    """Serves the verbs of one call, one at a time.

    `key` is its id on the daemon. `on_gone` is called when the daemon turns out not to know the
    call any more.
    """

    def __init__(
        self,
        *,
        call_id: str,
        key: str,
        instance: Instance,
        tell: Callable[[MediaEvent], None],
        on_gone: "Callable[[RtpengineCall], None]",
        watch: MediaWatch,
        sounds: PromptSounds,
    ) -> None:
        self.call_id = call_id
        self.key = key
        self.instance = instance
        self.lock = asyncio.Lock()
        self.barrier = Barrier()
        self.sounds = sounds
        self.voice = CallVoice(self, tell)
        self.watch = watch
        self._recording: CallRecording | None = None
        self._ended_length = 0.0
        self._limit: asyncio.TimerHandle | None = None
        self._loop = asyncio.get_running_loop()
        self._on_gone = on_gone
        self._protections: Mapping[Side, Protection] = dict.fromkeys(Side, Protection.NONE)
        self._offerer = Side.CALLER
        self._locals: dict[Side, LocalMedia] = {}
        # What the daemon does; a side is missing while a command about it was not answered.
        self._is_media_closed = dict.fromkeys(Side, False)
        self._digit_modes = dict.fromkeys(Side, DigitMode.PASSED)
        self._is_settled = True

    @property
    def local_ports(self) -> dict[Side, int]:
        """The port at which each party's media arrives."""
        return {side: local.port for side, local in self._locals.items()}

    async def open(self) -> OpenedMedia:
        """Take ports. Raises `EngineBusy`, `EngineGone`, `Refused`."""
        async with self.lock:
            await self._negotiate({})
            await self.settle()
        return OpenedMedia(self._locals[Side.CALLER], self._locals[Side.CALLEE])

    @property
    def keepsake(self) -> Keepsake:
        """By what a later run finds it again."""
        return Keepsake(
            key=self.key,
            instance=self.instance.name,
            protections=(self._protections[Side.CALLER], self._protections[Side.CALLEE]),
            is_offered_by_caller=self._offerer is Side.CALLER,
        )

    async def adopt(
        self, kept: Keepsake, opened: OpenedMedia, peers: Mapping[Side, MediaPeer]
    ) -> None:
        """Go on with a bridged call of an earlier run; what the daemon blocks is not known.

        Raises as commands do.
        """
        async with self.lock:
            self._protections = dict(zip(Side, kept.protections, strict=True))
            self._offerer = Side.CALLER if kept.is_offered_by_caller else Side.CALLEE
            self._locals = {Side.CALLER: opened.caller, Side.CALLEE: opened.callee}
            self._is_media_closed.clear()
            self._digit_modes.clear()
            self.barrier.peers.update(peers)
            self.barrier.flow = Flow.BOTH
            await self.settle()

    async def resume_record(
        self, recorder: Recorder, recording: CallRecording, left_s: float
    ) -> None:
        """Go on with a recording of an earlier run, which may get that much longer."""
        async with self.lock:
            self._recording = recording
            self._note_heard()
            self._limit = self._loop.call_later(max(0.0, left_s), self._spawn_stop, recorder)

    async def connect(self, side: Side, peer: MediaPeer) -> LocalMedia:
        """See `MediaEngine.connect`."""
        check_peer(peer)
        check_keying(peer.keying)
        async with self.lock:
            known = self.barrier.peers
            check_codecs(known | {side: peer})
            self.voice.check_codec(side, peer.codec.name)
            if self._recording is not None and peer.codec.name not in G711:
                raise Unable("only G.711 can be recorded")
            before = known.get(side)
            if before is None or _is_told(before) != _is_told(peer):
                protection = protection_of(peer.keying)
                await self._renegotiate(known | {side: peer}, {side: protection}, self._offerer)
            known[side] = peer
            await self.settle()
            if before is not None:
                await self.voice.hold_or_resume(
                    side, received=before.receives, receives=peer.receives
                )
        return self._locals[side]

    async def secure(self, side: Side, protection: Protection) -> LocalMedia:
        """See `MediaEngine.secure`. A side that has keys already keeps them.

        Raises `Unable` when both sides are to be offered a protection, and one DTLS: only the
        side that answers in rtpengine's eyes is offered any role in the handshake.
        """
        async with self.lock:
            if protection is self._protections[side] and protection is not Protection.DTLS:
                return self._locals[side]
            kinds = {protection, self._protections[side.other]}
            if side is self._offerer and Protection.NONE not in kinds and Protection.DTLS in kinds:
                raise Unable("the other side is offered a protection already")
            offerer = self._offerer if protection is Protection.NONE else side.other
            await self._renegotiate(self.barrier.peers, {side: protection}, offerer)
        return self._locals[side]

    async def set_flow(self, flow: Flow) -> None:
        """See `MediaEngine.early` and `bridge`."""
        async with self.lock:
            self.barrier.flow = flow
            await self.settle()

    async def block(self, side: Side, blocked: bool) -> None:  # noqa: FBT001 - as the seam
        """See `MediaEngine.block`."""
        async with self.lock:
            (self.barrier.blocked.add if blocked else self.barrier.blocked.discard)(side)
            await self.settle()

    async def record(self, recorder: Recorder, rule: RecordRule) -> None:
        """See `MediaEngine.record`."""
        async with self.lock:
            if self._recording is not None:
                raise BadMedia("it is recording")
            if any(peer.codec.name not in G711 for peer in self.barrier.peers.values()):
                raise Unable("only G.711 can be recorded")
            self._recording = await recorder.record(self, rule)
            self._ended_length = 0.0
            self._note_heard()
            self._limit = self._loop.call_later(rule.limit_s, self._spawn_stop, recorder)

    async def stop_record(self, recorder: Recorder) -> float:
        """See `MediaEngine.stop_record`; the length of one that ended at its limit, too."""
        async with self.lock:
            now = self._loop.time()
            if self._recording is not None:
                with suppress(MediaError):
                    await self.command("stop recording")
                self._ended_length = 0.0
                return self.finish_record(recorder, now)
            return self._ended_length

    def finish_record(self, recorder: Recorder, now: float) -> float:
        """Make the file of a recording that the daemon has ended; its length in seconds."""
        recording, self._recording = self._recording, None
        if self._limit is not None:
            self._limit.cancel()
            self._limit = None
        return 0.0 if recording is None else recorder.finish(recording, now)

    def _spawn_stop(self, recorder: Recorder) -> None:
        self.voice.spawn(self._stop_at_limit(recorder))

    async def _stop_at_limit(self, recorder: Recorder) -> None:
        self._ended_length = await self.stop_record(recorder)

    async def delete(self) -> Mapping[bytes, Value]:
        """Free the call on the daemon; what it had counted, empty when it does not say."""
        self.voice.close()
        try:
            reply = await self.instance.ask(
                "delete", {"call-id": self.key, "from-tag": TAGS[Side.CALLER]}
            )
        except (Refused, EngineGone, EngineBusy):
            return {}
        return reply.body

    async def query(self) -> Mapping[bytes, Value]:
        """What the daemon counts. Raises `UnknownCall`, `EngineGone`, `EngineBusy`."""
        return (await self._ask("query", {"call-id": self.key})).body

    def check_media(self, body: Mapping[bytes, Value], now: float) -> list[MediaEvent]:
        """Take what `query` said; what is to be told of who sends and who does not."""
        events: list[MediaEvent] = []
        for side in Side:
            peer = self.barrier.peers.get(side)
            is_due = self.barrier.flow is Flow.BOTH and peer is not None and peer.sends
            self.watch.expect(side, is_due, now)
            event = self.watch.count(side, received_packets(body, side)[0], now)
            if event is not None:
                events.append(event)
        return events

    async def command(self, name: str, **fields: Encodable) -> NgReply:
        """Have a command on this call carried out; underscores of field names are hyphens.

        Raises `UnknownCall`, `Refused`, `EngineGone`, `EngineBusy`.
        """
        body = {field.replace("_", "-"): value for field, value in fields.items()}
        return await self._ask(name, {"call-id": self.key, **body})

    async def settle(self) -> None:
        """Make the daemon's blocks those that the barrier asks for; closing comes first.

        What fails is done with the next change, or by `repair`.
        """
        self._is_settled = False
        opening: list[Side] = []
        for side in Side:
            if self.barrier.passes_media(side):
                opening.append(side)
            else:
                await self._close_media(side, is_closed=True)
            await self._set_digit_mode(side, self.barrier.digit_mode(side))
        for side in opening:
            await self._close_media(side, is_closed=False)
        self._is_settled = True
        self._note_heard()

    async def repair(self) -> None:
        """Do what `settle` could not."""
        if not self._is_settled and not self.lock.locked():
            async with self.lock:
                await self.settle()

    async def _close_media(self, side: Side, *, is_closed: bool) -> None:
        if self._is_media_closed.get(side) is is_closed:
            return
        # Without an answer nobody knows whether it was done.
        self._is_media_closed.pop(side, None)
        await self.command("block media" if is_closed else "unblock media", from_tag=TAGS[side])
        self._is_media_closed[side] = is_closed

    def _note_heard(self) -> None:
        if self._recording is not None:
            self._recording.note_peers(self.barrier.peers)
            self._recording.note_heard(self.barrier, self.voice.plays, self._loop.time())

    async def _set_digit_mode(self, side: Side, mode: DigitMode) -> None:
        before = self._digit_modes.pop(side, None)
        if mode is before:
            self._digit_modes[side] = mode
            return
        tag = TAGS[side]
        if before is not DigitMode.PASSED:
            await self.command("unblock DTMF", from_tag=tag, delay_buffer=0)
        if mode is DigitMode.DROPPED:
            await self.command("block DTMF", from_tag=tag)
        elif mode is not DigitMode.PASSED:
            is_erased = mode is DigitMode.ERASED
            await self.command(
                "block DTMF",
                from_tag=tag,
                DTMF_security="silence" if is_erased else "off",
                delay_buffer=ERASE_DELAY_MS if is_erased else 0,
                flags=["detect DTMF"],
            )
        self._digit_modes[side] = mode

    async def _ask(self, name: str, fields: Mapping[str, Encodable]) -> NgReply:
        try:
            return await self.instance.ask(name, fields)
        except Refused as error:
            reason = str(error).lower()
            if "unknown call-id" in reason:
                self._on_gone(self)
                raise UnknownCall(self.call_id) from error
            if "out of ports" in reason or "limit" in reason:
                raise EngineBusy(str(error)) from error
            raise

    async def _renegotiate(
        self,
        peers: Mapping[Side, MediaPeer],
        protections: Mapping[Side, Protection],
        offerer: Side,
    ) -> None:
        """Tell the daemon what is new; what it refuses leaves all as it was."""
        before = self._protections, self._offerer
        self._protections = {**self._protections, **protections}
        self._offerer = offerer
        try:
            await self._negotiate(peers)
        except MediaError as error:
            self._protections, self._offerer = before
            if isinstance(error, (Refused, BadMedia)):
                await self._negotiate(self.barrier.peers)
            raise

    async def _negotiate(self, peers: Mapping[Side, MediaPeer]) -> None:
        replies: dict[Side, NgReply] = {}
        for step in negotiate(self.key, peers, self._protections, self._offerer):
            replies[step.told] = await self._ask(step.command, step.fields)
        made = {side: self._read_local(side, reply, peers) for side, reply in replies.items()}
        self._locals.update(made)

    def _read_local(
        self, side: Side, reply: NgReply, peers: Mapping[Side, MediaPeer]
    ) -> LocalMedia:
        text = reply.body.get(b"sdp")
        keying = peers[side].keying if side in peers else None
        tag = keying.tag if isinstance(keying, SdesKey) else None
        local = read_local(text if isinstance(text, bytes) else b"", tag)
        if self._protections[side] is Protection.SDES and local.keying is None:
            raise BadMedia("rtpengine has no key that fits the party's")
        return _with_role(local, keying)


def _is_told(peer: MediaPeer) -> MediaPeer:
    """What of a far end the daemon is told: directions are ours to keep, by blocking."""
    return replace(peer, sends=True, receives=True)


def _with_role(local: LocalMedia, theirs: Keying | None) -> LocalMedia:
    """The answer to a party that left its role in the handshake open says ours."""
    ours = local.keying
    if not isinstance(theirs, DtlsIdentity) or not isinstance(ours, DtlsIdentity):
        return local
    if not (is_open_role(theirs) and is_open_role(ours)):
        return local
    passive = DtlsIdentity(ours.algorithm, ours.fingerprint, "passive")
    return LocalMedia(local.address, local.port, passive)
