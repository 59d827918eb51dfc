"""The wire form of call events and call records (`spec/axb.md` 8-9, `spec/ax.md` 9-10)."""

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import IntEnum

from msgspec import UNSET, Struct, UnsetType

from maskline.api.encoding import encode
from maskline.domain.application import Mode
from maskline.domain.binding import Role
from maskline.domain.call import Call, CallRecord

# `spec/codes.md` 6
_SERVICE_TYPES = {
    Mode.AX: "003",
    Mode.AXB: "004",
    Mode.X: "004",
    Mode.AXE: "005",
    Mode.AXYB: "007",
}

# Who asks for an extension, or asks the customer, knows of no binding yet (`spec/axe.md` 12,
# `spec/x.md` 2.2).
_CALL_IN_WITHOUT_BINDING = frozenset({Mode.AXE, Mode.X})


_BLOCK = "Block"


class _Direction(IntEnum):
    """B stands for whoever is not A."""

    B_CALLS_A = 0
    A_CALLS_B = 1
    ABNORMAL = 2


_DIRECTIONS: dict[Role | None, _Direction] = {
    Role.A: _Direction.A_CALLS_B,
    Role.B: _Direction.B_CALLS_A,
    None: _Direction.ABNORMAL,
}


class _StatusInfo(Struct, omit_defaults=True, rename="camel"):
    timestamp: str
    session_id: str
    caller: str | UnsetType = UNSET
    called: str | UnsetType = UNSET
    state_code: int | UnsetType = UNSET
    state_desc: str | UnsetType = UNSET
    call_rel_direction: int | UnsetType = UNSET
    subscription_id: str | UnsetType = UNSET
    user_data: str | UnsetType = UNSET
    notify_mode: str | UnsetType = UNSET
    digit_info: str | UnsetType = UNSET


class _Event(Struct, rename="camel"):
    event_type: str
    status_info: _StatusInfo


class _FeeInfo(Struct, omit_defaults=True, rename="camel"):
    direction: int
    sp_id: str
    app_key: str
    icid: str
    bind_num: str
    session_id: str
    subscription_id: str | UnsetType
    caller_num: str | UnsetType
    callee_num: str
    fwd_display_num: str | UnsetType
    fwd_dst_num: str | UnsetType
    call_in_time: str
    fwd_start_time: str | UnsetType
    fwd_alerting_time: str | UnsetType
    fwd_answer_time: str | UnsetType
    call_end_time: str
    fail_time: str | UnsetType
    fwd_unasw_rsn: int
    ul_fail_reason: int
    sip_status_code: int
    call_out_unasw_rsn: int
    record_flag: int
    record_start_time: str | UnsetType
    record_object_name: str | UnsetType
    record_bucket_name: str | UnsetType
    record_domain: str | UnsetType
    record_file_download_url: str | UnsetType
    tts_play_times: int
    tts_trans_duration: int
    mpty_id: str | UnsetType
    service_type: str
    host_name: str
    user_data: str | UnsetType
    call_rel_direction: int | UnsetType
    extend_num: str | UnsetType
    notify_mode: str | UnsetType


