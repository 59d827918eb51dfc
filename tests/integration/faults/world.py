"""A platform in a process of its own under load, and the books that are kept of it."""

import asyncio
import itertools
import random
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
from tests.scenarios.test_kill import Server

from maskline.lab.carrier import Carrier
from maskline.lab.phone import Phone
from maskline.lab.phone_call import CallFailed, CallState
from maskline.lab.receiver import Push, Receiver
from maskline.lab.rest import AXB_PATH, RestClient, signed_headers

X = "+8617000001001"
EVENTS = ("callin", "callout", "alerting", "answer", "disconnect", "fee")
PATIENCE_S = 40.0
"""How long what is promised may take to come, on a machine that does much else."""

LOOK_S = 0.1


@dataclass
class Books:
    """What the customer's side has seen: orders that were answered, calls that were."""

    bound: dict[str, str] = field(default_factory=dict)
    answered: set[str] = field(default_factory=set)
    dialled: int = 0


class World:
    """A customer with numbers and receivers, callers and callees, around a `Server`."""

    def __init__(self, server: Server, carrier: Carrier, receiver: Receiver, app: Any) -> None:
        self.server = server
        self.carrier = carrier
        self.receiver = receiver
        self.books = Books()
        self.is_over = False
        self.x = X
        self.doors = [carrier.address]
        """Where phones send their calls, in turn."""
        self.app_key = app["app_key"]
        self._secret = app["app_secret"]
        self._parties = itertools.count()
        self._orders = itertools.count()

    @classmethod
    async def open(cls, server: Server, carrier: Carrier, **application: object) -> "World":
        """Set up the customer on a platform that runs."""
        secrets: dict[str, str] = {}
        receiver = Receiver(secrets)
        await receiver.start()
        urls = {"status_url": f"{receiver.url}/s", "cdr_url": f"{receiver.url}/r"}
        wanted = {"name": "shop", "mode": "axb", **urls, **application}
        app = await server.manage("POST", "/applications", wanted)
        secrets[app["app_key"]] = app["app_secret"]
        numbers = {"app_key": app["app_key"], "numbers": [{"number": X, "area_code": "0755"}]}
        await server.manage("POST", "/numbers", numbers)
        host, port = carrier.address
        trunk = {"name": "lab", "host": host, "port": port, "inbound_from": ["127.0.0.1/32"]}
        await server.manage("POST", "/trunks", trunk)
        await asyncio.sleep(1.1)  # a new trunk is used after a second
        return cls(server, carrier, receiver, app)

    async def bind(self, caller: str, callee: str, **parameters: object) -> None:
        """Bind two parties, however often that has to be asked for."""
        names = {"callerNum": caller, "calleeNum": callee, "relationNum": X, **parameters}
        await self._insist(names)

    async def keep_binding(self, pause_s: float) -> None:
        """Bind ever new parties, one after another, until it is over."""
        while not self.is_over:
            order = next(self._orders)
            await self.bind(f"+8613711{order:06}", f"+8613611{order:06}")
            await asyncio.sleep(pause_s)

    async def keep_calling(self, chance: random.Random, *, records: bool = False) -> None:
        """Bind, call, talk, hang up, each time as somebody else, until it is over."""
        while not self.is_over:
            party = next(self._parties)
            caller, callee = f"+8613811{party:06}", f"+8613911{party:05}0"
            more = {"recordFlag": "true"} if records else {}
            await self.bind(caller, callee, duration=3600, **more)
            async with await Phone.start(caller) as phone:
                await self.call(phone, chance.uniform(0.05, 0.6))

    async def call(self, phone: Phone, talk_s: float) -> None:
        """One call, as far as it gets."""
        self.books.dialled += 1
        with suppress(CallFailed, TimeoutError):
            door = self.doors[self.books.dialled % len(self.doors)]
            call = await phone.dial(X, via=door)
            await call.wait_until(CallState.TALKING, 3.0)
            self.books.answered.add(phone.number)
            await asyncio.sleep(talk_s)
            await call.hang_up(1.0)

    def rest(self) -> RestClient:
        """The customer's client."""
        return RestClient(self.server.url, self.app_key, self._secret)

    async def close(self) -> None:
        """Close the receiver."""
        await self.receiver.close()

    async def _insist(self, names: dict[str, object]) -> None:
        key = f"{names['callerNum']}"
        while key not in self.books.bound:
            headers = signed_headers(self.app_key, self._secret) | {"Idempotency-Key": key}
            try:
                async with (
                    aiohttp.ClientSession() as http,
                    http.post(
                        self.server.url + AXB_PATH,
                        data=msgspec.json.encode(names),
                        headers=headers,
                        timeout=aiohttp.ClientTimeout(total=5),
                    ) as answer,
                ):
                    body = msgspec.json.decode(await answer.read())
                    assert answer.status == 200 or answer.status >= 500, body
                    if answer.status == 200:
                        self.books.bound[key] = body["subscriptionId"]
                        return
            except (aiohttp.ClientError, TimeoutError):
                pass
            await asyncio.sleep(0.1)


