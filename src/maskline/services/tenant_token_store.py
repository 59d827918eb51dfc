"""The store seam of tenant tokens; the rules of `maskline.services.store` hold here too."""

from datetime import datetime
from typing import Protocol

from maskline.domain.tenant_token import TenantToken


class TenantTokenStore(Protocol):
    """Tokens by the hash of what their holders send; a tenant has few."""

    async def add_tenant_token(self, token: TenantToken, now: datetime, limit: int) -> None:
        """Keep a token, and forget those of its tenant that have expired by `now`.

        Raises UnknownRecord (the tenant), TenantFull (it has `limit` others), DuplicateRecord.
        """
        ...

    async def remove_tenant_token(self, tenant_id: str, token_id: str) -> None:
        """Forget a token. Raises UnknownRecord."""
        ...

    async def tenant_token(self, digest: bytes) -> TenantToken | None:
        """The token with this hash, also when it has expired."""
        ...

    async def tenant_tokens(self, tenant_id: str) -> tuple[TenantToken, ...]:
        """All tokens of a tenant, oldest first."""
        ...
