"""What the management API shows of our values: snake_case JSON, secrets never, numbers masked."""

from collections.abc import Callable
from datetime import datetime
from typing import Generic, TypeVar

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import asdict

from maskline.domain.application import (
    Application,
    ApplicationPrompts,
    ApplicationState,
    Mode,
    Tenant,
    TenantState,
)
from maskline.domain.binding import (
    AxbBinding,
    AxBinding,
    AxeBinding,
    Binding,
    CallDirection,
    Role,
    XyRelation,
    YbBinding,
)
from maskline.domain.call import Call, CallRecord
from maskline.domain.ended_binding import EndCause, EndedBinding
from maskline.domain.masking import mask
from maskline.domain.message_rule import MessageRules
from maskline.domain.number import NumberFormat
from maskline.domain.number_choice import ChoiceRules
from maskline.domain.outcome_class import OutcomeClass, class_of
from maskline.domain.recording import CallRecording
from maskline.domain.trunk import Protection, Transport, Trunk
from maskline.domain.use_limit import UseLimits
from maskline.domain.virtual_number import (
    LOCKED,
    NumberCause,
    NumberKind,
    NumberState,
    VirtualNumber,
)
from maskline.services.application_rule import notes_of
from maskline.services.page import Count, Listing

Row = TypeVar("Row")
Shown = TypeVar("Shown")

_MODES: dict[type[Binding], str] = {
    AxbBinding: "axb",
    AxBinding: "ax",
    AxeBinding: "axe",
    XyRelation: "axyb",
    YbBinding: "yb",
}


class Items(Struct, Generic[Shown], frozen=True, kw_only=True):
    """One page of a list. `next` is the `after` of the page behind it; null on the last one.

    A page can have fewer items than its `limit`, even none, and yet a `next`: filters that no index
    serves look through a bounded number of entries a page.
    """

    items: tuple[Shown, ...]
    next: str | None


class BoundedCountView(Struct, frozen=True, kw_only=True):
    """How many entries a list has; `is_bounded` when there may be more: counting stops at 10,000.

    It stops earlier where filters that no index serves would have to look through too many.
    """

    count: int
    is_bounded: bool


def view_items(found: Listing[Row], view: Callable[[Row], Shown]) -> Items[Shown]:
    """A page of a list as it is shown."""
    return Items(
        items=tuple(map(view, found.rows)), next=None if found.next is None else found.next.text
    )


def view_count(count: Count) -> BoundedCountView:
    """A count as it is shown."""
    return BoundedCountView(count=count.count, is_bounded=count.is_bounded)


class TenantView(Struct, frozen=True, kw_only=True):
    """A customer."""

    tenant_id: str
    name: str
    state: TenantState
    recording_retention_days: int
    record_retention_days: int
    binding_retention_days: int
    message_retention_days: int
    text_retention_days: int
    may_message: bool
    max_applications: int
    limits: UseLimits
    created_at: datetime


class NoteView(Struct, frozen=True, kw_only=True):
    """Something that an application lacks. `field` is what to set."""

    code: str
    field: str
    text: str
    is_mandatory: bool


class ApplicationView(Struct, frozen=True, kw_only=True):
    """An application. `app_secret` is there in the answer that made it, and never again.

    `notes` tell what it lacks, what is mandatory first.
    """

    app_key: str
    app_secret: str | UnsetType = UNSET
    tenant_id: str
    name: str
    mode: Mode
    state: ApplicationState
    status_url: str | None
    cdr_url: str | None
    sms_url: str | None
    sms_control_url: str | None
    may_call: bool
    may_record: bool
    may_message: bool
    intercepts_unregistered: bool
    allowed_addresses: tuple[str, ...]
    request_limit_per_s: int
    pairs_per_number: int
    binds_per_day: int
    number_choice: ChoiceRules
    limits: UseLimits
    remembers_callers: bool
    may_show_caller: bool
    extension_digits: int
    extension_repeats: int
    callback_number: str | None
    pushes_number_state: bool
    number_state_url: str | None
    prompts: ApplicationPrompts
    messages: MessageRules
    description: str
    has_voice_check: bool
    is_sandbox: bool
    labels: dict[str, str]
    notes: tuple[NoteView, ...]
    created_at: datetime


