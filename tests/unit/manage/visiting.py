"""People who use the management API with a browser, without a socket."""

import json
from dataclasses import dataclass, field
from typing import Any

from tests.unit.manage.operating import Answer

from maskline.bootstrap.accounts import AccountDesk
from maskline.domain.access import Role
from maskline.services.accounts import NewUser
from maskline.services.clock import SteppedClock
from maskline.stores.memory import MemoryStore

ORIGIN = "https://voice.example"
PASSWORD = "right horse battery"


@dataclass
class Browser:
    """Sends requests as a page of ours does, with the cookie that it was given last."""

    app: Any
    cookie: str = ""
    origin: str | None = ORIGIN
    token: str = ""
    address: str = "198.51.100.7"
    headers: dict[str, str] = field(default_factory=dict)

    async def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """Also with headers of this request, such as `if_match="..."`."""
        self.headers = headers
        content = b"" if body is None else json.dumps(body).encode()
        answers: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": content, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            answers.append(message)

        await self.app(self._scope(method, path), receive, send)
        headers = {name.decode(): value.decode() for name, value in answers[0]["headers"]}
        if "set-cookie" in headers:
            self.cookie = headers["set-cookie"].partition(";")[0]
        body_of_answer = b"".join(message.get("body", b"") for message in answers[1:])
        return Answer(answers[0]["status"], headers, body_of_answer)

    async def sign_in(self, login: str, password: str = PASSWORD, code: str | None = None):
        form = {"login": login, "password": password} | ({"code": code} if code else {})
        return await self.ask("POST", "/session", form)

    def _scope(self, method: str, path: str) -> dict[str, Any]:
        route, _, query = path.partition("?")
        route = "/manage/v1" + route
        headers = [(b"host", b"voice.example"), (b"user-agent", b"Firefox")]
        if self.cookie:
            headers.append((b"cookie", self.cookie.encode()))
        if self.origin is not None and method != "GET":
            headers.append((b"origin", self.origin.encode()))
        if self.token:
            headers.append((b"authorization", f"Bearer {self.token}".encode()))
        for name, value in self.headers.items():
            headers.append((name.replace("_", "-").encode(), value.encode()))
        return {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "https",
            "path": route,
            "raw_path": route.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": headers,
            "client": (self.address, 40000),
            "server": ("127.0.0.1", 8443),
        }


@dataclass
class House:
    """An application with accounts in it: one of each role, with the role as login."""

    app: Any
    desk: AccountDesk
    store: MemoryStore
    clock: SteppedClock

    def browser(self, **fields: Any) -> Browser:
        return Browser(self.app, **fields)

    async def signed_in(self, role: Role) -> Browser:
        browser = self.browser()
        answer = await browser.sign_in(role.value)
        assert answer.status == 200, answer.content
        return browser

    async def add(self, login: str, role: Role, tenant_id: str | None, hashed: str) -> str:
        new = NewUser(login=login, name=login, role=role, tenant_id=tenant_id)
        return (await self.desk.accounts.keep(new, hashed)).user_id
