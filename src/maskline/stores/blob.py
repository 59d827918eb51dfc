"""What goes into a sealed blob, as msgpack arrays.

Fields are only ever added, at the end and with a default: an older release then ignores them,
and a newer one reads older blobs. Times are microseconds (`moment.py`).
"""

import msgspec

from maskline.domain.application import Application, Mode
from maskline.domain.binding import STAYS_OPEN, CloseRule, Onward, Role
from maskline.domain.call import Call, CallEnd, CallRecord
from maskline.domain.prompt import Prompt, PromptAudio
from maskline.domain.recording import CallRecording
from maskline.domain.release import HungUpBy, ReleaseCode
from maskline.domain.trunk import Trunk
from maskline.stores.moment import from_us, from_us_or_none, to_us, to_us_or_none


class _Recording(msgspec.Struct, array_like=True, frozen=True, gc=False):
    object_name: str
    bucket: str
    domain: str
    started_at: int


class _Call(msgspec.Struct, array_like=True, frozen=True, gc=False):
    icid: str
    host: str
    tenant_id: str
    mode: str
    caller: str
    arrived_at: int
    binding_id: str | None
    role: str | None
    callee: str | None
    user_data: str | None
    forwarded_at: int | None
    alerted_at: int | None
    answered_at: int | None
    recording: _Recording | None = None
    shown: str | None = None
    digits: str | None = None
    collected_at: int | None = None
    extension: str | None = None
    close: tuple[int, int] | None = None
    resumption: bytes = b""


class _Onward(msgspec.Struct, array_like=True, frozen=True, gc=False):
    number: str
    user_data: str | None


class _End(msgspec.Struct, array_like=True, frozen=True, gc=False):
    at: int
    release: int
    q850: int
    sip_status: int
    hung_up_by: int | None
    recorded_s: float = 0.0


class _Record(msgspec.Struct, array_like=True, frozen=True, gc=False):
    call: _Call
    end: _End


class _Audio(msgspec.Struct, array_like=True, frozen=True, gc=False):
    digest: str
    size: int
    duration_ms: int


class _Prompt(msgspec.Struct, array_like=True, frozen=True, gc=False):
    description: str
    approved: _Audio | None
    submitted: _Audio | None
    rejection: str | None
    created_at: int
    modified_at: int
    urged_at: int | None = None


_pack = msgspec.msgpack.Encoder().encode
_call = msgspec.msgpack.Decoder(_Call).decode
_record = msgspec.msgpack.Decoder(_Record).decode
_onward = msgspec.msgpack.Decoder(_Onward).decode
_prompt = msgspec.msgpack.Decoder(_Prompt).decode
_application = msgspec.msgpack.Decoder(Application).decode
_trunk = msgspec.msgpack.Decoder(Trunk).decode


def pack_call(call: Call) -> bytes:
    """All of a call but its session, application and X, which are columns."""
    return _pack(_kept_call(call))


def unpack_call(packed: bytes, *, session_id: str, app_key: str, x: str) -> Call:
    """The call of `pack_call` and its columns."""
    return _told_call(_call(packed), session_id, app_key, x)


def pack_record(record: CallRecord) -> bytes:
    """All of a record but the session, application and X of its call, which are columns."""
    end = record.end
    return _pack(
        _Record(
            _kept_call(record.call),
            _End(
                to_us(end.at),
                end.release,
                end.q850,
                end.sip_status,
                end.hung_up_by,
                end.recorded_s,
            ),
        )
    )


def unpack_record(packed: bytes, *, session_id: str, app_key: str, x: str) -> CallRecord:
    """The record of `pack_record` and its columns."""
    kept = _record(packed)
    end = kept.end
    return CallRecord(
        call=_told_call(kept.call, session_id, app_key, x),
        end=CallEnd(
            at=from_us(end.at),
            release=ReleaseCode(end.release),
            q850=end.q850,
            sip_status=end.sip_status,
            hung_up_by=None if end.hung_up_by is None else HungUpBy(end.hung_up_by),
            recorded_s=end.recorded_s,
        ),
    )


def pack_onward(onward: Onward) -> bytes:
    """All of an onward number but its deadline, which is a column."""
    return _pack(_Onward(onward.number, onward.user_data))


