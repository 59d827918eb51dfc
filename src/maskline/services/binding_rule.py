"""What bindings of every mode keep to, above what the store keeps unique.

Each `check_...` returns nothing or raises; parameters are named by the fields of the requests that
the desks of the modes take.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from maskline.domain.application import Application
from maskline.domain.area import Areas
from maskline.domain.binding import STAYS_OPEN, Binding, CloseRule, VoiceOptions
from maskline.domain.error import (
    InvalidParameter,
    MessagingNotEnabled,
    RecordingNotEnabled,
)
from maskline.domain.number import is_global
from maskline.domain.number_choice import (
    MAX_COOL_OFF_H,
    MAX_FALLBACK_CITIES,
    NOTHING_ASKED,
    AskedChoice,
    ChoiceRules,
    cities,
)
from maskline.domain.prompt import MAX_PROMPT_NAME
from maskline.domain.virtual_number import MAX_TAG
from maskline.services.prompt import PromptCatalogue
from maskline.services.store import BindLimits, NumberChoice

MAX_DURATION_S = 7_776_000  # 90 days
MAX_CALL_MINUTES = 1440
MAX_USER_DATA = 256  # characters
MAX_CLOSE_CALLS = 1000
MAX_NUMBERS_OF_A = 5  # `spec/ax.md` 1, `spec/axyb.md` 1

_AREA_CODE = re.compile(r"0\d{2,3}")

# Braces, in AXB also the caret, delimit fields in receivers' logs; Chinese is to be sent in Base64
# (`spec/codes.md` 2.2). CJK punctuation and full-width forms count as Chinese.
_FORBIDDEN_USER_DATA = re.compile(
    "[{}\u2e80-\u303f\u3100-\u312f\u31a0-\u31ef\u3400-\u9fff\uf900-\ufaff\uff00-\uffef"
    "\U00020000-\U0003ffff]"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """What a customer asks of the end of a binding (`docs/extensions.md`); None was not asked.

    `after_calls` 0 and `idle_s` 0 take a rule away; `on_hang_up` is one call.
    """

    after_calls: int | None = None
    on_hang_up: bool | None = None
    idle_s: int | None = None

    @property
    def is_asked(self) -> bool:
        """Whether anything of it was asked."""
        return (self.after_calls, self.on_hang_up, self.idle_s) != (None, None, None)


NO_CLOSING = Closing()
NO_VOICE = VoiceOptions()


def close_rule(asked: Closing, before: CloseRule = STAYS_OPEN) -> CloseRule:
    """The rule that follows. Raises InvalidParameter."""
    if not asked.is_asked:
        return before
    after_calls, idle_s = before.after_calls, before.idle_s
    if asked.on_hang_up is not None:
        after_calls = 1 if asked.on_hang_up else 0
    if asked.after_calls is not None:
        if not 0 <= asked.after_calls <= MAX_CLOSE_CALLS:
            raise InvalidParameter("close_after_calls")
        if asked.on_hang_up and asked.after_calls not in {0, 1}:
            raise InvalidParameter("close_after_calls")
        after_calls = max(after_calls, asked.after_calls) if asked.on_hang_up else asked.after_calls
    if asked.idle_s is not None:
        if not 0 <= asked.idle_s <= MAX_DURATION_S:
            raise InvalidParameter("idle_s")
        idle_s = asked.idle_s
    return CloseRule(after_calls=after_calls, idle_s=idle_s)


def deadlines(
    deadline: datetime | None, close: CloseRule, now: datetime
) -> tuple[datetime | None, datetime | None]:
    """`expires_at` and `ends_at` of a binding that begins, or is changed, now."""
    if not close.idle_s:
        return deadline, None
    idle_until = now + timedelta(seconds=close.idle_s)
    return (idle_until if deadline is None else min(deadline, idle_until)), deadline


def deadline_of(binding: Binding) -> datetime | None:
    """The deadline of a binding, whether or not want of calls ends it earlier."""
    return binding.ends_at if binding.close.idle_s else binding.expires_at


def expiry(now: datetime, duration_s: int, longest_s: int = MAX_DURATION_S) -> datetime | None:
    """The moment that lies a duration ahead, None for 0. Raises InvalidParameter (`duration_s`)."""
    if not 0 <= duration_s <= longest_s:
        raise InvalidParameter("duration_s")
    return now + timedelta(seconds=duration_s) if duration_s else None


def changed_text(old: str | None, new: str | None) -> str | None:
    """A text after a change that says None for "as it was" and an empty text for "none"."""
    return old if new is None else new or None


def check_number(parameter: str, number: str) -> None:
    """A number in global form. Raises InvalidParameter."""
    if not is_global(number):
        raise InvalidParameter(parameter)


def check_user_data(text: str | None, *, forbids_caret: bool = True) -> None:
    """The texts that come back in events. Raises InvalidParameter (`user_data`)."""
    if text is None:
        return
    if (forbids_caret and "^" in text) or not is_user_data(text):
        raise InvalidParameter("user_data")


def is_user_data(text: str) -> bool:
    """Whether a text may come back in events; the caret, which some modes forbid, may."""
    return len(text) <= MAX_USER_DATA and _FORBIDDEN_USER_DATA.search(text) is None


def check_call_minutes(minutes: int) -> None:
    """The longest call. Raises InvalidParameter (`max_duration_min`)."""
    if not 0 <= minutes <= MAX_CALL_MINUTES:
        raise InvalidParameter("max_duration_min")


def check_recording(application: Application, *, wanted: bool, had: bool = False) -> None:
    """Recording needs the application's right; what a binding had stays. Raises."""
    if wanted and not had and not application.may_record:
        raise RecordingNotEnabled


