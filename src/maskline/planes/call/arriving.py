"""Whose call it is and what to do with it, also while the store does not answer."""

import asyncio

import structlog

from maskline.domain.error import StoreFailed
from maskline.domain.release import ReleaseCode
from maskline.planes.call.live_call import LiveCall
from maskline.planes.call.over import CallOver
from maskline.planes.call.sound import find_optional
from maskline.services.routing import RoutedCall, route_call

log = structlog.get_logger("calls")


async def route(live: LiveCall) -> RoutedCall | None:
    """What to do with a call; None when it is for no number of ours.

    While the store fails, new calls are refused as abnormal service, after the application's
    prompt where its number was called before. Raises CallOver (the same, where nothing is known of
    the number), BusyError, PlatformError.
    """
    services = live.services
    try:
        async with asyncio.timeout(services.limits.store_patience_s):
            routed = await route_call(
                services.store,
                services.directory,
                services.clock,
                x=live.dialled,
                caller=live.caller_number,
            )
            if routed is not None and services.routes.remember(routed):
                await _find_apology(live, routed)
    except (StoreFailed, TimeoutError) as error:
        return _refused(live, str(error) or "it does not answer")
    if routed is not None and services.backlog.is_failing:
        return _refused(live, "it does not take what is told of calls")
    return routed


async def _find_apology(live: LiveCall, routed: RoutedCall) -> None:
    """Have the prompt at hand that the store cannot give once it fails."""
    prompts = routed.application.prompts
    await find_optional(live.services.prompts, routed.application.app_key, prompts.service_abnormal)


def _refused(live: LiveCall, reason: str) -> RoutedCall:
    log.warning("call refused: the store fails", session_id=live.session_id, reason=reason)
    refused = live.services.routes.refusal(live.dialled)
    if refused is None:
        raise CallOver(ReleaseCode.SERVICE_ABNORMAL, is_abrupt=True)
    return refused
