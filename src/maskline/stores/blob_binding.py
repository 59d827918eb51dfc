"""What goes into the sealed blob of a binding, as msgpack arrays; rules as in `blob.py`."""

from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec

from maskline.domain.binding import (
    STAYS_OPEN,
    AxbBinding,
    AxBinding,
    AxeBinding,
    Binding,
    CallDirection,
    CloseRule,
    TimeUnit,
    VoiceOptions,
    XyRelation,
    YbBinding,
)
from maskline.domain.error import StoreFailed
from maskline.stores.moment import from_us, from_us_or_none, to_us

_NO_VOICE = VoiceOptions()


class BindingColumns(NamedTuple):
    """A binding as a row; times in microseconds. `kind` says which class it is."""

    binding_id: str
    app_key: str
    x: str
    expires_at: int | None
    sealed: bytes
    kind: str
    y: str | None
    extension: str | None
    relation_id: str | None
    calls_left: int | None
    idle_us: int | None
    ends_at: int | None


class _Voice(msgspec.Struct, array_like=True, frozen=True, gc=False):
    record: bool
    record_hint_tone: str | None
    max_duration_min: int
    last_minute_voice: str | None
    a_waiting_tone: str | None
    b_waiting_tone: str | None


class _Axb(msgspec.Struct, array_like=True, frozen=True, gc=False):
    a: str
    b: str
    direction: int
    duration_s: int
    created_at: int
    modified_at: int
    may_message: bool | None
    user_data: str | None
    voice: _Voice | None


class _Shared(msgspec.Struct, array_like=True, frozen=True, gc=False):
    a: str
    created_at: int
    modified_at: int
    user_data: str | None
    voice: _Voice | None


class _Ax(msgspec.Struct, array_like=True, frozen=True, gc=False):
    shared: _Shared
    direction: int
    may_message: bool | None
    shows_caller: bool | None
    is_on: bool | None


class _Axe(msgspec.Struct, array_like=True, frozen=True, gc=False):
    shared: _Shared
    shows_caller: bool | None
    callback_tone: str | None
    callback_number: str | None
    time_unit: int
    bound_for: int
    callback_for: int
    callback_s: int


class _Xy(msgspec.Struct, array_like=True, frozen=True, gc=False):
    shared: _Shared
    direction: int
    duration_s: int
    yb_duration_s: int


class _Yb(msgspec.Struct, array_like=True, frozen=True, gc=False):
    shared: _Shared
    b: str
    direction: int
    duration_s: int


_encode = msgspec.msgpack.Encoder().encode
_decode_axb = msgspec.msgpack.Decoder(_Axb).decode
_decode_ax = msgspec.msgpack.Decoder(_Ax).decode
_decode_axe = msgspec.msgpack.Decoder(_Axe).decode
_decode_xy = msgspec.msgpack.Decoder(_Xy).decode
_decode_yb = msgspec.msgpack.Decoder(_Yb).decode


def kind_of(binding: Binding) -> str:
    """The name under which `unpack_binding` finds the class again."""
    return _KINDS[type(binding)]


def pack_binding(binding: Binding) -> bytes:
    """All of a binding but its columns."""
    match binding:
        case AxbBinding():
            return _encode(_kept_axb(binding))
        case AxBinding():
            return _encode(_kept_ax(binding))
        case AxeBinding():
            return _encode(_kept_axe(binding))
        case XyRelation():
            return _encode(_kept_xy(binding))
        case YbBinding():
            return _encode(_kept_yb(binding))
        case _:
            raise StoreFailed(f"{type(binding).__name__} is no binding that can be kept")


def unpack_binding(packed: bytes, columns: BindingColumns) -> Binding:
    """The binding of `pack_binding` and its columns. Raises StoreFailed for a kind not known."""
    unpack = _UNPACKERS.get(columns.kind)
    if unpack is None:
        raise StoreFailed(f"a binding of a kind that this release does not know: {columns.kind}")
    return unpack(packed, columns)


def _kept_axb(binding: AxbBinding) -> _Axb:
    return _Axb(
        binding.a,
        binding.b,
        binding.direction,
        binding.duration_s,
        to_us(binding.created_at),
        to_us(binding.modified_at),
        binding.may_message,
        binding.user_data,
        _kept_voice(binding.voice),
    )


def _kept_ax(binding: AxBinding) -> _Ax:
    return _Ax(
        _shared(binding),
        binding.direction,
        binding.may_message,
        binding.shows_caller,
        binding.is_on,
    )


def _kept_axe(binding: AxeBinding) -> _Axe:
    return _Axe(
        _shared(binding),
        binding.shows_caller,
        binding.callback_tone,
        binding.callback_number,
        binding.time_unit,
        binding.bound_for,
        binding.callback_for,
        binding.callback_s,
    )


