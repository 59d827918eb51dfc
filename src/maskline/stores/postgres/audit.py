from collections.abc import Sequence
from datetime import datetime

from maskline.domain.account import User
from maskline.domain.api_token import ApiToken
from maskline.domain.audit import AuditEvent, AuditFilter, KeptEvent
from maskline.domain.error import TenantFull, UnknownRecord
from maskline.services.account_store import STAFF
from maskline.services.audit_store import EventPlace
from maskline.stores.audit_row import (
    event_of,
    event_row,
    sealed_address,
    token_and_user_of,
    token_of,
    token_row,
    wanted_events,
)
from maskline.stores.moment import to_us
from maskline.stores.named_sql import load_postgres_sql
from maskline.stores.postgres.connection import Cursor
from maskline.stores.postgres.database import Database

AUDIT = load_postgres_sql("audit")


class PostgresAudit:
    """`maskline.services.audit_store.AuditStore` in PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_audit_events(self, events: Sequence[AuditEvent]) -> None:
        """See the seam."""
        rows = [event_row(event, self._database.sealer) for event in events]
        if rows:
            columns = tuple([list(column) for column in zip(*rows, strict=True)])
            await self._database.change(AUDIT.event_add, columns)

    async def audit_events(
        self, wanted: AuditFilter, before: EventPlace | None, limit: int
    ) -> tuple[KeptEvent, ...]:
        """See the seam."""
        name, row = wanted_events(wanted, before, limit)
        rows = await self._database.rows(AUDIT.by_name[name], row)
        return tuple(event_of(found, self._database.sealer) for found in rows)

    async def remove_audit_events(self, before: datetime, limit: int) -> int:
        """See the seam."""
        return await self._database.change(AUDIT.event_sweep, (to_us(before), limit))


class PostgresApiTokens:
    """`maskline.services.audit_store.ApiTokenStore` in PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_api_token(self, token: ApiToken, now: datetime, limit: int) -> None:
        """See the seam."""
        row, now_us = token_row(token, self._database.sealer), to_us(now)
        owner = token.tenant_id or STAFF

        async def add(cursor: Cursor) -> None:
            tenant = await cursor.execute(AUDIT.tenant_lock, (owner,))
            if owner != STAFF and not await tenant.fetchall():
                raise UnknownRecord(f"there is no tenant {owner}")
            await cursor.execute(AUDIT.token_drop_expired, (owner, now_us))
            found = await cursor.execute(AUDIT.token_count, (owner,))
            if (await found.fetchall())[0][0] >= limit:
                raise TenantFull(f"there are at most {limit} tokens; remove some")
            await cursor.execute(AUDIT.token_add, row)

        await self._database.transaction(add)

    async def api_token(self, digest: bytes) -> tuple[ApiToken, User | None] | None:
        """See the seam."""
        row = await self._database.point(AUDIT.token_get, (digest,))
        return None if row is None else token_and_user_of(row, self._database.sealer)

    async def api_tokens(self, tenant_id: str | None) -> tuple[ApiToken, ...]:
        """See the seam."""
        if tenant_id is None:
            rows = await self._database.rows(AUDIT.token_list, ())
        else:
            rows = await self._database.rows(AUDIT.token_list_of_tenant, (tenant_id,))
        return tuple(token_of(row, self._database.sealer) for row in rows)

    async def use_api_token(self, digest: bytes, at: datetime, address: str) -> None:
        """See the seam."""
        row = (digest, to_us(at), sealed_address(digest, address, self._database.sealer))
        await self._database.change(AUDIT.token_use, row)

    async def remove_api_token(self, token_id: str) -> None:
        """See the seam."""
        if not await self._database.change(AUDIT.token_remove, (token_id,)):
            raise UnknownRecord(f"there is no token {token_id}")
