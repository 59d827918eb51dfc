"""Endpoints of API tokens: make, list, remove."""

from datetime import datetime
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from maskline.domain.access import Right
from maskline.domain.api_token import MAX_DAYS, ApiToken
from maskline.manage.endpoint import Asked, Endpoint
from maskline.services.api_token import ApiTokens, NewApiToken


class ApiTokenForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A token with some of one's own rights, good for `days`.

    `tenant_id` is for the management token alone: a token that acts for that customer.
    """

    name: Annotated[str, Meta(max_length=1_000)]
    rights: frozenset[Right]
    days: Annotated[int, Meta(ge=1, le=MAX_DAYS)] = 90
    tenant_id: str | None = None


class ApiTokenView(Struct, frozen=True, kw_only=True):
    """A token. `token` is there in the answer that made it, and never again."""

    token_id: str
    token: str | UnsetType = UNSET
    name: str
    tenant_id: str | None
    user_id: str | None
    rights: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    address: str


class ApiTokensView(Struct, frozen=True, kw_only=True):
    """Tokens that are good now, oldest first."""

    items: tuple[ApiTokenView, ...]


class ApiTokenEndpoints:
    """What people do with tokens for their programs."""

    def __init__(self, tokens: ApiTokens) -> None:
        self._tokens = tokens

    def endpoints(self) -> tuple[Endpoint, ...]:
        """All of them."""
        return (
            Endpoint(
                method="GET",
                path="/tokens",
                summary="Tokens for programs that are good now, oldest first",
                run=self.list_api_tokens,
                answer=ApiTokensView,
                right=Right.TOKEN_WRITE,
                or_right=Right.TOKEN_OWN,
            ),
            Endpoint(
                method="POST",
                path="/tokens",
                summary="Make a token with some of one's own rights; the answer alone shows it",
                run=self.add_api_token,
                body=ApiTokenForm,
                answer=ApiTokenView,
                status=201,
                refusals=(404, 409),
                right=Right.TOKEN_WRITE,
                or_right=Right.TOKEN_OWN,
            ),
            Endpoint(
                method="DELETE",
                path="/tokens/{token_id}",
                summary="Let a token be good no more",
                run=self.remove_api_token,
                status=204,
                refusals=(404,),
                right=Right.TOKEN_WRITE,
                or_right=Right.TOKEN_OWN,
            ),
        )

    async def list_api_tokens(self, asked: Asked) -> ApiTokensView:
        """Tokens that are good now."""
        return ApiTokensView(items=tuple(map(_view, await self._tokens.tokens(asked.caller))))

    async def add_api_token(self, asked: Asked) -> ApiTokenView:
        """Make a token."""
        form: ApiTokenForm = asked.body
        new = NewApiToken(
            name=form.name, rights=form.rights, days=form.days, tenant_id=form.tenant_id
        )
        token, secret = await self._tokens.issue(asked.caller, new)
        return _view(token, secret)

    async def remove_api_token(self, asked: Asked) -> None:
        """Let a token be good no more."""
        await self._tokens.remove(asked.caller, asked.path["token_id"])


def _view(token: ApiToken, secret: str | UnsetType = UNSET) -> ApiTokenView:
    return ApiTokenView(
        token_id=token.token_id,
        token=secret,
        name=token.name,
        tenant_id=token.tenant_id,
        user_id=token.user_id,
        rights=tuple(sorted(token.rights)),
        created_at=token.created_at,
        expires_at=token.expires_at,
        used_at=token.used_at,
        address=token.address,
    )
