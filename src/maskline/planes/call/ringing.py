"""The way to the callee: trunk after trunk, with what the caller hears until the answer."""

import structlog

from maskline.domain.plan import Connect
from maskline.domain.release import HungUpBy, ReleaseCode, q850_of_status, release_of_callee
from maskline.planes.call.inbox import CallEvent
from maskline.planes.call.interruption import heed_platform
from maskline.planes.call.keypress import read_keypress
from maskline.planes.call.live_call import LiveCall
from maskline.planes.call.over import CallOver
from maskline.planes.call.trunk_board import TrunkLine
from maskline.planes.media.engine import Side
from maskline.protocols.sip.event import (
    AckMissed,
    Answered,
    CancelReceived,
    EndReceived,
    InfoReceived,
    OfferReceived,
    OfferWithdrawn,
    ProgressReceived,
    Rejected,
    Ringing,
    SessionExpired,
    SessionTimedOut,
    TransportFailed,
)
from maskline.services.prompt import PromptFile

log = structlog.get_logger("calls")


async def reach_callee(
    live: LiveCall, plan: Connect, waiting_tone: PromptFile | None = None
) -> Answered:
    """Try the trunks in order until the callee's network takes the call and the callee answers.

    From the first of them on the caller hears the waiting tone, if there is one.
    """
    deadline = live.deadline(live.services.limits.ring_timeout_s)
    failure = CallOver(ReleaseCode.NO_ROUTE, q850=ReleaseCode.NO_ROUTE.q850)
    for line in live.services.board.candidates(plan.callee):
        await _catch_up(live)
        if not await live.dial(line, plan):
            continue
        live.tell_forwarded(plan)
        if waiting_tone is not None:
            await _start_tone(live, waiting_tone)
            waiting_tone = None
        outcome = await _try_trunk(live, line, deadline)
        if isinstance(outcome, Answered):
            return outcome
        failure = outcome
        live.services.board.failed(line)
        live.drop_callee()
    raise failure


async def while_ringing(live: LiveCall, event: CallEvent) -> None:
    """What the caller, the media and the operator can do before the callee answers."""
    if live.side_of(event) is not Side.CALLER:
        heed_platform(live, event)
        return
    match event:
        case CancelReceived() | EndReceived():
            raise CallOver(_given_up(live), sip_status=487, hung_up_by=HungUpBy.CALLER)
        case TransportFailed() | SessionExpired() | SessionTimedOut() | AckMissed():
            raise CallOver(ReleaseCode.CALLER_NETWORK)
        case OfferReceived(body=body):
            live.reply_to_offer(event, await live.audio.take_offer(Side.CALLER, body))
        case OfferWithdrawn():
            await live.audio.take_back(Side.CALLER)
        case InfoReceived(content_type=content_type, body=body):
            key = read_keypress(content_type, body)
            if key is not None:
                await live.voice.press(Side.CALLER, key)
        case _:
            pass


async def _start_tone(live: LiveCall, tone: PromptFile) -> None:
    """Let the caller hear a tone in place of ring-back, where his phone can be given any.

    The tone comes before the response that announces it: one that cannot be played must not keep
    the phone from making its own ring-back.
    """
    answer = await live.audio.answer_early()
    if answer is None:
        return
    if await live.voice.start_tone(tone):
        live.ring_caller(status=183, answer=answer)
    else:
        live.audio.forget_early()


async def _ring_back(live: LiveCall, tone: PromptFile) -> None:
    if not live.voice.has_tone and Side.CALLEE not in live.audio.connected:
        await live.voice.start_tone(tone)


async def _catch_up(live: LiveCall) -> None:
    """Hear what has happened already: nobody is rung for a caller who has gone."""
    while (event := await live.inbox.next(live.deadline(0.0))) is not None:
        await while_ringing(live, event)


