"""Who may do what: rights, the roles that bundle them, and the caller of a management request."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Right(StrEnum):
    """One thing that may be done, as `object.action`."""

    OVERVIEW_READ = "overview.read"
    CALL_READ = "call.read"
    CALL_STOP = "call.stop"
    CALL_RULE_READ = "call_rule.read"
    CALL_RULE_WRITE = "call_rule.write"
    MESSAGE_READ = "message.read"
    RECORDING_READ = "recording.read"
    RECORDING_LISTEN = "recording.listen"
    RECORDING_DOWNLOAD = "recording.download"
    RECORDING_DELETE = "recording.delete"
    STATISTICS_READ = "statistics.read"
    PUSH_READ = "push.read"
    PUSH_RESEND = "push.resend"
    NUMBER_READ = "number.read"
    NUMBER_WRITE = "number.write"
    NUMBER_REVEAL = "number.reveal"
    NUMBER_TRANSFER = "number.transfer"
    NUMBER_RELEASE = "number.release"
    STOCK_READ = "stock.read"
    STOCK_WRITE = "stock.write"
    BINDING_READ = "binding.read"
    BINDING_WRITE = "binding.write"
    BINDING_DELETE = "binding.delete"
    APPLICATION_READ = "application.read"
    APPLICATION_WRITE = "application.write"
    APPLICATION_PAUSE = "application.pause"
    SECRET_WRITE = "secret.write"  # noqa: S105 - a name
    PROMPT_READ = "prompt.read"
    PROMPT_WRITE = "prompt.write"
    PROMPT_REVIEW = "prompt.review"
    SANDBOX_USE = "sandbox.use"
    API_LOG_READ = "api_log.read"
    TOKEN_OWN = "token.own"  # noqa: S105 - a name
    TOKEN_WRITE = "token.write"  # noqa: S105 - a name
    USER_WRITE = "user.write"
    AUDIT_READ = "audit.read"
    AUDIT_OWN = "audit.own"
    EXPORT_CREATE = "export.create"
    EXPORT_CLEAR = "export.clear"
    REGISTRANT_READ = "registrant.read"
    REGISTRANT_WRITE = "registrant.write"
    REGISTRANT_REVIEW = "registrant.review"
    ENTERPRISE_READ = "enterprise.read"
    ENTERPRISE_WRITE = "enterprise.write"
    ENTERPRISE_REVIEW = "enterprise.review"
    ORDER_READ = "order.read"
    ORDER_WRITE = "order.write"
    ORDER_REVIEW = "order.review"
    PERSON_WRITE = "person.write"
    COMPLAINT_READ = "complaint.read"
    COMPLAINT_WRITE = "complaint.write"
    REPORT_READ = "report.read"
    MONEY_READ = "money.read"
    MONEY_TOP_UP = "money.top_up"
    MONEY_WRITE = "money.write"
    TENANT_READ = "tenant.read"
    TENANT_WRITE = "tenant.write"
    TRUNK_WRITE = "trunk.write"
    SMS_LINK_WRITE = "sms_link.write"
    MEDIA_READ = "media.read"
    GUARD_WRITE = "guard.write"
    SETTING_READ = "setting.read"


class Role(StrEnum):
    """A named set of rights. The first six belong to a tenant, the last two to the platform."""

    OWNER = "owner"
    ADMINISTRATOR = "administrator"
    DEVELOPER = "developer"
    NUMBER_OPERATOR = "number_operator"
    SUPPORT = "support"
    FINANCE = "finance"
    OPERATOR = "operator"
    REVIEWER = "reviewer"

    @property
    def is_staff(self) -> bool:
        """Whether it is a role of the platform's own people, who belong to no tenant."""
        return self in {Role.OPERATOR, Role.REVIEWER}


ALL_RIGHTS = frozenset(Right)

_OF_ALL_TENANT_STAFF = frozenset(
    {
        Right.OVERVIEW_READ,
        Right.CALL_READ,
        Right.CALL_RULE_READ,
        Right.MESSAGE_READ,
        Right.STATISTICS_READ,
        Right.PUSH_READ,
        Right.NUMBER_READ,
        Right.BINDING_READ,
        Right.APPLICATION_READ,
        Right.AUDIT_OWN,
    }
)

_ADMINISTRATOR = _OF_ALL_TENANT_STAFF | {
    Right.CALL_STOP,
    Right.CALL_RULE_WRITE,
    Right.RECORDING_READ,
    Right.RECORDING_LISTEN,
    Right.RECORDING_DOWNLOAD,
    Right.RECORDING_DELETE,
    Right.PUSH_RESEND,
    Right.NUMBER_WRITE,
    Right.NUMBER_REVEAL,
    Right.NUMBER_TRANSFER,
    Right.NUMBER_RELEASE,
    Right.BINDING_WRITE,
    Right.BINDING_DELETE,
    Right.APPLICATION_WRITE,
    Right.APPLICATION_PAUSE,
    Right.SECRET_WRITE,
    Right.PROMPT_READ,
    Right.PROMPT_WRITE,
    Right.SANDBOX_USE,
    Right.API_LOG_READ,
    Right.TOKEN_OWN,
    Right.TOKEN_WRITE,
    Right.USER_WRITE,
    Right.AUDIT_READ,
    Right.EXPORT_CREATE,
    Right.EXPORT_CLEAR,
    Right.REGISTRANT_READ,
    Right.REGISTRANT_WRITE,
    Right.MONEY_READ,
    Right.COMPLAINT_READ,
    Right.ENTERPRISE_READ,
    Right.ENTERPRISE_WRITE,
    Right.ORDER_READ,
    Right.ORDER_WRITE,
}

