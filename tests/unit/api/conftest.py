"""A world with one AXB application, and a client of the interface written from its documentation.

The client shares no code with the server: it builds the headers and digests itself.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from tests.unit.api.ax_customer import AxCustomer, X

from maskline.api.ax import AxInterface
from maskline.api.axe import AxeInterface
from maskline.api.idempotency import IdempotencyLimits, KeyedBinds
from maskline.api.limits import ApiLimits
from maskline.api.server import create_api
from maskline.domain.application import Application, Mode, Tenant
from maskline.domain.area import Areas, load_areas
from maskline.domain.virtual_number import NumberState, VirtualNumber
from maskline.services.binding import BindingDesk
from maskline.services.binding_ax import AxDesk
from maskline.services.binding_axe import AxeDesk
from maskline.services.clock import SteppedClock
from maskline.services.directory import Directory
from maskline.services.ids import CountedIds
from maskline.services.lockout import Lockout, LockoutLimits
from maskline.services.prompt import FixedPrompts
from maskline.stores.memory import MemoryStore

NOON = datetime(2024, 6, 11, 2, 0, 0, tzinfo=UTC)
PATH = "/rest/caas/relationnumber/partners/v1.0"
FIXED_AUTHORIZATION = 'AKSK realm="SDP",profile="UsernameToken",type="Appkey"'


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        return self.json["resultcode"]

    @property
    def text(self) -> str:
        return self.json["resultdesc"]

    @property
    def told(self) -> tuple[int, str, str]:
        return self.status, self.code, self.text


async def call_asgi(
    app: Any,
    method: str,
    path: str,
    *,
    query: str = "",
    headers: Mapping[str, str] | Sequence[tuple[str, str]] = (),
    chunks: Sequence[bytes] = (b"",),
    peer: str | None = "192.0.2.7",
) -> Reply | None:
    """One request without a network; None when the server sent nothing."""
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": query.encode("latin-1"),
        "headers": [(k.lower().encode("latin-1"), v.encode("latin-1")) for k, v in pairs],
        "client": (peer, 50000) if peer else None,
    }
    waiting = [
        {"type": "http.request", "body": chunk, "more_body": number < len(chunks) - 1}
        for number, chunk in enumerate(chunks)
    ]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await app(scope, receive, send)
    if not sent:
        return None
    start, body = sent
    return Reply(
        start["status"],
        {k.decode(): v.decode() for k, v in start["headers"]},
        body["body"],
    )


@dataclass
class Client:
    """What a customer's server does, from `spec/auth.md` 3 and 4."""

    world: "World"
    app_key: str
    secret: str
    scheme: str = "AKSK"
    wsse_form: str = "raw"
    peer: str = "192.0.2.7"
    sent: int = 0

    def headers(self, nonce: str | None = None, created: str | None = None) -> dict[str, str]:
        self.sent += 1
        nonce = nonce or f"{self.sent:032X}"
        created = created or self.world.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
        token = (
            f'UsernameToken Username="{self.app_key}",PasswordDigest="'
            f'{self.digest(nonce, created)}",Nonce="{nonce}",Created="{created}"'
        )
        return {
            "Content-Type": "application/json;charset=UTF-8",
            "Authorization": FIXED_AUTHORIZATION.replace("AKSK", self.scheme),
            f"X-{self.scheme}": token,
        }

    def digest(self, nonce: str, created: str) -> str:
        if self.scheme == "AKSK":
            mac = hmac.new(self.secret.encode(), f"{nonce}{created}".encode(), hashlib.sha256)
            return base64.b64encode(mac.digest()).decode()
        hashed = hashlib.sha256(f"{nonce}{created}{self.secret}".encode())
        forms = {
            "raw": hashed.digest(),
            "hex": hashed.hexdigest().encode(),
            "HEX": hashed.hexdigest().upper().encode(),
        }
        return base64.b64encode(forms[self.wsse_form]).decode()

    async def send(
        self,
        method: str,
        *,
        query: str = "",
        body: object = None,
        headers: Mapping[str, str] | None = None,
        path: str = PATH,
    ) -> Reply:
        data = body if isinstance(body, bytes) else b"" if body is None else json_bytes(body)
        reply = await call_asgi(
            self.world.api,
            method,
            path,
            query=query,
            headers=self.headers() if headers is None else headers,
            chunks=[data],
            peer=self.peer,
        )
        assert reply is not None
        return reply

    async def bind(self, **fields: object) -> Reply:
        return await self.send("POST", body=fields)

    async def bind_under(self, key: str, **fields: object) -> Reply:
        headers = self.headers() | {"Idempotency-Key": key}
        return await self.send("POST", body=fields, headers=headers)

    async def modify(self, **fields: object) -> Reply:
        return await self.send("PUT", body=fields)

    async def unbind(self, **parameters: str) -> Reply:
        return await self.send("DELETE", query=urlencode(parameters))

    async def query(self, **parameters: object) -> Reply:
        return await self.send("GET", query=urlencode(parameters))


