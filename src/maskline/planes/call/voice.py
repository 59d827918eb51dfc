"""What the platform says in one call, and what it asks of the parties' keys."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import structlog

from maskline.domain.release import ReleaseCode
from maskline.planes.call.inbox import CallEvent, Inbox
from maskline.planes.call.keypress import KeyPress
from maskline.planes.call.over import CallOver
from maskline.planes.call.trace_word import tell_listeners
from maskline.planes.media.engine import (
    MEDIA_GONE,
    CollectEnd,
    DigitRule,
    DigitsCollected,
    MediaEngine,
    MediaError,
    PlayEnd,
    PlayEnded,
    Prompt,
    Side,
)
from maskline.services.prompt import PromptFile

GRACE_S = 2.0
"""How much later than computed an engine may tell that a prompt or a collection has ended."""

PRIVATE_LINGER_S = 0.5
"""Keys in signalling stay private for so long after collecting: phones that send a key in two ways
tell of the last one once more."""

BOTH = frozenset(Side)
TO_CALLER = frozenset({Side.CALLER})
TO_CALLEE = frozenset({Side.CALLEE})

Note = Callable[[str, str], None]
"""Adds a step to the call's trace: where, what."""

Hear = Callable[[CallEvent], Awaitable[None]]
"""What the story does with everything else that happens meanwhile; it ends the call by raising."""

