"""Tokens with which programs call the management API."""

from dataclasses import dataclass, field
from datetime import datetime

from maskline.domain.access import Right

PREFIX = "mlk_"
"""By which a token is known when it turns up where it should not be."""

MAX_TOKENS = 100
"""Of one tenant, or of the platform."""

MAX_DAYS = 3_650


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiToken:
    """A token with some of its owner's rights. `digest` is the SHA-256 of it.

    `user_id` is whose it is; None for one that was made with the management token, which then acts
    for the whole tenant, or the platform. `used_at` and `address` are those of the last use.
    """

    token_id: str
    digest: bytes = field(repr=False)
    name: str
    tenant_id: str | None
    user_id: str | None
    rights: frozenset[Right]
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    address: str = field(default="", repr=False)
