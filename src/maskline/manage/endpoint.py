"""One endpoint of the management API as data, and how a request to it is carried out."""

import asyncio
import types
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Protocol

import msgspec
import structlog
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from maskline.domain.access import OPERATOR, Caller, CallerKind, Right
from maskline.domain.error import MasklineError, PlatformError
from maskline.domain.masking import mask
from maskline.manage.door import COOKIE, Door
from maskline.manage.problem import Problem, problem_of
from maskline.manage.visitor import NOT_KNOWN, Porch, Visitor

MAX_QUERY_BYTES = 8_192
MAX_DISCARDED_BYTES = 100_000_000

MAX_STALLED_S = 30.0
"""A client that takes nothing of a stream for so long is dropped."""

log = structlog.get_logger("manage")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request after its checks. `query` and `body` have the endpoint's types; a file is bytes.

    `caller` has the endpoint's right; an open endpoint has nobody. `cookie` is that of a session.
    `app_keys` are the applications that the caller sees: lists hold nothing else. None is all.
    """

    path: Mapping[str, str]
    query: Any
    body: Any
    caller: Caller = OPERATOR
    app_keys: tuple[str, ...] | None = None
    visitor: Visitor = NOT_KNOWN
    cookie: str = field(default="", repr=False)

    @property
    def address(self) -> str:
        """The client's."""
        return self.visitor.address


