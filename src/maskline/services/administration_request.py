"""What an operator may ask for: the values `Administration` takes.

Types are checked when a request is decoded into one of these; rules are `Administration`'s.
"""

from datetime import datetime
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from maskline.domain.application import (
    EXTENSION_DIGITS,
    MAX_APPLICATIONS,
    MAX_EXTENSION_DIGITS,
    PAIRS_PER_NUMBER,
    ApplicationState,
    Mode,
    TenantState,
)
from maskline.domain.ledger import MAX_AMOUNT
from maskline.domain.message_rule import MESSAGE_RETENTION_DAYS, TEXT_RETENTION_DAYS
from maskline.domain.number import NumberFormat
from maskline.domain.prompt import MAX_PROMPT_NAME
from maskline.domain.recording import MAX_RETENTION_DAYS
from maskline.domain.trunk import Protection, Transport
from maskline.domain.use_limit import MAX_DESTINATIONS
from maskline.domain.virtual_number import (
    MAX_NOTE,
    MAX_TAG,
    MAX_TAGS,
    NumberCause,
    NumberKind,
    NumberState,
)
from maskline.services.application_rule import MAX_LABELS
from maskline.services.number_choice import NumberChoiceForm

Description = Annotated[str, Meta(max_length=256)]
Labels = Annotated[dict[str, str], Meta(max_length=MAX_LABELS)]
LabelChanges = Annotated[dict[str, str | None], Meta(max_length=2 * MAX_LABELS)]
Name = Annotated[str, Meta(min_length=1, max_length=64)]
Count = Annotated[int, Meta(ge=0, le=1_000_000)]
PositiveCount = Annotated[int, Meta(ge=1, le=1_000_000)]
Days = Annotated[int, Meta(ge=1, le=MAX_RETENTION_DAYS)]
Repeats = Annotated[int, Meta(ge=0, le=9)]
ExtensionDigits = Annotated[int, Meta(ge=1, le=MAX_EXTENSION_DIGITS)]
PromptName = Annotated[str, Meta(min_length=1, max_length=MAX_PROMPT_NAME)]
Url = Annotated[str, Meta(max_length=2048)]
Word = Annotated[str, Meta(pattern=r"\S", max_length=64)]
Words = Annotated[tuple[Word, ...], Meta(max_length=1000)]
Networks = Annotated[tuple[str, ...], Meta(max_length=100)]


