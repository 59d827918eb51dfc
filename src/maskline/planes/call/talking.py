"""From the callee's answer to the end: the notice, the recording, the talk, the last minute."""

from dataclasses import dataclass
from typing import NoReturn

import structlog

from maskline.domain.release import HungUpBy, ReleaseCode
from maskline.planes.call.inbox import CallEvent
from maskline.planes.call.interruption import check_media, heed_platform
from maskline.planes.call.keypress import read_keypress
from maskline.planes.call.live_call import LiveCall
from maskline.planes.call.over import CallOver
from maskline.planes.call.recorder import CannotRecord, MediaGone
from maskline.planes.call.voice import BOTH, Hear
from maskline.planes.media.engine import PlayEnd, Side
from maskline.protocols.sip.event import (
    AckMissed,
    Acknowledged,
    Answered,
    CancelReceived,
    EndReceived,
    InfoReceived,
    OfferAnswered,
    OfferReceived,
    OfferWithdrawn,
    SessionExpired,
    SessionTimedOut,
    TransportFailed,
)
from maskline.protocols.sip.session_state import SessionState
from maskline.services.prompt import PromptFile

SECONDS_A_MINUTE = 60.0

_NETWORK_OF = {
    Side.CALLER: ReleaseCode.CALLER_NETWORK,
    Side.CALLEE: ReleaseCode.CALLEE_NETWORK,
}
_HUNG_UP_BY = {Side.CALLER: HungUpBy.CALLER, Side.CALLEE: HungUpBy.CALLEE}

log = structlog.get_logger("calls")


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkRule:
    """How two parties are connected and for how long; `max_duration_min` 0 is no limit.

    `whisper` is heard by the callee while the caller still waits, `hint` by both before the
    recording begins, `last_minute` a minute before the end.
    """

    max_duration_min: int = 0
    is_recorded: bool = False
    whisper: PromptFile | None = None
    hint: PromptFile | None = None
    last_minute: PromptFile | None = None

    @property
    def begins_at_once(self) -> bool:
        """Whether nothing is to be heard or recorded before they talk."""
        return self.whisper is None and self.hint is None and not self.is_recorded


async def talk(live: LiveCall, answered: Answered, rule: TalkRule) -> NoReturn:
    """Connect the parties and let them talk until one of them, the clock or the platform ends it.

    The time allowed counts from the callee's answer, whatever is played first.
    """
    ends_at = None
    if rule.max_duration_min:
        ends_at = live.ends_at = live.deadline(rule.max_duration_min * SECONDS_A_MINUTE)
        live.last_minute = rule.last_minute
    await _connect(live, answered, rule, ends_at)
    await talk_on(live)


async def talk_on(live: LiveCall) -> NoReturn:
    """Let connected parties talk, with a word a minute before the end."""
    ends_at = live.ends_at
    if ends_at is not None and live.last_minute is not None:
        await _listen(live, ends_at - SECONDS_A_MINUTE)
        await _warn(live, live.last_minute, ends_at)
    await _listen(live, ends_at)
    raise CallOver(ReleaseCode.MAX_DURATION)


async def while_talking(live: LiveCall, event: CallEvent) -> None:
    """What can happen in an answered call."""
    side = live.side_of(event)
    if side is None:
        heed_platform(live, event)
        check_media(live)
        return
    match event:
        case EndReceived() | CancelReceived():
            raise CallOver(ReleaseCode.NORMAL, hung_up_by=_HUNG_UP_BY[side])
        case OfferReceived(body=body):
            live.reply_to_offer(event, await live.audio.take_offer(side, body))
            live.keep()
        case OfferWithdrawn():
            await live.audio.take_back(side)
            live.keep()
        case Acknowledged(body=body) | OfferAnswered(body=body) if body:
            await live.audio.take_answer(side, body)
            live.keep()
        case Acknowledged() if side not in live.audio.connected:
            # An ACK without the answer to our offer: nobody could be heard.
            raise CallOver(_NETWORK_OF[side])
        case InfoReceived(content_type=content_type, body=body):
            key = read_keypress(content_type, body)
            if key is not None and not await live.voice.press(side, key):
                live.pass_keypress(side, key)
        case SessionExpired() | SessionTimedOut() | AckMissed() | TransportFailed():
            raise CallOver(_NETWORK_OF[side])
        case _:
            pass


async def _listen(live: LiveCall, until: float | None) -> None:
    """Follow the talk until a moment, or for ever."""
    while (event := await live.inbox.next(until)) is not None:
        await while_talking(live, event)


