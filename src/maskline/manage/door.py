"""Who a request to the management API comes from."""

import hmac
from typing import Protocol

from starlette.requests import Request

from maskline.domain.access import OPERATOR, Caller
from maskline.domain.api_token import PREFIX
from maskline.manage.problem import Problem
from maskline.manage.visitor import Porch, Visitor
from maskline.services.admission import Admission
from maskline.services.api_token import ApiTokens

COOKIE = "maskline_session"


class Door(Protocol):
    """Tells the caller of a request by what it shows."""

    async def admit(self, request: Request) -> Caller:
        """The caller. Raises Problem: 401 shows nothing, 403 shows something that is not known."""
        ...


class OperatorDoor:
    """Admits who holds the operator's token, and nobody else."""

    def __init__(self, token: str) -> None:
        self._token = token.encode()

    async def admit(self, request: Request) -> Caller:
        """The operator. Raises Problem."""
        token = bearer_token(request)
        if not token:
            raise Problem(
                status=401,
                code="token_missing",
                message="this needs the management token",
                hint="send it as Authorization: Bearer TOKEN",
            )
        if not hmac.compare_digest(token.encode(), self._token):
            raise Problem(
                status=403, code="token_wrong", message="this is not the management token"
            )
        return OPERATOR


class SessionDoor:
    """Admits people by the cookie of their session, and programs by a token.

    What a browser writes has to come from a page of ours: the cookie alone would be sent along by
    others too.
    """

    def __init__(
        self, tokens: Door, admission: Admission, api_tokens: ApiTokens, porch: Porch
    ) -> None:
        self._tokens = tokens
        self._api_tokens = api_tokens
        self._admission = admission
        self._porch = porch

    async def admit(self, request: Request) -> Caller:
        """The caller. Raises Problem, StoreFailed."""
        cookie = request.cookies.get(COOKIE)
        bearer = bearer_token(request)
        if bearer.startswith(PREFIX):
            return await self._admit_program(bearer, request)
        if bearer or cookie is None:
            return await self._tokens.admit(request)
        visitor = self._porch.visitor(request)
        self._porch.refuse_foreign_page(request, visitor, needs_origin=True)
        admitted = await self._admission.admitted(cookie)
        if admitted is None:
            raise Problem(
                status=401,
                code="signed_out",
                message="the session has ended",
                hint="sign in again: POST /manage/v1/session",
            )
        return self._admission.caller(admitted)

    async def _admit_program(self, token: str, request: Request) -> Caller:
        caller = await self._api_tokens.admitted(token, self._porch.visitor(request).address)
        if caller is None:
            raise Problem(
                status=403,
                code="token_wrong",
                message="this token is not good: it has expired, was removed, or its owner left",
                hint="make another with POST /manage/v1/tokens",
            )
        return caller


def bearer_token(request: Request) -> str:
    """The token that a request shows; empty for none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def session_cookie(token: str, visitor: Visitor, max_age_s: int) -> str:
    """A `Set-Cookie` that no script reads and no other site has sent along; 0 s takes it away."""
    secure = "; Secure" if visitor.is_secure else ""
    return f"{COOKIE}={token}; Path=/; Max-Age={max_age_s}; HttpOnly; SameSite=Strict{secure}"
