"""The story of a call: arrive, be routed, reach the callee, talk, end with a record."""

import asyncio
from typing import NoReturn

import structlog

from maskline.domain.call import CallEnd
from maskline.domain.error import BusyError
from maskline.domain.plan import Connect, Refuse
from maskline.domain.release import (
    HungUpBy,
    ReleaseCode,
    q850_of_status,
    release_of_callee,
)
from maskline.planes.call.inbox import CallEvent, InboxFull, StopRequested, WorkerStopping
from maskline.planes.call.keypress import relay_keypress
from maskline.planes.call.live_call import LiveCall
from maskline.planes.call.over import CallOver
from maskline.planes.call.trunk_board import TrunkLine
from maskline.planes.media.engine import EngineFailed, MediaLost, MediaResumed, Side
from maskline.protocols.sip.event import (
    AckMissed,
    Acknowledged,
    Answered,
    CancelReceived,
    EndReceived,
    InfoReceived,
    OfferAnswered,
    OfferReceived,
    ProgressReceived,
    Rejected,
    Ringing,
    SessionExpired,
    SessionTimedOut,
    TransportFailed,
)
from maskline.services.routing import route_call

SECONDS_A_MINUTE = 60.0
Q850_EXCHANGE_ROUTING_ERROR = 25

log = structlog.get_logger("calls")


_NETWORK_OF = {
    Side.CALLER: ReleaseCode.CALLER_NETWORK,
    Side.CALLEE: ReleaseCode.CALLEE_NETWORK,
}
_HUNG_UP_BY = {Side.CALLER: HungUpBy.CALLER, Side.CALLEE: HungUpBy.CALLEE}


async def tell_story(live: LiveCall) -> None:
    """One incoming call, from its INVITE to its record; never raises but when cancelled."""
    try:
        await _live(live)
    except CallOver as over:
        # Without its traceback: that holds this very frame, and only the garbage collector would
        # free the call.
        ending = over.with_traceback(None)
    except InboxFull:
        log.warning("call fell behind its events", session_id=live.session_id)
        ending = CallOver(ReleaseCode.SERVICE_ABNORMAL)
    except BusyError:
        ending = CallOver(ReleaseCode.VOICE_PORTS_EXHAUSTED)
    except asyncio.CancelledError:
        # The worker ends; the record is made from the snapshot at the next start.
        live.hang_up(CallOver(ReleaseCode.SERVICE_ABNORMAL))
        raise
    except Exception:
        # A bug, or a store that failed: the parties must not be left hanging with it.
        log.exception("call failed", session_id=live.session_id)
        ending = CallOver(ReleaseCode.INTERNAL)
    live.hang_up(ending)
    await _keep_record(live, ending)


async def _live(live: LiveCall) -> NoReturn:
    """Everything up to the end, which comes as CallOver."""
    services = live.services
    routed = await route_call(
        services.store,
        services.directory,
        services.clock,
        x=live.dialled,
        caller=live.caller_number,
    )
    if routed is None:
        raise CallOver(ReleaseCode.UNKNOWN_CALLEE)
    live.begin(routed)
    plan = routed.plan
    if isinstance(plan, Refuse):
        raise CallOver(plan.release)
    if live.hops_left < 1:
        # Calls that loop through numbers of ours end here (RFC 7332).
        raise CallOver(ReleaseCode.NO_ROUTE, q850=Q850_EXCHANGE_ROUTING_ERROR)
    await live.audio.open(live.offer, protection=live.caller_protection)
    await _reach_callee(live, plan)
    await _talk(live, plan)


async def _reach_callee(live: LiveCall, plan: Connect) -> None:
    """Try the trunks in order until the callee's network takes the call and the callee answers."""
    deadline = live.deadline(live.services.limits.ring_timeout_s)
    failure = CallOver(ReleaseCode.NO_ROUTE, q850=ReleaseCode.NO_ROUTE.q850)
    for line in live.services.board.candidates(plan.callee):
        await _catch_up(live)
        if not await live.dial(line, plan):
            continue
        live.tell_forwarded()
        refused = await _try_trunk(live, line, deadline)
        if refused is None:
            return
        failure = refused
        live.services.board.failed(line)
        live.drop_callee()
    raise failure


async def _catch_up(live: LiveCall) -> None:
    """Hear what has happened already: nobody is rung for a caller who has gone."""
    while (event := await live.inbox.next(live.deadline(0.0))) is not None:
        await _while_ringing(live, event)


