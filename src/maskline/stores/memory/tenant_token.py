from datetime import datetime

from maskline.domain.error import DuplicateRecord, TenantFull, UnknownRecord
from maskline.domain.tenant_token import TenantToken
from maskline.stores.memory.table import Tables


class MemoryTenantTokens:
    """`maskline.services.tenant_token_store.TenantTokenStore` on a dict."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def add_tenant_token(self, token: TenantToken, now: datetime, limit: int) -> None:
        """See the seam."""
        if token.tenant_id not in self._tables.tenants:
            raise UnknownRecord(f"there is no tenant {token.tenant_id}")
        kept = self._tables.tenant_tokens
        owned = await self.tenant_tokens(token.tenant_id)
        expired = [one for one in owned if one.expires_at <= now]
        if len(owned) - len(expired) >= limit:
            raise TenantFull(f"a tenant has at most {limit} tokens; remove some")
        if token.digest in kept or any(one.token_id == token.token_id for one in kept.values()):
            raise DuplicateRecord(token.token_id)
        for one in expired:
            del kept[one.digest]
        kept[token.digest] = token

    async def remove_tenant_token(self, tenant_id: str, token_id: str) -> None:
        """See the seam."""
        for one in await self.tenant_tokens(tenant_id):
            if one.token_id == token_id:
                del self._tables.tenant_tokens[one.digest]
                return
        raise UnknownRecord(f"the tenant {tenant_id} has no token {token_id}")

    async def tenant_token(self, digest: bytes) -> TenantToken | None:
        """See the seam."""
        return self._tables.tenant_tokens.get(digest)

    async def tenant_tokens(self, tenant_id: str) -> tuple[TenantToken, ...]:
        """See the seam."""
        rows = [one for one in self._tables.tenant_tokens.values() if one.tenant_id == tenant_id]
        return tuple(sorted(rows, key=lambda one: (one.created_at, one.token_id)))
