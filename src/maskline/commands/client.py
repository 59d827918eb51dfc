"""The management API as the command line calls it."""

import http.client
import json
from collections.abc import Mapping
from typing import Any, cast
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import (
    HTTPRedirectHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    build_opener,
)

from maskline.commands.failure import CommandFailed, Unreachable
from maskline.commands.next_step import next_step

TIMEOUT_S = 30.0
PAGE = 500
MAX_ANSWER_BYTES = 64_000_000
PREFIX = "/manage/v1"
JSON = "application/json"
FILE = "application/octet-stream"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class ManagementClient:
    """Sends one request at a time. Raises CommandFailed and Unreachable."""

    def __init__(self, url: str, token: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise CommandFailed(
                f"{url} is no URL of a maskline", hint="give it as --url http://HOST:PORT"
            )
        self.base = url.rstrip("/").removesuffix(PREFIX)
        self._token = token
        self._opener = _opener(parts.hostname)

    def get(self, path: str, **query: object) -> Any:  # noqa: ANN401 - decoded JSON
        """One thing."""
        return self._ask("GET", path, query=query)

    def post(self, path: str, body: Mapping[str, object] | None = None) -> Any:  # noqa: ANN401
        """Make or do one thing."""
        return self._ask("POST", path, body=body if body is not None else {})

    def patch(self, path: str, body: Mapping[str, object]) -> Any:  # noqa: ANN401
        """Change one thing."""
        return self._ask("PATCH", path, body=body)

    def put(self, path: str, body: Mapping[str, object]) -> Any:  # noqa: ANN401
        """Set one thing."""
        return self._ask("PUT", path, body=body)

    def put_file(self, path: str, content: bytes, **query: object) -> Any:  # noqa: ANN401
        """Send a file to one place."""
        return _decoded(self._exchange("PUT", _with_query(PREFIX + path, query), content, FILE))

    def post_file(self, path: str, content: bytes, **query: object) -> Any:  # noqa: ANN401
        """Send a file to be worked on."""
        return _decoded(self._exchange("POST", _with_query(PREFIX + path, query), content, FILE))

    def get_file(self, path: str, **query: object) -> bytes:
        """A whole file, of at most MAX_ANSWER_BYTES."""
        return self._exchange("GET", _with_query(PREFIX + path, query), None, JSON)

    def delete(self, path: str) -> None:
        """Remove one thing."""
        self._ask("DELETE", path)

    def list(self, path: str, limit: int, **query: object) -> tuple[list[dict[str, Any]], bool]:
        """Up to `limit` entries, all with 0, page by page, and whether there may be more."""
        entries: list[dict[str, Any]] = []
        after: str | None = None
        while limit == 0 or len(entries) < limit:
            size = PAGE if limit == 0 else min(PAGE, limit - len(entries))
            page = self.get(path, after=after, limit=size, **query)
            entries.extend(page["items"])
            after = page["next"]
            if after is None:
                break
        return entries, after is not None

    def open(self, path: str) -> http.client.HTTPResponse:
        """What is behind a link on this server, to be read and closed. The token is not sent."""
        return self._opened(Request(self.base + path))  # noqa: S310 - the scheme was checked

    def health(self) -> tuple[bool, dict[str, Any]]:
        """Whether the platform is ready, and what it says of itself."""
        try:
            return True, cast("dict[str, Any]", self._send("GET", "/readyz", None))
        except CommandFailed as refusal:
            if isinstance(refusal, Unreachable):
                raise
            return False, refusal.describe()

    def _ask(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, object] | None = None,
        body: Mapping[str, object] | None = None,
    ) -> Any:  # noqa: ANN401
        return self._send(method, _with_query(PREFIX + path, query or {}), body)

    def _send(self, method: str, path: str, body: Mapping[str, object] | None) -> object:
        content = json.dumps(body).encode() if body is not None else None
        answer = self._exchange(method, path, content, JSON)
        return _decoded(answer) if answer else None

    def _exchange(self, method: str, path: str, content: bytes | None, media_type: str) -> bytes:
        request = Request(  # noqa: S310 - the scheme was checked
            self.base + path,
            method=method,
            data=content,
            headers={
                "Authorization": f"Bearer {self._token}",
                "Content-Type": media_type,
                "Accept": "*/*",
            },
        )
        try:
            with self._opened(request) as answer:
                return answer.read(MAX_ANSWER_BYTES)
        except (OSError, http.client.HTTPException) as error:
            raise self._unreachable(error) from None

    def _opened(self, request: Request) -> http.client.HTTPResponse:
        try:
            return self._opener.open(request, timeout=TIMEOUT_S)
        except HTTPError as error:
            with error:
                raise _refusal(error.code, error.read(MAX_ANSWER_BYTES)) from None
        except (URLError, OSError, http.client.HTTPException) as error:
            raise self._unreachable(error) from None

    def _unreachable(self, error: Exception) -> Unreachable:
        reason = getattr(error, "reason", None) or error
        return Unreachable(
            f"cannot reach maskline at {self.base}: {reason}",
            hint="start it with `make run` or `maskline serve`, or give another --url",
        )


def segment(text: str) -> str:
    """A value as one segment of a path."""
    return quote(text, safe="")


def _with_query(path: str, query: Mapping[str, object]) -> str:
    asked = {
        name: json.dumps(value) if isinstance(value, bool) else value
        for name, value in query.items()
        if value is not None
    }
    return f"{path}?{urlencode(asked)}" if asked else path


def _opener(host: str) -> OpenerDirector:
    # A proxy set for the internet must not be asked for this machine.
    proxies = [ProxyHandler({})] if host in LOOPBACK else []
    return build_opener(_NoRedirects, *proxies)


class _NoRedirects(HTTPRedirectHandler):
    """urllib would send the token along to wherever it is told to go."""

    def redirect_request(self, *_: Any, **__: Any) -> None:  # noqa: ANN401 - not looked at
        """Take the redirect itself for the answer, which is a refusal."""


def _refusal(status: int, content: bytes) -> CommandFailed:
    try:
        error = json.loads(content)["error"]
        message, code = str(error["message"]), str(error["code"])
    except (ValueError, KeyError, TypeError):
        return CommandFailed(
            f"the answer was HTTP {status}, not from a maskline management API",
            hint="check --url",
            code="not_maskline",
        )
    field = str(error.get("field", ""))
    hint = str(error.get("hint", "")) or next_step(code, field)
    if status in {401, 403}:
        hint = "give the right --token (or MASKLINE_TOKEN); a server keeps it in admin.token"
    return CommandFailed(message, hint=hint, code=code, field=field)


def _decoded(content: bytes) -> object:
    try:
        return json.loads(content)
    except ValueError:
        raise CommandFailed(
            "the answer is no JSON: this is not a maskline management API", hint="check --url"
        ) from None
