"""Tenants and their applications."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from maskline.domain.recording import RETENTION_DAYS

PAIRS_PER_NUMBER = 5000  # `spec/axb.md` 1; a setting of the application


class Mode(StrEnum):
    """The five ways a virtual number serves; an application has exactly one."""

    AX = "ax"
    AXB = "axb"
    AXE = "axe"
    AXYB = "axyb"
    X = "x"


SERVED_MODES = frozenset({Mode.AXB})
"""The modes this release carries calls for; the others are in docs/roadmap.md."""


class TenantState(StrEnum):
    """A frozen tenant (arrears, complaints) may neither bind nor call."""

    NORMAL = "normal"
    FROZEN = "frozen"


class ApplicationState(StrEnum):
    """A suspended application answers 1010008 (`spec/codes.md` 2.2)."""

    NORMAL = "normal"
    SUSPENDED = "suspended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    """A customer. `tenant_id` appears as `spId` in call records.

    Recordings are kept for `recording_retention_days` from the end of their call.
    """

    tenant_id: str
    name: str
    state: TenantState = TenantState.NORMAL
    recording_retention_days: int = RETENTION_DAYS
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationPrompts:
    """Names of the prompts that an application plays where no binding says otherwise.

    None plays nothing. `waiting_tone` is heard in place of the callee's ring-back
    (`spec/console.md` 3.1).
    """

    no_permission: str | None = None
    no_binding: str | None = None
    service_abnormal: str | None = None
    waiting_tone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """One application of a tenant: its key, secret, mode, receivers and switches.

    `request_limit_per_s` 0 means no limit; an empty `allowed_addresses` admits every address.
    """

    app_key: str
    tenant_id: str
    name: str
    mode: Mode
    secret: str = field(repr=False)
    state: ApplicationState = ApplicationState.NORMAL
    status_url: str | None = None
    cdr_url: str | None = None
    sms_url: str | None = None
    sms_control_url: str | None = None
    may_call: bool = True
    may_record: bool = False
    may_message: bool = False
    allowed_addresses: tuple[str, ...] = ()
    request_limit_per_s: int = 0
    pairs_per_number: int = PAIRS_PER_NUMBER
    prompts: ApplicationPrompts = ApplicationPrompts()
    created_at: datetime