async def _connect(
    live: LiveCall, answered: Answered, rule: TalkRule, ends_at: float | None
) -> None:
    """Bridge, and tell the caller once the answer is on disk.

    A call that is cut off goes on after a restart when nothing is left to be done before the talk.
    """
    answered_at = live.services.clock.now()
    try:
        body = await live.audio.join(answered.body)
    except BaseException:
        live.tell_answered(answered_at, None)
        raise
    live.may_go_on = rule.begins_at_once
    kept = live.tell_answered(answered_at, body if rule.whisper is None else None)
    if rule.whisper is not None:
        await live.audio.keep_apart()
        await _whisper(live, rule.whisper, ends_at)
    if rule.hint is not None:
        # Nobody is heard, and nothing recorded, before both were told.
        await live.audio.keep_apart()
        await kept
        await live.voice.stop_tone()
        live.answer_caller(body)
        await _give_notice(live, rule.hint, ends_at)
        await live.audio.bridge()
        live.go_on()
        return
    await live.voice.stop_tone()
    if rule.is_recorded:
        await _record(live)
    await live.audio.bridge()
    await kept
    live.answer_caller(body)
    live.go_on()


async def _whisper(live: LiveCall, whisper: PromptFile, ends_at: float | None) -> None:
    """Tell the callee alone; what cannot be heard matters less than the talk."""
    end = await live.voice.whisper(whisper, _hear(live), ends_at)
    if end is PlayEnd.STOPPED:
        raise CallOver(ReleaseCode.MAX_DURATION)
    if end is not PlayEnd.FINISHED:
        log.warning("whisper not heard", session_id=live.session_id)


async def _give_notice(live: LiveCall, hint: PromptFile, ends_at: float | None) -> None:
    """Tell both that they are recorded, then record; without the notice there is no recording.

    Who was on hold during any part of it hears it again, alone, as soon as they listen; nobody is
    waited for longer than `notice_patience_s`.
    """
    await _wait_for_caller(live, ends_at)
    patience = live.deadline(live.services.limits.notice_patience_s)
    untold = BOTH
    while untold:
        until = patience if ends_at is None else min(patience, ends_at)
        listeners = await _wait_for_listeners(live, untold, until)
        if not listeners and until == ends_at:
            raise CallOver(ReleaseCode.MAX_DURATION)
        if not listeners:
            _go_on_unrecorded(live, "a party on hold never heard the notice", is_media_gone=False)
            return
        end, told = await _tell(live, hint, listeners, ends_at)
        if end is not PlayEnd.FINISHED:
            if ends_at is not None and live.has_passed(ends_at):
                raise CallOver(ReleaseCode.MAX_DURATION)
            _go_on_unrecorded(live, "the notice was not heard", is_media_gone=end is None)
            return
        untold -= told
    await _record(live)


async def _wait_for_caller(live: LiveCall, until: float | None) -> None:
    """Until the caller's phone acknowledges the answer: before that it might miss what is said."""
    if live.caller.state is SessionState.CONFIRMED:
        return  # answered earlier, to be asked for an extension
    while (event := await live.inbox.next(until)) is not None:
        await while_talking(live, event)
        if isinstance(event, Acknowledged) and live.side_of(event) is Side.CALLER:
            return
    raise CallOver(ReleaseCode.MAX_DURATION)


async def _wait_for_listeners(
    live: LiveCall, among: frozenset[Side], until: float
) -> frozenset[Side]:
    """Those of some sides that are not on hold, once there is one; nobody when time is over."""
    while not (listeners := among & live.audio.listening):
        event = await live.inbox.next(until)
        if event is None:
            break
        await while_talking(live, event)
    return listeners


async def _tell(
    live: LiveCall, notice: PromptFile, to: frozenset[Side], until: float | None
) -> tuple[PlayEnd | None, frozenset[Side]]:
    """Play the notice; why it ended, and who was listening all the time."""
    missed: set[Side] = set()

    async def hear(event: CallEvent) -> None:
        await while_talking(live, event)
        missed.update(to - live.audio.listening)

    end = await live.voice.play_and_wait(to, notice, hear, until)
    return end, to - missed


async def _record(live: LiveCall) -> None:
    try:
        await live.start_recording()
    except CannotRecord as error:
        reason = str(error.__cause__ or error)
        _go_on_unrecorded(live, reason, is_media_gone=isinstance(error, MediaGone))


def _go_on_unrecorded(live: LiveCall, reason: str, *, is_media_gone: bool) -> None:
    log.warning("call not recorded", session_id=live.session_id, reason=reason)
    if live.services.limits.may_go_on_unrecorded:
        return
    if is_media_gone:
        raise CallOver(ReleaseCode.SERVICE_ABNORMAL, is_abrupt=True)
    raise CallOver(ReleaseCode.RECORDING_NOT_STARTED)


async def _warn(live: LiveCall, last_minute: PromptFile, ends_at: float) -> None:
    """Tell both that a minute is left."""
    end = await live.voice.play_and_wait(BOTH, last_minute, _hear(live), ends_at)
    if end in {None, PlayEnd.FAILED}:
        log.warning("last minute not announced", session_id=live.session_id)


def _hear(live: LiveCall) -> Hear:
    async def hear(event: CallEvent) -> None:
        await while_talking(live, event)

    return hear
