"""Two workers of the message plane on one PostgreSQL, both bound to one message centre."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from tests.integration.messages.conftest import A, B, Site, X
from tests.postgres import Cluster

from maskline.bootstrap import messages
from maskline.domain.application import Mode
from maskline.domain.message import Message, SendResult
from maskline.lab.message_centre import MessageCentre, delivery
from maskline.lab.message_connection import CentreConnection
from maskline.planes.sms.plane import MessagePlane
from maskline.protocols.smpp.event import MessageCame
from maskline.protocols.smpp.segment import Concatenation, split_text
from maskline.protocols.smpp.status import Status
from maskline.services.message_store import MessageFilter
from maskline.services.message_work import MessageLimits
from maskline.services.store import Page
from maskline.stores.keys import FixedKeys
from maskline.stores.postgres import PostgresStore

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]

LEASE_S = 1.5
LONG = "您的司机😀将在五分钟后到达，请在门口等候。车牌 B-12345 " * 6
THROUGH = X[Mode.AXB]


class Crossing(MessageCentre):
    """Gives receipts to whoever did not submit the message."""

    last: CentreConnection | None = None

    def take(self, connection: CentreConnection, came: MessageCame) -> None:
        self.last = connection
        super().take(connection, came)

    def _receiving(self) -> CentreConnection | None:
        able = [one for one in self._connections if one.may_deliver]
        return min(able, key=lambda one: one is self.last, default=None)


class Pair(Site):
    """Two planes, each with a connection of its own."""

    def __init__(self, data: Path, url: str) -> None:
        super().__init__(data, PostgresStore(url, FixedKeys()))
        self.centre = Crossing(lambda: 0.5)
        self.doors: list[CentreConnection] = []
        """The connections of the first plane and of the second, at the centre."""
        self._pair: list[tuple[MessagePlane, asyncio.Task[None]]] = []

    async def begin(self) -> None:
        for count, host in enumerate(("one", "two"), 1):
            plane = await self.start(host)
            self._pair.append((plane, self._running))
            await self.until(lambda count=count: len(self.centre.bound) == count)
            self.doors += [one for one in self.centre._connections if one not in self.doors]

    async def end(self) -> None:
        for plane, running in self._pair:
            await plane.close()
            await asyncio.gather(running, return_exceptions=True)

    async def die(self) -> None:
        """The first worker is gone, without a word and for good."""
        plane, running = self._pair.pop(0)
        for task in (running, *plane._running, *plane._work._tasks):
            task.cancel()
        self.doors[0].abort()
        await asyncio.gather(running, *plane._running, return_exceptions=True)

    async def over(self, count: int) -> tuple[Message, ...]:
        """All messages, once there are so many and they have their receipts."""
        async with asyncio.timeout(20):
            while True:
                rows = (await self.store.messages(MessageFilter(), Page(limit=100))).rows
                states = {part.state.value for row in rows for part in row.parts}
                is_over = len(rows) >= count and all(row.result is not None for row in rows)
                if is_over and states <= {"delivered"}:
                    return rows
                await asyncio.sleep(0.02)

    async def kept(self, count: int) -> None:
        """Wait for so many messages, whatever became of them."""
        async with asyncio.timeout(10):
            while len((await self.store.messages(MessageFilter(), Page(limit=100))).rows) < count:  # noqa: ASYNC110 - a store tells nobody
                await asyncio.sleep(0.01)


@pytest.fixture
async def pair(
    tmp_path: Path, postgres: Cluster, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Pair]:
    limits = MessageLimits(lease_s=LEASE_S)
    monkeypatch.setattr(messages, "message_limits", lambda _: limits)
    pair = Pair(tmp_path, postgres.url(postgres.create()))
    await pair.open()
    yield pair
    await pair.close()


async def test_parts_of_one_message_may_come_at_both_and_receipts_at_the_other(pair: Pair):
    for reference in range(1, 6):
        parts = split_text(LONG, pair.centre.dialect, Concatenation.UDH, reference)
        doors = [pair.doors[(reference + number) % 2] for number in range(3)]
        statuses = await asyncio.gather(
            *(
                door.deliver(delivery(A, THROUGH, part), 10)
                for door, part in zip(doors, parts, strict=True)
            )
        )
        assert statuses == [Status.OK] * 3
        assert await pair.text_for(B) == (THROUGH, LONG)
        rows = await pair.over(reference)
        assert len(rows) == reference
        assert (rows[0].result, rows[0].total, rows[0].is_repeated) == (
            SendResult.SUCCESS,
            3,
            False,
        )


async def test_the_same_words_said_twice_over_either_connection_arrive_twice(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
):
    heard, keep = [], pair.store.connection_heard

    async def keep_and_tell(connection: str, before: datetime) -> None:
        await keep(connection, before)
        heard.append(before)

    monkeypatch.setattr(pair.store, "connection_heard", keep_and_tell)
    (part,) = split_text("好的", pair.centre.dialect, Concatenation.UDH, 1)
    for number, door in enumerate((pair.doors[0], pair.doors[1], pair.doors[0]), 1):
        assert await door.deliver(delivery(A, THROUGH, part), 10) == Status.OK
        assert await pair.text_for(B) == (THROUGH, "好的")
        rows = await pair.over(number)
        assert len(rows) == number
        await pair.until(lambda came_at=rows[0].came_at: max(heard, default=came_at) > came_at)


async def test_what_a_dead_worker_had_goes_on_with_the_other_when_its_lease_is_over(pair: Pair):
    texts = [f"{number} {LONG if number % 2 else '好的'}" for number in range(8)]
    pair.centre.behaviour = replace(pair.centre.behaviour, delay_s=0.3)
    # The first worker takes all of it, and what it answers does not arrive.
    pair.doors[0]._settle = lambda *_: None
    split = [split_text(t, pair.centre.dialect, Concatenation.UDH, n) for n, t in enumerate(texts)]
    waiting = [
        asyncio.create_task(pair.doors[0].deliver(delivery(A, THROUGH, part), 30))
        for parts in split
        for part in parts
    ]

    await pair.kept(len(texts))
    await pair.die()
    for task in waiting:
        task.cancel()
    # So they come again, at the second one.
    for part in (part for parts in split for part in parts):
        assert await pair.doors[1].deliver(delivery(A, THROUGH, part), 10) == Status.OK
    rows = await pair.over(len(texts))
    assert sorted(row.text for row in rows) == sorted(texts)
    assert {row.result for row in rows} == {SendResult.SUCCESS}
    assert all(row.is_repeated for row in rows), "the dead worker may have sent them"
    received = [one.text for one in pair.centre.handsets.received(B)]
    assert set(received) == set(texts)
    assert all(received.count(text) <= 2 for text in texts)
