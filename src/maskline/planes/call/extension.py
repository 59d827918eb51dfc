"""A call of AXE whose caller keys in the extension of whom it wants (`spec/axe.md` 10)."""

from dataclasses import dataclass

from maskline.domain.plan import CollectExtension, Connect, Refuse
from maskline.domain.release import ReleaseCode
from maskline.planes.call.inbox import CallEvent
from maskline.planes.call.live_call import LiveCall
from maskline.planes.call.over import CallOver
from maskline.planes.call.ringing import while_ringing
from maskline.planes.call.sound import find_optional
from maskline.planes.call.voice import Hear, Question
from maskline.planes.media.engine import DigitRule, Side
from maskline.protocols.sip.event import Acknowledged
from maskline.services.prompt import PromptFile
from maskline.services.routing import RoutedCall, route_extension

TERMINATOR = "#"

RING_BACK = "default-ring-back.wav"
"""Heard while the callee's phone rings: a phone that has heard a prompt of ours often plays
nothing of its own any more."""


@dataclass(frozen=True, slots=True)
class _Prompts:
    """What is asked first, and what after a wrong extension."""

    first: PromptFile | None
    wrong: PromptFile | None


async def collect_extension(
    live: LiveCall, routed: RoutedCall, plan: CollectExtension
) -> Connect | Refuse:
    """Ask the caller for an extension until one leads somewhere, or no try is left.

    The customer is told of the call at once, and of every try. Raises CallOver (8008 when digits
    cannot be collected, 7516 for a caller who hangs up), BusyError, StoreFailed.
    """
    live.tell_arrived()
    prompts = _Prompts(await _find(live, plan.prompt), await _find(live, plan.wrong_prompt))
    live.ring_back = await _find(live, RING_BACK)
    await _open_for_keys(live)
    prompt = prompts.first
    digits = ""
    for _ in range(1 + plan.repeats):
        digits = await _ask(live, plan.digits, prompt, is_again=bool(digits))
        live.tell_collected(digits)
        if digits:
            outcome = await _look_up(live, routed, digits)
            if outcome is not None:
                return outcome
        prompt = (prompts.wrong or prompts.first) if digits else prompts.first
    if digits:
        return Refuse(release=ReleaseCode.NO_EXTENSION_BINDING, prompt=plan.wrong_end)
    return Refuse(release=ReleaseCode.NO_EXTENSION_KEYED, prompt=plan.none_end)


async def _ask(
    live: LiveCall, max_digits: int, prompt: PromptFile | None, *, is_again: bool
) -> str:
    """The digits of one try, "" for none."""
    question = Question(side=Side.CALLER, prompt=prompt, rule=_rule(live, max_digits))
    keyed = await live.voice.ask(question, _hear(live))
    if keyed == "" and is_again:
        # The hash that ends the last, wrong extension, which was complete without it.
        keyed = await live.voice.ask(question, _hear(live))
    return keyed or ""


async def _look_up(live: LiveCall, routed: RoutedCall, digits: str) -> Connect | Refuse | None:
    """What becomes of the call with this extension, None when nobody has it."""
    services = live.services
    plan = await route_extension(services.store, services.clock, routed, live.caller_number, digits)
    match plan:
        case Refuse(release=ReleaseCode.NO_EXTENSION_BINDING):
            return None
        case Connect() | Refuse():
            return plan
        case _:
            raise CallOver(ReleaseCode.INTERNAL)


async def _open_for_keys(live: LiveCall) -> None:
    """Let the caller hear us and be heard: by early media, or answered where that is set."""
    if not live.offer:
        raise CallOver(ReleaseCode.COLLECTING_FAILED)
    await live.audio.open(live.offer, protection=live.caller_protection, is_voiced=True)
    answer = await live.audio.answer_early()
    if answer is None:
        raise CallOver(ReleaseCode.COLLECTING_FAILED)
    if live.services.limits.answers_for_extension:
        live.answer_caller(answer)
        await _wait_for_caller(live)
    else:
        live.ring_caller(status=183, answer=answer)


async def _wait_for_caller(live: LiveCall) -> None:
    """Until the caller's phone acknowledges the answer, or is known not to."""
    while True:
        event = await live.inbox.next(None)
        if event is not None:
            await while_ringing(live, event)
        if isinstance(event, Acknowledged):
            return


def _rule(live: LiveCall, max_digits: int) -> DigitRule:
    limits = live.services.limits
    return DigitRule(
        max_digits=max_digits,
        terminator=TERMINATOR,
        first_timeout_s=limits.first_key_s,
        next_timeout_s=limits.next_key_s,
    )


async def _find(live: LiveCall, name: str | None) -> PromptFile | None:
    application = live.application
    if application is None:
        return None
    return await find_optional(live.services.prompts, application.app_key, name)


def _hear(live: LiveCall) -> Hear:
    async def hear(event: CallEvent) -> None:
        await while_ringing(live, event)

    return hear
