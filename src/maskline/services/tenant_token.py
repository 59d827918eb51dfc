"""Tokens of tenants: made by the operator, shown once, known here by their hash alone."""

from datetime import timedelta
from hashlib import sha256
from typing import Protocol

from maskline.domain.application import Tenant
from maskline.domain.error import InvalidParameter, UnknownRecord
from maskline.domain.tenant_token import DEFAULT_HOURS, MAX_HOURS, MAX_TOKENS, TenantToken
from maskline.services.clock import Clock
from maskline.services.ids import Ids
from maskline.services.tenant_token_store import TenantTokenStore

TOKEN_LENGTH = 43  # 256 bits of [0-9A-Za-z]: nothing is gained by a slower hash than SHA-256
TOKEN_ID_LENGTH = 12


class TokenDeskStore(TenantTokenStore, Protocol):
    """What is read and written."""

    async def tenant(self, tenant_id: str) -> Tenant | None:
        """One tenant."""
        ...


class TenantTokens:
    """All verbs raise StoreFailed, those that write StoreBusy as well."""

    def __init__(self, store: TokenDeskStore, clock: Clock, ids: Ids) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids

    async def issue(self, tenant_id: str, hours: int = DEFAULT_HOURS) -> tuple[TenantToken, str]:
        """A new token of a tenant, and what its holder has to send; that is not kept.

        Raises InvalidParameter (`hours`), UnknownRecord, TenantFull.
        """
        if not 1 <= hours <= MAX_HOURS:
            raise InvalidParameter("hours", f"1 to {MAX_HOURS}")
        secret, now = self._ids.token(TOKEN_LENGTH), self._clock.now()
        token = TenantToken(
            token_id=self._ids.token(TOKEN_ID_LENGTH),
            tenant_id=tenant_id,
            digest=_digest(secret),
            created_at=now,
            expires_at=now + timedelta(hours=hours),
        )
        await self._store.add_tenant_token(token, now, MAX_TOKENS)
        return token, secret

    async def tokens(self, tenant_id: str) -> tuple[TenantToken, ...]:
        """The tokens of a tenant that are good now, oldest first. Raises UnknownRecord."""
        if await self._store.tenant(tenant_id) is None:
            raise UnknownRecord(f"there is no tenant {tenant_id}")
        now = self._clock.now()
        kept = await self._store.tenant_tokens(tenant_id)
        return tuple(token for token in kept if now < token.expires_at)

    async def remove(self, tenant_id: str, token_id: str) -> None:
        """Let a token be good no more. Raises UnknownRecord."""
        await self._store.remove_tenant_token(tenant_id, token_id)

    async def tenant_of(self, secret: str) -> Tenant | None:
        """The tenant whose token this is; None for one that is unknown or has expired."""
        token = await self._store.tenant_token(_digest(secret))
        if token is None or self._clock.now() >= token.expires_at:
            return None
        return await self._store.tenant(token.tenant_id)


def _digest(secret: str) -> bytes:
    return sha256(secret.encode("utf-8", "surrogatepass")).digest()
