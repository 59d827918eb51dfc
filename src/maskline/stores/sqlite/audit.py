from collections.abc import Sequence
from datetime import datetime
from functools import partial

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
from maskline.stores.sqlite.connection import Cells, Cursor
from maskline.stores.sqlite.database import AUDIT, DIRECTORY, Database


class SqliteAudit:
    """`maskline.services.audit_store.AuditStore` in SQLite."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_audit_events(self, events: Sequence[AuditEvent]) -> None:
        """See the seam."""
        rows = [event_row(event, self._database.sealer) for event in events]
        await self._database.writer.submit(partial(_add_events, rows))

    async def audit_events(
        self, wanted: AuditFilter, before: EventPlace | None, limit: int
    ) -> tuple[KeptEvent, ...]:
        """See the seam."""
        name, row = wanted_events(wanted, before, limit)
        rows = await self._database.rows(AUDIT.by_name[name], row)
        return tuple(event_of(found, self._database.sealer) for found in rows)

    async def remove_audit_events(self, before: datetime, limit: int) -> int:
        """See the seam."""
        row = (to_us(before), limit)
        return await self._database.writer.submit(partial(_run, AUDIT.event_sweep, row))


class SqliteApiTokens:
    """`maskline.services.audit_store.ApiTokenStore` in SQLite."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_api_token(self, token: ApiToken, now: datetime, limit: int) -> None:
        """See the seam."""
        row = token_row(token, self._database.sealer)
        await self._database.writer.submit(partial(_add_token, row, to_us(now), limit))

    async def api_token(self, digest: bytes) -> tuple[ApiToken, User | None] | None:
        """See the seam."""
        row = self._database.point(AUDIT.token_get, (digest,))
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
        await self._database.writer.submit(partial(_run, AUDIT.token_use, row))

    async def remove_api_token(self, token_id: str) -> None:
        """See the seam."""
        if not await self._database.writer.submit(partial(_run, AUDIT.token_remove, (token_id,))):
            raise UnknownRecord(f"there is no token {token_id}")


def _run(statement: str, row: Cells, cursor: Cursor) -> int:
    return cursor.execute(statement, row).connection.changes()


def _add_events(rows: Sequence[Cells], cursor: Cursor) -> None:
    for row in rows:
        cursor.execute(AUDIT.event_add, row)


def _add_token(row: Cells, now: int, limit: int, cursor: Cursor) -> None:
    tenant_id: str = row[2]
    if tenant_id != STAFF and not cursor.execute(DIRECTORY.tenant_get, (tenant_id,)).fetchall():
        raise UnknownRecord(f"there is no tenant {tenant_id}")
    cursor.execute(AUDIT.token_drop_expired, (tenant_id, now))
    if cursor.execute(AUDIT.token_count, (tenant_id,)).fetchall()[0][0] >= limit:
        raise TenantFull(f"there are at most {limit} tokens; remove some")
    cursor.execute(AUDIT.token_add, row)
