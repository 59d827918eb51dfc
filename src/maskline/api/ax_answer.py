"""The answers of the AX interface as they stand on the wire (`spec/ax.md` 4, 7)."""

from collections.abc import Sequence

from msgspec import UNSET, Struct, UnsetType

from maskline.api.encoding import encode
from maskline.api.parameter import (
    PreVoice,
    written_closing,
    written_flag,
    written_hint,
    written_tones,
)
from maskline.api.result import Answer, Result
from maskline.domain.binding import AxBinding


class Bound(Struct, rename="camel", kw_only=True):
    """The answer to a bind."""

    resultcode: str = Result.SUCCESS.code
    resultdesc: str = Result.SUCCESS.text
    orig_num: str
    private_num: str
    subscription_id: str


class PrivateNumInfo(Struct, rename="camel", kw_only=True):
    """One binding."""

    orig_num: str
    private_num: str
    subscription_id: str
    callee_num_display: str | UnsetType = UNSET
    private_sms: str | UnsetType = UNSET
    record_flag: str
    record_hint_tone: str | UnsetType = UNSET
    pre_voice: PreVoice | UnsetType = UNSET
    max_duration: int
    last_min_voice: str | UnsetType = UNSET
    call_direction: int
    turn_flag: str
    user_data: str | UnsetType = UNSET
    close_after_calls: int | UnsetType = UNSET
    idle_duration: int | UnsetType = UNSET


class Found(Struct, rename="camel", kw_only=True):
    """The bindings that a query finds."""

    resultcode: str = Result.SUCCESS.code
    resultdesc: str = Result.SUCCESS.text
    private_num_list: list[PrivateNumInfo]


def written_list(bindings: Sequence[AxBinding]) -> Answer:
    """A list of bindings."""
    found = Found(private_num_list=[_private_num_info(binding) for binding in bindings])
    return Answer(Result.SUCCESS.status, encode(found))


def _private_num_info(binding: AxBinding) -> PrivateNumInfo:
    voice, shows_caller = binding.voice, binding.shows_caller
    close_after_calls, idle_duration = written_closing(binding)
    return PrivateNumInfo(
        orig_num=binding.a,
        private_num=binding.x,
        subscription_id=binding.binding_id,
        callee_num_display=UNSET if shows_caller is None else str(int(shows_caller)),
        private_sms=UNSET if binding.may_message is None else written_flag(binding.may_message),
        record_flag=written_flag(voice.record),
        record_hint_tone=written_hint(voice),
        pre_voice=written_tones(voice),
        max_duration=voice.max_duration_min,
        last_min_voice=voice.last_minute_voice or UNSET,
        call_direction=binding.direction.value,
        turn_flag="off" if binding.is_on is False else "on",
        user_data=binding.user_data or UNSET,
        close_after_calls=close_after_calls,
        idle_duration=idle_duration,
    )