@dataclass(frozen=True, slots=True)
class FileAnswer:
    """An answer that is a file."""

    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class StreamAnswer:
    """An answer that is sent piece by piece, as it comes about.

    `chunks` ends it, or else the client by going away; it is closed in either case. Sending waits
    for a slow client, so what `chunks` gives has to be bounded by whoever makes it.
    """

    chunks: AsyncGenerator[bytes] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer with headers of its own, among them the type of what is sent piece by piece."""

    shown: Struct | StreamAnswer | None
    headers: Mapping[str, str] = field(repr=False)


Shown = Struct | FileAnswer | StreamAnswer | Answered | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """What one method of one path takes and gives; routes and OpenAPI are made from it.

    `answer` None means 204 without a body; FileAnswer and StreamAnswer one of `answer_media_type`.
    With `max_file_bytes` the body is a file of any type. `is_open` needs no caller; else it needs
    one with `right`, or instead `or_right`, of whom it takes less, and where that is None an
    operator of the platform; with `needs_step_up` one who has just shown again who it is.
    `is_personal` is for people who are signed in, whatever their rights. `audited` says what the
    record of changes tells of a request in place of how the object was before and after; `hides`
    are fields that it leaves out besides secrets; without `is_recorded` it does not tell of it,
    and of reading only where `is_download`, which needs `audited`.
    Without `may_keep_answer` the answer tells what has to be gone once it is asked for, so that it
    is not kept for repeats.
    """

    method: str
    path: str
    summary: str
    run: Callable[[Asked], Awaitable[Shown]]
    answer: Any = None
    query: type[Struct] | None = None
    body: type[Struct] | None = None
    max_file_bytes: int = 0
    answer_media_type: str = "application/json"
    status: int = 200
    is_open: bool = False
    right: Right | None = None
    or_right: Right | None = None
    is_personal: bool = False
    is_recorded: bool = True
    may_keep_answer: bool = True
    is_download: bool = False
    hides: frozenset[str] = frozenset()
    needs_step_up: bool = False
    audited: Callable[[Asked], Mapping[str, Any]] | None = None
    refusals: tuple[int, ...] = field(default=(), kw_only=True)

    @property
    def is_change(self) -> bool:
        """Whether the record of changes tells of its requests."""
        return self.is_download or (self.is_recorded and self.method != "GET")

    @property
    def takes_key(self) -> bool:
        """Whether its answer is kept under the key of a request, for repeats."""
        has_json = self.answer not in {FileAnswer, StreamAnswer}
        return self.is_change and has_json and self.may_keep_answer and not self.is_open

    @property
    def operation_id(self) -> str:
        """A name for clients generated from the OpenAPI document."""
        return self.run.__name__

    def admits(self, caller: Caller) -> bool:
        """Whether this caller may ask at all; what it may ask about is the object's tenant's."""
        if self.or_right is not None and caller.may(self.or_right):
            return True
        return caller.may(self.right)


Look = Callable[[Endpoint, Asked], Awaitable[Asked]]
"""Sees every request before its endpoint does; raises Problem or MasklineError to refuse it."""


class Recorder(Protocol):
    """Keeps a record of changes."""

    async def look(self, endpoint: Endpoint, asked: Asked) -> bytes:
        """How the object is before a change. Raises StoreBusy to refuse it."""
        ...

    async def write(self, endpoint: Endpoint, asked: Asked, before: bytes, shown: Shown) -> None:
        """The change was made."""
        ...


class Conditions(Protocol):
    """Holds changes to what the headers of their requests ask for."""

    async def carry_out(
        self,
        endpoint: Endpoint,
        asked: Asked,
        headers: Mapping[str, str],
        answer: Callable[[], Awaitable[Response]],
    ) -> Response:
        """The response by `answer`, or the one of before. Raises Problem or MasklineError."""
        ...


class EndpointRunner:
    """Authenticates, decodes, runs and answers; the only place that writes HTTP answers."""

    def __init__(
        self,
        door: Door,
        max_body_bytes: int,
        *,
        look: Look | None = None,
        porch: Porch | None = None,
        recorder: Recorder | None = None,
        conditions: Conditions | None = None,
    ) -> None:
        self._door = door
        self._conditions = conditions
        self._look = look
        self._recorder = recorder
        self._porch = porch or Porch()
        self._max_body_bytes = max_body_bytes

    async def answer(self, endpoint: Endpoint, request: Request) -> Response:
        """The response to a request; never raises on purpose."""
        try:
            asked = await self._asked(endpoint, request)
            if self._look is not None and not endpoint.is_open:
                asked = await self._look(endpoint, asked)
            response = await self._respond(endpoint, asked, request.headers)
        except Problem as problem:
            return refuse(problem)
        except MasklineError as error:
            if isinstance(error, PlatformError):
                log.exception("management_request_failed", operation=endpoint.operation_id)
            return refuse(problem_of(error))
        except Exception:
            log.exception("management_request_crashed", operation=endpoint.operation_id)
            return refuse(problem_of(MasklineError()))
        if request.method not in {"GET", "HEAD"}:
            log.info(
                "changed_by_management",
                operation=endpoint.operation_id,
                path=target_of(endpoint, request.path_params),
            )
        return response

    async def _respond(
        self, endpoint: Endpoint, asked: Asked, headers: Mapping[str, str]
    ) -> Response:
        async def answer() -> Response:
            return _response(endpoint, await self._run(endpoint, asked))

        if self._conditions is None:
            return await answer()
        return await self._conditions.carry_out(endpoint, asked, headers, answer)

    async def _run(self, endpoint: Endpoint, asked: Asked) -> Shown:
        if self._recorder is None or not endpoint.is_change:
            return await endpoint.run(asked)
        before = await self._recorder.look(endpoint, asked)
        shown = await endpoint.run(asked)
        await self._recorder.write(endpoint, asked, before, shown)
        return shown

    async def _admit(self, endpoint: Endpoint, request: Request, visitor: Visitor) -> Caller:
        if endpoint.is_open:
            self._porch.refuse_foreign_page(request, visitor, needs_origin=False)
            return OPERATOR
        caller = await self._door.admit(request)
        _check_rights(endpoint, caller)
        return caller

    async def _asked(self, endpoint: Endpoint, request: Request) -> Asked:
        visitor = self._porch.visitor(request)
        caller = await self._admit(endpoint, request, visitor)
        query = _decode_query(endpoint.query, request) if endpoint.query else None
        body = None
        if endpoint.body is not None:
            body = _decode_body(endpoint.body, await _read_body(request, self._max_body_bytes))
        elif endpoint.max_file_bytes:
            body = await _read_body(request, endpoint.max_file_bytes)
        return Asked(
            path=types.MappingProxyType(request.path_params),
            query=query,
            body=body,
            caller=caller,
            visitor=visitor,
            cookie=request.cookies.get(COOKIE, ""),
        )


class _Stream(StreamingResponse):
    """A response of pieces, which whoever makes them is told the end of."""

    def __init__(
        self, answer: StreamAnswer, endpoint: Endpoint, headers: Mapping[str, str] | None
    ) -> None:
        super().__init__(
            answer.chunks,
            endpoint.status,
            {"Cache-Control": "no-store", "X-Accel-Buffering": "no", **(headers or {})},
            media_type=endpoint.answer_media_type,
        )
        self._chunks = answer.chunks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it. A client that goes away leaves the generator where it waits, so it is closed."""

        async def send_in_time(message: Message) -> None:
            async with asyncio.timeout(MAX_STALLED_S):
                await send(message)

        try:
            if scope["method"] == "HEAD":
                await Response(headers=dict(self.headers))(scope, receive, send)
            else:
                await super().__call__(scope, receive, send_in_time)
        except TimeoutError:
            log.info("stream_dropped", path=scope["path"])
        finally:
            await self._chunks.aclose()


