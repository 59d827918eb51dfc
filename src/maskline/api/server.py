"""The compatible interface as an ASGI application.

It stands on ASGI itself: a routing table of a few fixed paths needs no framework, and what one
would add to each request is a third of the time a bind may take.
"""

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from traceback import extract_tb
from typing import cast

import structlog
from starlette.types import ASGIApp, Receive, Scope, Send

from maskline.api.authentication import Caller, Gate
from maskline.api.axb import OPERATIONS as AXB_OPERATIONS
from maskline.api.axb import PATH as AXB_PATH
from maskline.api.axb import WIRE_NAMES as AXB_WIRE_NAMES
from maskline.api.axb import AxbInterface
from maskline.api.encoding import encode
from maskline.api.endpoint import Endpoint
from maskline.api.idempotency import HEADER as IDEMPOTENCY_KEY
from maskline.api.idempotency import KeyedBinds
from maskline.api.limits import ApiLimits
from maskline.api.location import with_whole_location
from maskline.api.openapi import PATH as OPENAPI_PATH
from maskline.api.openapi import describe
from maskline.api.result import Answer, Refused, Result, answer_of, code_of
from maskline.domain.application import Application, Mode
from maskline.domain.error import MasklineError, PlatformError
from maskline.services.binding import BindingDesk
from maskline.services.clock import Clock
from maskline.services.directory import Directory
from maskline.services.lockout import Lockout
from maskline.services.measure import HttpCounters
from maskline.services.request_log import AnsweredRequest, RequestLog
from maskline.services.secret_use import SecretUses

_FORWARDED_FOR = b"x-forwarded-for"

log = structlog.get_logger("api")


class _ClientLeft(Exception):
    """The connection ended before the request did."""


def create_api(
    desk: BindingDesk,
    directory: Directory,
    clock: Clock,
    limits: ApiLimits | None = None,
    more: Mapping[str, Endpoint] | None = None,
    *,
    lockout: Lockout | None = None,
    keyed_binds: KeyedBinds | None = None,
    secret_uses: SecretUses | None = None,
    version: str = "",
    counters: HttpCounters | None = None,
    request_log: RequestLog | None = None,
) -> ASGIApp:
    """The interface under `/rest/...`; any other path answers 404 without a result code.

    `more` are endpoints by their path besides that of AXB bindings; `lockout` is shared with those
    who show and release the addresses it holds. Without `keyed_binds` an `Idempotency-Key` is
    ignored; `secret_uses` is told which secrets sign. `version` is ours, for the OpenAPI document;
    `counters` are told of each answer. Serves HTTP scopes only: start and stop of what it uses are
    the caller's.
    """
    limits = limits or ApiLimits()
    axb = AxbInterface(desk)
    endpoint = Endpoint(
        Mode.AXB,
        {"PUT": axb.modify, "GET": axb.query, "DELETE": axb.unbind},
        AXB_WIRE_NAMES,
        binds={"POST": axb.bind},
        described=AXB_OPERATIONS,
    )
    endpoints = {AXB_PATH: endpoint, **(more or {})}
    locked = Lockout(clock) if lockout is None else lockout
    gate = Gate(directory, clock, limits, locked, secret_uses)
    document = Answer(200, encode(describe(endpoints, version)))
    counters = counters or HttpCounters()
    return _Api(
        endpoints, gate, limits, keyed_binds, document, counters=counters, request_log=request_log
    )


@dataclass(slots=True)
class _Seen:
    """What became known of a request while it was answered."""

    app_key: str = ""
    body: bytes = b""


