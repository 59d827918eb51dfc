"""Tokens with which a tenant registers its numbers; only their hashes are known here."""

from dataclasses import dataclass, field
from datetime import datetime

DEFAULT_HOURS = 24  # as the tokens of the original (`spec/auth.md` 11)
MAX_HOURS = 87_600  # ten years
MAX_TOKENS = 100  # of one tenant, expired ones left out


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantToken:
    """A token of a tenant. `digest` is the SHA-256 of what its holder sends."""

    token_id: str
    tenant_id: str
    digest: bytes = field(repr=False)
    created_at: datetime
    expires_at: datetime
