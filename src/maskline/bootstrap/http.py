"""The HTTP side: which interface a path belongs to, and the servers in front of them."""

import socket
from collections.abc import Awaitable

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from maskline.api.limits import ApiLimits
from maskline.api.registration_door import PREFIXES as REGISTRATION
from maskline.bootstrap.sip import family
from maskline.console.app import PREFIX as CONSOLE
from maskline.http_server import BoundedHttp, HttpServer
from maskline.monitoring.http import counted
from maskline.sandbox.receiver import PATH as SANDBOX
from maskline.services.lockout import LockoutLimits
from maskline.services.measure import HttpCounters
from maskline.services.recording_link import PATH as RECORDINGS
from maskline.settings import ApiSection, HttpSection, Settings

MANAGE_PATHS = frozenset({"/healthz", "/readyz", "/metrics"})
"""What the management application serves besides its prefix."""

CONSOLE_PATHS = frozenset({"/", "/console"})
"""What leads to the console besides its prefix."""


def build_doors(
    *,
    api: ASGIApp | None,
    manage: ASGIApp | None,
    registration: ASGIApp | None,
    downloads: ASGIApp,
    sandbox: ASGIApp | None,
    console: ASGIApp | None,
    counters: HttpCounters,
) -> ASGIApp:
    """All interfaces behind one port, their answers counted; of one that is not run here, 404."""

    def door(app: ASGIApp | None, name: str) -> ASGIApp:
        return counted(app or _not_found, name, counters)

    rest, managing = door(api, "rest"), door(manage, "manage")
    registering, downloading = door(registration, "registration"), door(downloads, "recordings")
    trying = door(sandbox, "sandbox")
    showing = door(console, "console")

    def doors(scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        path: str = scope.get("path", "")
        if path.startswith("/manage/") or path in MANAGE_PATHS:
            app = managing
        elif path.startswith(REGISTRATION):
            app = registering
        elif path.startswith(SANDBOX):
            app = trying
        elif path.startswith(CONSOLE) or path in CONSOLE_PATHS:
            app = showing
        else:
            app = downloading if path.startswith(RECORDINGS) else rest
        return app(scope, receive, send)

    return doors


def api_limits(settings: Settings) -> ApiLimits:
    """The bounds of the compatible interface."""
    section = settings.api
    return ApiLimits(
        clock_window_s=section.clock_window_s,
        refuses_replays=section.nonce_replay == "window",
        nonce_cache=section.nonce_cache,
        address_requests_per_s=section.address_requests_per_s,
        trusted_proxies=settings.http.trusted_proxies,
        max_body_bytes=section.max_body_bytes,
    )


def lockout_limits(section: ApiSection) -> LockoutLimits:
    """When an address is locked out of the compatible interface, and for how long."""
    return LockoutLimits(failures=section.lockout_failures, lock_s=section.lockout_s)


def build_server(
    app: ASGIApp,
    section: HttpSection,
    port: int,
    *,
    cert: str,
    key: str,
    shares_port: bool = False,
) -> tuple[HttpServer, socket.socket]:
    """A server and the socket that it is to serve. Raises OSError for a taken port.

    With `shares_port` other processes may listen on it too: the kernel gives each connection to one
    of them, and one that ends takes only its own with it.
    """
    listening = socket.create_server(
        (section.bind, port),
        family=family(section.bind),
        backlog=section.max_connections,
        reuse_port=shares_port,
    )
    config = uvicorn.Config(
        app,
        http=BoundedHttp,
        interface="asgi3",
        loop="none",
        lifespan="off",
        ws="none",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=section.max_connections,
        timeout_keep_alive=max(1, round(section.keep_alive_s)),
        timeout_graceful_shutdown=max(1, round(section.shutdown_s)),
        ssl_certfile=cert or None,
        ssl_keyfile=key or None,
    )
    return HttpServer(config), listening


async def _not_found(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001 - ASGI
    await send({"type": "http.response.start", "status": 404, "headers": []})
    await send({"type": "http.response.body", "body": b""})