class _Api:
    def __init__(
        self,
        endpoints: Mapping[str, Endpoint],
        gate: Gate,
        limits: ApiLimits,
        keyed_binds: KeyedBinds | None,
        document: Answer,
        *,
        counters: HttpCounters,
        request_log: RequestLog | None,
    ) -> None:
        self._endpoints = endpoints
        self._counters = counters
        self._log = request_log
        self._keyed_binds = keyed_binds
        self._gate = gate
        self._document = document
        self._max_body_bytes = limits.max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        endpoint = self._endpoints.get(scope["path"])
        if endpoint is None:
            await self._answer_anybody(scope, send)
            return
        if scope["method"] not in endpoint.binds and scope["method"] not in endpoint.methods:
            allowed = ", ".join((*endpoint.binds, *endpoint.methods)).encode("ascii")
            refusal = endpoint.worded(Result.WRONG_METHOD.answer)
            await _send(send, refusal, (b"allow", allowed))
            return
        began_s, seen = perf_counter(), _Seen()
        try:
            answer = await self._answer(endpoint, scope, receive, seen)
        except _ClientLeft:
            return
        self._count(endpoint, scope, answer, seen, perf_counter() - began_s)
        if answer.status == 301:
            answer = with_whole_location(answer, scope)
        await _send(send, endpoint.worded(answer))

    def _count(
        self, endpoint: Endpoint, scope: Scope, answer: Answer, seen: _Seen, seconds: float
    ) -> None:
        method, code = scope["method"], code_of(answer)
        described = endpoint.described.get(method)
        name = method if described is None else described.operation_id
        self._counters.results[name, code] += 1
        self._counters.took.add(name, seconds)
        if self._log is not None:
            is_failed = code != "0"
            self._log.answered(
                AnsweredRequest(
                    name,
                    method,
                    scope["path"],
                    answer.status,
                    code,
                    seconds,
                    seen.app_key,
                    scope["client"][0] if is_failed and scope.get("client") else "",
                    (_header(_headers(scope), b"user-agent") or "") if is_failed else "",
                    seen.body,
                    answer.body,
                )
            )

    async def _answer_anybody(self, scope: Scope, send: Send) -> None:
        if scope["path"] != OPENAPI_PATH:
            await _send(send, Answer(404, b""))
        elif scope["method"] != "GET":
            await _send(send, Result.WRONG_METHOD.answer, (b"allow", b"GET"))
        else:
            await _send(send, self._document)

    async def _answer(
        self, endpoint: Endpoint, scope: Scope, receive: Receive, seen: _Seen
    ) -> Answer:
        try:
            headers = _headers(scope)
            application = await self._gate.admit(_caller(scope, headers), endpoint.mode)
            seen.app_key = application.app_key
            seen.body = body = await self._body(receive)
            key = headers.get(IDEMPOTENCY_KEY)
            return await self._handled(endpoint, scope, application, body, key)
        except _ClientLeft:
            raise
        except MasklineError as error:
            if isinstance(error, PlatformError):
                _log_failure(error)
            return answer_of(error, endpoint.wire_names, endpoint.results)
        except Exception as error:  # noqa: BLE001 - a bug of ours is still an answer to the customer
            _log_failure(error)
            return Result.SYSTEM_ERROR.answer

    def _handled(
        self,
        endpoint: Endpoint,
        scope: Scope,
        application: Application,
        body: bytes,
        key: bytes | None,
    ) -> Awaitable[Answer]:
        query = cast("bytes", scope["query_string"])
        bind = endpoint.binds.get(scope["method"])
        if bind is None:
            return endpoint.methods[scope["method"]](application, query, body)
        if key is None or self._keyed_binds is None:
            return bind(application, query, body, None)
        return self._keyed_binds.carry_out(
            partial(bind, application, query, body), application, key, scope["path"], body
        )

    async def _body(self, receive: Receive) -> bytes:
        message = await receive()
        body = _chunk(message)
        if message.get("more_body"):
            parts, size = [body], len(body)
            while message.get("more_body") and size <= self._max_body_bytes:
                message = await receive()
                parts.append(_chunk(message))
                size += len(parts[-1])
            body = b"".join(parts)
        if len(body) > self._max_body_bytes:
            raise Refused.for_parameter("body")
        return body


def _chunk(message: Mapping[str, object]) -> bytes:
    if message["type"] == "http.disconnect":
        raise _ClientLeft
    return cast("bytes", message.get("body", b""))


def _headers(scope: Scope) -> dict[bytes, bytes]:
    """Of each name the first value, but one list of all that say whom a request came from."""
    lines = cast("list[tuple[bytes, bytes]]", scope["headers"])
    values = dict(reversed(lines))
    if _FORWARDED_FOR in values:
        # Proxies that add a line of their own put it last; the first is then the client's.
        values[_FORWARDED_FOR] = b",".join(text for name, text in lines if name == _FORWARDED_FOR)
    return values


def _caller(scope: Scope, headers: Mapping[bytes, bytes]) -> Caller:
    client = scope.get("client")
    return Caller(
        peer=client[0] if client else "",
        forwarded_for=_header(headers, _FORWARDED_FOR),
        authorization=_header(headers, b"authorization"),
        aksk=_header(headers, b"x-aksk"),
        wsse=_header(headers, b"x-wsse"),
    )


def _header(values: Mapping[bytes, bytes], name: bytes) -> str | None:
    value = values.get(name)
    return None if value is None else value.decode("latin-1")


async def _send(send: Send, answer: Answer, *extra: tuple[bytes, bytes]) -> None:
    headers = [(b"content-length", b"%d" % len(answer.body)), *answer.headers, *extra]
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