class CompatibleFormat:
    """`maskline.services.notification.NotificationFormat` for every mode.

    With `shows_release_side` the disconnect event and the record of an answered call say who hung
    up (`callRelDirection`). It is off by default, as it is printed for other modes only and
    receivers exist that refuse fields they don't know. `recording_url` gives the download link of
    a call's recording (`recordFileDownloadUrl`), None for none.
    """

    def __init__(
        self,
        *,
        shows_release_side: bool = False,
        recording_url: Callable[[CallRecord], str | None] | None = None,
    ) -> None:
        self._shows_release_side = shows_release_side
        self._recording_url = recording_url

    def call_in(self, call: Call) -> bytes:
        """`callin`: the caller dials X. In mode X it asks the customer what to do."""
        info = _status_info(call, call.arrived_at, call.caller, call.x)
        if call.mode in _CALL_IN_WITHOUT_BINDING:
            info.subscription_id = UNSET
        if call.mode is Mode.X:
            info.notify_mode = _BLOCK
            info.user_data = UNSET
        return encode(_Event("callin", info))

    def collect_info(self, call: Call) -> bytes:
        """`collectInfo`: what the caller keyed in (`spec/axe.md` 12)."""
        info = _StatusInfo(
            timestamp=_time(_happened("collectInfo", call.collected_at)),
            session_id=call.session_id,
            digit_info=call.digits or "",
        )
        return encode(_Event("collectInfo", info))

    def call_out(self, call: Call) -> bytes:
        """`callout`: the number that is shown calls the other party."""
        return _event("callout", call, call.forwarded_at)

    def alerting(self, call: Call) -> bytes:
        """`alerting`: the other party's phone rings."""
        return _event("alerting", call, call.alerted_at)

    def answer(self, call: Call) -> bytes:
        """`answer`: the other party answered."""
        return _event("answer", call, call.answered_at)

    def disconnect(self, record: CallRecord) -> bytes:
        """`disconnect`, with the numbers of the last leg that there was."""
        call, end = record.call, record.end
        is_forwarded = call.forwarded_at is not None
        info = _status_info(
            call,
            end.at,
            _shown(call) if is_forwarded else call.caller,
            call.callee if is_forwarded else call.x,
        )
        info.state_code = int(end.release)
        info.state_desc = end.release.text
        info.call_rel_direction = self._release_side(record)
        return encode(_Event("disconnect", info))

    def record(self, record: CallRecord) -> bytes:
        """One entry of `feeLst`.

        A call that never was forwarded has no forward numbers; one that was not answered has
        `failTime` and no `fwdAnswerTime`, and only it can have a cause and a SIP status. The
        recording is told where one is kept.
        """
        call, end, recording = record.call, record.end, record.recording
        is_answered = record.is_answered
        is_forwarded = call.forwarded_at is not None
        return encode(
            _FeeInfo(
                direction=_direction(call),
                sp_id=call.tenant_id,
                app_key=call.app_key,
                icid=call.icid,
                bind_num=call.x,
                session_id=call.session_id,
                subscription_id=_known(call.binding_id),
                caller_num=_known(call.caller),
                callee_num=call.x,
                fwd_display_num=_shown(call) if is_forwarded else UNSET,
                fwd_dst_num=_known(call.callee) if is_forwarded else UNSET,
                call_in_time=_time(call.arrived_at),
                fwd_start_time=_known_time(call.forwarded_at),
                fwd_alerting_time=_known_time(call.alerted_at),
                fwd_answer_time=_known_time(call.answered_at),
                call_end_time=_time(end.at),
                fail_time=UNSET if is_answered else _time(end.at),
                fwd_unasw_rsn=0 if is_answered else end.q850,
                ul_fail_reason=int(end.release),
                sip_status_code=0 if is_answered else end.sip_status,
                call_out_unasw_rsn=0,
                record_flag=0 if recording is None else 1,
                record_start_time=UNSET if recording is None else _time(recording.started_at),
                record_object_name=UNSET if recording is None else recording.object_name,
                record_bucket_name=UNSET if recording is None else recording.bucket,
                record_domain=UNSET if recording is None else recording.domain,
                record_file_download_url=_known(self._url(record)),
                tts_play_times=0,
                tts_trans_duration=0,
                mpty_id=_known(call.binding_id),
                service_type=_SERVICE_TYPES[call.mode],
                host_name=call.host,
                user_data=_known(call.user_data),
                call_rel_direction=self._release_side(record),
                extend_num=_known(call.extension),
                notify_mode=_BLOCK if call.mode is Mode.X else UNSET,
            )
        )

    def record_message(self, entries: Sequence[bytes]) -> bytes:
        """The `fee` message around entries."""
        return b'{"eventType":"fee","feeLst":[' + b",".join(entries) + b"]}"

    def _url(self, record: CallRecord) -> str | None:
        if record.recording is None or self._recording_url is None:
            return None
        return self._recording_url(record)

    def _release_side(self, record: CallRecord) -> int | UnsetType:
        side = record.end.hung_up_by
        if not self._shows_release_side or side is None or not record.is_answered:
            return UNSET
        return int(side)


def _direction(call: Call) -> _Direction:
    """In mode X only A calls, as its short messages say it too (`spec/x.md` 5)."""
    return _Direction.A_CALLS_B if call.mode is Mode.X else _DIRECTIONS[call.role]


def _event(event_type: str, call: Call, at: datetime | None) -> bytes:
    """An event of the outgoing leg."""
    info = _status_info(call, _happened(event_type, at), _shown(call), call.callee)
    return encode(_Event(event_type, info))


def _happened(event_type: str, at: datetime | None) -> datetime:
    if at is None:
        raise ValueError(f"{event_type} before it happened")
    return at


def _shown(call: Call) -> str:
    return call.shown or call.x


def _status_info(call: Call, at: datetime, caller: str, called: str | None) -> _StatusInfo:
    return _StatusInfo(
        timestamp=_time(at),
        session_id=call.session_id,
        caller=_known(caller),
        called=_known(called),
        subscription_id=_known(call.binding_id),
        user_data=_known(call.user_data),
    )


def _known(text: str | None) -> str | UnsetType:
    return text or UNSET


def _time(at: datetime) -> str:
    """`yyyy-MM-dd HH:mm:ss` of an aware UTC time."""
    return at.isoformat(" ", "seconds")[:19]


def _known_time(at: datetime | None) -> str | UnsetType:
    return UNSET if at is None else _time(at)
