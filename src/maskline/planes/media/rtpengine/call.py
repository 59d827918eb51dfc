"""One call on a daemon: what was asked of it, put into the commands of the control protocol."""

import asyncio
from collections.abc import Callable, Mapping

from maskline.planes.media.engine import (
    BadMedia,
    CannotPlay,
    EngineBusy,
    EngineGone,
    LocalMedia,
    MediaEvent,
    MediaPeer,
    OpenedMedia,
    PlayEnd,
    PlayEnded,
    Prompt,
    Protection,
    SdesKey,
    Side,
    Unable,
    UnknownCall,
)
from maskline.planes.media.flow import Flow
from maskline.planes.media.peer import check_peer
from maskline.planes.media.rtpengine.barrier import Barrier
from maskline.planes.media.rtpengine.client import Refused
from maskline.planes.media.rtpengine.description import protection_of, read_local
from maskline.planes.media.rtpengine.instance import Instance
from maskline.planes.media.rtpengine.negotiation import G711, TAGS, check_codecs, negotiate
from maskline.planes.media.rtpengine.playing import Play, PlayBook
from maskline.planes.media.rtpengine.prompt_file import duration_of
from maskline.protocols.ng.bencode import Encodable, Value
from maskline.protocols.ng.message import NgReply

FOR_EVER = 1_000_000
"""How often rtpengine repeats what has no end; it knows no other way to say it."""

END_MARGIN_S = 0.04
"""The last packet of a prompt is on its way so long after its time."""


