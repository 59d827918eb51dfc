"""A browser without a socket."""

from dataclasses import dataclass, field
from urllib.parse import unquote

from starlette.types import ASGIApp


@dataclass
class Page:
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes = b""

    @property
    def text(self) -> str:
        return self.content.decode()


@dataclass
class Browser:
    app: ASGIApp

    async def get(self, path: str, headers: dict[str, str] | None = None) -> Page:
        return await self.ask("GET", path, headers)

    async def ask(self, method: str, path: str, headers: dict[str, str] | None = None) -> Page:
        page = Page()

        async def receive():
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message):
            if message["type"] == "http.response.start":
                page.status = message["status"]
                page.headers = {n.decode(): v.decode() for n, v in message["headers"]}
            else:
                page.content += message["body"]

        scope = {
            "type": "http",
            "method": method,
            "path": unquote(path),
            "raw_path": path.encode(),
            "query_string": b"",
            "root_path": "",
            "scheme": "http",
            "server": ("127.0.0.1", 80),
            "headers": [(n.encode(), v.encode()) for n, v in (headers or {}).items()],
        }
        await self.app(scope, receive, send)
        return page
