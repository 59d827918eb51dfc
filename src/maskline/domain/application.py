"""Tenants and their applications."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from maskline.domain.application_secret import FIRST_SECRET, FormerSecret
from maskline.domain.message_rule import (
    MESSAGE_RETENTION_DAYS,
    NO_RULES,
    TEXT_RETENTION_DAYS,
    MessageRules,
)
from maskline.domain.number_choice import AS_EVER, ChoiceRules
from maskline.domain.recording import RETENTION_DAYS
from maskline.domain.use_limit import NO_LIMITS, UseLimits
from maskline.domain.webhook_secret import derived_secret

PAIRS_PER_NUMBER = 5000  # `spec/axb.md` 1; a setting of the application

RECORD_RETENTION_DAYS = 180
BINDING_RETENTION_DAYS = 180
"""How long call records are kept where nobody says otherwise: disputes about bills come late."""


class Mode(StrEnum):
    """The five ways a virtual number serves; an application has exactly one."""

    AX = "ax"
    AXB = "axb"
    AXE = "axe"
    AXYB = "axyb"
    X = "x"


EXTENSION_DIGITS = 4
MAX_EXTENSION_DIGITS = 4  # `spec/axe.md` 1

MAX_APPLICATIONS = 5
"""How many applications a tenant may have until an operator raises it (`spec/console.md` 3.2)."""


class TenantState(StrEnum):
    """A tenant that is not normal may neither bind nor call.

    FROZEN is set by hand; IN_ARREARS follows from its balance, and ends with it.
    """

    NORMAL = "normal"
    FROZEN = "frozen"
    IN_ARREARS = "in_arrears"


class ApplicationState(StrEnum):
    """A suspended application answers 1010008 (`spec/codes.md` 2.2)."""

    NORMAL = "normal"
    SUSPENDED = "suspended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    """A customer. `tenant_id` appears as `spId` in call records.

    Recordings are kept for `recording_retention_days` from the end of their call, call records for
    `record_retention_days`, bindings that have ended for `binding_retention_days`; records of short
    messages for `message_retention_days`, their texts for `text_retention_days`. Without
    `may_message` no application of it has short messages. It has `max_applications` at most.
    `limits` bound where it calls and what it spends, all its applications together.
    """

    tenant_id: str
    name: str
    state: TenantState = TenantState.NORMAL
    recording_retention_days: int = RETENTION_DAYS
    record_retention_days: int = RECORD_RETENTION_DAYS
    binding_retention_days: int = BINDING_RETENTION_DAYS
    message_retention_days: int = MESSAGE_RETENTION_DAYS
    text_retention_days: int = TEXT_RETENTION_DAYS
    may_message: bool = True
    max_applications: int = MAX_APPLICATIONS
    limits: UseLimits = NO_LIMITS
    created_at: datetime

    @property
    def is_frozen(self) -> bool:
        """Whether it may neither bind nor call, for whatever reason."""
        return self.state is not TenantState.NORMAL


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationPrompts:
    """Names of the prompts that an application plays where no binding says otherwise.

    None plays nothing. `waiting_tone` is heard in place of the callee's ring-back
    (`spec/console.md` 3.1). Those from `enter_extension` on are for AXE (`spec/axe.md` 9): the
    first two ask for the extension, the next two come before the end of a call that keyed in a
    wrong one, or none; `no_callback` is for an A who calls X and has nobody to call back.
    `random_check` tells of random checks of recordings; it is kept for whoever makes them.
    """

    no_permission: str | None = None
    no_binding: str | None = None
    service_abnormal: str | None = None
    waiting_tone: str | None = None
    enter_extension: str | None = None
    wrong_extension: str | None = None
    wrong_extension_end: str | None = None
    no_extension_end: str | None = None
    no_callback: str | None = None
    random_check: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """One application of a tenant: its key, secret, mode, receivers and switches.

    `request_limit_per_s` 0 means no limit; an empty `allowed_addresses` admits every address.
    `binds_per_day` bounds the bindings that one of its numbers is given in a day (UTC), 0 does not.
    `number_choice` is how numbers are chosen for binds that name none; `limits` bound where it
    calls and what it spends.
    AX: with `remembers_callers` A reaches the last caller where no temporary callee is set;
    without `may_show_caller` no binding may ask that A sees the real caller. With it bindings may,
    and it is their calls that are refused, as carriers do.
    AXE: `extension_digits` is fixed; `extension_repeats` is how often the extension is asked for
    again; `callback_number` is who A reaches when there is nobody to call back.
    `pushes_number_state` tells of changes of its numbers, at `number_state_url`, else `status_url`.
    With `intercepts_unregistered`, A numbers that are not registered cannot call.
    `has_voice_check` says that the quality of what is recorded is checked, which operators may ask
    for before they issue numbers. `labels` are the tenant's own. In one marked `is_sandbox`
    developers may bind.
    `webhook_secrets` sign the bodies of pushes, newest first; without any, one is derived.
    Requests may be signed with `secret`, and with `former_secrets` until their time; pushes are
    signed with `secret`.
    """

    app_key: str
    tenant_id: str
    name: str
    mode: Mode
    secret: str = field(repr=False)
    webhook_secrets: tuple[str, ...] = field(default=(), repr=False)
    state: ApplicationState = ApplicationState.NORMAL
    status_url: str | None = None
    cdr_url: str | None = None
    sms_url: str | None = None
    sms_control_url: str | None = None
    may_call: bool = True
    may_record: bool = False
    may_message: bool = False
    intercepts_unregistered: bool = False
    allowed_addresses: tuple[str, ...] = ()
    request_limit_per_s: int = 0
    pairs_per_number: int = PAIRS_PER_NUMBER
    binds_per_day: int = 0
    number_choice: ChoiceRules = AS_EVER
    limits: UseLimits = NO_LIMITS
    remembers_callers: bool = False
    may_show_caller: bool = True
    extension_digits: int = EXTENSION_DIGITS
    extension_repeats: int = 2
    callback_number: str | None = field(default=None, repr=False)
    pushes_number_state: bool = False
    number_state_url: str | None = None
    prompts: ApplicationPrompts = ApplicationPrompts()
    messages: MessageRules = NO_RULES
    description: str = ""
    has_voice_check: bool = False
    is_sandbox: bool = False
    labels: Mapping[str, str] = field(default_factory=dict[str, str], hash=False)
    secret_id: str = FIRST_SECRET
    secret_created_at: datetime | None = None
    former_secrets: tuple[FormerSecret, ...] = ()
    created_at: datetime

    @property
    def secret_since(self) -> datetime:
        """When the present secret was made."""
        return self.secret_created_at or self.created_at

    def former_secrets_at(self, now: datetime) -> tuple[FormerSecret, ...]:
        """The earlier secrets that still work, newest first."""
        return tuple(one for one in self.former_secrets if now < one.valid_until)

    @property
    def signing_secrets(self) -> tuple[str, ...]:
        """What signs the bodies of its pushes, newest first."""
        return self.webhook_secrets or (derived_secret(self.secret),)

    @property
    def number_state_receiver(self) -> str | None:
        """Where changes of its numbers are told, None where they are not."""
        return (self.number_state_url or self.status_url) if self.pushes_number_state else None