def _check_rights(endpoint: Endpoint, caller: Caller) -> None:
    if endpoint.is_personal:
        if caller.kind is not CallerKind.USER:
            raise Problem(
                status=403,
                code="people_only",
                message="this is for people who are signed in",
                hint="sign in: POST /manage/v1/session",
            )
    elif not endpoint.admits(caller):
        raise Problem(
            status=403,
            code="not_allowed",
            message="you may not do this",
            hint=f"it needs the right {endpoint.right or Right.TENANT_WRITE}",
        )


def _response(endpoint: Endpoint, shown: Shown) -> Response:
    headers: Mapping[str, str] | None = None
    if isinstance(shown, Answered):
        shown, headers = shown.shown, shown.headers
    if shown is None:
        return Response(None, HTTPStatus.NO_CONTENT, headers)
    if isinstance(shown, FileAnswer):
        return Response(shown.content, endpoint.status, media_type=endpoint.answer_media_type)
    if isinstance(shown, StreamAnswer):
        return _Stream(shown, endpoint, headers)
    return write(shown, endpoint.status, headers)


def write(shown: Struct, status: int, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer."""
    return Response(msgspec.json.encode(shown), status, headers, media_type="application/json")


def refuse(problem: Problem) -> Response:
    """An answer that says no."""
    return write(problem.body, problem.status, problem.headers)


def target_of(endpoint: Endpoint, path: Mapping[str, str]) -> str:
    """The path of an object, with real numbers masked: all but our own virtual ones."""
    target = endpoint.path
    for name, value in path.items():
        is_real = name == "number" and not endpoint.path.startswith("/numbers/")
        target = target.replace(f"{{{name}}}", mask(value) if is_real else value)
    return target


async def _read_body(request: Request, limit: int) -> bytes:
    """The body, of which no more than `limit` bytes are held.

    The rest of a larger one is received all the same: most clients look for an answer only once
    they have sent everything, and would take a closed connection for a broken one.
    """
    body = bytearray()
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= limit:
            body += chunk
        elif size > MAX_DISCARDED_BYTES:
            break
        else:
            body.clear()
    if size > limit:
        raise Problem(status=413, code="too_large", message=f"a body may have {limit} bytes")
    return bytes(body)


def _decode_query(kind: type[Struct], request: Request) -> Struct:
    if len(request.url.query) > MAX_QUERY_BYTES:
        raise Problem(status=414, code="too_large", message="the query is too long")
    given = dict(request.query_params)
    known = kind.__struct_fields__
    for name in given:
        if name not in known:
            raise Problem(
                status=400,
                code="unknown_field",
                message=f"{name} is not known here",
                field=name,
                hint=f"known are {', '.join(known)}",
            )
    try:
        return msgspec.convert(given, kind, strict=False)
    except msgspec.ValidationError as error:
        raise invalid_field(error) from error


def _decode_body(kind: type[Struct], body: bytes) -> Struct:
    try:
        return msgspec.json.decode(body or b"{}", type=kind)
    except msgspec.ValidationError as error:
        raise invalid_field(error) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Problem(
            status=400, code="not_json", message=f"the body is no valid JSON: {error}"
        ) from error


def invalid_field(error: msgspec.ValidationError, under: str = "") -> Problem:
    """Msgspec says `Expected ... - at `$.numbers[0].number``; tell field and sentence apart.

    `under` is the field that holds what was read.
    """
    sentence, _, place = str(error).partition(" - at ")
    sentence = sentence.replace("`", "'")
    where = place.strip("`").removeprefix("$").removeprefix(".")
    # For a missing or unknown field the name stands in the sentence, the place is its object.
    if "field '" in sentence:
        name = sentence.split("field '", 1)[1].rstrip("'")
        where = f"{where}.{name}" if where else name
    if under:
        where = f"{under}.{where}" if where else under
    message = sentence[:1].lower() + sentence[1:]
    return Problem(
        status=400,
        code="invalid_field",
        message=f"{where}: {message}" if where else message,
        field=where or None,
    )
