"""The answers of the AXE interface as they stand on the wire (`spec/axe.md` 3.2, 6-8)."""

from msgspec import UNSET, Struct, UnsetType, to_builtins

from maskline.api.parameter import written_closing, written_flag, written_hint
from maskline.api.result import Result
from maskline.domain.binding import AxeBinding


class Bound(Struct, rename="camel", kw_only=True):
    """The answer to a bind."""

    resultcode: str = Result.SUCCESS.code
    resultdesc: str = Result.SUCCESS.text
    subscription_id: str
    virtual_num: str
    extend_num: str
    bind_expired_time: int
    callback_expired_time: int
    user_data: str | UnsetType = UNSET


class ExtendNumInfo(Struct, rename="camel", kw_only=True):
    """One binding."""

    subscription_id: str
    virtual_num: str
    extend_num: str
    bind_num: str
    display_num_mode: str
    record_flag: str
    record_hint_tone: str | UnsetType = UNSET
    callback_tone: str | UnsetType = UNSET
    callback_num: str | UnsetType = UNSET
    time_unit: str
    bind_expired_time: int
    callback_expired_time: int
    user_data: str | UnsetType = UNSET
    close_after_calls: int | UnsetType = UNSET
    idle_duration: int | UnsetType = UNSET


class FoundList(Struct, rename="camel", kw_only=True):
    """A page of bindings; `nextCusor` is how its page spells it (`spec/axe.md` 7)."""

    resultcode: str = Result.SUCCESS.code
    resultdesc: str = Result.SUCCESS.text
    extend_num_list: list[ExtendNumInfo]
    next_cursor: str | UnsetType = UNSET
    next_cusor: str | UnsetType = UNSET


class NumberCount(Struct, rename="camel"):
    """How many bindings a virtual number has."""

    number: str
    bind_count: int


class Counts(Struct, rename="camel", kw_only=True):
    """A page of those."""

    resultcode: str = Result.SUCCESS.code
    resultdesc: str = Result.SUCCESS.text
    virtual_num_list: list[NumberCount]
    next_cursor: str | UnsetType = UNSET


def written_one(binding: AxeBinding) -> dict[str, object]:
    """One binding, flat behind the result (6)."""
    result = {"resultcode": Result.SUCCESS.code, "resultdesc": Result.SUCCESS.text}
    return result | to_builtins(written_info(binding))


def written_info(binding: AxeBinding) -> ExtendNumInfo:
    """An entry of a list."""
    close_after_calls, idle_duration = written_closing(binding)
    return ExtendNumInfo(
        subscription_id=binding.binding_id,
        virtual_num=binding.x,
        extend_num=binding.extension,
        bind_num=binding.a,
        display_num_mode="1" if binding.shows_caller else "0",
        record_flag=written_flag(binding.voice.record),
        record_hint_tone=written_hint(binding.voice),
        callback_tone=binding.callback_tone or UNSET,
        callback_num=binding.callback_number or UNSET,
        time_unit=str(binding.time_unit.value),
        bind_expired_time=binding.bound_for,
        callback_expired_time=binding.callback_for,
        user_data=binding.user_data or UNSET,
        close_after_calls=close_after_calls,
        idle_duration=idle_duration,
    )
