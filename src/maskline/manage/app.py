"""The management API as one ASGI application: `/manage/v1/...`, health and metrics."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from maskline.manage.directory import DirectoryEndpoints
from maskline.manage.endpoint import Endpoint, EndpointRunner, refuse
from maskline.manage.health import HealthEndpoints, MetricsEndpoints
from maskline.manage.lockout import LockoutEndpoints
from maskline.manage.notice import NoticeEndpoints
from maskline.manage.openapi import describe
from maskline.manage.person import PersonEndpoints
from maskline.manage.problem import Problem
from maskline.manage.prompt import PromptEndpoints
from maskline.manage.receiver import ReceiverEndpoints
from maskline.manage.recording import RecordingEndpoints
from maskline.manage.registration import RegistrationEndpoints
from maskline.manage.tenant_token import TenantTokenEndpoints
from maskline.manage.trace import TraceEndpoints
from maskline.manage.traffic import CallControl, TrafficEndpoints
from maskline.services.administration import Administration
from maskline.services.clock import Clock
from maskline.services.lockout import Lockout
from maskline.services.notice_desk import NoticeDesk
from maskline.services.prompt_desk import PromptDesk
from maskline.services.readiness import Readiness
from maskline.services.recording_archive import RecordingArchive
from maskline.services.registration import RegistrationDesk
from maskline.services.store import Store
from maskline.services.tenant_token import TenantTokens
from maskline.services.trace import TraceDesk

PREFIX = "/manage/v1"
MAX_BODY_BYTES = 4_000_000


def create_manage(
    *,
    store: Store,
    administration: Administration,
    calls: CallControl,
    clock: Clock,
    token: str,
    version: str,
    prompts: PromptDesk | None = None,
    recordings: RecordingArchive | None = None,
    registration: RegistrationDesk | None = None,
    tenant_tokens: TenantTokens | None = None,
    notices: NoticeDesk | None = None,
    lockouts: Mapping[str, Lockout] | None = None,
    checks: Callable[[], Mapping[str, bool]] = dict,
    metrics: MetricsEndpoints | None = None,
    traces: TraceDesk | None = None,
    persons: PersonEndpoints | None = None,
    messages: Sequence[Endpoint] = (),
    max_body_bytes: int = MAX_BODY_BYTES,
) -> Starlette:
    """Build the application. Nothing is read or started.

    `token` admits the operator; `checks` gives the readiness of the planes by name. Without
    `prompts`, `recordings`, `registration`, `tenant_tokens`, `notices`, `lockouts`,
    `metrics`, `traces` or `persons` there are no endpoints of them; `messages` are those of short
    messages.
    """
    runner = EndpointRunner(token, max_body_bytes)
    protected = (
        *DirectoryEndpoints(store, administration).endpoints(),
        # Before the call itself, whose id may hold a slash.
        *(TraceEndpoints(traces).endpoints() if traces is not None else ()),
        *TrafficEndpoints(store, calls, clock).endpoints(),
        *(PromptEndpoints(store, prompts).endpoints() if prompts is not None else ()),
        *(RecordingEndpoints(recordings).endpoints() if recordings is not None else ()),
        *(RegistrationEndpoints(store, registration).endpoints() if registration else ()),
        *(TenantTokenEndpoints(tenant_tokens).endpoints() if tenant_tokens else ()),
        *(NoticeEndpoints(store, notices).endpoints() if notices else ()),
        *(ReceiverEndpoints(notices, administration).endpoints() if notices else ()),
        *(LockoutEndpoints(lockouts, clock).endpoints() if lockouts else ()),
        *(persons.endpoints() if persons is not None else ()),
        *messages,
    )
    listed = [
        *((PREFIX + endpoint.path, endpoint) for endpoint in protected),
        *(
            (endpoint.path, endpoint)
            for endpoint in HealthEndpoints(Readiness(store, checks), version).endpoints()
        ),
        *((endpoint.path, endpoint) for endpoint in (metrics.endpoints() if metrics else ())),
    ]
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