def _kept_xy(binding: XyRelation) -> _Xy:
    return _Xy(_shared(binding), binding.direction, binding.duration_s, binding.yb_duration_s)


def _kept_yb(binding: YbBinding) -> _Yb:
    return _Yb(_shared(binding), binding.b, binding.direction, binding.duration_s)


def _axb(packed: bytes, columns: BindingColumns) -> AxbBinding:
    kept = _decode_axb(packed)
    return AxbBinding(
        binding_id=columns.binding_id,
        app_key=columns.app_key,
        x=columns.x,
        a=kept.a,
        b=kept.b,
        direction=CallDirection(kept.direction),
        duration_s=kept.duration_s,
        expires_at=from_us_or_none(columns.expires_at),
        ends_at=from_us_or_none(columns.ends_at),
        voice=_NO_VOICE if kept.voice is None else _told_voice(kept.voice),
        may_message=kept.may_message,
        user_data=kept.user_data,
        close=_close(columns),
        created_at=from_us(kept.created_at),
        modified_at=from_us(kept.modified_at),
    )


def _ax(packed: bytes, columns: BindingColumns) -> AxBinding:
    kept = _decode_ax(packed)
    return AxBinding(
        **_told(kept.shared, columns),
        direction=CallDirection(kept.direction),
        may_message=kept.may_message,
        shows_caller=kept.shows_caller,
        is_on=kept.is_on,
    )


def _axe(packed: bytes, columns: BindingColumns) -> AxeBinding:
    kept = _decode_axe(packed)
    return AxeBinding(
        **_told(kept.shared, columns),
        extension=columns.extension or "",
        shows_caller=kept.shows_caller,
        callback_tone=kept.callback_tone,
        callback_number=kept.callback_number,
        time_unit=TimeUnit(kept.time_unit),
        bound_for=kept.bound_for,
        callback_for=kept.callback_for,
        callback_s=kept.callback_s,
    )


def _xy(packed: bytes, columns: BindingColumns) -> XyRelation:
    kept = _decode_xy(packed)
    return XyRelation(
        **_told(kept.shared, columns),
        direction=CallDirection(kept.direction),
        duration_s=kept.duration_s,
        yb_duration_s=kept.yb_duration_s,
    )


def _yb(packed: bytes, columns: BindingColumns) -> YbBinding:
    kept = _decode_yb(packed)
    return YbBinding(
        **_told(kept.shared, columns),
        relation_id=columns.relation_id or "",
        b=kept.b,
        y=columns.y or "",
        direction=CallDirection(kept.direction),
        duration_s=kept.duration_s,
    )


def _shared(binding: Binding) -> _Shared:
    return _Shared(
        binding.a,
        to_us(binding.created_at),
        to_us(binding.modified_at),
        binding.user_data,
        _kept_voice(binding.voice),
    )


def _told(kept: _Shared, columns: BindingColumns) -> dict[str, Any]:
    """The fields that bindings of every mode have."""
    return {
        "binding_id": columns.binding_id,
        "app_key": columns.app_key,
        "x": columns.x,
        "a": kept.a,
        "expires_at": from_us_or_none(columns.expires_at),
        "ends_at": from_us_or_none(columns.ends_at),
        "voice": _NO_VOICE if kept.voice is None else _told_voice(kept.voice),
        "user_data": kept.user_data,
        "close": _close(columns),
        "created_at": from_us(kept.created_at),
        "modified_at": from_us(kept.modified_at),
    }


def _close(columns: BindingColumns) -> CloseRule:
    if columns.calls_left is None and columns.idle_us is None:
        return STAYS_OPEN
    return CloseRule(
        after_calls=columns.calls_left or 0, idle_s=(columns.idle_us or 0) // 1_000_000
    )


def _kept_voice(voice: VoiceOptions) -> _Voice | None:
    if voice == _NO_VOICE:
        return None
    return _Voice(
        voice.record,
        voice.record_hint_tone,
        voice.max_duration_min,
        voice.last_minute_voice,
        voice.a_waiting_tone,
        voice.b_waiting_tone,
    )


def _told_voice(kept: _Voice) -> VoiceOptions:
    return VoiceOptions(
        record=kept.record,
        record_hint_tone=kept.record_hint_tone,
        max_duration_min=kept.max_duration_min,
        last_minute_voice=kept.last_minute_voice,
        a_waiting_tone=kept.a_waiting_tone,
        b_waiting_tone=kept.b_waiting_tone,
    )


_KINDS: dict[type[Binding], str] = {
    AxbBinding: "axb",
    AxBinding: "ax",
    AxeBinding: "axe",
    XyRelation: "axyb",
    YbBinding: "yb",
}
_UNPACKERS: dict[str, Callable[[bytes, BindingColumns], Binding]] = {
    "axb": _axb,
    "ax": _ax,
    "axe": _axe,
    "axyb": _xy,
    "yb": _yb,
}
