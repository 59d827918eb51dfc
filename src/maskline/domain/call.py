"""A call as the platform tells it: the snapshot of a live one, and its record."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from maskline.domain.application import Mode
from maskline.domain.binding import STAYS_OPEN, CloseRule, Role
from maskline.domain.plan import Connect, Refuse
from maskline.domain.recording import MIN_RECORDING_S, CallRecording
from maskline.domain.release import HungUpBy, ReleaseCode


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What is known of a call so far. Times are UTC; None means "has not happened".

    `session_id` names the call on every wire and carries the worker's host, `icid` its record.
    `caller` dialled `x`; `callee` is the real number it is forwarded to, who sees `shown`, None for
    `x`. `role` is the caller's role in the binding. Without a binding, `binding_id`, `role` and
    `callee` are None. `digits` were keyed in at `collected_at`, "" for none; `extension` is the one
    that led to the binding. `close` is the binding's. `resumption` is what a later run of
    its worker needs to go on with the call or to end it, as the call plane packs it; no record has
    it.
    """

    session_id: str
    icid: str
    host: str
    app_key: str
    tenant_id: str
    mode: Mode
    x: str
    caller: str = field(repr=False)
    arrived_at: datetime
    binding_id: str | None = None
    role: Role | None = None
    callee: str | None = field(default=None, repr=False)
    user_data: str | None = field(default=None, repr=False)
    forwarded_at: datetime | None = None
    alerted_at: datetime | None = None
    answered_at: datetime | None = None
    recording: CallRecording | None = None
    shown: str | None = None
    digits: str | None = None
    collected_at: datetime | None = None
    extension: str | None = None
    close: CloseRule = STAYS_OPEN
    resumption: bytes = field(default=b"", repr=False)

    def planned(self, plan: Connect | Refuse) -> "Call":
        """The call once it is known what to do with it."""
        known = replace(
            self,
            binding_id=plan.binding_id,
            role=plan.role,
            user_data=plan.user_data,
        )
        if isinstance(plan, Refuse):
            return known
        return replace(
            known,
            callee=plan.callee,
            shown=None if plan.shown == self.x else plan.shown,
            extension=plan.extension,
            close=plan.close,
        )

    def collected(self, digits: str, at: datetime) -> "Call":
        """The call once the caller was asked for digits; "" when none were keyed in."""
        return replace(self, digits=digits, collected_at=at)

    def forwarded(self, at: datetime) -> "Call":
        """The call once the outgoing leg was started."""
        return replace(self, forwarded_at=at)

    def alerted(self, at: datetime) -> "Call":
        """The call once the callee's phone rang."""
        return replace(self, alerted_at=at)

    def answered(self, at: datetime) -> "Call":
        """The call once the callee answered."""
        return replace(self, answered_at=at)

    def recorded(self, recording: CallRecording) -> "Call":
        """The call once its recording was started."""
        return replace(self, recording=recording)

    def resumable(self, resumption: bytes) -> "Call":
        """The call as a later run can go on with it, or end it."""
        return replace(self, resumption=resumption)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEnd:
    """How a call ended.

    `q850` and `sip_status` are those of the failed outgoing leg, 0 for a normal end.
    `recorded_s` is the length of the recording that was made, 0 without one.
    """

    at: datetime
    release: ReleaseCode
    q850: int = 0
    sip_status: int = 0
    hung_up_by: HungUpBy | None = None
    recorded_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecord:
    """The one record of a call."""

    call: Call
    end: CallEnd

    @property
    def is_answered(self) -> bool:
        """Whether the two parties ever talked."""
        return self.call.answered_at is not None

    @property
    def recording(self) -> CallRecording | None:
        """The recording that is kept of the call, None when there is none or it is too short."""
        return self.call.recording if self.end.recorded_s >= MIN_RECORDING_S else None

    @property
    def talk_time_s(self) -> int:
        """Whole seconds from the callee's answer to the end; 0 when unanswered."""
        if self.call.answered_at is None:
            return 0
        return max(0, int((self.end.at - self.call.answered_at).total_seconds()))