def check_messaging(
    application: Application, *, wanted: bool | None, had: bool | None = None
) -> None:
    """Messages need the application's right; what a binding had stays. Raises."""
    if wanted and not had and not application.may_message:
        raise MessagingNotEnabled


def limits_of(application: Application, pairs: int, *, numbers_of_a: int = 0) -> BindLimits:
    """What a new binding of an application keeps to."""
    return BindLimits(
        pairs=pairs,
        numbers_of_a=numbers_of_a,
        binds_a_day=application.binds_per_day,
        extension_digits=application.extension_digits,
    )


def choose_number(
    areas: Areas,
    rules: ChoiceRules,
    *,
    area_code: str | None,
    a: str,
    is_loose: bool,
    asked: AskedChoice = NOTHING_ASKED,
) -> NumberChoice:
    """How X is chosen, by the `rules` of the application and what a bind asks.

    Raises InvalidParameter.
    """
    check_choice(asked)
    rules = asked.over(rules)
    codes = cities(areas, rules, asked=area_code, a=a, is_loose=is_loose)
    return NumberChoice(area_codes=codes, any_area=is_loose, rules=rules)


def check_choice(asked: AskedChoice | ChoiceRules) -> None:
    """What is asked of a choice. Raises InvalidParameter."""
    fallback = asked.fallback_area_codes or ()
    if len(fallback) > MAX_FALLBACK_CITIES or not all(map(_AREA_CODE.fullmatch, fallback)):
        raise InvalidParameter("fallback_area_codes")
    if asked.pool is not None and len(asked.pool) > MAX_TAG:
        raise InvalidParameter("pool")
    if not 0 <= (asked.cool_off_h or 0) <= MAX_COOL_OFF_H:
        raise InvalidParameter("cool_off_h")


class PromptRules:
    """Which prompts a binding may name."""

    def __init__(self, prompts: PromptCatalogue) -> None:
        self._prompts = prompts

    async def check_voice(
        self, application: Application, voice: VoiceOptions, had: VoiceOptions = NO_VOICE
    ) -> None:
        """Those of a binding's voice that it did not have before. Raises InvalidParameter."""
        if voice == had:
            return
        await self.check(
            application,
            (
                ("record_hint_tone", voice.record_hint_tone, had.record_hint_tone),
                ("last_minute_voice", voice.last_minute_voice, had.last_minute_voice),
                ("a_waiting_tone", voice.a_waiting_tone, had.a_waiting_tone),
                ("b_waiting_tone", voice.b_waiting_tone, had.b_waiting_tone),
            ),
        )

    async def check(
        self, application: Application, named: Iterable[tuple[str, str | None, str | None]]
    ) -> None:
        """Each is a parameter, the prompt it names now, and the one it named before."""
        for parameter, prompt, known in named:
            if prompt is not None and prompt != known:
                await self._check_one(application, parameter, prompt)

    async def _check_one(self, application: Application, parameter: str, prompt: str) -> None:
        if len(prompt) > MAX_PROMPT_NAME:
            raise InvalidParameter(parameter)
        if not await self._prompts.is_approved(application.app_key, prompt):
            raise InvalidParameter(parameter, f"{prompt} does not exist.")
