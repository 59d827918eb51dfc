"""The built web console as an ASGI application: its pages, and the files that they load."""

import re
import secrets
from collections.abc import Mapping
from pathlib import Path

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

PREFIX = "/console/"
BUILT = Path(__file__).parent / "static"
"""Where `make console` writes the build."""

NONCE = "__CSP_NONCE__"
"""What the build leaves in its pages for the nonce of an answer."""

_SIGN_IN = frozenset({"signin", "setup", "invitation"})
_FILE = re.compile(r"(?:assets/)?[\w-][\w.-]*\.\w+")
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
_FOREVER = "public, max-age=31536000, immutable"
_KINDS = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".wasm": "application/wasm",
    ".woff2": "font/woff2",
}
_ALWAYS = {
    "x-content-type-options": "nosniff",
    # Links for set-up and invitations carry a token.
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), payment=(), microphone=(self)",
}
_MISSING = """<!doctype html>
<html lang="zh-CN"><meta charset="utf-8"><title>maskline</title>
<h1>控制台尚未构建 · The console is not built</h1>
<p>在源码目录运行 <code>make console</code>，然后重新载入此页。需要 Node 20 或更新版本，
或可访问 PyPI 与 npm。平台的其余部分照常运行，管理接口在 <code>/manage/v1</code>。</p>
<p lang="en">Run <code>make console</code> where the sources are, then reload this page. It takes
Node 20 or newer, or reach to PyPI and npm. All else works: the management API is at
<code>/manage/v1</code>.</p></html>
"""


def create_console(folder: Path = BUILT) -> ASGIApp:
    """Serve the build in `folder` below `/console/`; any other path is sent there.

    Nothing is read before it is asked for, so a build may come while the platform runs.
    """

    async def console(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        response = await _answer(folder, Request(scope))
        response.headers.update(_ALWAYS)
        await response(scope, receive, send)

    return console


async def _answer(folder: Path, request: Request) -> Response:
    if request.method not in {"GET", "HEAD"}:
        return Response(status_code=405, headers={"allow": "GET, HEAD"})
    path = request.url.path
    if not path.startswith(PREFIX):
        return RedirectResponse(PREFIX, 307)
    name = path.removeprefix(PREFIX)
    if name.startswith("assets/") or (_FILE.fullmatch(name) and not name.endswith(".html")):
        return await run_sync(_file, folder, name, request.headers)
    page = "signin.html" if name in _SIGN_IN else "index.html"
    return await run_sync(_page, folder / page)


def _page(path: Path) -> Response:
    """An HTML page with a nonce of its own, which styles added by its scripts carry."""
    try:
        content = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return HTMLResponse(_MISSING, 503, {"cache-control": "no-store"})
    nonce = secrets.token_urlsafe(16)
    return HTMLResponse(
        content.replace(NONCE, nonce),
        headers={"cache-control": "no-cache", "content-security-policy": _policy(nonce)},
    )


def _policy(nonce: str) -> str:
    """What a page may load: this host's own, and styles with the nonce."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' 'nonce-{nonce}'",
            f"style-src 'self' 'nonce-{nonce}'",
            "img-src 'self' data: blob:",
            "media-src 'self' blob:",
            "font-src 'self'",
            "connect-src 'self'",
            "worker-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def _file(folder: Path, name: str, headers: Mapping[str, str]) -> Response:
    """A file of the build, compressed when the client takes it and the build has it so."""
    path = folder / name
    kind = _KINDS.get(path.suffix)
    if kind is None or not _FILE.fullmatch(name) or not path.is_file():
        return Response(status_code=404)
    shown = {
        "cache-control": _FOREVER if name.startswith("assets/") else "no-cache",
        "vary": "accept-encoding",
    }
    taken = _taken(headers.get("accept-encoding", ""))
    for encoding, suffix in _ENCODINGS:
        compressed = path.with_name(path.name + suffix)
        if encoding in taken and compressed.is_file():
            shown["content-encoding"] = encoding
            path = compressed
            break
    return Response(path.read_bytes(), headers=shown, media_type=kind)


def _taken(accept_encoding: str) -> set[str]:
    """The encodings that a client takes."""
    parts = (part.replace(" ", "").lower() for part in accept_encoding.split(","))
    return {
        name for name, _, quality in (part.partition(";q=") for part in parts)
        if not re.fullmatch(r"0(\.0*)?", quality)
    }  # fmt: skip