class NumberView(Struct, frozen=True, kw_only=True):
    """A virtual number; `pairs` counts its bindings.

    What is blacklisted, and not by its tenant, is so by the platform, and only there until it says.
    Until `held_until` it is not chosen for binds that name no number; when it `is_locked` never.
    """

    number: str
    app_key: str
    area_code: str
    state: NumberState
    cause: NumberCause | None
    may_message: bool
    pairs: int
    kind: NumberKind
    note: str
    tags: tuple[str, ...]
    blacklisted_by_tenant: bool
    held_until: datetime | None
    is_locked: bool
    created_at: datetime


class NumbersView(Struct, frozen=True, kw_only=True):
    """The numbers that were added."""

    numbers: tuple[NumberView, ...]


class TrunkView(Struct, frozen=True, kw_only=True):
    """A trunk; of its passwords only whether they are set.

    `shows_keys` warns that the keys of its encrypted audio travel in signalling that is not.
    """

    name: str
    host: str
    port: int
    transport: Transport
    prefixes: tuple[str, ...]
    priority: int
    weight: int
    inbound_from: tuple[str, ...]
    number_format: NumberFormat
    inbound_strip: str
    inbound_add: str
    outbound_strip: str
    outbound_add: str
    max_calls: int
    calls_per_s: int
    username: str | None
    has_password: bool
    has_inbound_password: bool
    is_enabled: bool
    protection: Protection
    outbound_proxy: str
    shows_keys: bool


class BindingView(Struct, frozen=True, kw_only=True):
    """A binding of any mode; what its mode has not is null.

    Real numbers are masked, `user_data` left out, unless the request reveals. `mode` is `yb` for
    the part of AXYB that has a B, which names its `relation_id`.
    """

    binding_id: str
    app_key: str
    mode: str
    x: str
    a: str
    b: str | None
    y: str | None
    extension: str | None
    relation_id: str | None
    direction: str | None
    duration_s: int | None
    expires_at: datetime | None
    close_after_calls: int
    idle_s: int
    record: bool
    max_duration_min: int
    user_data: str | None | UnsetType = UNSET  # noqa: RUF036 - reads as "absent when masked"
    created_at: datetime
    modified_at: datetime


class EndedBindingView(BindingView, frozen=True, kw_only=True):
    """A binding as it was when it ended, and why it did.

    With the cause `replaced` it lives on: a change took A or B out. A binding that expired ended
    then, whenever it was removed.
    """

    ended_at: datetime
    cause: EndCause


class CallView(Struct, frozen=True, kw_only=True):
    """A call, live or ended. `caller` and `callee` are masked unless the request reveals.

    The fields from `ended_at` on are those of the record, null while the call lives. `recording`
    is an object name: what a live call is recorded to, or what was kept of one that ended.
    """

    session_id: str
    state: str
    icid: str
    host: str
    app_key: str
    tenant_id: str
    mode: Mode
    x: str
    caller: str
    callee: str | None
    binding_id: str | None
    caller_role: Role | None
    arrived_at: datetime
    forwarded_at: datetime | None
    alerted_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None = None
    release_code: int | None = None
    release_text: str | None = None
    outcome: OutcomeClass | None = None
    sip_status: int | None = None
    q850: int | None = None
    hung_up_by: str | None = None
    talk_time_s: int | None = None
    recorded_s: float | None = None
    recording: str | None = None


class StoppedView(Struct, frozen=True, kw_only=True):
    """A call that was told to end."""

    session_id: str
    stopped: bool


class OutboxView(Struct, frozen=True, kw_only=True):
    """The queue of pushes: how many wait, and how many were given up.

    `disabled_receivers` counts those that nothing is pushed to until an operator or a new URL
    changes that.
    """

    waiting: int
    dead: int
    disabled_receivers: int


class LockoutView(Struct, frozen=True, kw_only=True):
    """An address that is locked out of an interface (`rest`, `registration`).

    Of an IPv6 address it is its /64.
    """

    address: str
    interface: str
    failures: int
    until: datetime


class HealthView(Struct, frozen=True, kw_only=True):
    """Whether a process is up, or ready; `checks` says what it depends on."""

    status: str
    version: str
    checks: dict[str, bool] = {}


