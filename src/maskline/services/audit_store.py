"""The store seams of the audit log and of API tokens; the rules of `maskline.services.store` hold.

Names, addresses and what was before and after are sealed.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from maskline.domain.account import User
from maskline.domain.api_token import ApiToken
from maskline.domain.audit import AuditEvent, AuditFilter, KeptEvent

EventPlace = tuple[datetime, int]
"""Where a list of events goes on: time and sequence of the last one seen."""


class AuditStore(Protocol):
    """Events, never changed."""

    async def add_audit_events(self, events: Sequence[AuditEvent]) -> None:
        """Keep events, in this order."""
        ...

    async def audit_events(
        self, wanted: AuditFilter, before: EventPlace | None, limit: int
    ) -> tuple[KeptEvent, ...]:
        """Up to `limit` events that come behind a place, newest first."""
        ...

    async def remove_audit_events(self, before: datetime, limit: int) -> int:
        """Forget at most `limit` events from before a moment; how many there were."""
        ...


class ApiTokenStore(Protocol):
    """Tokens by the digest of what their holders send; STAFF as a tenant is the platform."""

    async def add_api_token(self, token: ApiToken, now: datetime, limit: int) -> None:
        """Keep a token, and forget those of its tenant that have expired by `now`.

        Raises UnknownRecord (the tenant), TenantFull (it has `limit` others).
        """
        ...

    async def api_token(self, digest: bytes) -> tuple[ApiToken, User | None] | None:
        """The token with this digest and whose it is, also when it has expired."""
        ...

    async def api_tokens(self, tenant_id: str | None) -> tuple[ApiToken, ...]:
        """Tokens of a tenant, or None of all, oldest first; there are few."""
        ...

    async def use_api_token(self, digest: bytes, at: datetime, address: str) -> None:
        """Keep when a token was used last and from where; one that is gone is ignored."""
        ...

    async def remove_api_token(self, token_id: str) -> None:
        """Forget a token. Raises UnknownRecord."""
        ...