def json_bytes(value: object) -> bytes:
    return json.dumps(value).encode()


@dataclass
class World:
    """Everything behind the interface, with a clock that only moves when told to."""

    areas: Areas
    limits: ApiLimits = field(default_factory=ApiLimits)
    prompts: FixedPrompts = field(default_factory=FixedPrompts)
    clock: SteppedClock = field(default_factory=lambda: SteppedClock(NOON))
    store: MemoryStore = field(default_factory=MemoryStore)

    def __post_init__(self) -> None:
        self.ids = CountedIds()
        self.lockout = Lockout(self.clock)
        self.key_limits = IdempotencyLimits()
        self.restart()

    def restart(self) -> None:
        """Build the interface anew over the same store."""
        self.directory = Directory(self.store, self.clock)
        self.keyed_binds = KeyedBinds(self.store, self.clock, self.ids, self.key_limits)
        desk = BindingDesk(self.store, self.clock, self.ids, self.areas, self.prompts)
        ax = AxInterface(AxDesk(self.store, self.clock, self.ids, self.areas, self.prompts))
        axe = AxeInterface(AxeDesk(self.store, self.clock, self.ids, self.areas, self.prompts))
        self.api: Any = create_api(
            desk,
            self.directory,
            self.clock,
            self.limits,
            ax.endpoints() | axe.endpoints(),
            lockout=self.lockout,
            keyed_binds=self.keyed_binds,
        )

    def limit(self, **changes: Any) -> None:
        self.limits = ApiLimits(**changes)
        self.restart()

    def lock_out_after(self, failures: int) -> None:
        self.lockout = Lockout(self.clock, LockoutLimits(failures=failures))
        self.restart()

    def limit_keys(self, **changes: Any) -> None:
        self.key_limits = IdempotencyLimits(**changes)
        self.restart()

    def approve(self, *prompts: tuple[str, str]) -> None:
        self.prompts = FixedPrompts(prompts)
        self.restart()

    async def add_application(self, app_key: str = "key-axb", **changes: Any) -> Client:
        tenant_id = changes.pop("tenant_id", "tenant-1")
        tenant_state = changes.pop("tenant_state", None)
        if await self.store.tenant(tenant_id) is None:
            tenant = Tenant(tenant_id=tenant_id, name="Taxi", created_at=NOON)
            await self.store.add_tenant(tenant)
        if tenant_state is not None:
            tenant = Tenant(tenant_id=tenant_id, name="Taxi", state=tenant_state, created_at=NOON)
            await self.store.save_tenant(tenant)
            self.directory.forget_tenant(tenant_id)
        values: dict[str, Any] = {"mode": Mode.AXB, "secret": f"secret of {app_key}"} | changes
        application = Application(
            app_key=app_key, tenant_id=tenant_id, name=app_key, created_at=NOON, **values
        )
        await self.store.add_application(application)
        return Client(self, app_key, application.secret)

    async def add_number(
        self,
        number: str,
        *,
        app_key: str = "key-axb",
        area_code: str = "0755",
        state: NumberState = NumberState.NORMAL,
    ) -> str:
        row = VirtualNumber(
            number=number, app_key=app_key, area_code=area_code, state=state, created_at=NOON
        )
        await self.store.add_numbers([row])
        return number


@pytest.fixture(scope="session")
def areas() -> Areas:
    return load_areas()


@pytest.fixture
async def world(areas: Areas) -> AsyncIterator[World]:
    world = World(areas)
    await world.store.open()
    yield world
    await world.store.close()


@pytest.fixture
async def client(world: World) -> Client:
    """The client of an AXB application that owns X."""
    client = await world.add_application()
    await world.add_number("+8617000002001")
    return client


@pytest.fixture
async def ax(world: World) -> AxCustomer:
    """The customer of an AX application that owns X."""
    client = await world.add_application("key-ax", mode=Mode.AX)
    await world.add_number(X, app_key="key-ax")
    return AxCustomer(client)


@pytest.fixture
def x(client: Client) -> str:
    return "+8617000002001"


@pytest.fixture
def a() -> str:
    return "+8613510001001"


@pytest.fixture
def b() -> str:
    return "+8613900003003"


@pytest.fixture
def c() -> str:
    return "+8613700004004"


@pytest.fixture
def asgi() -> Any:
    """Send a raw request: `await asgi(app, method, path, ...)`."""
    return call_asgi
