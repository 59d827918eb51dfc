"""The management API as one ASGI application: `/manage/v1/...`, health and metrics."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from maskline.manage.door import Door
from maskline.manage.endpoint import (
    Conditions,
    Endpoint,
    EndpointRunner,
    Look,
    Recorder,
    refuse,
)
from maskline.manage.openapi import describe
from maskline.manage.problem import Problem
from maskline.manage.visitor import Porch

PREFIX = "/manage/v1"
MAX_BODY_BYTES = 4_000_000


def create_manage(
    *,
    door: Door,
    endpoints: Sequence[Endpoint],
    watched: Sequence[Endpoint],
    version: str,
    max_body_bytes: int = MAX_BODY_BYTES,
    look: Look | None = None,
    porch: Porch | None = None,
    recorder: Recorder | None = None,
    conditions: Conditions | None = None,
) -> Starlette:
    """Build the application. Nothing is read or started.

    `door` tells callers apart; `endpoints` stand under `/manage/v1`, an earlier one of two that fit
    a path counts; `watched` (health, metrics) stand at the root. `look` sees every request first;
    `porch` None believes no proxy; `recorder` hears of every change; `conditions` None asks nothing
    of headers.
    """
    listed = [
        *((PREFIX + endpoint.path, endpoint) for endpoint in endpoints),
        *((endpoint.path, endpoint) for endpoint in watched),
    ]
    runner = EndpointRunner(
        door,
        max_body_bytes,
        look=look,
        porch=porch,
        recorder=recorder,
        conditions=conditions,
    )
    return _application(listed, runner, version)


def _application(
    listed: list[tuple[str, Endpoint]], runner: EndpointRunner, version: str
) -> Starlette:
    """These endpoints, and the document that describes them."""
    document = msgspec.json.encode(describe(listed, version))

    async def show_openapi(_: Request) -> Response:
        return Response(document, media_type="application/json")

    return Starlette(
        routes=[
            Route(f"{PREFIX}/openapi.json", show_openapi, methods=["GET"]),
            *_routes(listed, runner),
        ],
        exception_handlers={HTTPException: _refuse_http},
    )


def _routes(listed: list[tuple[str, Endpoint]], runner: EndpointRunner) -> list[Route]:
    """One route a path, so that a wrong method is told from a wrong path."""
    by_path: dict[str, dict[str, Endpoint]] = {}
    for path, endpoint in listed:
        by_path.setdefault(path, {})[endpoint.method] = endpoint
    return [
        Route(_route_path(path), _handler(methods, runner), methods=list(methods))
        for path, methods in by_path.items()
    ]


def _route_path(path: str) -> str:
    # Session ids and networks may hold a slash once they are decoded; the names that follow them
    # still match.
    for name in ("session_id", "address"):
        path = path.replace(f"{{{name}}}", f"{{{name}:path}}")
    return path


def _handler(
    methods: Mapping[str, Endpoint], runner: EndpointRunner
) -> Callable[[Request], Awaitable[Response]]:
    async def handle(request: Request) -> Response:
        method = "GET" if request.method == "HEAD" else request.method
        return await runner.answer(methods[method], request)

    return handle


async def _refuse_http(_: Request, error: Exception) -> Response:
    """What the router refuses, in our shape."""
    if not isinstance(error, HTTPException):
        raise error
    if error.status_code == 405:
        problem = Problem(status=405, code="wrong_method", message="this method is not known here")
    else:
        problem = Problem(
            status=404,
            code="no_such_path",
            message="there is nothing under this path",
            hint=f"{PREFIX}/openapi.json lists what there is",
        )
    response = refuse(problem)
    response.headers.update(error.headers or {})
    return response