@dataclass
class Story:
    """What the customer was told of one call, in the order it came."""

    names: list[str] = field(default_factory=list)
    ids: dict[str, set[str | None]] = field(default_factory=lambda: defaultdict(set))
    record: dict[str, Any] = field(default_factory=dict)


def stories(pushes: Sequence[Push]) -> dict[str, Story]:
    """Session -> its story; what was pushed again counts once, where it came first."""
    found: dict[str, Story] = defaultdict(Story)

    def hear(session: str, name: str, push: Push) -> Story:
        story = found[session]
        if name not in story.names:
            story.names.append(name)
        story.ids[name].add(push.push_id)
        return story

    for push in pushes:
        body = push.json()
        for entry in body.get("feeLst", ()):
            hear(entry["sessionId"], "fee", push).record = entry
        if "statusInfo" in body:
            hear(body["statusInfo"]["sessionId"], body["eventType"], push)
    return found


def check_stories(told: dict[str, Story]) -> None:
    """Each is in order and ends with its record; what came twice had one id."""
    for session, story in told.items():
        assert story.names == [name for name in EVENTS if name in story.names], session
        assert story.names[-2:] == ["disconnect", "fee"], (session, story.names)
        assert all(len(ids) == 1 for ids in story.ids.values()), (session, story.ids)


async def talk_goes_on(world: World, patience_s: float = PATIENCE_S) -> None:
    """Until the platform works again, as calls show."""
    before = len(world.books.answered)

    async def is_more_answered() -> bool:
        return len(world.books.answered) > before

    await settled(is_more_answered, patience_s)


async def check(world: World, kills: int, seed: str) -> str:
    """The count, once everything is told that was to be told; `seed` explains a failure.

    Binds that were acknowledged are those that are there, under the ids that were told; every call
    that a phone saw answered has its record, and every record came to the customer, once.
    """
    server, receiver, books = world.server, world.receiver, world.books

    async def is_over() -> bool:
        if (await server.manage("GET", "/calls"))["items"]:
            return False
        told = stories(receiver.received)
        kept = {record["session_id"] for record in await listed(server, "/records")}
        return kept == set(told) and all(story.names[-1] == "fee" for story in told.values())

    await settled(is_over)

    bound = [binding["binding_id"] for binding in await listed(server, "/bindings")]
    assert sorted(bound) == sorted(books.bound.values()), seed
    assert (await server.manage("GET", "/calls"))["items"] == []
    told = stories(receiver.received)
    kept = [record["session_id"] for record in await listed(server, "/records")]
    assert sorted(kept) == sorted(told), seed
    check_stories(told)
    # Every call that a phone saw answered is told as answered, once.
    callers = [s.record["callerNum"] for s in told.values() if "answer" in s.names]
    assert books.answered <= set(callers), seed
    assert len(callers) == len(set(callers)), seed
    assert len(books.answered) >= kills // 2, "too little happened to count"
    assert len(books.bound) >= 2 * kills
    return (
        f"{kills} kills: {len(books.bound)} binds, {books.dialled} calls,"
        f" {len(books.answered)} answered, {len(told)} records, {receiver.total} pushes"
    )


async def listed(server: Server, path: str) -> list[dict[str, Any]]:
    """Everything that the platform has of a kind, such as `/records`."""
    found: list[dict[str, Any]] = []
    query = "limit=100"
    while True:
        page = await server.manage("GET", f"{path}?{query}")
        found += page["items"]
        if page["next"] is None:
            return found
        query = f"limit=100&after={page['next']}"


async def settled(condition: Callable[[], Awaitable[bool]], patience_s: float = PATIENCE_S) -> bool:
    """Wait for something to come true; whether it has. The check that counts comes after.

    Looks are counted, as a machine that stood still for a while has done nothing meanwhile.
    """
    for _ in range(int(patience_s / LOOK_S)):
        if await condition():
            return True
        await asyncio.sleep(LOOK_S)
    return await condition()


def children(pid: int) -> dict[str, int]:
    """The helper processes of a platform by what they are: `recorder`, `worker`, `converter`."""
    found: dict[str, int] = {}
    with suppress(OSError):
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            words = Path(f"/proc/{child}/cmdline").read_bytes().decode(errors="replace")
            for name in ("recorder_process", "media.worker", "converter"):
                if name in words:
                    found[name] = int(child)
    return found
