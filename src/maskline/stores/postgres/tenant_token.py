from datetime import datetime

from maskline.domain.error import DuplicateRecord, TenantFull, UnknownRecord
from maskline.domain.tenant_token import TenantToken
from maskline.stores.moment import from_us, to_us
from maskline.stores.named_sql import load_postgres_sql
from maskline.stores.postgres.connection import Cells, Cursor
from maskline.stores.postgres.database import Database

TENANT_TOKEN = load_postgres_sql("tenant_token")


class PostgresTenantTokens:
    """`maskline.services.tenant_token_store.TenantTokenStore` in PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_tenant_token(self, token: TenantToken, now: datetime, limit: int) -> None:
        """See the seam."""
        tenant_id, now_us = token.tenant_id, to_us(now)
        row = (
            token.digest,
            token.token_id,
            tenant_id,
            to_us(token.created_at),
            to_us(token.expires_at),
        )

        async def add(cursor: Cursor) -> None:
            tenant = await cursor.execute(TENANT_TOKEN.tenant_lock, (tenant_id,))
            if not await tenant.fetchall():
                raise UnknownRecord(f"there is no tenant {tenant_id}")
            await cursor.execute(TENANT_TOKEN.token_drop_expired, (tenant_id, now_us))
            found = await cursor.execute(TENANT_TOKEN.token_count, (tenant_id,))
            if (await found.fetchall())[0][0] >= limit:
                raise TenantFull(f"a tenant has at most {limit} tokens; remove some")
            if not (await cursor.execute(TENANT_TOKEN.token_add, row)).rowcount:
                raise DuplicateRecord(token.token_id)

        await self._database.transaction(add)

    async def remove_tenant_token(self, tenant_id: str, token_id: str) -> None:
        """See the seam."""
        if not await self._database.change(TENANT_TOKEN.token_remove, (tenant_id, token_id)):
            raise UnknownRecord(f"the tenant {tenant_id} has no token {token_id}")

    async def tenant_token(self, digest: bytes) -> TenantToken | None:
        """See the seam."""
        row = await self._database.point(TENANT_TOKEN.token_get, (digest,))
        return None if row is None else _token(row)

    async def tenant_tokens(self, tenant_id: str) -> tuple[TenantToken, ...]:
        """See the seam."""
        return tuple(map(_token, await self._database.rows(TENANT_TOKEN.token_list, (tenant_id,))))


def _token(row: Cells) -> TenantToken:
    token_id, tenant_id, digest, created_at, expires_at = row
    return TenantToken(
        token_id=token_id,
        tenant_id=tenant_id,
        digest=digest,
        created_at=from_us(created_at),
        expires_at=from_us(expires_at),
    )