log = structlog.get_logger("calls")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Digits to be asked of one party, `tries` times as long as it presses nothing.

    `rule.cuts` is filled in: the first digit ends the prompt.
    """

    side: Side
    prompt: PromptFile | None
    rule: DigitRule
    tries: int = 1


class CallVoice:
    """Prompts, tones and digits of one call.

    A prompt that cannot be heard is logged and told by the verb's result, never raised: what it
    means for the call is the story's to say.
    """

    __slots__ = ("_call_id", "_collecting", "_engine", "_inbox", "_note", "_private_until", "_tone")

    def __init__(self, engine: MediaEngine, call_id: str, inbox: Inbox, note: Note) -> None:
        self._engine = engine
        self._call_id = call_id
        self._inbox = inbox
        self._note = note
        self._tone: str | None = None
        # The sides whose keys are being collected, and whether these are kept from the other.
        self._collecting: dict[Side, bool] = {}
        self._private_until: dict[Side, float] = {}

    @property
    def has_tone(self) -> bool:
        """Whether the caller hears a waiting tone."""
        return self._tone is not None

    async def play_and_wait(
        self,
        to: frozenset[Side],
        prompt: PromptFile,
        hear: Hear,
        deadline: float | None = None,
    ) -> PlayEnd | None:
        """Play a prompt once and return why it ended; STOPPED when the deadline came first.

        None says that the media is gone, which the engine may tell only later. The parties do not
        hear each other meanwhile.
        """
        try:
            return await self._play_out(to, prompt, hear, deadline)
        except MediaError as error:
            self._note_failure("prompt not played", error)
            return None if isinstance(error, MEDIA_GONE) else PlayEnd.FAILED

    async def whisper(
        self, prompt: PromptFile, hear: Hear, deadline: float | None = None
    ) -> PlayEnd | None:
        """Tell the callee something before it is connected; the caller goes on waiting.

        To be used between `CallAudio.join` and `CallAudio.bridge`, after `keep_apart`.
        """
        return await self.play_and_wait(TO_CALLEE, prompt, hear, deadline)

    async def close_with(
        self,
        to: frozenset[Side],
        prompt: PromptFile | None,
        over: CallOver,
        hear: Hear,
        deadline: float | None = None,
    ) -> CallOver:
        """Play a last prompt, if there is one and until the deadline; the end to raise then."""
        if prompt is not None and to:
            await self.play_and_wait(to, prompt, hear, deadline)
        return over

    async def start_tone(self, prompt: PromptFile) -> bool:
        """Let the caller hear a prompt over and over; whether it can be heard."""
        self._tone = await self._play(TO_CALLER, prompt, None)
        return self.has_tone

    async def stop_tone(self) -> None:
        """End the waiting tone, if there is one."""
        if self._tone is not None:
            play_id, self._tone = self._tone, None
            await self._stop(play_id)

    def heed(self, event: CallEvent) -> None:
        """Notice a waiting tone that ended by itself."""
        if isinstance(event, PlayEnded) and event.play_id == self._tone:
            log.warning("waiting tone ended", session_id=self._call_id, why=event.why.value)
            self._tone = None

    async def ask(self, question: Question, hear: Hear) -> str | None:
        """The digits that were pressed, "" for the terminator alone; None when there were none.

        Raises CallOver (8008) when they cannot be collected.
        """
        for _ in range(question.tries):
            collected = await self._ask_once(question, hear)
            if collected is not None:
                return collected
        return None

    async def press(self, side: Side, key: KeyPress) -> bool:
        """Take a key press that came in signalling; whether it is kept from the other party."""
        is_private = self._collecting.get(side)
        if is_private is None:
            return self._inbox.now < self._private_until.get(side, 0.0)
        try:
            await self._engine.press(self._call_id, side, key.digit, key.duration_ms)
        except MediaError as error:
            self._note_failure("key press lost", error)
        return is_private

    async def _play_out(
        self, to: frozenset[Side], prompt: PromptFile, hear: Hear, deadline: float | None
    ) -> PlayEnd:
        """As `play_and_wait`. Raises MediaError."""
        play_id = await self._begin(to, prompt, 1)
        too_late = self._inbox.now + prompt.duration_ms / 1000 + GRACE_S
        until = too_late if deadline is None else min(deadline, too_late)
        while True:
            event = await self._inbox.next(until)
            if event is None:
                await self._engine.stop(self._call_id, play_id)
                return PlayEnd.FAILED if until == too_late else PlayEnd.STOPPED
            if isinstance(event, PlayEnded) and event.play_id == play_id:
                return event.why
            await hear(event)

    async def _ask_once(self, question: Question, hear: Hear) -> str | None:
        side, rule = question.side, question.rule
        play_id, heard_s = None, 0.0
        if question.prompt is not None:
            play_id = await self._play(frozenset({side}), question.prompt, 1)
            heard_s = question.prompt.duration_ms / 1000
        self._collecting[side] = rule.is_private
        try:
            await self._engine.collect(self._call_id, side, replace(rule, cuts=play_id))
            whom = tell_listeners(frozenset({side}))
            self._note("media", f"up to {rule.max_digits} digits asked of {whom}")
            longest_s = heard_s + rule.first_timeout_s + rule.max_digits * rule.next_timeout_s
            collected = await self._collected(side, self._inbox.now + longest_s + GRACE_S, hear)
        except MediaError as error:
            raise CallOver(ReleaseCode.COLLECTING_FAILED) from error
        finally:
            self._collecting.pop(side, None)
            if rule.is_private:
                self._private_until[side] = self._inbox.now + PRIVATE_LINGER_S
        return collected

    async def _collected(self, side: Side, too_late: float, hear: Hear) -> str | None:
        while True:
            event = await self._inbox.next(too_late)
            if event is None:
                raise CallOver(ReleaseCode.COLLECTING_FAILED)
            if isinstance(event, DigitsCollected) and event.side is side:
                is_nothing = not event.digits and event.why is not CollectEnd.TERMINATOR
                return None if is_nothing else event.digits
            await hear(event)

    async def _play(self, to: frozenset[Side], prompt: PromptFile, times: int | None) -> str | None:
        try:
            return await self._begin(to, prompt, times)
        except MediaError as error:
            self._note_failure("prompt not played", error)
            return None

    async def _begin(self, to: frozenset[Side], prompt: PromptFile, times: int | None) -> str:
        """Raises MediaError."""
        play_id = await self._engine.play(self._call_id, to, Prompt(str(prompt.path)), times)
        how = "again and again" if times is None else f"{prompt.duration_ms / 1000:.1f} s"
        self._note("media", f"prompt begins for {tell_listeners(to)}, {how}")
        return play_id

    async def _stop(self, play_id: str) -> None:
        try:
            await self._engine.stop(self._call_id, play_id)
        except MediaError as error:
            self._note_failure("prompt not stopped", error)

    def _note_failure(self, what: str, error: MediaError) -> None:
        self._note("media", f"{what}: {type(error).__name__}")
        log.warning(what, session_id=self._call_id, error=type(error).__name__)
