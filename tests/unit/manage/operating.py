"""An operator who calls the management API without a socket."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request

from maskline.domain.access import ROLE_RIGHTS, Caller, CallerKind, Role
from maskline.domain.application import Application, Mode
from maskline.domain.binding import AxbBinding
from maskline.domain.binding import Role as PartyRole
from maskline.domain.call import Call
from maskline.domain.notice import Endpoint, FailedTry, Notice, Purpose
from maskline.domain.trace import Trace
from maskline.manage.door import OperatorDoor
from maskline.services.clock import SteppedClock
from maskline.services.lockout import Lockout
from maskline.services.notice_desk import TrialReport
from maskline.services.sms_link_state import SmsLinkState
from maskline.services.store import BindLimits
from maskline.stores.memory import MemoryStore

TOKEN = "token-of-the-operator"
NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
A, B, X = "+8613900001001", "+8613900002002", "+8617010000001"


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.content)

    @property
    def error(self) -> dict[str, Any]:
        return self.json["error"]


@dataclass
class Calls:
    """Live calls that may be stopped."""

    live: set[str] = field(default_factory=set)

    async def stop(self, session_id: str) -> bool:
        if session_id not in self.live:
            return False
        self.live.remove(session_id)
        return True


@dataclass
class ScriptedTrial:
    """A receiver that answers test pushes as it was told to."""

    status: int | None = 200
    error: str | None = None
    purposes: list[Purpose] = field(default_factory=list)

    async def push(self, application: Application, purpose: Purpose, url: str) -> TrialReport:
        self.purposes.append(purpose)
        return TrialReport(
            url=url,
            headers={"webhook-id": "t1"},
            body=b"{}",
            status=self.status,
            error=self.error,
            took_s=0.0123,
        )


class CallerDoor:
    """Admits the operator, and who was given a token here."""

    def __init__(self) -> None:
        self.callers: dict[str, Caller] = {}
        self._operator = OperatorDoor(TOKEN)

    async def admit(self, request: Request) -> Caller:
        _, _, token = request.headers.get("authorization", "").partition(" ")
        return self.callers.get(token) or await self._operator.admit(request)


@dataclass
class SmsLinks:
    """Counts what is told of changed links; `tell` is where other workers say how theirs stand."""

    changes: int = 0
    tell: Callable[[str], None] = print

    def changed(self) -> None:
        self.changes += 1

    def stand(self, worker: str, *states: SmsLinkState) -> None:
        self.tell(json.dumps([worker, [asdict(state) for state in states]]))


@dataclass
class Operator:
    """Sends requests to the application as an operator would."""

    app: Any
    store: MemoryStore
    calls: Calls
    clock: SteppedClock
    planes: dict[str, bool]
    lockout: Lockout = field(default_factory=lambda: Lockout(SteppedClock(NOW)))
    token_lockout: Lockout = field(default_factory=lambda: Lockout(SteppedClock(NOW)))
    trial: ScriptedTrial = field(default_factory=ScriptedTrial)
    hints: list[str] = field(default_factory=list)
    traces: dict[str, Trace] = field(default_factory=dict)
    sms_links: SmsLinks = field(default_factory=SmsLinks)
    door: CallerDoor = field(default_factory=CallerDoor)

    async def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        token: str | None = TOKEN,
        raw: bytes | None = None,
    ) -> Answer:
        route, _, query = path.partition("?")
        headers = [(b"host", b"maskline")]
        if token is not None:
            headers.append((b"authorization", f"Bearer {token}".encode()))
        content = (
            raw if raw is not None else (json.dumps(body).encode() if body is not None else b"")
        )
        sent: list[dict[str, Any]] = []

        asked = 0

        async def receive() -> dict[str, Any]:
            nonlocal asked
            asked += 1
            if asked > 1:  # whoever is asked here stays until the answer is there
                await asyncio.Event().wait()
            return {"type": "http.request", "body": content, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": route,
            "raw_path": route.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": headers,
            "client": ("127.0.0.1", 40000),
            "server": ("127.0.0.1", 8080),
        }
        await self.app(scope, receive, send)
        return Answer(
            sent[0]["status"],
            {name.decode(): value.decode() for name, value in sent[0]["headers"]},
            b"".join(message.get("body", b"") for message in sent[1:]),
        )

    def admit(self, role: Role, tenant_id: str | None, **fields: Any) -> str:
        """The token of a person with this role."""
        token = f"{role}-{tenant_id}-{len(self.door.callers)}"
        caller = Caller(
            kind=CallerKind.USER,
            name=token,
            rights=ROLE_RIGHTS[role],
            tenant_id=tenant_id,
            user_id=token,
            role=role,
        )
        self.door.callers[token] = replace(caller, **fields)
        return token

    async def create_application(self, **fields: Any) -> dict[str, Any]:
        answer = await self.ask(
            "POST", "/manage/v1/applications", {"name": "shop", "mode": "axb", **fields}
        )
        assert answer.status == 201, answer.content
        return answer.json

    async def add_number(self, app_key: str, number: str = X) -> None:
        answer = await self.ask(
            "POST",
            "/manage/v1/numbers",
            {"app_key": app_key, "numbers": [{"number": number, "area_code": "0755"}]},
        )
        assert answer.status == 201, answer.content

    async def bind(self, app_key: str, binding_id: str = "binding-1") -> AxbBinding:
        binding = AxbBinding(
            binding_id=binding_id,
            app_key=app_key,
            x=X,
            a=A,
            b=B,
            user_data="order 17",
            created_at=NOW,
            modified_at=NOW,
        )
        return await self.store.bind(binding, BindLimits(pairs=10), NOW, None)

    def call(self, session_id: str, app_key: str = "k") -> Call:
        return Call(
            session_id=session_id,
            icid=f"icid-{session_id}",
            host="h1",
            app_key=app_key,
            tenant_id="default",
            mode=Mode.AXB,
            x=X,
            caller=A,
            callee=B,
            role=PartyRole.A,
            binding_id="binding-1",
            arrived_at=NOW,
        )

    async def write_notice(
        self, app_key: str, notice_id: str, *, stream: str = "s1", body: bytes = b"{}"
    ) -> None:
        """Queue an event."""
        notice = Notice(
            notice_id=notice_id,
            stream=stream,
            app_key=app_key,
            purpose=Purpose.STATUS,
            origin="https://shop.example",
            body=body,
            created_at=self.clock.now(),
        )
        await self.store.save_call(self.call(stream, app_key), [notice])

    async def give_up(self, app_key: str, error: str = "HTTP 500") -> None:
        """Have everything that is due die."""
        endpoint = Endpoint(app_key=app_key, purpose=Purpose.STATUS)
        now = self.clock.now()
        while claimed := await self.store.claim(endpoint, now, now, 100):
            tries = [FailedTry(sequence=q.sequence, due_at=None, error=error) for q in claimed]
            await self.store.settle([], tries)
