"""Who a request to the management API comes from."""

import hmac
from typing import Protocol

from starlette.requests import Request

from maskline.domain.access import OPERATOR, Caller
from maskline.manage.problem import Problem


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
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise Problem(
                status=401,
                code="token_missing",
                message="this needs the management token",
                hint="send it as Authorization: Bearer TOKEN",
            )
        if not hmac.compare_digest(token.strip().encode(), self._token):
            raise Problem(
                status=403, code="token_wrong", message="this is not the management token"
            )
        return OPERATOR
