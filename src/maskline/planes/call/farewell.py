"""Calls that end with a prompt: refused ones, and those that fail on our side."""

from typing import NoReturn

import structlog

from maskline.domain.plan import Refuse
from maskline.domain.release import ReleaseCode
from maskline.planes.call.inbox import CallEvent, InboxFull
from maskline.planes.call.live_call import LiveCall
from maskline.planes.call.over import CallOver
from maskline.planes.call.ringing import while_ringing
from maskline.planes.call.sound import find_optional
from maskline.planes.call.talking import while_talking
from maskline.planes.call.voice import TO_CALLEE, TO_CALLER, Hear
from maskline.planes.media.engine import Side
from maskline.protocols.sip.session_state import SessionState
from maskline.services.prompt import PromptFile

OUR_FAULTS = frozenset(
    {
        ReleaseCode.COLLECTING_FAILED,
        ReleaseCode.INTERNAL,
        ReleaseCode.NO_PROMPT,
        ReleaseCode.PROMPT_MISSING,
        ReleaseCode.RECORDING_BROKEN,
        ReleaseCode.RECORDING_NOT_STARTED,
        ReleaseCode.SERVICE_ABNORMAL,
    }
)
"""Ends that the parties are told of, where the application has a prompt for that."""

log = structlog.get_logger("calls")


async def refuse(live: LiveCall, plan: Refuse) -> NoReturn:
    """End a call that may not be, after its prompt where the caller can be given one."""
    over = CallOver(plan.release)
    prompt = None
    if plan.prompt and live.application is not None and live.offer:
        prompt = await find_optional(live.services.prompts, live.application.app_key, plan.prompt)
    if prompt is not None and await _open_for_caller(live):
        raise await live.voice.close_with(TO_CALLER, prompt, over, _hear_ringing(live))
    raise over


def is_told(live: LiveCall, over: CallOver) -> bool:
    """Whether the parties of a call that ends so are to be told that it is our fault."""
    application = live.application
    return (
        over.release in OUR_FAULTS
        and not over.is_abrupt
        and application is not None
        and application.prompts.service_abnormal is not None
    )


async def apologise(live: LiveCall, over: CallOver) -> None:
    """Tell those who are still there; never raises but when cancelled."""
    application = live.application
    if application is None:
        return
    name = application.prompts.service_abnormal
    try:
        prompt = await find_optional(live.services.prompts, application.app_key, name)
        if prompt is not None:
            await _tell(live, prompt, over)
    except (CallOver, InboxFull):
        return  # somebody left, or there is no time: the call ends as it was to end
    except Exception:
        # What failed first is told by the record; this only kept the parties from hearing it.
        log.exception("failure not told", session_id=live.session_id)


async def _tell(live: LiveCall, prompt: PromptFile, over: CallOver) -> None:
    await live.voice.stop_tone()
    to = live.audio.connected
    if live.callee is None or live.callee.state is not SessionState.CONFIRMED:
        live.drop_callee(q850=over.release.q850)
        to -= TO_CALLEE
    if live.is_caller_answered:
        await live.voice.close_with(to, prompt, over, _hear_talking(live), live.ends_at)
        return
    if live.offer and await _open_for_caller(live):
        to |= TO_CALLER
    await live.voice.close_with(to, prompt, over, _hear_ringing(live))


async def _open_for_caller(live: LiveCall) -> bool:
    """Give a caller who is not answered early media; False when there is no way."""
    try:
        if not live.audio.is_open:
            await live.audio.open(live.offer, protection=live.caller_protection, is_voiced=True)
        answer = await live.audio.answer_early()
    except CallOver:
        return False  # no port, or no codec: the call ends without the prompt
    if answer is None:
        return False
    live.ring_caller(status=183, answer=answer)
    return Side.CALLER in live.audio.connected


def _hear_ringing(live: LiveCall) -> Hear:
    async def hear(event: CallEvent) -> None:
        await while_ringing(live, event)

    return hear


def _hear_talking(live: LiveCall) -> Hear:
    async def hear(event: CallEvent) -> None:
        await while_talking(live, event)

    return hear
