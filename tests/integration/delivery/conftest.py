import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from maskline.api.signature import sign
from maskline.domain.application import Application, Mode, Tenant
from maskline.domain.call import Call
from maskline.domain.notice import Notice, Purpose
from maskline.domain.retry import RetrySchedule
from maskline.lab.receiver import Behaviour, Receiver
from maskline.planes.delivery.client import HttpPushClient, PushClient
from maskline.planes.delivery.plane import DeliveryPlane
from maskline.planes.delivery.settings import DeliverySettings
from maskline.services.clock import SystemClock
from maskline.services.directory import Directory
from maskline.services.ids import SystemIds
from maskline.services.store import Store
from maskline.stores.keys import FixedKeys
from maskline.stores.memory import MemoryStore
from maskline.stores.sqlite import SqliteStore

SECRET = "s3cret"
SETTINGS = DeliverySettings(
    schedule=RetrySchedule((0.02,) * 6),
    timeout_s=1.0,
    lease_margin_s=0.5,
    allow_private=True,
    poll_interval_s=0.01,
    merge_window_s=0.05,
    close_deadline_s=0.3,
)


class Site:
    """A store, receivers and planes that push from the one to the others over real HTTP."""

    def __init__(self, open_store: Callable[[], Store]) -> None:
        self._open_store = open_store
        self._stack = AsyncExitStack()
        self.store = open_store()
        self._calls = 0

    async def open(self) -> None:
        await self.store.open()
        tenant = Tenant(tenant_id="t", name="t", created_at=datetime.now(UTC))
        await self.store.add_tenant(tenant)

    async def close(self) -> None:
        await self._stack.aclose()
        await self.store.close()

    async def reopen(self) -> None:
        """What a restart does to the store."""
        await self.store.close()
        self.store = self._open_store()
        await self.store.open()

    async def receiver(self, app_key: str, behaviour: Behaviour | None = None) -> Receiver:
        """A receiver for everything of a new application."""
        receiver = Receiver({app_key: SECRET}, behaviour)
        await receiver.start()
        self._stack.push_async_callback(receiver.close)
        await self.add_application(app_key, receiver.url)
        return receiver

    async def add_application(self, app_key: str, base: str) -> None:
        await self.store.add_application(
            Application(
                app_key=app_key,
                tenant_id="t",
                name=app_key,
                mode=Mode.AXB,
                secret=SECRET,
                status_url=f"{base}/status",
                cdr_url=f"{base}/cdr",
                created_at=datetime.now(UTC),
            )
        )

    async def write(
        self,
        app_key: str,
        *names: str,
        stream: str | None = None,
        purpose: Purpose = Purpose.STATUS,
    ) -> None:
        """Queue notices; each name is its id and its body, and its stream unless one is given."""
        self._calls += 1
        now = datetime.now(UTC)
        call = Call(
            session_id=f"call-{self._calls}",
            icid=f"icid-{self._calls}",
            host="h",
            app_key=app_key,
            tenant_id="t",
            mode=Mode.AXB,
            x="+8617000000001",
            caller="+8613900000001",
            arrived_at=now,
        )
        notices = [
            Notice(
                notice_id=name,
                stream=stream or name,
                app_key=app_key,
                purpose=purpose,
                origin="http://receiver",
                body=name.encode(),
                created_at=now - timedelta(milliseconds=1),
            )
            for name in names
        ]
        await self.store.save_call(call, notices)

    def plane(self, client: PushClient | None = None, **changes: object) -> DeliveryPlane:
        settings = replace(SETTINGS, **changes)
        clock = SystemClock()
        return DeliveryPlane(
            store=self.store,
            lookup=Directory(self.store, clock).application,
            sign=sign,
            record_message=b",".join,
            client=client or HttpPushClient(settings),
            clock=clock,
            ids=SystemIds(),
            settings=settings,
        )

    @asynccontextmanager
    async def running(
        self, client: PushClient | None = None, **changes: object
    ) -> AsyncIterator[DeliveryPlane]:
        plane = self.plane(client, **changes)
        task = asyncio.create_task(plane.run())
        try:
            yield plane
        finally:
            await plane.close()
            await task

    async def until_depth(self, waiting: int, dead: int = 0, timeout_s: float = 10.0) -> None:
        """Until so many notices wait and so many are dead."""
        async with asyncio.timeout(timeout_s):
            while await self.store.outbox_depth() != (waiting, dead):  # noqa: ASYNC110 - no event
                await asyncio.sleep(0.005)


@pytest.fixture(params=["memory", "sqlite"])
async def site(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Site]:
    memory = MemoryStore()

    def open_store() -> Store:
        if request.param == "memory":
            return memory
        return SqliteStore(tmp_path / "maskline.db", FixedKeys())

    site = Site(open_store)
    await site.open()
    yield site
    await site.close()


@pytest.fixture
def names() -> Callable[[str, int], list[str]]:
    """Numbered names: a-000, a-001, ..."""
    return lambda prefix, count: [f"{prefix}-{number:03d}" for number in range(count)]
