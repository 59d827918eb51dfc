from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from maskline.domain.account import User
from maskline.domain.api_token import ApiToken
from maskline.domain.audit import AuditEvent, AuditFilter, KeptEvent
from maskline.domain.error import TenantFull, UnknownRecord
from maskline.services.audit_store import EventPlace
from maskline.stores.memory.table import Tables


class MemoryAudit:
    """`maskline.services.audit_store.AuditStore` on a list."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def add_audit_events(self, events: Sequence[AuditEvent]) -> None:
        """See the seam."""
        for event in events:
            sequence = next(self._tables.sequences)
            self._tables.audit_events.append(KeptEvent(sequence=sequence, event=event))

    async def audit_events(
        self, wanted: AuditFilter, before: EventPlace | None, limit: int
    ) -> tuple[KeptEvent, ...]:
        """See the seam."""
        rows = [one for one in self._tables.audit_events if _is_wanted(one.event, wanted)]
        rows.sort(key=_place, reverse=True)
        behind = [one for one in rows if before is None or _place(one) < before]
        return tuple(behind[:limit])

    async def remove_audit_events(self, before: datetime, limit: int) -> int:
        """See the seam."""
        events = self._tables.audit_events
        gone = sorted((one for one in events if one.event.at < before), key=_place)[:limit]
        for one in gone:
            events.remove(one)
        return len(gone)


class MemoryApiTokens:
    """`maskline.services.audit_store.ApiTokenStore` on a dict."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def add_api_token(self, token: ApiToken, now: datetime, limit: int) -> None:
        """See the seam."""
        kept = self._tables.api_tokens
        if token.tenant_id is not None and token.tenant_id not in self._tables.tenants:
            raise UnknownRecord(f"there is no tenant {token.tenant_id}")
        owned = [one for one in kept.values() if one.tenant_id == token.tenant_id]
        expired = [one for one in owned if one.expires_at <= now]
        if len(owned) - len(expired) >= limit:
            raise TenantFull(f"there are at most {limit} tokens; remove some")
        for one in expired:
            del kept[one.digest]
        kept[token.digest] = token

    async def api_token(self, digest: bytes) -> tuple[ApiToken, User | None] | None:
        """See the seam."""
        found = self._tables.api_tokens.get(digest)
        return None if found is None else (found, self._tables.users.get(found.user_id or ""))

    async def api_tokens(self, tenant_id: str | None) -> tuple[ApiToken, ...]:
        """See the seam."""
        rows = self._tables.api_tokens.values()
        wanted = [one for one in rows if tenant_id in {None, one.tenant_id or ""}]
        return tuple(sorted(wanted, key=lambda one: (one.created_at, one.token_id)))

    async def use_api_token(self, digest: bytes, at: datetime, address: str) -> None:
        """See the seam."""
        found = self._tables.api_tokens.get(digest)
        if found is not None:
            self._tables.api_tokens[digest] = replace(found, used_at=at, address=address)

    async def remove_api_token(self, token_id: str) -> None:
        """See the seam."""
        for one in self._tables.api_tokens.values():
            if one.token_id == token_id:
                del self._tables.api_tokens[one.digest]
                return
        raise UnknownRecord(f"there is no token {token_id}")


def _place(kept: KeptEvent) -> EventPlace:
    return (kept.event.at, kept.sequence)


def _is_wanted(event: AuditEvent, wanted: AuditFilter) -> bool:
    return (
        wanted.tenant_id in {None, event.tenant_id or ""}
        and wanted.user_id in {None, event.user_id or ""}
        and wanted.action in {None, event.action}
        and wanted.target in {None, event.target}
        and (wanted.since is None or event.at >= wanted.since)
        and (wanted.until is None or event.at < wanted.until)
    )
