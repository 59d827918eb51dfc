import asyncio
import base64
import hashlib
import hmac
import socket
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import uvicorn

from maskline.api.idempotency import KeyedBinds
from maskline.api.limits import ApiLimits
from maskline.api.server import create_api
from maskline.domain.application import Application, Mode, Tenant
from maskline.domain.area import load_areas
from maskline.domain.virtual_number import VirtualNumber
from maskline.services.binding import BindingDesk
from maskline.services.clock import SystemClock
from maskline.services.directory import Directory
from maskline.services.ids import SystemIds
from maskline.services.prompt import FixedPrompts
from maskline.stores.keys import FixedKeys
from maskline.stores.sqlite import SqliteStore

PATH = "/rest/caas/relationnumber/partners/v1.0"
NUMBERS = [f"+8617000002{index:03}" for index in range(3)]


class Site:
    """The interface on a real port over a SQLite file, and a customer's server."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "maskline.db"
        self.store = SqliteStore(self._file, FixedKeys())
        self.port = 0
        self._server: uvicorn.Server | None = None
        self._running: asyncio.Task[None] | None = None

    async def open(self) -> None:
        await self.store.open()
        clock = SystemClock()
        desk = BindingDesk(self.store, clock, SystemIds(), load_areas(), FixedPrompts())
        app: Any = create_api(
            desk,
            Directory(self.store, clock),
            clock,
            ApiLimits(max_body_bytes=10_000),
            keyed_binds=KeyedBinds(self.store, clock, SystemIds()),
        )
        config = uvicorn.Config(
            app, http="httptools", lifespan="off", ws="none", log_config=None, proxy_headers=False
        )
        listening = socket.create_server(("127.0.0.1", 0))
        self.port = listening.getsockname()[1]
        self._server = uvicorn.Server(config)
        self._running = asyncio.create_task(self._server.serve([listening]))
        self.http = aiohttp.ClientSession(f"http://127.0.0.1:{self.port}")

    async def close(self) -> None:
        await self.http.close()
        assert self._server is not None
        assert self._running is not None
        self._server.should_exit = True
        await self._running
        await self.store.close()

    async def restart(self) -> None:
        """Stop, and start again on the same file."""
        await self.close()
        self.store = SqliteStore(self._file, FixedKeys())
        await self.open()

    async def fill(self) -> None:
        now = datetime.now(UTC)
        await self.store.add_tenant(Tenant(tenant_id="t", name="Taxi", created_at=now))
        await self.store.add_application(
            Application(
                app_key="key",
                tenant_id="t",
                name="Taxi",
                mode=Mode.AXB,
                secret="secret",
                created_at=now,
            )
        )
        await self.store.add_numbers(
            [
                VirtualNumber(number=x, app_key="key", area_code="0755", created_at=now)
                for x in NUMBERS
            ]
        )

    def headers(self, secret: str = "secret") -> dict[str, str]:
        nonce, created = uuid.uuid4().hex, datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        mac = hmac.new(secret.encode(), (nonce + created).encode(), hashlib.sha256).digest()
        return {
            "Content-Type": "application/json;charset=UTF-8",
            "Authorization": 'AKSK realm="SDP",profile="UsernameToken",type="Appkey"',
            "X-AKSK": f'UsernameToken Username="key", PasswordDigest="'
            f'{base64.b64encode(mac).decode()}", Nonce="{nonce}", Created="{created}"',
        }

    async def ask(self, method: str, **options: Any) -> tuple[int, dict[str, Any]]:
        options.setdefault("headers", self.headers())
        async with self.http.request(method, PATH, **options) as reply:
            assert reply.content_type == "application/json"
            assert reply.charset == "utf-8"
            return reply.status, await reply.json()

    async def bind(self, **fields: object) -> dict[str, Any]:
        return (await self.ask("POST", json=fields))[1]


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    site = Site(tmp_path)
    await site.open()
    await site.fill()
    yield site
    await site.close()
