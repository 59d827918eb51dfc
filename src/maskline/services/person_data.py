"""What the platform holds of one person, as it is handed to that person.

The numbers of the others in it are masked: they are somebody else's data.
"""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import asdict

from maskline.domain.binding import Binding, Onward, OnwardKind, Role
from maskline.domain.call import CallRecord
from maskline.domain.ended_binding import EndedBinding
from maskline.domain.masking import mask
from maskline.domain.recording import Recording
from maskline.domain.registrant import Registrant
from maskline.domain.trace import Trace
from maskline.services.person_message import (
    PersonBlock,
    PersonMessage,
    PersonMessagePart,
    PersonReplyTag,
)


class PersonBinding(Struct, frozen=True, kw_only=True):
    """A binding that the person is a party of."""

    binding_id: str
    app_key: str
    x: str
    role: str
    other: str
    user_data: str | None
    created_at: datetime
    expires_at: datetime | None


class PersonEndedBinding(PersonBinding, frozen=True, kw_only=True):
    """A binding that the person was a party of."""

    ended_at: datetime
    cause: str


class PersonCall(Struct, frozen=True, kw_only=True):
    """A call that the person made or got."""

    session_id: str
    app_key: str
    binding_id: str | None
    x: str
    was_caller: bool
    other: str
    user_data: str | None
    arrived_at: datetime
    answered_at: datetime | None
    ended_at: datetime
    talk_time_s: int
    release_code: int
    recorded_s: float


class PersonRecording(Struct, frozen=True, kw_only=True):
    """A recording of such a call; `maskline recording download` gets the sound."""

    object_name: str
    session_id: str
    started_at: datetime
    duration_s: float
    expires_at: datetime


class PersonRegistration(Struct, frozen=True, kw_only=True):
    """What a tenant has registered of the person."""

    tenant_id: str
    number_type: str
    name: str
    identity_card: str
    photo: str | None
    status: str
    fail_reason: str | None
    submitted_at: datetime
    decided_at: datetime | None


class PersonMention(Struct, frozen=True, kw_only=True):
    """Somebody else's binding whose next call goes to the person."""

    binding_id: str
    app_key: str
    kind: str
    expires_at: datetime | None


class PersonStep(Struct, frozen=True, kw_only=True):
    """A step of a call's trace."""

    at_s: float
    where: str
    what: str


class PersonTrace(Struct, frozen=True, kw_only=True):
    """The trace of a call; no number is in it."""

    session_id: str
    steps: tuple[PersonStep, ...]


class PersonData(Struct, frozen=True, kw_only=True):
    """All of it. Without `is_complete` there is more of something than one answer holds."""

    number: str
    made_at: datetime
    is_complete: bool
    bindings: tuple[PersonBinding, ...]
    ended_bindings: tuple[PersonEndedBinding, ...]
    mentions: tuple[PersonMention, ...]
    calls: tuple[PersonCall, ...]
    live_calls: tuple[str, ...]
    recordings: tuple[PersonRecording, ...]
    registrations: tuple[PersonRegistration, ...]
    traces: tuple[PersonTrace, ...]
    messages: tuple[PersonMessage, ...]
    message_parts: tuple[PersonMessagePart, ...]
    reply_tags: tuple[PersonReplyTag, ...]
    message_blocks: tuple[PersonBlock, ...]


class Erased(Struct, frozen=True, kw_only=True):
    """How much of what an erasure did, and the entry of the log that says so.

    `live_calls` are up and were left alone, so were `live_messages`, which are on their way;
    `unfinished_recordings` are on theirs into the storage: erase again when they are over. `seal`
    is what the log has, hexadecimal.
    """

    erasure_id: str
    tenant_id: str
    erased_at: datetime
    bindings: int
    ended_bindings: int
    mentions: int
    records: int
    notices: int
    recordings: int
    registrations: int
    messages: int
    message_parts: int
    reply_tags: int
    message_blocks: int
    enterprises: int
    contacts: int
    live_calls: int
    live_messages: int
    unfinished_recordings: int
    seal: str


def told_binding(binding: Binding, number: str) -> PersonBinding:
    """A binding as the person gets it."""
    b: str | None = getattr(binding, "b", None)
    is_a = binding.a == number
    return PersonBinding(
        binding_id=binding.binding_id,
        app_key=binding.app_key,
        x=getattr(binding, "y", None) or binding.x,
        role=(Role.A if is_a else Role.B).value,
        other=mask(b if is_a else binding.a),
        user_data=binding.user_data,
        created_at=binding.created_at,
        expires_at=binding.expires_at,
    )


def told_ended(one: EndedBinding, number: str) -> PersonEndedBinding:
    """An ended binding as the person gets it."""
    told = asdict(told_binding(one.binding, number))
    return PersonEndedBinding(**told, ended_at=one.ended_at, cause=one.cause.value)


def told_call(record: CallRecord, number: str) -> PersonCall:
    """A call record as the person gets it."""
    call = record.call
    was_caller = call.caller == number
    return PersonCall(
        session_id=call.session_id,
        app_key=call.app_key,
        binding_id=call.binding_id,
        x=call.x,
        was_caller=was_caller,
        other=mask(call.callee if was_caller else call.caller),
        user_data=call.user_data,
        arrived_at=call.arrived_at,
        answered_at=call.answered_at,
        ended_at=record.end.at,
        talk_time_s=record.talk_time_s,
        release_code=record.end.release,
        recorded_s=record.end.recorded_s,
    )


def told_recording(recording: Recording) -> PersonRecording:
    """A recording as the person gets it."""
    return PersonRecording(
        object_name=recording.object_name,
        session_id=recording.session_id,
        started_at=recording.started_at,
        duration_s=recording.duration_s,
        expires_at=recording.expires_at,
    )


def told_registrant(registrant: Registrant) -> PersonRegistration:
    """A registration as the person gets it."""
    report = registrant.report
    return PersonRegistration(
        tenant_id=registrant.tenant_id,
        number_type=report.number_type.value,
        name=report.name,
        identity_card=report.identity_card,
        photo=report.photo,
        status=registrant.status.value,
        fail_reason=registrant.fail_reason,
        submitted_at=registrant.submitted_at,
        decided_at=registrant.decided_at,
    )


def told_mention(app_key: str, binding_id: str, kind: OnwardKind, onward: Onward) -> PersonMention:
    """A mention as the person gets it."""
    return PersonMention(
        binding_id=binding_id, app_key=app_key, kind=kind.value, expires_at=onward.expires_at
    )


def told_trace(trace: Trace) -> PersonTrace:
    """A trace as the person gets it."""
    steps = tuple(
        PersonStep(at_s=step.at_s, where=step.where, what=step.what) for step in trace.steps
    )
    return PersonTrace(session_id=trace.session_id, steps=steps)
