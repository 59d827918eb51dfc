import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from maskline.bootstrap.messages import MessageServices, open_messages
from maskline.domain.application import Application, Mode, Tenant
from maskline.domain.binding import AxbBinding, AxBinding
from maskline.domain.message import Message
from maskline.domain.sms_link import SmsLink
from maskline.domain.virtual_number import VirtualNumber
from maskline.lab.message_centre import MessageCentre
from maskline.planes.sms.plane import MessagePlane
from maskline.services.clock import SystemClock
from maskline.services.directory import Directory
from maskline.services.ids import SystemIds
from maskline.services.message_store import MessageFilter
from maskline.services.message_work import MessageDeskStore
from maskline.services.store import BindLimits, Page
from maskline.settings import Settings
from maskline.settings_messages import MessagesSection
from maskline.stores.keys import FixedKeys
from maskline.stores.sqlite import SqliteStore

A, B = "+8613900001001", "+8613900002002"
X = {Mode.AXB: "+8617000000001", Mode.AX: "+8617000000002"}


class Site:
    """The message plane on SQLite, or another store, bound to a message centre of the lab."""

    def __init__(self, data: Path, store: MessageDeskStore | None = None) -> None:
        self.settings = Settings(messages=MessagesSection(repeat_s=0.2, close_s=5.0))
        self.centre = MessageCentre(lambda: 0.5)
        self.store = store or SqliteStore(data / "messages.db", FixedKeys())
        self.clock = SystemClock()
        self._stack = AsyncExitStack()
        self._running: asyncio.Task[None] | None = None
        self.plane: MessagePlane | None = None
        self._read: dict[str, int] = {}

    async def open(self) -> None:
        await self.centre.start()
        self._stack.push_async_callback(self.centre.close)
        await self.store.open()
        self._stack.push_async_callback(self.store.close)
        await self._fill()
        await self.begin()

    async def begin(self) -> None:
        """Start a plane that is bound, as a worker does that starts again."""
        await self.start()
        await self.until(lambda: self.centre.bound)

    async def start(self, host: str = "here") -> MessagePlane:
        """Start a plane."""
        directory = Directory(self.store, self.clock)
        services = MessageServices(self.store, directory, self.clock, SystemIds(), lambda: None)
        self.plane = await open_messages(self.settings, services, host, self._stack)
        self._running = asyncio.create_task(self.plane.run())
        return self.plane

    async def end(self) -> None:
        if self.plane is not None and self._running is not None:
            await self.plane.close()
            await self._running

    async def close(self) -> None:
        await self.end()
        await self._stack.aclose()

    async def until(self, holds, seconds: float = 10.0) -> None:
        async with asyncio.timeout(seconds):
            while not holds():  # noqa: ASYNC110 - a handset tells nobody
                await asyncio.sleep(0.01)

    async def text_for(self, number: str) -> tuple[str, str]:
        """Sender and text of the next message that a handset gets."""
        seen = self._read.get(number, 0)
        await self.until(lambda: len(self.centre.handsets.received(number)) > seen)
        received = self.centre.handsets.received(number)[seen]
        self._read[number] = seen + 1
        return received.sender, received.text

    async def message(self, state: str, result: int | None = None) -> Message:
        """The newest message, once it is over and all its parts are in this state."""
        async with asyncio.timeout(10):
            while True:
                rows = (await self.store.messages(MessageFilter(), Page(limit=1))).rows
                is_over = bool(rows) and rows[0].result is not None
                if is_over and all(part.state.value == state for part in rows[0].parts):
                    assert result is None or rows[0].result == result
                    return rows[0]
                await asyncio.sleep(0.02)

    async def notice(self) -> dict[str, object]:
        """What the customer is told of the message that ended last."""
        now = self.clock.now()
        claimed = [
            claim.notice
            for endpoint in await self.store.due_endpoints(now, 10, None)
            for claim in await self.store.claim(endpoint, now, now, 100)
        ]
        newest = max(claimed, key=lambda notice: notice.created_at)
        return msgspec.json.decode(newest.body)["smsEvent"]

    async def _fill(self) -> None:
        now = self.clock.now()
        await self.store.add_tenant(Tenant(tenant_id="t", name="t", created_at=now))
        for mode, x in X.items():
            await self.store.add_application(
                Application(
                    app_key=mode.value,
                    tenant_id="t",
                    name=mode.value,
                    mode=mode,
                    secret="s3cret",
                    sms_url="http://127.0.0.1:9/sms",
                    may_message=True,
                    created_at=now,
                )
            )
            number = VirtualNumber(number=x, app_key=mode.value, area_code="0755", created_at=now)
            await self.store.add_numbers([number])
        shared = {"created_at": now, "modified_at": now}
        axb = AxbBinding(binding_id="b1", app_key="axb", x=X[Mode.AXB], a=A, b=B, **shared)
        ax = AxBinding(binding_id="b2", app_key="ax", x=X[Mode.AX], a=A, **shared)
        for binding in (axb, ax):
            await self.store.bind(binding, BindLimits(pairs=10), datetime.now(UTC), None)
        host, port = self.centre.address
        link = SmsLink(name="lab", host=host, port=port, system_id="maskline")
        await self.store.save_sms_link(link)


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    site = Site(tmp_path)
    await site.open()
    yield site
    await site.close()