class MessageRuleChoice(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an application lets its messages be; absent fields stay. 0 is no limit, [] no rule."""

    shows_text: bool | UnsetType = UNSET
    reply_tags: bool | UnsetType = UNSET
    required_words: Words | UnsetType = UNSET
    forbidden_words: Words | UnsetType = UNSET
    opt_out_words: Words | UnsetType = UNSET
    per_sender_min: Count | UnsetType = UNSET
    per_number_min: Count | UnsetType = UNSET
    per_s: Count | UnsetType = UNSET
    parts_per_day: Count | UnsetType = UNSET


class UseLimitForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Bounds of calls and messages; absent fields stay, what is empty or 0 bounds nothing.

    Fields as in `maskline.domain.use_limit.UseLimits`.
    """

    destinations: Annotated[tuple[str, ...], Meta(max_length=MAX_DESTINATIONS)] | UnsetType = UNSET
    spend_per_day: Annotated[int, Meta(ge=0, le=MAX_AMOUNT)] | UnsetType = UNSET


class NewTenant(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A customer to add. `tenant_id` is made up when it is not given.

    Without `recording_retention_days` recordings are kept as long as the settings say, without
    `record_retention_days` call records and `binding_retention_days` bindings that have ended.
    Records of messages are kept for `message_retention_days`, their texts for
    `text_retention_days`.
    """

    name: Name
    tenant_id: str | None = None
    recording_retention_days: Days | None = None
    record_retention_days: Days | None = None
    binding_retention_days: Days | None = None
    message_retention_days: Days = MESSAGE_RETENTION_DAYS
    text_retention_days: Days = TEXT_RETENTION_DAYS
    may_message: bool = True
    max_applications: PositiveCount = MAX_APPLICATIONS
    limits: UseLimitForm = UseLimitForm()


class TenantChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to change of a tenant; absent fields stay."""

    name: Name | UnsetType = UNSET
    state: TenantState | UnsetType = UNSET
    recording_retention_days: Days | UnsetType = UNSET
    record_retention_days: Days | UnsetType = UNSET
    binding_retention_days: Days | UnsetType = UNSET
    message_retention_days: Days | UnsetType = UNSET
    text_retention_days: Days | UnsetType = UNSET
    may_message: bool | UnsetType = UNSET
    max_applications: PositiveCount | UnsetType = UNSET
    limits: UseLimitForm | UnsetType = UNSET


class PromptChoice(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which approved prompts an application plays; absent fields stay, null plays nothing."""

    no_permission: PromptName | UnsetType | None = UNSET
    no_binding: PromptName | UnsetType | None = UNSET
    service_abnormal: PromptName | UnsetType | None = UNSET
    waiting_tone: PromptName | UnsetType | None = UNSET
    enter_extension: PromptName | UnsetType | None = UNSET
    wrong_extension: PromptName | UnsetType | None = UNSET
    wrong_extension_end: PromptName | UnsetType | None = UNSET
    no_extension_end: PromptName | UnsetType | None = UNSET
    no_callback: PromptName | UnsetType | None = UNSET
    random_check: PromptName | UnsetType | None = UNSET


class NewApplication(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An application to add. Without `tenant_id` it belongs to the tenant `default`.

    `request_limit_per_s` and `binds_per_day` 0 mean no limit; empty `allowed_addresses` admits
    every address. `extension_digits` cannot be changed later. Of a tenant no two have one `name`:
    Chinese characters, letters, digits and underscores.
    """

    name: Name
    mode: Mode
    tenant_id: str | None = None
    status_url: Url | None = None
    cdr_url: Url | None = None
    sms_url: Url | None = None
    sms_control_url: Url | None = None
    may_call: bool = True
    may_record: bool = False
    may_message: bool = False
    intercepts_unregistered: bool = False
    allowed_addresses: Networks = ()
    request_limit_per_s: Count = 0
    pairs_per_number: PositiveCount = PAIRS_PER_NUMBER
    binds_per_day: Count = 0
    number_choice: NumberChoiceForm = NumberChoiceForm()
    limits: UseLimitForm = UseLimitForm()
    remembers_callers: bool = False
    may_show_caller: bool = True
    extension_digits: ExtensionDigits = EXTENSION_DIGITS
    extension_repeats: Repeats = 2
    callback_number: str | None = None
    pushes_number_state: bool = False
    number_state_url: Url | None = None
    prompts: PromptChoice = PromptChoice()
    messages: MessageRuleChoice = MessageRuleChoice()
    description: Description = ""
    has_voice_check: bool = False
    is_sandbox: bool = False
    labels: Labels = {}


class ApplicationChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to change of an application; absent fields stay, a URL of null is removed.

    `labels` sets those it names, null removes one; the others stay.
    """

    name: Name | UnsetType = UNSET
    state: ApplicationState | UnsetType = UNSET
    status_url: Url | UnsetType | None = UNSET
    cdr_url: Url | UnsetType | None = UNSET
    sms_url: Url | UnsetType | None = UNSET
    sms_control_url: Url | UnsetType | None = UNSET
    may_call: bool | UnsetType = UNSET
    may_record: bool | UnsetType = UNSET
    may_message: bool | UnsetType = UNSET
    intercepts_unregistered: bool | UnsetType = UNSET
    allowed_addresses: Networks | UnsetType = UNSET
    request_limit_per_s: Count | UnsetType = UNSET
    pairs_per_number: PositiveCount | UnsetType = UNSET
    binds_per_day: Count | UnsetType = UNSET
    number_choice: NumberChoiceForm | UnsetType = UNSET
    limits: UseLimitForm | UnsetType = UNSET
    remembers_callers: bool | UnsetType = UNSET
    may_show_caller: bool | UnsetType = UNSET
    extension_repeats: Repeats | UnsetType = UNSET
    callback_number: str | UnsetType | None = UNSET
    pushes_number_state: bool | UnsetType = UNSET
    number_state_url: Url | UnsetType | None = UNSET
    prompts: PromptChoice | UnsetType = UNSET
    messages: MessageRuleChoice | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    has_voice_check: bool | UnsetType = UNSET
    is_sandbox: bool | UnsetType = UNSET
    labels: LabelChanges | UnsetType = UNSET


Moment = Annotated[datetime, Meta(tz=True)]
Note = Annotated[str, Meta(max_length=MAX_NOTE)]
Tags = Annotated[
    tuple[Annotated[str, Meta(min_length=1, max_length=MAX_TAG)], ...], Meta(max_length=MAX_TAGS)
]


class NewNumber(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A virtual number to add: global form, and its city code with the leading 0."""

    number: str
    area_code: str
    may_message: bool = True
    kind: NumberKind | UnsetType = UNSET
    note: Note = ""
    tags: Tags = ()


class NewNumbers(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Virtual numbers for one application; all are added or none."""

    app_key: str
    numbers: Annotated[tuple[NewNumber, ...], Meta(min_length=1)]


class NumberChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to change of a virtual number; absent fields stay.

    Becoming unavailable needs a `cause`, which goes with that state. Until `held_until`, or while
    it `is_locked`, it is not chosen for binds that name no number.
    """

    area_code: str | UnsetType = UNSET
    state: NumberState | UnsetType = UNSET
    cause: NumberCause | UnsetType | None = UNSET
    may_message: bool | UnsetType = UNSET
    kind: NumberKind | UnsetType = UNSET
    note: Note | UnsetType = UNSET
    tags: Tags | UnsetType = UNSET
    held_until: Moment | UnsetType | None = UNSET
    is_locked: bool | UnsetType = UNSET


class TrunkForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A trunk as an operator describes it; fields as in `maskline.domain.trunk.Trunk`."""

    name: str
    host: str
    port: int = 5060
    transport: Transport = Transport.UDP
    prefixes: Annotated[tuple[str, ...], Meta(max_length=1000)] = ()
    priority: Count = 10
    weight: Count = 10
    inbound_from: Networks = ()
    number_format: NumberFormat = NumberFormat.E164
    inbound_strip: str = ""
    inbound_add: str = ""
    outbound_strip: str = ""
    outbound_add: str = ""
    max_calls: Count = 0
    calls_per_s: Count = 0
    username: Name | None = None
    password: Name | None = None
    inbound_password: Name | None = None
    is_enabled: bool = True
    protection: Protection = Protection.NONE
    outbound_proxy: str = ""


class TrunkChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to change of a trunk; absent fields stay, a credential of null is removed."""

    host: str | UnsetType = UNSET
    port: int | UnsetType = UNSET
    transport: Transport | UnsetType = UNSET
    prefixes: Annotated[tuple[str, ...], Meta(max_length=1000)] | UnsetType = UNSET
    priority: Count | UnsetType = UNSET
    weight: Count | UnsetType = UNSET
    inbound_from: Networks | UnsetType = UNSET
    number_format: NumberFormat | UnsetType = UNSET
    inbound_strip: str | UnsetType = UNSET
    inbound_add: str | UnsetType = UNSET
    outbound_strip: str | UnsetType = UNSET
    outbound_add: str | UnsetType = UNSET
    max_calls: Count | UnsetType = UNSET
    calls_per_s: Count | UnsetType = UNSET
    username: Name | UnsetType | None = UNSET
    password: Name | UnsetType | None = UNSET
    inbound_password: Name | UnsetType | None = UNSET
    is_enabled: bool | UnsetType = UNSET
    protection: Protection | UnsetType = UNSET
    outbound_proxy: str | UnsetType = UNSET
