"""Which prompts a call needs, found before anybody is rung."""

from dataclasses import dataclass
from functools import partial

import structlog

from maskline.domain.error import MasklineError
from maskline.domain.plan import Connect
from maskline.domain.release import ReleaseCode
from maskline.planes.call.over import CallOver
from maskline.services.prompt import PromptCatalogue, PromptFile

log = structlog.get_logger("calls")


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSounds:
    """The prompts of one call, each with its file.

    `whisper` is for the callee alone, `hint` and `last_minute` are for both.
    """

    waiting: PromptFile | None = None
    whisper: PromptFile | None = None
    hint: PromptFile | None = None
    last_minute: PromptFile | None = None


SILENCE = CallSounds()
"""Most calls have no prompts: theirs are not looked for."""


async def find_sounds(
    catalogue: PromptCatalogue,
    app_key: str,
    plan: Connect,
    *,
    records: bool,
    missing: ReleaseCode = ReleaseCode.NO_PROMPT,
) -> CallSounds:
    """The prompts that a call will need; one of the application that is missing is done without.

    Raises CallOver (`missing`) for one that the plan's voice names, StoreFailed.
    """
    voice = plan.voice
    hint = voice.record_hint_tone if records else None
    last_minute = voice.last_minute_voice if voice.max_duration_min else None
    if not (plan.waiting_tone or voice.callee_hint or hint or last_minute):
        return SILENCE
    find = partial(_find_named, catalogue, app_key, missing)
    is_named = plan.waiting_tone in {voice.a_waiting_tone, voice.b_waiting_tone}
    find_waiting = find if is_named else partial(find_optional, catalogue, app_key)
    return CallSounds(
        waiting=await find_waiting(plan.waiting_tone),
        whisper=await find(voice.callee_hint),
        hint=await find(hint),
        last_minute=await find(last_minute),
    )


async def find_optional(
    catalogue: PromptCatalogue, app_key: str, name: str | None
) -> PromptFile | None:
    """A prompt of the application; without it, or the store, the call goes on in silence."""
    if not name:
        return None
    try:
        found = await catalogue.find(app_key, name)
    except MasklineError as error:
        log.warning("prompt not found", app_key=app_key, prompt=name, error=type(error).__name__)
        return None
    if found is None:
        log.warning("prompt is missing", app_key=app_key, prompt=name)
    return found


async def _find_named(
    catalogue: PromptCatalogue, app_key: str, missing: ReleaseCode, name: str | None
) -> PromptFile | None:
    if not name:
        return None
    found = await catalogue.find(app_key, name)
    if found is None:
        log.warning("prompt is missing", app_key=app_key, prompt=name)
        raise CallOver(missing)
    return found
