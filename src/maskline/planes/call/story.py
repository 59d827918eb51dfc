"""The story of a call: arrive, be routed, reach the callee, talk, end with a record."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, NoReturn

import structlog

from maskline.domain.application import Mode
from maskline.domain.call import CallEnd
from maskline.domain.error import BusyError
from maskline.domain.plan import AllotY, AskCustomer, CollectExtension, Connect, Refuse
from maskline.domain.release import ReleaseCode
from maskline.planes.call.allotting import allot_y
from maskline.planes.call.arriving import route
from maskline.planes.call.asking import ask_customer
from maskline.planes.call.extension import collect_extension
from maskline.planes.call.farewell import apologise, is_told, refuse
from maskline.planes.call.inbox import InboxFull
from maskline.planes.call.live_call import LiveCall
from maskline.planes.call.over import CallOver
from maskline.planes.call.ringing import reach_callee
from maskline.planes.call.screening import screen_callee, screen_caller, screen_plan
from maskline.planes.call.sound import SILENCE, find_sounds
from maskline.planes.call.talking import TalkRule, talk
from maskline.services.routing import RoutedCall

Q850_EXCHANGE_ROUTING_ERROR = 25

log = structlog.get_logger("calls")


Script = Callable[[LiveCall], Coroutine[Any, Any, NoReturn]]
"""What a call does until its end, which comes as CallOver."""


async def tell_story(live: LiveCall, script: Script | None = None) -> None:
    """One call to its record, from its INVITE or as `script` goes on.

    Never raises but when cancelled.
    """
    # The task is the call's own: whatever is logged in it carries the call's id.
    structlog.contextvars.bind_contextvars(session_id=live.session_id)
    try:
        ending = await _ending(live, script or _live)
        if is_told(live, ending):
            await apologise(live, ending)
    except asyncio.CancelledError:
        # The worker ends; the record is made from the snapshot at the next start.
        live.hang_up(CallOver(ReleaseCode.SERVICE_ABNORMAL))
        raise
    live.hang_up(ending)
    await _keep_record(live, ending)


async def _ending(live: LiveCall, script: Script) -> CallOver:
    """Live the call; how it ended."""
    try:
        await script(live)
    except CallOver as over:
        # Without its traceback: that holds frames of the call, and only the garbage collector
        # would free them.
        return over.with_traceback(None)
    except InboxFull:
        log.warning("call fell behind its events", session_id=live.session_id)
        return CallOver(ReleaseCode.SERVICE_ABNORMAL, is_abrupt=True)
    except BusyError:
        return CallOver(ReleaseCode.VOICE_PORTS_EXHAUSTED)
    except Exception:
        # A bug, or a store that failed: the parties must not be left hanging with it.
        log.exception("call failed", session_id=live.session_id)
        return CallOver(ReleaseCode.INTERNAL)


async def _live(live: LiveCall) -> NoReturn:
    """Everything up to the end, which comes as CallOver."""
    services = live.services
    asked_s = services.clock.monotonic()
    routed = await route(live)
    services.counters.routed.add(services.clock.monotonic() - asked_s)
    if routed is None:
        raise CallOver(ReleaseCode.UNKNOWN_CALLEE)
    live.begin(routed)
    plan = await _settle_by_rules(live, routed)
    live.settle(plan)
    if isinstance(plan, Refuse):
        await refuse(live, plan)
    if live.hops_left < 1:
        # Calls that loop through numbers of ours end here (RFC 7332).
        raise CallOver(ReleaseCode.NO_ROUTE, q850=Q850_EXCHANGE_ROUTING_ERROR)
    if plan.is_exclusive and not await live.hold_number():
        raise CallOver(ReleaseCode.BUSY)
    await _forward(live, routed, plan)


async def _settle_by_rules(live: LiveCall, routed: RoutedCall) -> Connect | Refuse:
    """What to do in the end, when nobody is blocked and there were not too many calls."""
    plan = await screen_plan(live, routed) or await screen_caller(live, routed)
    if plan is None:
        plan = await _settle(live, routed)
        if isinstance(plan, Connect):
            return await screen_callee(live, routed, plan)
    return plan


async def _settle(live: LiveCall, routed: RoutedCall) -> Connect | Refuse:
    """What to do in the end, once everybody was asked who has to be."""
    match routed.plan:
        case Connect() | Refuse():
            return routed.plan
        case AskCustomer():
            return await ask_customer(live, routed.application)
        case AllotY() as plan:
            return await allot_y(live, routed, plan)
        case CollectExtension() as plan:
            return await collect_extension(live, routed, plan)


async def _forward(live: LiveCall, routed: RoutedCall, plan: Connect) -> NoReturn:
    """A call that goes through: everything it will need is there before the callee is rung."""
    application = routed.application
    is_recorded = plan.voice.record and application.may_record and _can_record(live)
    asked = application.mode is Mode.X
    sounds = await find_sounds(
        live.services.prompts,
        application.app_key,
        plan,
        records=is_recorded,
        missing=ReleaseCode.PROMPT_MISSING if asked else ReleaseCode.NO_PROMPT,
    )
    if not live.audio.is_open:
        await live.audio.open(
            live.offer,
            protection=live.caller_protection,
            is_voiced=is_recorded or sounds is not SILENCE,
        )
    answered = await reach_callee(live, plan, sounds.waiting)
    rule = TalkRule(
        max_duration_min=plan.voice.max_duration_min,
        is_recorded=is_recorded,
        whisper=sounds.whisper,
        hint=sounds.hint,
        last_minute=sounds.last_minute,
    )
    await talk(live, answered, rule)


def _can_record(live: LiveCall) -> bool:
    """Whether a recording can be tried; raises CallOver when calls must not go on without."""
    services = live.services
    if services.recordings is not None and services.engine.abilities.records:
        return True
    if not services.limits.may_go_on_unrecorded:
        raise CallOver(ReleaseCode.RECORDING_NOT_STARTED)
    log.warning("call not recorded", session_id=live.session_id, reason="no recordings here")
    return False


def _count(live: LiveCall, over: CallOver) -> None:
    live.services.traces.end(live.trace, over.release)
    mode = "" if live.application is None else live.application.mode.value
    is_answered = live.journal is not None and live.journal.call.answered_at is not None
    live.services.counters.over(mode, over.release, is_answered=is_answered)


async def _keep_record(live: LiveCall, over: CallOver) -> None:
    _count(live, over)
    end = CallEnd(
        at=live.now(),
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
