"""The door of the registration interfaces, an ASGI application with an authentication of its own.

A tenant shows a token in `X-Auth-Token`; application keys mean nothing here (`spec/auth.md` 11).
"""

from collections.abc import Mapping
from traceback import extract_tb
from typing import cast

import structlog
from starlette.types import ASGIApp, Receive, Scope, Send

from maskline.api.limits import ApiLimits
from maskline.api.registration import Operation, RegistrationInterface, RegistrationRequest
from maskline.api.registration_result import (
    NotAuthorized,
    RegistrationResult,
    TenantFrozen,
    result_of,
)
from maskline.api.result import Answer, Refused
from maskline.domain.application import Tenant
from maskline.domain.error import MasklineError, PlatformError
from maskline.services.address import Networks, client_address
from maskline.services.lockout import Lockout
from maskline.services.tenant_token import TenantTokens

PREFIXES = ("/v1/privatenumber/", "/v1.0/privatenumber/")
"""Whatever is below them belongs to this door."""

MAX_TOKEN = 4_096  # characters; tokens of the cloud are that long, ours are shorter

log = structlog.get_logger("api")


class _ClientLeft(Exception):
    """The connection ended before the request did."""


class TokenGate:
    """Lets tenants in by their tokens, and addresses that guess not at all for a while."""

    def __init__(self, tokens: TenantTokens, limits: ApiLimits, lockout: Lockout) -> None:
        self._tokens = tokens
        self._proxies = Networks(limits.trusted_proxies)
        self._lockout = lockout

    async def admit(self, peer: str, forwarded_for: str | None, token: str | None) -> Tenant:
        """The tenant of a request from a socket's peer. Raises NotAuthorized, StoreFailed."""
        address = client_address(peer, forwarded_for, self._proxies)
        if self._lockout.is_locked(address) or not token:
            raise NotAuthorized
        tenant = None if len(token) > MAX_TOKEN else await self._tokens.tenant_of(token)
        if tenant is None:
            if self._lockout.fail(address):
                log.warning("address locked out", address=address, reason="wrong tenant token")
            raise NotAuthorized
        return tenant


def create_registration(interface: RegistrationInterface, gate: TokenGate) -> ASGIApp:
    """The interfaces under PREFIXES; any other path answers 404 without a code."""
    return _Registration(interface.operations(), gate)


class _Registration:
    def __init__(self, operations: Mapping[str, Mapping[str, Operation]], gate: TokenGate) -> None:
        self._operations = operations
        self._gate = gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        methods = self._operations.get(scope["path"])
        if methods is None:
            await _send(send, Answer(404, b""))
            return
        operation = methods.get(scope["method"])
        if operation is None:
            refusal = RegistrationResult.WRONG_METHOD.answer()
            await _send(send, refusal, (b"allow", ", ".join(methods).encode("ascii")))
            return
        try:
            answer = await self._answer(operation, scope, receive)
        except _ClientLeft:
            return
        await _send(send, answer)

    async def _answer(self, operation: Operation, scope: Scope, receive: Receive) -> Answer:
        try:
            headers = _headers(scope)
            tenant = await self._admitted(scope, headers, operation)
            request = RegistrationRequest(
                tenant_id=tenant.tenant_id,
                query=cast("bytes", scope["query_string"]),
                content_type=headers.get(b"content-type", ""),
                body=await _read_body(receive, operation.max_body_bytes),
            )
            return await operation.run(request)
        except _ClientLeft:
            raise
        except MasklineError as error:
            if isinstance(error, PlatformError):
                _log_failure(error)
            return result_of(error).answer()
        except Exception as error:  # noqa: BLE001 - a bug of ours is still an answer to the tenant
            _log_failure(error)
            return RegistrationResult.INTERNAL_ERROR.answer()

    async def _admitted(
        self, scope: Scope, headers: Mapping[bytes, str], operation: Operation
    ) -> Tenant:
        client = scope.get("client")
        tenant = await self._gate.admit(
            client[0] if client else "",
            headers.get(b"x-forwarded-for"),
            headers.get(b"x-auth-token"),
        )
        if operation.changes and tenant.is_frozen:
            raise TenantFrozen
        return tenant


async def _read_body(receive: Receive, limit: int) -> bytes:
    """The whole body. Raises Refused for one over `limit` bytes, of which the rest is not read."""
    body, more = bytearray(), True
    while more and len(body) <= limit:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _ClientLeft
        body += message.get("body", b"")
        more = message.get("more_body", False)
    if len(body) > limit:
        raise Refused.for_parameter("body")
    return bytes(body)


def _headers(scope: Scope) -> dict[bytes, str]:
    found: dict[bytes, str] = {}
    for name, value in cast("list[tuple[bytes, bytes]]", scope["headers"]):
        text = value.decode("latin-1")
        # Proxies that add a line of their own put it last; of one list in several lines all count.
        found[name] = f"{found[name]},{text}" if name in found else text
    return found


async def _send(send: Send, answer: Answer, *extra: tuple[bytes, bytes]) -> None:
    headers = [(b"content-length", b"%d" % len(answer.body)), *extra]
    if answer.body:
        headers.insert(0, (b"content-type", answer.content_type))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


def _log_failure(error: BaseException) -> None:
    """Log where it happened, without the messages: they may hold numbers."""
    chain: list[str] = []
    cause: BaseException | None = error
    while cause is not None:
        chain.append(type(cause).__name__)
        cause = cause.__cause__
    where = [f"{frame.name}:{frame.lineno}" for frame in extract_tb(error.__traceback__)]
    log.error("request failed", error=" from ".join(chain), where=where)