def view_tenant(tenant: Tenant) -> TenantView:
    """A tenant as it is shown."""
    return copied(TenantView, tenant)


def view_application(application: Application, *, with_secret: bool = False) -> ApplicationView:
    """An application as it is shown."""
    secret = application.secret if with_secret else UNSET
    return copied(
        ApplicationView,
        application,
        app_secret=secret,
        labels=dict(application.labels),
        notes=tuple(copied(NoteView, note) for note in notes_of(application)),
    )


def view_number(number: VirtualNumber) -> NumberView:
    """A virtual number as it is shown."""
    is_locked = number.held_until == LOCKED
    held_until = None if is_locked else number.held_until
    return copied(NumberView, number, held_until=held_until, is_locked=is_locked)


def view_trunk(trunk: Trunk) -> TrunkView:
    """A trunk as it is shown."""
    return copied(
        TrunkView,
        trunk,
        has_password=trunk.password is not None,
        has_inbound_password=trunk.inbound_password is not None,
    )


def view_binding(binding: Binding, *, reveal: bool) -> BindingView:
    """A binding as it is shown."""
    show = _shower(reveal=reveal)
    b: str | None = getattr(binding, "b", None)
    direction: CallDirection | None = getattr(binding, "direction", None)
    return BindingView(
        binding_id=binding.binding_id,
        app_key=binding.app_key,
        mode=_MODES[type(binding)],
        x=binding.x,
        a=show(binding.a),
        b=None if b is None else show(b),
        y=getattr(binding, "y", None),
        extension=getattr(binding, "extension", None),
        relation_id=getattr(binding, "relation_id", None),
        direction=None if direction is None else direction.name.lower(),
        duration_s=getattr(binding, "duration_s", None),
        expires_at=binding.expires_at,
        close_after_calls=binding.close.after_calls,
        idle_s=binding.close.idle_s,
        record=binding.voice.record,
        max_duration_min=binding.voice.max_duration_min,
        user_data=binding.user_data if reveal else UNSET,
        created_at=binding.created_at,
        modified_at=binding.modified_at,
    )


def view_ended_binding(one: EndedBinding, *, reveal: bool) -> EndedBindingView:
    """An ended binding as it is shown."""
    shown = view_binding(one.binding, reveal=reveal)
    return EndedBindingView(**asdict(shown), ended_at=one.ended_at, cause=one.cause)


def view_call(call: Call, *, reveal: bool) -> CallView:
    """A live call as it is shown."""
    show = _shower(reveal=reveal)
    return copied(
        CallView,
        call,
        state=_state(call),
        caller=show(call.caller),
        callee=show(call.callee) if call.callee else None,
        caller_role=call.role,
        recording=_object_name(call.recording),
    )


def view_record(record: CallRecord, *, reveal: bool) -> CallView:
    """An ended call as it is shown."""
    end = record.end
    show = _shower(reveal=reveal)
    return copied(
        CallView,
        record.call,
        state="ended",
        caller=show(record.call.caller),
        callee=show(record.call.callee) if record.call.callee else None,
        caller_role=record.call.role,
        ended_at=end.at,
        release_code=end.release.value,
        release_text=end.release.text,
        outcome=class_of(end.release),
        sip_status=end.sip_status,
        q850=end.q850,
        hung_up_by=end.hung_up_by.name.lower() if end.hung_up_by else None,
        talk_time_s=record.talk_time_s,
        recorded_s=end.recorded_s,
        recording=_object_name(record.recording),
    )


def _object_name(recording: CallRecording | None) -> str | None:
    return None if recording is None else recording.object_name


def _state(call: Call) -> str:
    if call.answered_at is not None:
        return "talking"
    if call.alerted_at is not None:
        return "ringing"
    return "connecting" if call.forwarded_at is not None else "arrived"


def _shower(*, reveal: bool) -> Callable[[str], str]:
    return (lambda number: number) if reveal else mask


Copied = TypeVar("Copied", bound=Struct)


def copied(view: type[Copied], value: object, **other: object) -> Copied:
    """A view of a value: its fields that the view has, and the others."""
    same = {
        field: getattr(value, field)
        for field in view.__struct_fields__
        if field not in other and hasattr(value, field)
    }
    return view(**same, **other)
