"""The audit log: who changed what, when, from where, and how it was before and after."""

from dataclasses import dataclass, field
from datetime import datetime

from maskline.domain.access import CallerKind

NOBODY = "nobody"
"""As the kind of who asked, where that is not known: of a sign-in that failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """Something that was done by way of the management API.

    `action` is the operation's name in the OpenAPI document, `target` the path of the object, with
    real numbers masked, `tenant_id` whose the object is, None for the platform's. `before` and
    `after` are JSON as the API shows the object, without secrets; empty where there is none.
    """

    at: datetime
    kind: CallerKind | str
    name: str = field(repr=False)
    user_id: str | None = None
    address: str = field(default="", repr=False)
    action: str
    method: str = ""
    target: str = ""
    tenant_id: str | None = None
    before: bytes = field(default=b"", repr=False)
    after: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """Which events a list asks for; None does not restrict.

    `since` is the first moment that counts, `until` the first that does not.
    """

    tenant_id: str | None = None
    user_id: str | None = None
    action: str | None = None
    target: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptEvent:
    """An event in the log; `sequence` tells events of one moment apart."""

    sequence: int
    event: AuditEvent