async def _try_trunk(live: LiveCall, line: TrunkLine, deadline: float) -> Answered | CallOver:
    """The callee's answer, or how it failed when the next trunk should be tried.

    Everything else that can happen before an answer ends the call.
    """
    silent_until = min(deadline, live.deadline(_response_timeout(live, line)))
    while True:
        event = await live.inbox.next(silent_until if live.is_callee_silent else deadline)
        if event is None and live.has_passed(deadline):
            late = ReleaseCode.RING_TIMEOUT
            raise _failed_leg(late, late.sip_status, late.q850)
        if event is None and live.is_callee_silent:
            log.info("trunk says nothing", session_id=live.session_id, trunk=line.trunk.name)
            return _failed_leg(ReleaseCode.NO_ROUTE, 408, None)
        if event is None:
            continue
        if live.side_of(event) is not Side.CALLEE:
            await while_ringing(live, event)
        elif isinstance(event, Answered):
            return event
        else:
            failure = await _hear_callee(live, event)
            if failure is not None:
                return failure


def _response_timeout(live: LiveCall, line: TrunkLine) -> float:
    """Seconds a trunk may say nothing at all: fewer when it is known to fail."""
    services = live.services
    if line.is_down(services.clock.monotonic()):
        return services.limits.down_trunk_response_timeout_s
    return services.limits.trunk_response_timeout_s


async def _hear_callee(live: LiveCall, event: CallEvent) -> CallOver | None:
    """What the callee's side says short of an answer; how it failed if another trunk may help."""
    match event:
        case Ringing() | ProgressReceived():
            await _pass_on_progress(live, event)
        case Rejected(status=503, q850=q850) if not live.has_rung:
            return _failed_leg(ReleaseCode.NO_ROUTE, 503, q850)
        case SessionTimedOut():
            return _failed_leg(ReleaseCode.NO_ROUTE, 408, None)
        case TransportFailed():
            return _failed_leg(ReleaseCode.NO_ROUTE, 503, None)
        case Rejected(status=status, q850=q850):
            raise _failed_leg(release_of_callee(status, q850), status, q850)
        case EndReceived(q850=q850):
            # Answered and hung up at once: the BYE overtook the 200.
            raise _failed_leg(release_of_callee(603, q850), 603, q850)
        case OfferReceived(body=body):
            live.reply_to_offer(event, await live.audio.take_offer(Side.CALLEE, body))
        case OfferWithdrawn():
            await live.audio.take_back(Side.CALLEE)
        case _:
            pass
    return None


def _failed_leg(release: ReleaseCode, status: int, q850: int | None) -> CallOver:
    return CallOver(release, sip_status=status, q850=q850 or q850_of_status(status))


def _given_up(live: LiveCall) -> ReleaseCode:
    """How far the call had come when its caller gave up (`spec/axb.md` 13, row 9)."""
    call = None if live.journal is None else live.journal.call
    if call is None or call.forwarded_at is None:
        return ReleaseCode.CALLER_GAVE_UP_BEFORE_FORWARDING
    if call.alerted_at is None:
        return ReleaseCode.CALLER_GAVE_UP_BEFORE_RINGING
    return ReleaseCode.CALLER_GAVE_UP_RINGING


async def _pass_on_progress(live: LiveCall, event: Ringing | ProgressReceived) -> None:
    """Tell the customer that the callee rings, and let the caller hear it.

    A caller who hears a waiting tone goes on hearing it. One who hears us already hears ring-back
    from us too, unless the callee's network plays something.
    """
    if isinstance(event, Ringing):
        live.tell_alerted()
        if live.ring_back is not None and not event.body:
            await _ring_back(live, live.ring_back)
    has_tone = live.voice.has_tone
    answer = await live.audio.early(event.body, is_heard=not has_tone)
    if isinstance(event, Ringing):
        live.ring_caller(status=180, answer=answer)
    elif answer is not None and not has_tone:
        # 181, 182, 199 say something of the callee's network: only audio is passed on, as 183.
        live.ring_caller(status=183, answer=answer)