ROLE_RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.OWNER: _ADMINISTRATOR | {Right.MONEY_TOP_UP},
    Role.ADMINISTRATOR: _ADMINISTRATOR,
    # Bindings of a developer are those of sandbox runs; the bind endpoint says so itself.
    Role.DEVELOPER: _OF_ALL_TENANT_STAFF
    | {
        Right.RECORDING_READ,
        Right.PUSH_RESEND,
        Right.APPLICATION_WRITE,
        Right.SECRET_WRITE,
        Right.PROMPT_READ,
        Right.PROMPT_WRITE,
        Right.SANDBOX_USE,
        Right.API_LOG_READ,
        Right.TOKEN_OWN,
        Right.EXPORT_CREATE,
    },
    Role.NUMBER_OPERATOR: _OF_ALL_TENANT_STAFF
    | {
        Right.CALL_RULE_WRITE,
        Right.NUMBER_WRITE,
        Right.NUMBER_TRANSFER,
        Right.NUMBER_RELEASE,
        Right.BINDING_WRITE,
        Right.BINDING_DELETE,
        Right.EXPORT_CREATE,
        Right.REGISTRANT_READ,
        Right.REGISTRANT_WRITE,
        Right.ENTERPRISE_READ,
        Right.ORDER_READ,
        Right.ORDER_WRITE,
    },
    Role.SUPPORT: _OF_ALL_TENANT_STAFF
    | {
        Right.RECORDING_READ,
        Right.RECORDING_LISTEN,
        Right.PROMPT_READ,
        Right.COMPLAINT_READ,
    },
    Role.FINANCE: frozenset(
        {
            Right.OVERVIEW_READ,
            Right.STATISTICS_READ,
            Right.NUMBER_READ,
            Right.ORDER_READ,
            Right.AUDIT_OWN,
            Right.MONEY_READ,
            Right.MONEY_TOP_UP,
            Right.EXPORT_CREATE,
        }
    ),
    # Operators run the platform; what customers say and hear is theirs.
    Role.OPERATOR: ALL_RIGHTS
    - {
        Right.NUMBER_REVEAL,
        Right.RECORDING_LISTEN,
        Right.RECORDING_DOWNLOAD,
        Right.RECORDING_DELETE,
        Right.BINDING_WRITE,
        Right.BINDING_DELETE,
        # Of an application they set the state, and nothing else.
        Right.APPLICATION_WRITE,
        Right.SECRET_WRITE,
        Right.EXPORT_CLEAR,
        Right.API_LOG_READ,
        # The papers of enterprises are for reviewers.
        Right.ENTERPRISE_WRITE,
        Right.ENTERPRISE_REVIEW,
    },
    Role.REVIEWER: frozenset(
        {
            Right.PROMPT_READ,
            Right.PROMPT_REVIEW,
            Right.STOCK_READ,
            Right.ENTERPRISE_READ,
            Right.ENTERPRISE_REVIEW,
            Right.ORDER_READ,
            Right.ORDER_REVIEW,
            Right.AUDIT_OWN,
        }
    ),
}

PLATFORM_RIGHTS = ALL_RIGHTS - frozenset[Right]().union(
    *(rights for role, rights in ROLE_RIGHTS.items() if not role.is_staff)
)
"""What nobody of a tenant may do, whatever its token says."""


class CallerKind(StrEnum):
    """How a caller showed who it is."""

    OPERATOR_TOKEN = "operator_token"  # noqa: S105 - a name
    USER = "user"
    API_TOKEN = "api_token"  # noqa: S105 - a name


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks the management API for something.

    `tenant_id` None sees all tenants. `name` is what an audit event says: a login, the name of a
    token. `is_stepped_up` says that a person has shown the password again a short time ago; tokens
    always have.
    """

    kind: CallerKind
    name: str
    rights: frozenset[Right]
    tenant_id: str | None = None
    user_id: str | None = None
    role: Role | None = None
    session_id: str | None = field(default=None, repr=False)
    is_stepped_up: bool = False

    @property
    def mark(self) -> str:
        """The same for every request of one caller, and of nobody else."""
        return f"{self.kind}:{self.tenant_id or ''}:{self.user_id or ''}:{self.name}"

    def may(self, right: Right | None) -> bool:
        """Whether it has this right; None is what only platform operators may do."""
        if right is None:
            return self.tenant_id is None and Right.TENANT_WRITE in self.rights
        is_beyond = self.tenant_id is not None and right in PLATFORM_RIGHTS
        return right in self.rights and not is_beyond


OPERATOR = Caller(
    kind=CallerKind.OPERATOR_TOKEN,
    name="operator token",
    rights=ALL_RIGHTS,
    is_stepped_up=True,
)
"""Who holds the token of the settings."""
