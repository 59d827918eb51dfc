"""Parameters that several modes have, and how values are written back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import UNSET, Struct, UnsetType

from maskline.api.result import Refused, Result
from maskline.api.value import (
    Field,
    integer,
    read_area_codes,
    read_fields,
    read_flag,
    read_number,
    read_part,
    read_repeat,
    text,
)
from maskline.domain.binding import Binding, VoiceOptions
from maskline.domain.number_choice import MAX_COOL_OFF_H, AskedChoice
from maskline.domain.prompt import MAX_PROMPT_NAME
from maskline.domain.virtual_number import MAX_TAG
from maskline.services.binding_rule import MAX_CLOSE_CALLS, MAX_DURATION_S, Closing

MAX_BINDING_ID = 64

WAITING_TONES = {
    "callerHintTone": Field("a_waiting_tone", text(MAX_PROMPT_NAME), keeps_empty=True),
    "calleeHintTone": Field("b_waiting_tone", text(MAX_PROMPT_NAME), keeps_empty=True),
}
CLOSING = {
    "closeAfterCalls": Field("after_calls", integer(0, MAX_CLOSE_CALLS)),
    "closeOnHangup": Field("on_hang_up", read_flag),
    "idleDuration": Field("idle_s", integer(0, MAX_DURATION_S)),
}
CHOICE = {
    "homeCityFirst": Field("home_city_first", read_flag),
    "fallbackAreaCodes": Field("fallback_area_codes", read_area_codes, keeps_empty=True),
    "pool": Field("pool", text(MAX_TAG), keeps_empty=True),
    "repeat": Field("repeat", read_repeat),
    "coolOffHours": Field("cool_off_h", integer(0, MAX_COOL_OFF_H)),
}
CHOICE_WIRE_NAMES = {"fallback_area_codes": "fallbackAreaCodes"}
CLOSING_WIRE_NAMES = {"close_after_calls": "closeAfterCalls", "idle_s": "idleDuration"}


class PreVoice(Struct, rename="camel", omit_defaults=True):
    """`preVoice` as it is written back."""

    caller_hint_tone: str | UnsetType = UNSET
    callee_hint_tone: str | UnsetType = UNSET


def wire_names(*fields: Mapping[str, Field]) -> dict[str, str]:
    """Parameters by the names that the desks give them."""
    return {field.name: parameter for group in fields for parameter, field in group.items()}


def read_waiting_tones(given: Mapping[str, object]) -> dict[str, Any]:
    """`preVoice`: an object, or a list of one as old clients send it. Raises Refused."""
    voice = read_part(given, "preVoice")
    return {} if voice is None else read_fields(voice, WAITING_TONES)


def read_closing(given: Mapping[str, object]) -> dict[str, Any]:
    """The optional rules of `docs/extensions.md`, as a field of the desks' requests."""
    asked = read_fields(given, CLOSING)
    return {"closing": Closing(**asked)} if asked else {}


def read_choice(given: Mapping[str, object]) -> dict[str, Any]:
    """`numberChoice` of `docs/extensions.md`, as a field of the desks' requests. Raises Refused."""
    choice = read_part(given, "numberChoice")
    return {} if choice is None else {"choice": AskedChoice(**read_fields(choice, CHOICE))}


def read_virtual_number(parameter: str, value: str, unescaped: Result) -> str:
    """A virtual number from a query string.

    A `+` that was not escaped arrives as a blank, which has a code of its own (`spec/axb.md` 6).
    """
    if value.startswith(" "):
        raise Refused.by(unescaped)
    try:
        return read_number(value)
    except ValueError as error:
        raise Refused.for_parameter(parameter) from error


def written_flag(value: bool) -> str:  # noqa: FBT001 - the value itself
    """A flag as the interface writes it."""
    return "true" if value else "false"


def written_time(moment: datetime) -> str:
    """`yyyy-MM-dd HH:mm:ss` of an aware UTC time."""
    return moment.isoformat(" ", "seconds")[:19]


def written_tones(voice: VoiceOptions) -> PreVoice | UnsetType:
    """`preVoice` of a binding, absent without any tone."""
    if not (voice.a_waiting_tone or voice.b_waiting_tone):
        return UNSET
    return PreVoice(voice.a_waiting_tone or UNSET, voice.b_waiting_tone or UNSET)


def written_hint(voice: VoiceOptions) -> str | UnsetType:
    """`recordHintTone`, which is shown with `recordFlag` only."""
    return (voice.record_hint_tone if voice.record else None) or UNSET


def written_closing(binding: Binding) -> tuple[int | UnsetType, int | UnsetType]:
    """`closeAfterCalls` (how many are left) and `idleDuration`, absent unless they are used."""
    return binding.close.after_calls or UNSET, binding.close.idle_s or UNSET
