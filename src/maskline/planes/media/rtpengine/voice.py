"""What a call speaks and listens to: prompts to its parties, and their digits."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Protocol

from maskline.planes.media.call_digits import CallDigits
from maskline.planes.media.digits import KeySource, check_digit, check_rule
from maskline.planes.media.engine import (
    BadMedia,
    CannotPlay,
    DigitRule,
    MediaError,
    MediaEvent,
    PlayEnd,
    PlayEnded,
    Prompt,
    Side,
    Unable,
)
from maskline.planes.media.rtpengine.barrier import Barrier
from maskline.planes.media.rtpengine.client import Refused
from maskline.planes.media.rtpengine.negotiation import G711, TAGS
from maskline.planes.media.rtpengine.playing import Play, PlayBook
from maskline.planes.media.rtpengine.prompt_file import (
    MAX_BLOB_BYTES,
    SAMPLES_PER_S,
    PromptSounds,
    build_sound,
    duration_of,
    read_prompt,
)
from maskline.protocols.ng.bencode import Encodable

FOR_EVER = 1_000_000
"""How often rtpengine repeats what has no end; it knows no other way to say it."""

RELEASE_AFTER_S = 0.25
"""How long tones are still erased after the last digit was collected."""

RELEASE_EVENTS_AFTER_S = 0.12
"""How long telephone events are still dropped then: the end of a key press is sent three times
(RFC 4733 2.5.1.4), and reported at the first."""

END_MARGIN_S = 0.04
"""The last packet of a prompt is on its way so long after its time."""


class Commands(Protocol):
    """What the voice needs of its call."""

    call_id: str
    lock: asyncio.Lock
    barrier: Barrier
    sounds: PromptSounds

    async def command(self, name: str, **fields: Encodable) -> object:
        """Have a command on the call carried out."""
        ...

    async def settle(self) -> None:
        """Let the daemon block what the barrier blocks, and nothing else."""
        ...


class CallVoice:
    """The prompts and collections of one call."""

    __slots__ = ("_call", "_digits", "_loop", "_tasks", "_tell", "plays")

    def __init__(self, call: Commands, tell: Callable[[MediaEvent], None]) -> None:
        self._call = call
        self._tell = tell
        self.plays = PlayBook()
        self._loop = asyncio.get_running_loop()
        self._tasks: set[asyncio.Task[None]] = set()
        self._digits = CallDigits(
            call.call_id, tell, cut=self._cut_prompt, ended=self._release_digits
        )

    def close(self) -> None:
        """Forget everything, without events."""
        self._digits.close()
        self.plays.clear()
        for task in self._tasks:
            task.cancel()

    # Prompts.

    async def play(self, to: frozenset[Side], prompt: Prompt, times: int | None) -> str:
        """See `MediaEngine.play`."""
        if not to or (times is not None and times < 1):
            raise BadMedia("nobody to play to, or no times")
        call = self._call
        async with call.lock:
            for side in to:
                self._check_playable(side)
            duration = duration_of(prompt.path)
            play, replaced = self.plays.begin(to, prompt, times, self._loop.time())
            call.barrier.listening |= to
            try:
                await call.settle()
                for side in sorted(to, key=lambda side: side.value):
                    await self._start(side, play)
            except BaseException:
                await self._take_off(play)
                raise
            finally:
                for earlier in replaced:
                    self._tell_end(earlier, PlayEnd.STOPPED)
            if times is not None:
                wait = duration * times + END_MARGIN_S
                play.timer = self._loop.call_later(wait, self._spawn_end, play, PlayEnd.FINISHED)
        return play.play_id

    async def stop(self, play_id: str) -> None:
        """See `MediaEngine.stop`."""
        async with self._call.lock:
            play = self.plays.find(play_id)
            if play is not None:
                await self._end(play, PlayEnd.STOPPED)

    async def hold_or_resume(self, side: Side, *, received: bool, receives: bool) -> None:
        """A party on hold is sent no prompt; it hears the rest once it listens again.

        rtpengine cannot begin in the middle: it is given the rest as a sound of its own where that
        fits into a command, and else begins anew.
        """
        play = self.plays.heard_by(side)
        if play is None or received == receives:
            return
        if not receives:
            await self._call.command("stop media", from_tag=TAGS[side])
        else:
            await self._start(side, play, rest_of(play, self._loop.time()))

    def check_codec(self, side: Side, codec: str) -> None:
        """Raise `Unable` when what `side` hears or is listened for cannot be in that codec."""
        if codec not in G711 and (
            self.plays.heard_by(side) is not None or side in self._call.barrier.in_band
        ):
            raise Unable(f"neither a prompt nor digits in {codec}")

    def _check_playable(self, side: Side) -> None:
        peer = self._call.barrier.peers.get(side)
        if peer is None:
            raise BadMedia("a side that is not connected hears nothing")
        if peer.codec.name not in G711:
            raise Unable(f"no prompt can be played in {peer.codec.name}")

    async def _start(self, side: Side, play: Play, rest: bytes | None = None) -> None:
        if not self._call.barrier.peers[side].receives:
            return
        if rest is not None:
            await self._play_media(side, [{"blob": rest}])
            return
        times = FOR_EVER if play.times is None else play.times
        ways = await self._call.sounds.ways(play.prompt.path)
        await self._play_media(side, [{"repeat_times": times, **way} for way in ways])

    async def _play_media(self, side: Side, ways: list[dict[str, Encodable]]) -> None:
        failed: Refused | None = None
        for way in ways:
            try:
                await self._call.command("play media", from_tag=TAGS[side], **way)
            except Refused as error:
                failed = error
            else:
                return
        raise CannotPlay(str(failed)) from failed

    async def _end(self, play: Play, why: PlayEnd) -> None:
        await self._take_off(play)
        self._tell_end(play, why)

    async def _take_off(self, play: Play) -> None:
        sides = self.plays.end(play)
        self._call.barrier.listening -= sides
        try:
            for side in sides:
                await self._call.command("stop media", from_tag=TAGS[side])
            await self._call.settle()
        except MediaError:
            # The daemon is gone, or forgot the call: that is told as the call's end.
            return

    def _tell_end(self, play: Play, why: PlayEnd) -> None:
        self._digits.end_play(play.play_id)
        self._tell(PlayEnded(self._call.call_id, play.play_id, why))

    def _spawn_end(self, play: Play, why: PlayEnd) -> None:
        self.spawn(self._end_later(play, why))

    async def _end_later(self, play: Play, why: PlayEnd) -> None:
        async with self._call.lock:
            if play.listeners:
                await self._end(play, why)

    # Digits.

    async def collect(self, side: Side, rule: DigitRule) -> None:
        """See `MediaEngine.collect`."""
        check_rule(rule)
        barrier = self._call.barrier
        async with self._call.lock:
            peer = barrier.peers.get(side)
            wants_tones = peer is not None and peer.telephone_event is None
            if peer is not None and wants_tones and peer.codec.name not in G711:
                raise Unable(f"no digits are heard in {peer.codec.name}")
            (barrier.private.add if rule.is_private else barrier.private.discard)(side)
            (barrier.in_band.add if wants_tones else barrier.in_band.discard)(side)
            await self._call.settle()
            is_heard = rule.cuts is not None and self.plays.find(rule.cuts) is not None
            self._digits.begin(side, rule, is_prompt_heard=is_heard)

    def stop_collect(self, side: Side) -> None:
        """See `MediaEngine.stop_collect`."""
        self._digits.stop(side)

    def press(self, side: Side, digit: str, duration_ms: int, source: KeySource) -> None:
        """Take a key press. Raises `BadMedia` for what is no key."""
        check_digit(digit)
        self._digits.press(side, digit, duration_ms, source)

    def hear(self, side: Side, digit: str, duration_ms: int) -> None:
        """Take a key press that the daemon reported."""
        source = KeySource.TONE if side in self._call.barrier.in_band else KeySource.EVENT
        self._digits.press(side, digit, duration_ms, source)

    def _cut_prompt(self, play_id: str) -> None:
        play = self.plays.find(play_id)
        if play is not None:
            self._spawn_end(play, PlayEnd.CUT_BY_DIGIT)

    def _release_digits(self, side: Side) -> None:
        # What is left of the last key must not get out.
        is_tone = side in self._call.barrier.in_band
        delay = RELEASE_AFTER_S if is_tone else RELEASE_EVENTS_AFTER_S
        self.spawn(self._release_later(side, delay))

    async def _release_later(self, side: Side, delay: float) -> None:
        await asyncio.sleep(delay)
        async with self._call.lock:
            if self._digits.is_collecting(side):
                return
            self._call.barrier.private.discard(side)
            self._call.barrier.in_band.discard(side)
            with suppress(MediaError):
                await self._call.settle()

    def spawn(self, work: Coroutine[object, object, None]) -> None:
        """Do something later; it is dropped when the call is closed."""
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def rest_of(play: Play, now: float) -> bytes | None:
    """What is left of a play at `now`, as a file; None when that fits into no command."""
    if play.times is None:
        return None
    sound = read_prompt(play.prompt.path)
    heard = round((now - play.began_at) * SAMPLES_PER_S)
    left = len(sound) * play.times - heard
    if not 0 < left <= MAX_BLOB_BYTES:
        return None
    skip = heard % len(sound)
    repeats = (skip + left) // len(sound) + 1
    return build_sound((sound * repeats)[skip : skip + left])
