from datetime import datetime
from functools import partial

from maskline.domain.error import DuplicateRecord, TenantFull, UnknownRecord
from maskline.domain.tenant_token import TenantToken
from maskline.stores.moment import from_us, to_us
from maskline.stores.sqlite.connection import Cells, Cursor
from maskline.stores.sqlite.database import DIRECTORY, TENANT_TOKEN, Database


class SqliteTenantTokens:
    """`maskline.services.tenant_token_store.TenantTokenStore` in SQLite."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_tenant_token(self, token: TenantToken, now: datetime, limit: int) -> None:
        """See the seam."""
        row = (
            token.digest,
            token.token_id,
            token.tenant_id,
            to_us(token.created_at),
            to_us(token.expires_at),
        )
        await self._database.writer.submit(partial(_add, row, to_us(now), limit))

    async def remove_tenant_token(self, tenant_id: str, token_id: str) -> None:
        """See the seam."""
        await self._database.writer.submit(partial(_remove, (tenant_id, token_id)))

    async def tenant_token(self, digest: bytes) -> TenantToken | None:
        """See the seam."""
        row = self._database.point(TENANT_TOKEN.token_get, (digest,))
        return None if row is None else _token(row)

    async def tenant_tokens(self, tenant_id: str) -> tuple[TenantToken, ...]:
        """See the seam."""
        rows = await self._database.lists.run(
            lambda cursor: cursor.execute(TENANT_TOKEN.token_list, (tenant_id,)).fetchall()
        )
        return tuple(map(_token, rows))


def _add(row: Cells, now: int, limit: int, cursor: Cursor) -> None:
    tenant_id: str = row[2]
    if not cursor.execute(DIRECTORY.tenant_get, (tenant_id,)).fetchall():
        raise UnknownRecord(f"there is no tenant {tenant_id}")
    cursor.execute(TENANT_TOKEN.token_drop_expired, (tenant_id, now))
    if cursor.execute(TENANT_TOKEN.token_count, (tenant_id,)).fetchall()[0][0] >= limit:
        raise TenantFull(f"a tenant has at most {limit} tokens; remove some")
    if cursor.execute(TENANT_TOKEN.token_add, row).connection.changes() == 0:
        raise DuplicateRecord(row[1])


def _remove(key: Cells, cursor: Cursor) -> None:
    if cursor.execute(TENANT_TOKEN.token_remove, key).connection.changes() == 0:
        raise UnknownRecord(f"the tenant {key[0]} has no token {key[1]}")


def _token(row: Cells) -> TenantToken:
    token_id, tenant_id, digest, created_at, expires_at = row
    return TenantToken(
        token_id=token_id,
        tenant_id=tenant_id,
        digest=digest,
        created_at=from_us(created_at),
        expires_at=from_us(expires_at),
    )