class RtpengineCall:
    """Serves the verbs of one call, one at a time.

    `on_gone` is called when the daemon turns out not to know the call any more.
    """

    def __init__(
        self,
        call_id: str,
        key: str,
        instance: Instance,
        tell: Callable[[MediaEvent], None],
        on_gone: "Callable[[RtpengineCall], None]",
    ) -> None:
        self.call_id = call_id
        self.key = key
        self.instance = instance
        self.tell = tell
        self.barrier = Barrier()
        self.plays = PlayBook()
        self._on_gone = on_gone
        self._lock = asyncio.Lock()
        self._loop = asyncio.get_running_loop()
        self._protections = dict.fromkeys(Side, Protection.NONE)
        self._locals: dict[Side, LocalMedia] = {}
        self._closed_media: dict[Side, bool] = dict.fromkeys(Side, False)
        self._closed_digits: dict[Side, bool] = dict.fromkeys(Side, False)
        self._tasks: set[asyncio.Task[None]] = set()

    # Verbs.

    async def open(self) -> OpenedMedia:
        """Take ports. Raises `EngineBusy`, `EngineGone`."""
        async with self._lock:
            await self._negotiate({})
            await self._close_and_open()
        return OpenedMedia(self._locals[Side.CALLER], self._locals[Side.CALLEE])

    async def connect(self, side: Side, peer: MediaPeer) -> LocalMedia:
        """See `MediaEngine.connect`."""
        check_peer(peer)
        async with self._lock:
            known = self.barrier.peers
            check_codecs(known | {side: peer})
            if peer.codec.name not in G711 and self.plays.heard_by(side) is not None:
                raise Unable("a prompt is heard there, and cannot be in that codec")
            self._protections[side] = protection_of(peer.keying)
            before = known.get(side)
            if before is None or _is_other(before, peer):
                await self._negotiate(known | {side: peer})
            known[side] = peer
            await self._close_and_open()
            await self._hold_or_resume(side, before)
        return self._locals[side]

    async def set_flow(self, flow: Flow) -> None:
        """See `MediaEngine.early` and `bridge`."""
        async with self._lock:
            self.barrier.flow = flow
            await self._close_and_open()

    async def block(self, side: Side, blocked: bool) -> None:  # noqa: FBT001 - as the seam
        """See `MediaEngine.block`."""
        async with self._lock:
            if blocked:
                self.barrier.blocked.add(side)
            else:
                self.barrier.blocked.discard(side)
            await self._close_and_open()

    async def play(self, to: frozenset[Side], prompt: Prompt, times: int | None) -> str:
        """See `MediaEngine.play`."""
        if not to or (times is not None and times < 1):
            raise BadMedia("nobody to play to, or no times")
        async with self._lock:
            for side in to:
                self._check_playable(side)
            duration = duration_of(prompt.path)
            play, replaced = self.plays.begin(to, prompt, times, duration)
            self.barrier.listening |= to
            await self._close_and_open()
            try:
                for side in sorted(to, key=lambda side: side.value):
                    await self._start_play(side, play)
            except CannotPlay:
                await self._take_off(play)
                raise
            finally:
                for earlier in replaced:
                    self.tell(PlayEnded(self.call_id, earlier.play_id, PlayEnd.STOPPED))
            if times is not None:
                wait = duration * times + END_MARGIN_S
                play.timer = self._loop.call_later(wait, self._finish_play, play)
        return play.play_id

    async def stop(self, play_id: str, why: PlayEnd = PlayEnd.STOPPED) -> None:
        """See `MediaEngine.stop`."""
        async with self._lock:
            play = self.plays.find(play_id)
            if play is not None:
                await self._end_play(play, why)

    async def delete(self) -> Mapping[bytes, Value]:
        """Free the call on the daemon; what it had counted, empty when it does not say."""
        self.forget()
        try:
            reply = await self.instance.ask(
                "delete", {"call-id": self.key, "from-tag": TAGS[Side.CALLER]}
            )
        except (Refused, EngineGone, EngineBusy):
            return {}
        return reply.body

    def forget(self) -> None:
        """Cancel what is planned: no event of the call follows."""
        self.plays.clear()
        for task in self._tasks:
            task.cancel()

    # How they are done.

    async def command(self, name: str, **fields: Encodable) -> NgReply:
        """Have a command on this call carried out. Raises `UnknownCall`, `Refused`, and as `ask`.

        Underscores in names of fields stand for hyphens.
        """
        body = {name.replace("_", "-"): value for name, value in fields.items()}
        return await self._ask(name, {"call-id": self.key, **body})

    async def _ask(self, name: str, fields: Mapping[str, Encodable]) -> NgReply:
        try:
            return await self.instance.ask(name, fields)
        except Refused as error:
            raise self._translated(error) from error

    def _translated(self, error: Refused) -> Exception:
        reason = str(error).lower()
        if "unknown call-id" in reason:
            self._on_gone(self)
            return UnknownCall(self.call_id)
        if "out of ports" in reason or "no more" in reason or "limit" in reason:
            return EngineBusy(str(error))
        return error

    async def _negotiate(self, peers: Mapping[Side, MediaPeer]) -> None:
        negotiation = negotiate(self.key, peers, self._protections)
        offered = await self._ask("offer", negotiation.offer)
        answered = await self._ask("answer", negotiation.answer)
        self._take_local(Side.CALLEE, offered, peers)
        self._take_local(Side.CALLER, answered, peers)

    def _take_local(self, side: Side, reply: NgReply, peers: Mapping[Side, MediaPeer]) -> None:
        text = reply.body.get(b"sdp")
        keying = peers[side].keying if side in peers else None
        tag = keying.tag if isinstance(keying, SdesKey) else None
        self._locals[side] = read_local(text if isinstance(text, bytes) else b"", tag)

    async def _close_and_open(self) -> None:
        """Make the daemon's blocks those that the barrier asks for; closing comes first."""
        opening: list[tuple[str, Side]] = []
        for side in Side:
            for what, passes, closed in (
                ("media", self.barrier.passes_media(side), self._closed_media),
                ("DTMF", self.barrier.passes_digits(side), self._closed_digits),
            ):
                if passes != closed[side]:
                    continue
                if passes:
                    opening.append((what, side))
                else:
                    await self.command(f"block {what}", from_tag=TAGS[side])
                    closed[side] = True
        for what, side in opening:
            await self.command(f"unblock {what}", from_tag=TAGS[side])
            (self._closed_media if what == "media" else self._closed_digits)[side] = False

    def _check_playable(self, side: Side) -> None:
        peer = self.barrier.peers.get(side)
        if peer is None:
            raise BadMedia("a side that is not connected hears nothing")
        if peer.codec.name not in G711:
            raise Unable(f"no prompt can be played in {peer.codec.name}")

    async def _start_play(self, side: Side, play: Play) -> None:
        if not self.barrier.peers[side].receives:
            return
        times = FOR_EVER if play.times is None else play.times
        try:
            await self.command(
                "play media", from_tag=TAGS[side], file=play.prompt.path, repeat_times=times
            )
        except Refused as error:
            raise CannotPlay(str(error)) from error

    async def _hold_or_resume(self, side: Side, before: MediaPeer | None) -> None:
        """A party on hold is sent no prompt; one without an end goes on once it listens again."""
        play = self.plays.heard_by(side)
        if play is None or before is None:
            return
        receives = self.barrier.peers[side].receives
        if before.receives and not receives:
            await self.command("stop media", from_tag=TAGS[side])
        elif receives and not before.receives and play.times is None:
            await self._start_play(side, play)

    def _finish_play(self, play: Play) -> None:
        task = self._loop.create_task(self._finish(play))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _finish(self, play: Play) -> None:
        async with self._lock:
            if play.listeners:
                await self._end_play(play, PlayEnd.FINISHED)

    async def _end_play(self, play: Play, why: PlayEnd) -> None:
        try:
            await self._take_off(play)
        except (UnknownCall, EngineGone, EngineBusy, Refused):
            why = PlayEnd.FAILED
        self.tell(PlayEnded(self.call_id, play.play_id, why))

    async def _take_off(self, play: Play) -> None:
        sides = self.plays.end(play)
        self.barrier.listening -= sides
        for side in sides:
            await self.command("stop media", from_tag=TAGS[side])
        await self._close_and_open()


def _is_other(before: MediaPeer, after: MediaPeer) -> bool:
    """Whether the daemon must be told: directions are ours to keep, by blocking."""
    return before != after