async def _try_trunk(live: LiveCall, line: TrunkLine, deadline: float) -> CallOver | None:
    """None once the callee answered; how it failed when the next trunk should be tried.

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
            await _while_ringing(live, event)
        elif isinstance(event, Answered):
            await _connect(live, event)
            return None
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
        case OfferReceived(session=session, body=body):
            live.reply_to_offer(session, await live.audio.take_offer(Side.CALLEE, body))
        case _:
            pass
    return None


def _failed_leg(release: ReleaseCode, status: int, q850: int | None) -> CallOver:
    return CallOver(release, sip_status=status, q850=q850 or q850_of_status(status))


async def _while_ringing(live: LiveCall, event: CallEvent) -> None:
    """What the caller, the media and the operator can do before the callee answers."""
    match event:
        case CancelReceived() | EndReceived() if live.side_of(event) is Side.CALLER:
            raise CallOver(_given_up(live), sip_status=487, hung_up_by=HungUpBy.CALLER)
        case TransportFailed() | SessionExpired() | SessionTimedOut() | AckMissed() if (
            live.side_of(event) is Side.CALLER
        ):
            raise CallOver(ReleaseCode.CALLER_NETWORK)
        case OfferReceived(session=session, body=body) if live.side_of(event) is Side.CALLER:
            live.reply_to_offer(session, await live.audio.take_offer(Side.CALLER, body))
        case _:
            _heed_platform(event)


def _given_up(live: LiveCall) -> ReleaseCode:
    """How far the call had come when its caller gave up (`spec/axb.md` 13, row 9)."""
    call = None if live.journal is None else live.journal.call
    if call is None or call.forwarded_at is None:
        return ReleaseCode.CALLER_GAVE_UP_BEFORE_FORWARDING
    if call.alerted_at is None:
        return ReleaseCode.CALLER_GAVE_UP_BEFORE_RINGING
    return ReleaseCode.CALLER_GAVE_UP_RINGING


async def _pass_on_progress(live: LiveCall, event: Ringing | ProgressReceived) -> None:
    """Tell the customer that the callee rings, and let the caller hear it."""
    if isinstance(event, Ringing):
        live.tell_alerted()
    answer = await live.audio.early(event.body)
    if isinstance(event, Ringing):
        live.ring_caller(status=180, answer=answer)
    elif answer is not None:
        # 181, 182, 199 say something of the callee's network: only audio is passed on, as 183.
        live.ring_caller(status=183, answer=answer)


async def _connect(live: LiveCall, event: Answered) -> None:
    """Bridge, and tell the caller once the answer is on disk."""
    kept = live.tell_answered()
    body = await live.audio.join(event.body)
    await live.audio.bridge()
    await kept
    live.answer_caller(body)


async def _talk(live: LiveCall, plan: Connect) -> NoReturn:
    """Two people talk until one of them, the clock or the platform ends it."""
    minutes = plan.voice.max_duration_min
    deadline = live.deadline(minutes * SECONDS_A_MINUTE) if minutes else None
    while True:
        event = await live.inbox.next(deadline)
        if event is None:
            raise CallOver(ReleaseCode.MAX_DURATION)
        side = live.side_of(event)
        if side is None:
            _heed_media(live, event)
            _heed_platform(event)
            continue
        match event:
            case EndReceived() | CancelReceived():
                raise CallOver(ReleaseCode.NORMAL, hung_up_by=_HUNG_UP_BY[side])
            case OfferReceived(session=session, body=body):
                live.reply_to_offer(session, await live.audio.take_offer(side, body))
            case Acknowledged(body=body) | OfferAnswered(body=body) if body:
                await live.audio.take_answer(side, body)
            case InfoReceived(content_type=content_type, body=body):
                live.pass_keypress(side, relay_keypress(content_type, body))
            case SessionExpired() | SessionTimedOut() | AckMissed() | TransportFailed():
                raise CallOver(_NETWORK_OF[side])
            case _:
                pass


def _heed_media(live: LiveCall, event: CallEvent) -> None:
    match event:
        case MediaLost(side=side):
            live.lost_sides.add(side)
            if len(live.lost_sides) == len(Side):
                raise CallOver(ReleaseCode.SERVICE_ABNORMAL)
        case MediaResumed(side=side):
            live.lost_sides.discard(side)
        case _:
            pass


def _heed_platform(event: CallEvent) -> None:
    match event:
        case EngineFailed() | WorkerStopping():
            raise CallOver(ReleaseCode.SERVICE_ABNORMAL)
        case StopRequested():
            raise CallOver(ReleaseCode.STOPPED)
        case _:
            pass


async def _keep_record(live: LiveCall, over: CallOver) -> None:
    end = CallEnd(
        at=live.services.clock.now(),
        release=over.release,
        q850=over.q850,
        sip_status=over.sip_status,
        hung_up_by=over.hung_up_by,
    )
    try:
        await live.close(end)
    except Exception:
        # The snapshot of the live call stays in the store: the record is made at the next start.
        log.exception("call record not kept", session_id=live.session_id)
