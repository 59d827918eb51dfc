"""Endpoints of tenant tokens: make, list, remove."""

from datetime import datetime
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from maskline.domain.access import Right
from maskline.domain.tenant_token import DEFAULT_HOURS, MAX_HOURS, TenantToken
from maskline.manage.endpoint import Asked, Endpoint
from maskline.services.tenant_token import TenantTokens

PATH = "/tenants/{tenant_id}/tokens"


class NewTenantToken(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A token to make, good for `hours`."""

    hours: Annotated[int, Meta(ge=1, le=MAX_HOURS)] = DEFAULT_HOURS


class TenantTokenView(Struct, frozen=True, kw_only=True):
    """A token. `token` is there in the answer that made it, and never again."""

    token_id: str
    tenant_id: str
    token: str | UnsetType = UNSET
    created_at: datetime
    expires_at: datetime


class TenantTokensView(Struct, frozen=True, kw_only=True):
    """The tokens of a tenant that are good now."""

    items: tuple[TenantTokenView, ...]


class TenantTokenEndpoints:
    """What operators do with tokens of tenants."""

    def __init__(self, tokens: TenantTokens) -> None:
        self._tokens = tokens

    def endpoints(self) -> tuple[Endpoint, ...]:
        """All of them."""
        return (
            Endpoint(
                method="GET",
                path=PATH,
                summary="Tokens of a customer that are good now, oldest first",
                run=self.list_tenant_tokens,
                right=Right.TOKEN_WRITE,
                answer=TenantTokensView,
                refusals=(404,),
            ),
            Endpoint(
                method="POST",
                path=PATH,
                summary="Make a token for the registration of numbers; the answer alone shows it",
                run=self.add_tenant_token,
                right=Right.TOKEN_WRITE,
                body=NewTenantToken,
                answer=TenantTokenView,
                status=201,
                refusals=(404, 409),
            ),
            Endpoint(
                method="DELETE",
                path=f"{PATH}/{{token_id}}",
                summary="Let a token be good no more",
                run=self.remove_tenant_token,
                right=Right.TOKEN_WRITE,
                status=204,
                refusals=(404,),
            ),
        )

    async def list_tenant_tokens(self, asked: Asked) -> TenantTokensView:
        """Tokens of a customer."""
        tokens = await self._tokens.tokens(asked.path["tenant_id"])
        return TenantTokensView(items=tuple(_view(token) for token in tokens))

    async def add_tenant_token(self, asked: Asked) -> TenantTokenView:
        """Make a token."""
        new: NewTenantToken = asked.body
        token, secret = await self._tokens.issue(asked.path["tenant_id"], new.hours)
        return _view(token, secret)

    async def remove_tenant_token(self, asked: Asked) -> None:
        """Let a token be good no more."""
        await self._tokens.remove(asked.path["tenant_id"], asked.path["token_id"])


def _view(token: TenantToken, secret: str | UnsetType = UNSET) -> TenantTokenView:
    return TenantTokenView(
        token_id=token.token_id,
        tenant_id=token.tenant_id,
        token=secret,
        created_at=token.created_at,
        expires_at=token.expires_at,
    )