def unpack_onward(packed: bytes, expires_at: int | None) -> Onward:
    """The onward number of `pack_onward` and its deadline."""
    kept = _onward(packed)
    return Onward(
        number=kept.number, expires_at=from_us_or_none(expires_at), user_data=kept.user_data
    )


def pack_prompt(prompt: Prompt) -> bytes:
    """All of a prompt but its application and name, which are columns."""
    return _pack(
        _Prompt(
            prompt.description,
            _kept_audio(prompt.approved),
            _kept_audio(prompt.submitted),
            prompt.rejection,
            to_us(prompt.created_at),
            to_us(prompt.modified_at),
            to_us_or_none(prompt.urged_at),
        )
    )


def unpack_prompt(packed: bytes, *, app_key: str, name: str) -> Prompt:
    """The prompt of `pack_prompt` and its columns."""
    kept = _prompt(packed)
    return Prompt(
        app_key=app_key,
        name=name,
        description=kept.description,
        approved=_told_audio(kept.approved),
        submitted=_told_audio(kept.submitted),
        rejection=kept.rejection,
        created_at=from_us(kept.created_at),
        modified_at=from_us(kept.modified_at),
        urged_at=from_us_or_none(kept.urged_at),
    )


def pack_application(application: Application) -> bytes:
    """A whole application: written seldom, so as a map that is easy to extend."""
    return _pack(application)


def unpack_application(packed: bytes) -> Application:
    """The application of `pack_application`."""
    return _application(packed)


def pack_trunk(trunk: Trunk) -> bytes:
    """A whole trunk, as a map."""
    return _pack(trunk)


def unpack_trunk(packed: bytes) -> Trunk:
    """The trunk of `pack_trunk`."""
    return _trunk(packed)


def _kept_call(call: Call) -> _Call:
    return _Call(
        call.icid,
        call.host,
        call.tenant_id,
        call.mode,
        call.caller,
        to_us(call.arrived_at),
        call.binding_id,
        call.role,
        call.callee,
        call.user_data,
        to_us_or_none(call.forwarded_at),
        to_us_or_none(call.alerted_at),
        to_us_or_none(call.answered_at),
        None if call.recording is None else _kept_recording(call.recording),
        call.shown,
        call.digits,
        to_us_or_none(call.collected_at),
        call.extension,
        None if call.close == STAYS_OPEN else (call.close.after_calls, call.close.idle_s),
        call.resumption,
    )


def _told_call(kept: _Call, session_id: str, app_key: str, x: str) -> Call:
    return Call(
        session_id=session_id,
        icid=kept.icid,
        host=kept.host,
        app_key=app_key,
        tenant_id=kept.tenant_id,
        mode=Mode(kept.mode),
        x=x,
        caller=kept.caller,
        arrived_at=from_us(kept.arrived_at),
        binding_id=kept.binding_id,
        role=None if kept.role is None else Role(kept.role),
        callee=kept.callee,
        user_data=kept.user_data,
        forwarded_at=from_us_or_none(kept.forwarded_at),
        alerted_at=from_us_or_none(kept.alerted_at),
        answered_at=from_us_or_none(kept.answered_at),
        recording=None if kept.recording is None else _told_recording(kept.recording),
        shown=kept.shown,
        digits=kept.digits,
        collected_at=from_us_or_none(kept.collected_at),
        extension=kept.extension,
        close=_told_close(kept.close),
        resumption=kept.resumption,
    )


def _kept_recording(recording: CallRecording) -> _Recording:
    return _Recording(
        recording.object_name,
        recording.bucket,
        recording.domain,
        to_us(recording.started_at),
    )


def _told_recording(kept: _Recording) -> CallRecording:
    return CallRecording(
        object_name=kept.object_name,
        bucket=kept.bucket,
        domain=kept.domain,
        started_at=from_us(kept.started_at),
    )


def _kept_audio(audio: PromptAudio | None) -> _Audio | None:
    return None if audio is None else _Audio(audio.digest, audio.size, audio.duration_ms)


def _told_audio(kept: _Audio | None) -> PromptAudio | None:
    return None if kept is None else PromptAudio(kept.digest, kept.size, kept.duration_ms)


def _told_close(kept: tuple[int, int] | None) -> CloseRule:
    return STAYS_OPEN if kept is None else CloseRule(after_calls=kept[0], idle_s=kept[1])
