import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest
from tests.stepped_loop import SteppedLoop

from maskline.domain.application import Application, Mode, Tenant
from maskline.domain.call import Call
from maskline.domain.notice import Endpoint, Notice, Purpose
from maskline.planes.delivery.client import PushFailed
from maskline.planes.delivery.plane import DeliveryPlane
from maskline.planes.delivery.settings import DeliverySettings
from maskline.services.clock import SteppedClock
from maskline.services.ids import CountedIds
from maskline.services.notification import receiver_url
from maskline.services.store import OutboxStore
from maskline.stores.memory import MemoryStore

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Pushed:
    """One try as the fake receiver saw it."""

    url: str
    push_id: str
    body: bytes
    headers: Mapping[str, str]
    at: datetime

    @property
    def names(self) -> list[str]:
        return self.body.decode().split(",")


Answer = Callable[[Pushed], Awaitable[None]]


async def accept(_pushed: Pushed) -> None:
    return


async def refuse(_pushed: Pushed) -> None:
    raise PushFailed("HTTP 500")


@dataclass
class FakeReceivers:
    """A push client that reaches receivers in memory; `answers` maps a URL to its manners."""

    clock: SteppedClock
    pushed: list[Pushed] = field(default_factory=list)
    answers: dict[str, Answer] = field(default_factory=dict)
    under_way: dict[str, int] = field(default_factory=dict)
    most: dict[str, int] = field(default_factory=dict)

    async def open(self) -> None:
        return

    async def close(self) -> None:
        return

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> None:
        pushed = Pushed(url, headers["webhook-id"], body, headers, self.clock.now())
        self.pushed.append(pushed)
        self.under_way[url] = self.under_way.get(url, 0) + 1
        self.most[url] = max(self.most.get(url, 0), self.under_way[url])
        try:
            await self.answers.get(url, accept)(pushed)
        finally:
            self.under_way[url] -= 1

    def ids(self, url: str | None = None) -> list[str]:
        return [pushed.push_id for pushed in self.pushed if url in {None, pushed.url}]


class World:
    """An outbox, applications and receivers on a stepped clock."""

    def __init__(self) -> None:
        self.clock = SteppedClock(NOW)
        self.store: OutboxStore = MemoryStore()
        self.receivers = FakeReceivers(self.clock)
        self.applications: dict[str, Application] = {}
        self.settings = DeliverySettings(
            poll_interval_s=0.005, hint_gap_s=0.0005, merge_window_s=0.0, close_deadline_s=0.2
        )
        self._sequence = 0
        self._ids = CountedIds()

    def add_application(self, app_key: str, **fields: object) -> Application:
        urls = {
            "status_url": f"http://{app_key}.example/status",
            "cdr_url": f"http://{app_key}.example/cdr",
        }
        application = Application(
            app_key=app_key,
            tenant_id="t",
            name=app_key,
            mode=Mode.AXB,
            secret="s3cret",
            created_at=NOW,
            **(urls | fields),
        )
        self.applications[app_key] = application
        return application

    async def write(
        self,
        app_key: str,
        *names: str,
        stream: str | None = None,
        purpose: Purpose = Purpose.STATUS,
    ) -> None:
        """Queue notices; each name is its id and its body, and its stream unless one is given."""
        application = self.applications[app_key]
        url = receiver_url(application, purpose)
        origin = (url or "").rpartition("/")[0]
        notices = [
            Notice(
                notice_id=name,
                stream=stream or name,
                app_key=app_key,
                purpose=purpose,
                origin=origin,
                body=name.encode(),
                created_at=self.clock.now(),
            )
            for name in names
        ]
        await self.store.save_call(self._call(app_key), notices)

    def plane(self, **changes: object) -> DeliveryPlane:
        return DeliveryPlane(
            store=self.store,
            lookup=self._lookup,
            sign=lambda key, _secret, nonce, _created: {"X-AKSK": f"{key} {nonce}"},
            record_message=b",".join,
            client=self.receivers,
            clock=self.clock,
            ids=self._ids,
            settings=replace(self.settings, **changes),
        )

    @asynccontextmanager
    async def running(self, **changes: object) -> AsyncIterator[DeliveryPlane]:
        plane = self.plane(**changes)
        task = asyncio.create_task(plane.run())
        try:
            yield plane
        finally:
            await plane.close()
            await task

    async def until(self, condition: Callable[[], object], timeout_s: float = 30) -> None:
        """Wait for something that nobody announces."""
        async with asyncio.timeout(timeout_s):
            while not condition():  # noqa: ASYNC110 - counters have no event
                await asyncio.sleep(0.001)

    async def quiet(self, plane: DeliveryPlane, timeout_s: float = 30) -> None:
        """Until the plane has nothing more to do at this moment."""
        async with asyncio.timeout(timeout_s):
            while not await self._is_quiet(plane):  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.001)

    async def _is_quiet(self, plane: DeliveryPlane) -> bool:
        counters = plane.counters
        if counters.in_flight or counters.unsettled or counters.endpoints:
            return False
        return not await self.store.due_endpoints(self.clock.now(), 1)

    async def _lookup(self, app_key: str) -> tuple[Application, Tenant] | None:
        application = self.applications.get(app_key)
        tenant = Tenant(tenant_id="t", name="t", created_at=NOW)
        return (application, tenant) if application else None

    def _call(self, app_key: str) -> Call:
        self._sequence += 1
        return Call(
            session_id=f"call-{self._sequence}",
            icid=f"icid-{self._sequence}",
            host="h",
            app_key=app_key,
            tenant_id="t",
            mode=Mode.AXB,
            x="+8617000000001",
            caller="+8613900000001",
            arrived_at=self.clock.now(),
        )


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def refused() -> Answer:
    """The manners of a receiver that answers 500."""
    return refuse


@pytest.fixture
def endpoint() -> Callable[[str], Endpoint]:
    return lambda app_key: Endpoint(app_key=app_key, purpose=Purpose.STATUS)


@pytest.fixture
def names() -> Callable[[str, int], list[str]]:
    """Numbered names: a-000, a-001, ..."""
    return lambda prefix, count: [f"{prefix}-{number:03d}" for number in range(count)]


@pytest.fixture
def new_world() -> type[World]:
    """For tests that need many worlds."""
    return World


def pytest_asyncio_loop_factories(config, item):
    return {"stepped": SteppedLoop}
