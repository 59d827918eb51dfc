"""A port for those who watch a process: it needs no token and tells nothing of customers."""

from collections.abc import Awaitable, Callable

import msgspec
from starlette.types import ASGIApp, Receive, Scope, Send

from maskline.monitoring.exposition import CONTENT_TYPE
from maskline.services.readiness import Readiness

JSON = "application/json"


def create_listener(
    page: Callable[[], Awaitable[bytes]], readiness: Readiness, version: str
) -> ASGIApp:
    """`/metrics`, `/healthz` and `/readyz` as an application; any other path is 404."""

    async def listener(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001 - ASGI
        if scope["type"] != "http":
            return
        status, kind, body = 404, JSON, b"{}"
        match scope["path"]:
            case "/metrics":
                status, kind, body = 200, CONTENT_TYPE, await page()
            case "/healthz":
                status, body = 200, _shown("ok", version, {})
            case "/readyz":
                checks = await readiness.checks()
                is_ready = all(checks.values())
                status = 200 if is_ready else 503
                body = _shown("ready" if is_ready else "not_ready", version, checks)
            case _:
                pass
        headers = [
            (b"content-type", kind.encode()),
            (b"content-length", b"%d" % len(body)),
        ]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return listener


def _shown(status: str, version: str, checks: dict[str, bool]) -> bytes:
    return msgspec.json.encode({"status": status, "version": version, "checks": checks})
