"""Calls that a rule stops: a party is blocked, may not be reached, or there were too many."""

import asyncio

import structlog

from maskline.domain.call_rule import KNOWN_AT_ONCE, KNOWN_LATER, CallAttempt, CallPlace, Counted
from maskline.domain.error import MasklineError
from maskline.domain.plan import Connect, Refuse
from maskline.domain.release import ReleaseCode
from maskline.planes.call.live_call import LiveCall
from maskline.services.routing import RoutedCall

log = structlog.get_logger("calls")


async def screen_caller(live: LiveCall, routed: RoutedCall) -> Refuse | None:
    """Whether this caller may call here, before anybody is asked whom to connect."""
    release = await _refusal(live, _attempt(live, routed), KNOWN_AT_ONCE)
    return None if release is None else Refuse(release=release)


async def screen_plan(live: LiveCall, routed: RoutedCall) -> Connect | Refuse | None:
    """The plan that was known at once, when the rules let it be; None where there is none yet."""
    plan = routed.plan
    if isinstance(plan, Connect):
        return await _screened(live, routed, plan, frozenset(Counted))
    return plan if isinstance(plan, Refuse) else None


async def screen_callee(live: LiveCall, routed: RoutedCall, plan: Connect) -> Connect | Refuse:
    """The plan that somebody was asked for, when the rules let it be."""
    return await _screened(live, routed, plan, KNOWN_LATER)


async def _screened(
    live: LiveCall, routed: RoutedCall, plan: Connect, counted: frozenset[Counted]
) -> Connect | Refuse:
    release = await _refusal(live, _attempt(live, routed, plan), counted)
    if release is None:
        return plan
    return Refuse(
        release=release, binding_id=plan.binding_id, role=plan.role, user_data=plan.user_data
    )


def _attempt(live: LiveCall, routed: RoutedCall, plan: Connect | None = None) -> CallAttempt:
    return CallAttempt(
        place=CallPlace(
            tenant_id=routed.tenant.tenant_id,
            app_key=routed.application.app_key,
            x=routed.number.number,
        ),
        caller=live.caller_number,
        callee=None if plan is None else plan.callee,
        shown=None if plan is None else plan.shown,
        tenant_limits=routed.tenant.limits,
        limits=routed.application.limits,
    )


async def _refusal(
    live: LiveCall, attempt: CallAttempt, counted: frozenset[Counted]
) -> ReleaseCode | None:
    """Why it is refused. A store that does not say so stops no call: others are not to suffer."""
    screen = live.services.screen
    if screen is None:
        return None
    try:
        async with asyncio.timeout(live.services.limits.store_patience_s):
            return await screen.refusal(attempt, counted)
    except (MasklineError, TimeoutError) as error:
        reason = type(error).__name__
        log.warning("rules for calls not asked", session_id=live.session_id, reason=reason)
        return None
